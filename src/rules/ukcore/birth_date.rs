//! Dates of birth are full.

use super::pds::is_pds;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0757",
    name: "pds-birth-date-partial",
    title: "the date of birth of a patient is not complete",
    family: Family::UkCore,
    severity: Severity::Information,
    dimension: Dimension::Completeness,
    issue: "incomplete",
    requirement: "PDS-07",
    basis: "Personal Demographics Service FHIR API: birthDate is a full date; older records hold a year or month",
    criterion: "COD-5",
    why: "Tracing and matching need the full date.",
    remedy: "Ask the patient; update the national record.",
    examples: &[
        Example::bad(
            "a year",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "birthDate": "«1980»"}"#,
        ).r4(),
        Example::good(
            "a day",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "birthDate": "1980-01-01"}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Dates of birth are full.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if let Some(date) = at.child(names::BIRTH_DATE)
        && date.value().is_some_and(|d| d.len() < 10)
        && is_pds(at)
    {
        out.say(&META, date, "the date of birth has no day");
    }
}
