//! No known allergies, or allergies.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{codings_of, pair, resources, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::systems::SNOMED;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0823",
    name: "no-known-allergies-contradicted",
    title: "no known allergies stands beside an active allergy",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-A03",
    basis: "SNOMED CT 716186003 (No known allergy) and its kinds; FHIR, AllergyIntolerance",
    criterion: "COD-5",
    why: "The prescriber who reads the first line believes there are none.",
    remedy: "Take out the entry for no known allergies when the first allergy is recorded.",
    examples: &[
        Example::bad(
            "both",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "AllergyIntolerance", "clinicalStatus": "active", "verificationStatus": "confirmed", "code": «{"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}]}», "patient": {"display": "x"}}}, {"resource": {"resourceType": "AllergyIntolerance", "clinicalStatus": "active", "verificationStatus": "confirmed", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "294505008"}]}, "patient": {"display": "x"}}}]}"#,
        ),
        Example::good(
            "alone",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "AllergyIntolerance", "clinicalStatus": "active", "verificationStatus": "confirmed", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}]}, "patient": {"display": "x"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// No known allergies, or allergies.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

/// No known allergy, and its kinds that exclude every allergy.
const NONE: &[&str] = &["716186003", "160244002"];

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !matches!(at.text(names::TYPE), Some("document" | "message" | "collection")) {
        return;
    }
    let allergies = || resources(scene, at).filter(|r| type_name(*r) == "AllergyIntolerance");
    let none = |r: Element<'_>| codings_of(r, "code").map(pair).any(|(s, c)| s == SNOMED && NONE.contains(&c));
    let Some(denied) = allergies().find(|r| none(*r)) else { return };
    let active = |r: Element<'_>| {
        let status = r.get("clinicalStatus");
        let code =
            status.and_then(Element::value).or_else(|| codings_of(r, "clinicalStatus").map(|c| pair(c).1).next());
        !matches!(code, Some("inactive" | "resolved"))
    };
    if active(denied)
        && allergies().any(|r| !none(r) && active(r))
        && let Some(code) = denied.child(names::CODE)
    {
        out.say(&META, code, "the same record holds an active allergy");
    }
}
