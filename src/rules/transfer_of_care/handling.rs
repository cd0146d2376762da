//! The handling specification of an ITK3 message.

use super::itk::{handling, is_itk, part};
use crate::finding::{Dimension, Example, Explained, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0622",
    name: "itk-handling-incomplete",
    title: "the handling specification of an ITK3 message is missing or incomplete",
    family: Family::TransferOfCare,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "ITK-02",
    basis: "ITK3, Extension-ITK-MessageHandling-2: six parts, each once",
    criterion: "INT-5",
    why: "The receiver does not know which acknowledgements to send, nor whether to act: it answers 10001.",
    remedy: "Send BusAckRequested, InfAckRequested, RecipientType, MessageDefinition, SenderReference and LocalExtension, the last two \"None\" when there is nothing to say.",
    explains: &[Explained::here("HM0121")],
    examples: &[
        Example::bad(
            "no handling",
            r#"«{"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D", "display": "ITK eDischarge"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}»"#,
        ),
        Example::bad(
            "keys of version 1",
            r#"{"resourceType": "MessageHeader", "extension": [«{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ITK-MessageHandling-2", "extension": [{"url": "BUSACK", "valueBoolean": true}, {"url": "INFACK", "valueBoolean": true}]}»], "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D", "display": "ITK eDischarge"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}"#,
        ),
        Example::good(
            "all six",
            r#"{"resourceType": "MessageHeader", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ITK-MessageHandling-2", "extension": [{"url": "BusAckRequested", "valueBoolean": true}, {"url": "InfAckRequested", "valueBoolean": true}, {"url": "RecipientType", "valueCoding": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-RecipientType-1", "code": "FA", "display": "For Action"}}, {"url": "MessageDefinition", "valueReference": {"reference": "https://fhir.nhs.uk/STU3/MessageDefinition/ITK-EDIS-MessageDefinition-2"}}, {"url": "SenderReference", "valueString": "None"}, {"url": "LocalExtension", "valueString": "None"}]}], "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D", "display": "ITK eDischarge"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Handling specifications are complete.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

/// The parts of version 2.
const PARTS: [&str; 6] =
    ["BusAckRequested", "InfAckRequested", "RecipientType", "MessageDefinition", "SenderReference", "LocalExtension"];

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_itk(at) {
        return;
    }
    let Some(handling) = handling(at) else {
        out.say(&META, at, "the header has no extension ITK-MessageHandling-2");
        return;
    };
    let missing: Vec<&str> = PARTS.into_iter().filter(|p| part(handling, p).is_none()).collect();
    if missing.is_empty() {
        return;
    }
    let old = ["BUSACK", "INFACK"].into_iter().any(|p| part(handling, p).is_some());
    let mut says = format!("the handling specification lacks {}", missing.join(", "));
    if old {
        says.push_str("; it has keys of version 1");
    }
    out.say(&META, handling, says);
}
