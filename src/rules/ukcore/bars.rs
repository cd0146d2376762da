//! Headers of booking and referral messages.

use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{codings_of, pair, target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::events::{BARS, BARS_SYSTEM};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0773",
    name: "bars-header",
    title: "the header of a booking or referral message does not fit its standard",
    family: Family::UkCore,
    dimension: Dimension::Consistency,
    issue: "structure",
    requirement: "BARS-01",
    basis: "NHS England Booking and Referral Standard: MessageHeader event, reason and focus",
    criterion: "INT-1",
    why: "The receiving service cannot tell a new referral from an update or a cancellation.",
    remedy: "Send an event of message-events-bars, a reason of new, update or delete, and a focus on the ServiceRequest, Appointment or Encounter.",
    examples: &[
        Example::bad(
            "a reason of its own",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": {"system": "https://fhir.nhs.uk/CodeSystem/message-events-bars", "code": "servicerequest-request"}, "source": {"endpoint": "urn:x:1"}, "reason": «{"coding": [{"system": "https://fhir.nhs.uk/CodeSystem/message-reason-bars", "code": "changed"}]}», "focus": [{"reference": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "ServiceRequest", "status": "active", "intent": "order", "subject": {"display": "x"}}}]}"#,
        ).r4(),
        Example::bad(
            "a focus on the patient",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": {"system": "https://fhir.nhs.uk/CodeSystem/message-events-bars", "code": "servicerequest-request"}, "source": {"endpoint": "urn:x:1"}, "reason": {"coding": [{"system": "https://fhir.nhs.uk/CodeSystem/message-reason-bars", "code": "new"}]}, "focus": [«{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}»]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "active": true}}]}"#,
        ).r4(),
        Example::good(
            "a new referral",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": {"system": "https://fhir.nhs.uk/CodeSystem/message-events-bars", "code": "servicerequest-request"}, "source": {"endpoint": "urn:x:1"}, "reason": {"coding": [{"system": "https://fhir.nhs.uk/CodeSystem/message-reason-bars", "code": "new"}]}, "focus": [{"reference": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "ServiceRequest", "status": "active", "intent": "order", "subject": {"display": "x"}}}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Headers of booking and referral messages.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(event) = at.get("event") else { return };
    let (system, code) = pair(event);
    if system != BARS_SYSTEM {
        return;
    }
    let Some((_, allowed)) = BARS.iter().find(|(known, _)| *known == code) else {
        out.say(&META, event, "the event is not one of the Booking and Referral Standard");
        return;
    };
    match at.get("reason") {
        None => {
            out.say(&META, at, "the header has no reason");
        }
        Some(reason) => {
            if !codings_of(at, "reason").any(|c| matches!(pair(c).1, "new" | "update" | "delete")) {
                out.say(&META, reason, "the reason is new, update or delete");
            }
        }
    }
    match at.get("focus") {
        None => {
            out.say(&META, at, "the header has no focus");
        }
        Some(focus) => {
            if let Some(to) = target(scene, focus).map(type_name).filter(|ty| !allowed.contains(ty)) {
                out.say(&META, focus, format!("the focus leads to a {to}, and belongs on a {}", allowed.join(" or ")));
            }
        }
    }
}
