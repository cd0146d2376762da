//! Events of ITK3 messages.

use super::itk::{event, is_itk};
use crate::finding::{Example, Explained, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::events::{ITK, ITK_SYSTEM};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0620",
    name: "itk-event-code",
    title: "the event of an ITK3 message is not one of the published codes",
    family: Family::TransferOfCare,
    issue: "code-invalid",
    requirement: "ITK-01",
    basis: "ITK3, ITK-MessageHeader-2: event; code system ITK-MessageEvent-2",
    criterion: "INT-5",
    why: "Receivers route the message by its event; one they do not know is refused with 20006.",
    remedy: "Send a code and display of https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2.",
    explains: &[Explained::here("HM0116")],
    examples: &[
        Example::bad(
            "no such event",
            r#"{"resourceType": "MessageHeader", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-MessageHeader-2"]}, "event": «{"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK999D", "display": "x"}», "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}"#,
        ),
        Example::bad(
            "another system",
            r#"{"resourceType": "MessageHeader", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-MessageHeader-2"]}, "event": «{"system": "https://fhir.nhs.uk/STU3/ValueSet/ITK-MessageEvent-2", "code": "ITK003D", "display": "ITK eDischarge"}», "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}"#,
        ),
        Example::good(
            "a discharge",
            r#"{"resourceType": "MessageHeader", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-MessageHeader-2"]}, "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D", "display": "ITK eDischarge"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}"#,
        ),
        Example::good(
            "another standard",
            r#"{"resourceType": "MessageHeader", "event": {"system": "https://hospital.test/events", "code": "x"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Events are published ones.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_itk(at) {
        return;
    }
    let Some(element) = at.get("event") else { return };
    let (system, code) = event(at);
    if system != ITK_SYSTEM {
        out.say(&META, element, format!("the system of the event is {ITK_SYSTEM}"));
    } else if !ITK.iter().any(|(known, _)| *known == code) {
        out.say(&META, element, "the code is not an event of ITK-MessageEvent-2");
    } else if element.child(names::DISPLAY).is_none() {
        out.say(&META, element, "the event has no display");
    }
}
