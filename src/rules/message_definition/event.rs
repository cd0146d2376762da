//! The event of a message is the one its MessageDefinition announces.

use super::model::{REFERRAL, any_held, event, named, of};
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::sanitise;
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0950",
    name: "message-event-not-defined",
    title: "the event of a message is not that of the MessageDefinition it names",
    family: Family::Fhir,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "MSG-01",
    basis: "FHIR messaging, MessageDefinition.event[x] and MessageHeader.event[x]",
    criterion: "INT-1",
    why: "The receiver prepares for one message and is given another.",
    remedy: "Name the MessageDefinition of the event, or send the event that it defines.",
    examples: &[Example::bad("the event of another message", r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": «{"system": "https://hospital.test/events", "code": "discharge"}», "source": {"endpoint": "https://hospital.test/"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "definition": "https://hospital.test/MessageDefinition/referral"}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "ServiceRequest", "meta": {"profile": ["https://hospital.test/StructureDefinition/Referral"]}, "status": "active", "intent": "order", "subject": {"display": "x"}}}]}"#).r4().holding(REFERRAL), Example::good("as defined", r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": {"system": "https://hospital.test/events", "code": "referral"}, "source": {"endpoint": "https://hospital.test/"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "definition": "https://hospital.test/MessageDefinition/referral"}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "ServiceRequest", "meta": {"profile": ["https://hospital.test/StructureDefinition/Referral"]}, "status": "active", "intent": "order", "subject": {"display": "x"}}}]}"#).r4().holding(REFERRAL)],
    ..Meta::NEW
};

/// Events are those of the definition named.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !any_held(scene) {
        return;
    }
    let Some(name) = named(at) else { return };
    let Some(definition) = of(scene, at) else {
        out.skip("message-definition", sanitise::url(name.value().unwrap_or("")));
        return;
    };
    if !definition.code.is_empty()
        && !definition.announces(event(at))
        && let Some(element) = at.get("event")
    {
        out.say(&META, element, format!("the MessageDefinition named is for the event {}", definition.code));
    }
}
