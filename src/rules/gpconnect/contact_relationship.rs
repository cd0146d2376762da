//! How a contact is related to the patient is told in words.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0556",
    name: "gpc-contact-relationship",
    title: "the relationship of a contact has no text",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "structure",
    requirement: "GPC-X02",
    basis: "GP Connect, Patient.contact.relationship: text",
    criterion: "INT-4",
    why: "Consumers show the text; a code alone leaves the field empty, and nobody knows whom they ring.",
    remedy: "Send relationship.text as recorded in the practice.",
    examples: &[
        Example::bad(
            "a code alone",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"]}, "contact": [{"relationship": [«{"coding": [{"system": "http://hl7.org/fhir/v2/0131", "code": "N"}]}»], "name": {"family": "Test"}}]}"#,
        ),
        Example::good(
            "words",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"]}, "contact": [{"relationship": [{"text": "Mother"}], "name": {"family": "Test"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Relationships have text.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for relationship in at.all("contact").flat_map(|c| c.all("relationship")) {
        if relationship.child(names::TEXT).is_none() && is_gpc(at) {
            out.say(&META, relationship, "the relationship has no text");
        }
    }
}
