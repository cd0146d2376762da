//! CareConnect URLs are the published ones.

use crate::finding::{Dimension, Example, Explained, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::profiles::{is_draft, published_base};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0700",
    name: "careconnect-url-of-draft",
    title: "a CareConnect URL is that of a draft, not of the published artefact",
    family: Family::CareConnect,
    severity: Severity::Warning,
    dimension: Dimension::Validity,
    issue: "value",
    requirement: "CC-URL",
    basis: "CareConnect STU3, canonical URLs: https://fhir.hl7.org.uk/STU3/StructureDefinition/, .../CodeSystem/, .../ValueSet/",
    criterion: "INT-2",
    why: "Receivers compare URLs letter by letter: under the draft URL the profile, extension or code is unknown.",
    remedy: "Use the published URL.",
    explains: &[Explained::here("HM0134"), Explained::here("HM0212"), Explained::here("HM0231")],
    examples: &[
        Example::bad(
            "without STU3",
            r#"{"resourceType": "Patient", "meta": {"profile": ["«https://fhir.hl7.org.uk/StructureDefinition/CareConnect-Patient-1»"]}, "active": true}"#,
        ),
        Example::bad(
            "a code system without its folder",
            r#"{"resourceType": "Patient", "maritalStatus": {"coding": [{"system": "«https://fhir.hl7.org.uk/STU3/CareConnect-MaritalStatus-1»", "code": "S"}]}}"#,
        ),
        Example::good(
            "as published",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"]}, "active": true}"#,
        ),
        Example::good(
            "GP Connect",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"]}, "active": true}"#,
        ),
    ],
    ..Meta::NEW
};

/// CareConnect URLs are the published ones.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::Types(&["Meta"]), Listens::extension(is_draft), Listens::coding(is_draft)],
    check,
};

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let name = match at.type_id() {
        names::T_EXTENSION => names::URL,
        names::T_CODING => names::SYSTEM,
        _ => names::PROFILE,
    };
    for url in at.named(name) {
        if !url.value().is_some_and(is_draft) {
            continue;
        }
        let folder = match at.type_id() {
            names::T_CODING => "CodeSystem",
            _ => "StructureDefinition",
        };
        out.say(&META, url, format!("published CareConnect URLs begin with {}", published_base(folder)));
    }
}
