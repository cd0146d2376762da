//! Codes of acknowledgements are published ones.

use super::response_codes::{code, codings};
use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::query::pair;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::events::{RESPONSE_SYSTEM, is_response_code, is_retired_response_code};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0631",
    name: "itk-response-code",
    title: "an acknowledgement is not coded in the ITK3 response codes",
    family: Family::TransferOfCare,
    issue: "code-invalid",
    requirement: "ITK-07",
    basis: "ITK3, code system ITK-ResponseCodes-1",
    criterion: "INT-5",
    why: "The sender cannot read whether its document was accepted.",
    remedy: "Send a code of https://fhir.nhs.uk/STU3/CodeSystem/ITK-ResponseCodes-1; 20013 is success.",
    examples: &[
        Example::bad(
            "no such code",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK008M"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "processing", "details": {"coding": [«{"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-ResponseCodes-1", "code": "10006"}»]}}]}}]}"#,
        ),
        Example::bad(
            "a code of the version before",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK008M"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "information", "code": "informational", "details": {"coding": [«{"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-Acknowledgement-1", "code": "51001"}»]}}]}}]}"#,
        ),
        Example::good(
            "success",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK008M"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "information", "code": "informational", "details": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-ResponseCodes-1", "code": "20013"}]}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Acknowledgements have published codes.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for coding in codings(scene, at) {
        let own = code(coding);
        if is_retired_response_code(own) {
            let draft = out.say(&META, coding, "the code is one of the retired ITK-Acknowledgement codes");
            draft.severity = Severity::Warning;
        } else if !is_response_code(own) {
            out.say(&META, coding, "the code is not published in ITK-ResponseCodes-1");
        } else if pair(coding).0 != RESPONSE_SYSTEM {
            out.say(&META, coding, format!("the code system is {RESPONSE_SYSTEM}"));
        }
    }
}
