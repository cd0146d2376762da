//! An error answer has one issue, of severity error, coded in the Spine error codes.

use super::errors::is_gpc_error;
use crate::finding::{Example, Explained, Family, Meta};
use crate::rules::query::{codings_of, pair};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::events::{ERROR_SYSTEM, ERRORS};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0557",
    name: "gpc-error-code",
    title: "an error answer is not coded in the Spine error codes",
    family: Family::GpConnect,
    issue: "code-invalid",
    requirement: "GPC-E01",
    basis: "GP Connect, error handling guidance: OperationOutcome.issue.details.coding",
    criterion: "INT-4",
    why: "Consumers decide by the code what to tell the user; a code in another system is an unknown error to them.",
    remedy: "Send one issue of severity error with one coding in https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1.",
    explains: &[Explained::below("HM0109"), Explained::below("HM0119"), Explained::above("HM0115")],
    examples: &[
        Example::bad(
            "the value set as system",
            r#"{"resourceType": "OperationOutcome", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-OperationOutcome-1"]}, "issue": [{"severity": "error", "code": "value", "details": {"coding": [«{"system": "https://fhir.nhs.uk/STU3/ValueSet/Spine-ErrorOrWarningCode-1", "code": "INVALID_NHS_NUMBER"}»]}}]}"#,
        ),
        Example::bad(
            "a severity of its own",
            r#"{"resourceType": "OperationOutcome", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-OperationOutcome-1"]}, "issue": [{"severity": "«warning»", "code": "value", "details": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1", "code": "INVALID_NHS_NUMBER"}]}}]}"#,
        ),
        Example::good(
            "a warning beside the record: a parameter that the provider does not know",
            r#"{"resourceType": "Bundle", "type": "collection", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "entry": [{"resource": {"resourceType": "OperationOutcome", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-OperationOutcome-1"]}, "issue": [{"severity": "warning", "code": "not-supported", "details": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1", "code": "NOT_IMPLEMENTED", "display": "Not implemented"}], "text": "the parameter is not supported"}, "diagnostics": "includeExample"}]}}]}"#,
        ),
        Example::good(
            "as published",
            r#"{"resourceType": "OperationOutcome", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-OperationOutcome-1"]}, "issue": [{"severity": "error", "code": "value", "details": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1", "code": "INVALID_NHS_NUMBER"}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Errors are coded in the Spine error codes.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["OperationOutcome"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_gpc_error(at) {
        return;
    }
    for issue in at.all("issue") {
        // Beside a record a warning is prescribed: it names a parameter that the provider does not know. An answer of its own
        // is an error.
        if at.parent().is_none()
            && let Some(severity) = issue.get("severity")
            && !matches!(severity.value(), Some("error" | "fatal"))
            && codings_of(issue, "details").any(|c| ERRORS.iter().any(|e| e.0 == pair(c).1))
        {
            out.say(&META, severity, "an error answer has the severity error");
        }
        for coding in codings_of(issue, "details") {
            let (system, code) = pair(coding);
            if system != ERROR_SYSTEM {
                out.say(&META, coding, format!("the code system is {ERROR_SYSTEM}"));
            } else if code.is_empty() {
                out.say(&META, coding, "the coding has no code");
            }
        }
        if issue.get("details").is_none_or(|d| d.child(names::CODING).is_none()) {
            out.say(&META, issue, "the issue has no coding in details");
        }
    }
}
