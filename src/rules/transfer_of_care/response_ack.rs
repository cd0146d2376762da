//! Acknowledgements are not acknowledged.

use super::itk::{event, handled};
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::events::RESPONSE;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0630",
    name: "itk-response-asks-acknowledgement",
    title: "an acknowledgement asks to be acknowledged",
    family: Family::TransferOfCare,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "ITK-06",
    basis: "ITK3 response messages: BusAckRequested and InfAckRequested are false",
    criterion: "INT-5",
    why: "Two systems may answer each other without end.",
    remedy: "Send false for both in a response.",
    examples: &[
        Example::bad(
            "asks",
            r#"{"resourceType": "MessageHeader", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ITK-MessageHandling-2", "extension": [{"url": "BusAckRequested", "valueBoolean": «true»}]}], "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK008M"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}"#,
        ),
        Example::good(
            "does not ask",
            r#"{"resourceType": "MessageHeader", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ITK-MessageHandling-2", "extension": [{"url": "BusAckRequested", "valueBoolean": false}]}], "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK008M"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Acknowledgements ask for none.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if event(at).1 != RESPONSE {
        return;
    }
    for name in ["BusAckRequested", "InfAckRequested"] {
        if let Some(value) = handled(at, name).filter(|v| v.value() == Some("true")) {
            out.say(&META, value, format!("{name} is false in a response"));
        }
    }
}
