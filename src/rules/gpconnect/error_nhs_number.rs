//! A wrong NHS number has an error code of its own.

use super::errors::is_gpc_error;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{codings_of, pair};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0559",
    name: "gpc-error-nhs-number",
    title: "an error about the NHS number is not coded INVALID_NHS_NUMBER",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-E01",
    basis: "GP Connect, error handling guidance: INVALID_NHS_NUMBER",
    criterion: "INT-4",
    why: "The consumer asks its user to correct the request when it should ask to trace the patient.",
    remedy: "Answer INVALID_NHS_NUMBER with issue type value and HTTP status 400.",
    examples: &[
        Example::bad(
            "a general code",
            r#"{"resourceType": "OperationOutcome", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-OperationOutcome-1"]}, "issue": [{"severity": "error", "code": "invalid", "details": {"coding": [«{"system": "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1", "code": "INVALID_PARAMETER"}»]}, "diagnostics": "The NHS number is not valid"}]}"#,
        ),
        Example::good(
            "its own code",
            r#"{"resourceType": "OperationOutcome", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-OperationOutcome-1"]}, "issue": [{"severity": "error", "code": "value", "details": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1", "code": "INVALID_NHS_NUMBER"}]}, "diagnostics": "The NHS number is not valid"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Wrong NHS numbers have their own error.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["OperationOutcome"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_gpc_error(at) {
        return;
    }
    for issue in at.all("issue") {
        let words =
            [issue.get("diagnostics").and_then(Element::value), issue.get("details").and_then(|d| d.text(names::TEXT))];
        let about = words.into_iter().flatten().any(|w| {
            let lower = w.to_lowercase();
            lower.contains("nhs number") && (lower.contains("invalid") || lower.contains("not valid"))
        });
        for coding in codings_of(issue, "details").filter(|_| about) {
            if matches!(pair(coding).1, "INVALID_RESOURCE" | "INVALID_PARAMETER" | "BAD_REQUEST") {
                out.say(&META, coding, "the words are about an invalid NHS number, the code is a general one");
            }
        }
    }
}
