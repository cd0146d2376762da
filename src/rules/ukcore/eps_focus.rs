//! The focus names every item.

use super::medicines::{event, of_type};
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::target;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0770",
    name: "eps-focus",
    title: "the focus of a prescription message does not name everything it is about",
    family: Family::UkCore,
    dimension: Dimension::Consistency,
    issue: "structure",
    requirement: "FAULT-18",
    basis: "NHS England FHIR Medicines: MessageHeader.focus of prescription-order and dispense-notification",
    criterion: "INT-1",
    why: "Items outside the focus are not processed: the patient leaves without them.",
    remedy: "Refer from focus to every MedicationRequest of an order, to every MedicationDispense of a notification.",
    examples: &[
        Example::bad(
            "an item left out",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": {"system": "https://fhir.nhs.uk/CodeSystem/message-event", "code": "prescription-order"}, "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, {"reference": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "active": true}}, {"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MedicationRequest", "groupIdentifier": {"system": "https://fhir.nhs.uk/Id/prescription-order-number", "value": "A"}, "status": "active", "intent": "order", "medicationCodeableConcept": {"text": "x"}, "subject": {"display": "x"}}}, {"fullUrl": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": «{"resourceType": "MedicationRequest", "groupIdentifier": {"system": "https://fhir.nhs.uk/Id/prescription-order-number", "value": "A"}, "status": "active", "intent": "order", "medicationCodeableConcept": {"text": "x"}, "subject": {"display": "x"}}»}]}"#,
        ).r4(),
        Example::good(
            "everything",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": {"system": "https://fhir.nhs.uk/CodeSystem/message-event", "code": "prescription-order"}, "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, {"reference": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "active": true}}, {"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MedicationRequest", "groupIdentifier": {"system": "https://fhir.nhs.uk/Id/prescription-order-number", "value": "A"}, "status": "active", "intent": "order", "medicationCodeableConcept": {"text": "x"}, "subject": {"display": "x"}}}, {"fullUrl": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MedicationRequest", "groupIdentifier": {"system": "https://fhir.nhs.uk/Id/prescription-order-number", "value": "A"}, "status": "active", "intent": "order", "medicationCodeableConcept": {"text": "x"}, "subject": {"display": "x"}}}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// The focus names every item.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let wanted: &[&str] = match event(at) {
        Some("prescription-order") => &["MedicationRequest"],
        Some("dispense-notification") => &["MedicationDispense"],
        _ => return,
    };
    let named = |r: Element<'a>| at.all("focus").any(|f| target(scene, f) == Some(r));
    for &ty in wanted {
        for resource in of_type(scene, at, ty).filter(|r| !named(*r)) {
            out.say(&META, resource, format!("no focus of the message names this {ty}"));
        }
    }
}
