//! Acknowledgements name what they answer.

use super::itk::{event, is_itk};
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::events::RESPONSE;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0629",
    name: "itk-response-incomplete",
    title: "an acknowledgement does not name the message it answers, or its outcome",
    family: Family::TransferOfCare,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "ITK-06",
    basis: "ITK3 response messages: MessageHeader.response identifier, code and details",
    criterion: "INT-5",
    why: "The sender cannot tell which of its documents arrived, and sends again or believes it was read.",
    remedy: "Send response.identifier (the identifier of the original Bundle), response.code, and details that lead to an OperationOutcome.",
    examples: &[
        Example::bad(
            "no response",
            r#"«{"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK008M"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}»"#,
        ),
        Example::good(
            "a whole one",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK008M"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "response": {"identifier": "9c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "code": "ok", "details": {"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "information", "code": "informational"}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Acknowledgements are whole.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_itk(at) || event(at).1 != RESPONSE {
        return;
    }
    let Some(response) = at.child(names::RESPONSE) else {
        out.say(&META, at, "the header of the response has no response element");
        return;
    };
    if response.text(names::IDENTIFIER).is_none_or(str::is_empty) {
        out.say(&META, response, "the response does not name the Bundle it answers");
    }
    match response.get("details") {
        None => {
            out.say(&META, response, "the response has no details");
        }
        Some(details) => {
            if target(scene, details).is_some_and(|d| type_name(d) != "OperationOutcome") {
                out.say(&META, details, "the details do not lead to an OperationOutcome");
            }
        }
    }
}
