//! Acknowledgements that say no.

use super::response_codes::{code, codings};
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::events::{SUCCESS, is_response_code};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0633",
    name: "itk-response-failure",
    title: "a receiver refused a document, or did not know its patient",
    family: Family::TransferOfCare,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "processing",
    requirement: "ITK-08",
    basis: "ITK3, code system ITK-ResponseCodes-1",
    criterion: "INT-5",
    why: "The document it answers did not reach the patient's record: someone must send it again, or find the patient.",
    remedy: "Mend what the code names and send again; 30002 to 30004 call for tracing the patient.",
    examples: &[
        Example::bad(
            "payload refused",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK008M"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "processing", "details": {"coding": [«{"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-ResponseCodes-1", "code": "20009"}»]}}]}}]}"#,
        ),
        Example::good(
            "accepted",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK008M"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "information", "code": "informational", "details": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-ResponseCodes-1", "code": "30001"}]}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Refusals are counted.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for coding in codings(scene, at) {
        let own = code(coding);
        if matches!(own, "30002" | "30003" | "30004") {
            out.say(&META, coding, format!("{own}: the patient is not, or no longer, known to the receiver"));
        } else if is_response_code(own) && own != SUCCESS && !own.starts_with('3') {
            out.say(&META, coding, format!("{own}: the receiver did not accept the message"));
        }
    }
}
