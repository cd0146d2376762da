//! How an ended allergy is coded and worded.

use super::structured::is_gpc;
use crate::finding::{Example, Family, Meta};
use crate::rules::query::{codings_of, pair};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::systems::SNOMED;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0525",
    name: "gpc-ended-allergy-code",
    title: "an ended allergy is coded or worded as if it were active",
    family: Family::GpConnect,
    issue: "business-rule",
    requirement: "GPC-A02",
    basis: "GP Connect Access Record: Structured, allergies: degraded code and text of resolved allergies",
    criterion: "INT-4",
    why: "A system that reads the code alone must never file an ended allergy as a live one, nor lose its name.",
    remedy: "Code it 196461000000101 (drug) or 196471000000108 (other), with text: Resolved '<term>' original code <code>.",
    examples: &[
        Example::bad(
            "the code of the allergy itself",
            r#"{"resourceType": "AllergyIntolerance", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-AllergyIntolerance-1"]}, "clinicalStatus": "resolved", "verificationStatus": "unconfirmed", "code": «{"coding": [{"system": "http://snomed.info/sct", "code": "294505008"}]}», "patient": {"reference": "Patient/1"}}"#,
        ),
        Example::bad(
            "the text does not name it",
            r#"{"resourceType": "AllergyIntolerance", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-AllergyIntolerance-1"]}, "clinicalStatus": "resolved", "verificationStatus": "unconfirmed", "code": «{"coding": [{"system": "http://snomed.info/sct", "code": "196461000000101"}], "text": "Ended"}», "patient": {"reference": "Patient/1"}}"#,
        ),
        Example::good(
            "as published",
            r#"{"resourceType": "AllergyIntolerance", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-AllergyIntolerance-1"]}, "clinicalStatus": "resolved", "verificationStatus": "unconfirmed", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "196461000000101"}], "text": "Resolved 'Allergy to amoxicillin' original code 294505008."}, "patient": {"reference": "Patient/1"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Ended allergies have a degraded code and say what they were.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["AllergyIntolerance"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.get("clinicalStatus").and_then(Element::value) != Some("resolved") || !is_gpc(at) {
        return;
    }
    let Some(code) = at.child(names::CODE) else { return };
    let degraded = codings_of(at, "code").map(pair).any(|(system, code)| {
        (system == SNOMED && matches!(code, "196461000000101" | "196471000000108")) || code == "9bJ4."
    });
    if !degraded {
        out.say(&META, code, "a resolved allergy is coded with one of the degraded allergy codes");
        return;
    }
    let text = code.text(names::TEXT).unwrap_or("").trim();
    if !(text.starts_with("Resolved '") && text.contains("' original code ")) {
        out.say(&META, code, "the text of a resolved allergy names its term and original code");
    }
}
