//! The outcome of a response and its code agree.

use super::response_codes::{code, codings};
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::events::{SUCCESS, is_response_code};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0632",
    name: "itk-response-contradiction",
    title: "an acknowledgement says ok and carries the code of a failure, or the reverse",
    family: Family::TransferOfCare,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "ITK-07",
    basis: "ITK3, MessageHeader.response.code and code system ITK-ResponseCodes-1: 1xxxx and 2xxxx other than 20013 are failures",
    criterion: "INT-5",
    why: "The sender that reads one of the two believes the document filed when it was refused.",
    remedy: "Send response.code ok with 20013 and with 3xxxx business answers, fatal-error or transient-error with the others.",
    examples: &[
        Example::bad(
            "ok, and refused",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK008M"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "response": {"identifier": "a", "code": "«ok»"}}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "processing", "details": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-ResponseCodes-1", "code": "20009"}]}}]}}]}"#,
        ),
        Example::good(
            "ok, and accepted",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK008M"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "response": {"identifier": "a", "code": "ok"}}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "information", "code": "informational", "details": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-ResponseCodes-1", "code": "20013"}]}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Outcome and code agree.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(said) = at.child(names::RESPONSE).and_then(|r| r.child(names::CODE)) else { return };
    let found = codings(scene, at);
    let infrastructure = |c: &str| is_response_code(c) && (c.starts_with('1') || c.starts_with('2'));
    let failure = found.iter().any(|c| infrastructure(code(*c)) && code(*c) != SUCCESS);
    let success = found.iter().any(|c| code(*c) == SUCCESS);
    if said.value() == Some("ok") && failure {
        out.say(&META, said, "response.code is ok, and the OperationOutcome has the code of a failure");
    } else if matches!(said.value(), Some("fatal-error" | "transient-error")) && success && !failure {
        out.say(&META, said, "response.code is an error, and the OperationOutcome has 20013, success");
    }
}
