//! More than one NHS number in one Patient.

use super::claim;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// NHS-08.
pub static META: Meta = Meta {
    id: "HM0208",
    name: "nhs-number-several",
    title: "a patient has more than one NHS number",
    family: Family::NhsNumber,
    dimension: Dimension::Uniqueness,
    issue: "multiple-matches",
    requirement: "NHS-08",
    basis: "CareConnect and UK Core Patient, slice nhsNumber: at most one",
    criterion: "NAT-1",
    why: "Receivers cannot tell which of them is the patient's, and may file under the wrong one.",
    remedy: "Send the current number only; report superseded numbers to PDS.",
    examples: &[
        Example::bad(
            "two numbers",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}, {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«9990000026»"}]}"#,
        ),
        Example::bad(
            "one number twice",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}, {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«9990000018»"}]}"#,
        )
        .r4(),
        Example::good(
            "one number and a local one",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}, {"system": "https://hospital.test/mrn", "value": "9990000026"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let mut first = None;
    for identifier in claim::of(at) {
        let Some(value) = identifier.child(names::VALUE).filter(|v| v.value().is_some()) else { continue };
        match first {
            None => first = value.value(),
            Some(known) if Some(known) == value.value() => {
                out.say(&META, value, "the same NHS number is sent twice").severity = Severity::Warning;
            }
            Some(_) => {
                out.say(&META, value, "this patient already has another NHS number");
            }
        }
    }
}
