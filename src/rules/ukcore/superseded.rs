//! Id and NHS number are one.

use super::pds::is_pds;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::identifier;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::systems::NHS_NUMBER;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0754",
    name: "pds-number-superseded",
    title: "the id of a patient is not the NHS number in the record",
    family: Family::UkCore,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "PDS-04",
    basis: "Personal Demographics Service FHIR API: Patient.id is the NHS number; a superseded number answers with the new one",
    criterion: "NAT-2",
    why: "Two numbers for one person split the record: what is filed under the old one is not found under the new.",
    remedy: "File under the number that the service returned in Patient.id, and mark the old one as superseded.",
    examples: &[
        Example::bad(
            "two numbers",
            r#"{"resourceType": "Patient", "id": "«9990000026»", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ).r4(),
        Example::good(
            "one number",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Id and NHS number are one.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_pds(at) {
        return;
    }
    if let Some(id) = at.child(names::ID)
        && id.value() != identifier(at, NHS_NUMBER)
    {
        out.say(&META, id, "Patient.id and the NHS number differ: one supersedes the other");
    }
}
