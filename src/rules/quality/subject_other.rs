//! Every entry is about the patient of the message.

use crate::finding::{Dimension, Example, Family, Meta};
use crate::message::logical_id;
use crate::rules::query::{resources, target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0802",
    name: "subject-is-another-patient",
    title: "an entry is about another patient than the message",
    family: Family::Quality,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "X-01",
    basis: "FHIR, documents, messages and records of one patient: subject and patient of every entry",
    criterion: "COD-5",
    why: "Facts of one person end in the record of another: the most dangerous fault a feed can have.",
    remedy: "Refer from subject or patient to the one Patient of the message; send other people in a message of their own.",
    examples: &[
        Example::bad(
            "another id",
            r#"{"resourceType": "Bundle", "type": "document", "entry": [{"resource": {"resourceType": "Patient", "id": "1"}}, {"resource": {"resourceType": "Condition", "id": "c", "subject": «{"reference": "Patient/2"}»}}]}"#,
        ),
        Example::good(
            "the patient",
            r#"{"resourceType": "Bundle", "type": "document", "entry": [{"resource": {"resourceType": "Patient", "id": "1"}}, {"resource": {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/1"}}}]}"#,
        ),
        Example::good(
            "two patients",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "1"}}, {"resource": {"resourceType": "Patient", "id": "2"}}, {"resource": {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/2"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Every entry is about the patient of the message.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !matches!(at.text(names::TYPE), Some("document" | "message" | "collection")) {
        return;
    }
    let mut patients = resources(scene, at).filter(|r| r.type_id() == names::T_PATIENT);
    // With none or several, nothing says whom the message is about.
    let (Some(patient), None) = (patients.next(), patients.next()) else { return };
    let Some(own) = patient.text(names::ID) else { return };
    for resource in resources(scene, at) {
        for reference in resource.named(names::SUBJECT).chain(resource.named(names::PATIENT)) {
            let Some(text) = reference.text(names::REFERENCE) else { continue };
            let other = match target(scene, reference) {
                Some(found) => type_name(found) == "Patient" && found != patient && found.name_id() != names::CONTAINED,
                None => logical_id(text).is_some_and(|(_, ty, id)| ty == "Patient" && id != own),
            };
            if other {
                out.say(&META, reference, format!("the {} is about another patient", type_name(resource)));
            }
        }
    }
}
