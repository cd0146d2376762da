//! What an ITK3 message is about.

use super::itk::{event, is_itk};
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::events::RESPONSE;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0628",
    name: "itk-focus",
    title: "the focus of an ITK3 message is not its one payload",
    family: Family::TransferOfCare,
    dimension: Dimension::Consistency,
    issue: "structure",
    requirement: "ITK-05",
    basis: "ITK3 messaging distribution: MessageHeader.focus is the payload Bundle; of a response, the OperationOutcome",
    criterion: "INT-5",
    why: "The receiver unpacks what the focus names: another resource there, and the document is never opened.",
    remedy: "Refer once from focus to the fullUrl of the payload Bundle.",
    examples: &[
        Example::bad(
            "the patient",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [«{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}»]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "active": true}}]}"#,
        ),
        Example::bad(
            "nothing",
            r#"«{"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}»"#,
        ),
        Example::good(
            "the payload",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "type": "document"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The focus is the payload.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_itk(at) {
        return;
    }
    let response = event(at).1 == RESPONSE;
    let mut focus = at.all("focus");
    let Some(first) = focus.next() else {
        if !response {
            out.say(&META, at, "the header has no focus");
        }
        return;
    };
    if let Some(second) = focus.next() {
        out.say(&META, second, "the message has one focus");
    }
    let Some(to) = target(scene, first) else { return };
    let fits = if response { type_name(to) == "OperationOutcome" } else { type_name(to) == "Bundle" };
    if !fits {
        let wanted = if response { "OperationOutcome" } else { "payload Bundle" };
        out.say(&META, first, format!("the focus leads to a {}, and belongs on the {wanted}", type_name(to)));
    }
}
