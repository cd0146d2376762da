//! One prescription a message.

use super::medicines::{event, of_type};
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0771",
    name: "eps-prescription",
    title: "a prescription message holds several prescriptions, or more than four items",
    family: Family::UkCore,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "FAULT-18",
    basis: "NHS England FHIR Medicines, Electronic Prescription Service: one prescription of at most four items a message",
    criterion: "INT-1",
    why: "The service refuses the message, and nothing is dispensed.",
    remedy: "Send one message for each prescription; all items carry its number in groupIdentifier.",
    examples: &[
        Example::bad(
            "two numbers",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": {"system": "https://fhir.nhs.uk/CodeSystem/message-event", "code": "prescription-order"}, "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, {"reference": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "active": true}}, {"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MedicationRequest", "groupIdentifier": {"system": "https://fhir.nhs.uk/Id/prescription-order-number", "value": "A"}, "status": "active", "intent": "order", "medicationCodeableConcept": {"text": "x"}, "subject": {"display": "x"}}}, {"fullUrl": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MedicationRequest", "groupIdentifier": {"system": "https://fhir.nhs.uk/Id/prescription-order-number", "value": "«B»"}, "status": "active", "intent": "order", "medicationCodeableConcept": {"text": "x"}, "subject": {"display": "x"}}}]}"#,
        ).r4(),
        Example::good(
            "one number",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": {"system": "https://fhir.nhs.uk/CodeSystem/message-event", "code": "prescription-order"}, "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, {"reference": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "active": true}}, {"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MedicationRequest", "groupIdentifier": {"system": "https://fhir.nhs.uk/Id/prescription-order-number", "value": "A"}, "status": "active", "intent": "order", "medicationCodeableConcept": {"text": "x"}, "subject": {"display": "x"}}}, {"fullUrl": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MedicationRequest", "groupIdentifier": {"system": "https://fhir.nhs.uk/Id/prescription-order-number", "value": "A"}, "status": "active", "intent": "order", "medicationCodeableConcept": {"text": "x"}, "subject": {"display": "x"}}}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// One prescription a message.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if event(at) != Some("prescription-order") {
        return;
    }
    let number = |r: Element<'a>| r.get("groupIdentifier").and_then(|g| g.child(names::VALUE));
    let mut first = None;
    for (i, item) in of_type(scene, at, "MedicationRequest").enumerate() {
        if let Some(own) = number(item) {
            let known = *first.get_or_insert(own);
            if own.value() != known.value() {
                out.say(&META, own, "the item belongs to another prescription than the first");
            }
        }
        if i == 4 {
            out.say(&META, item, "a prescription has at most four items");
        }
    }
}
