//! Issue type and Spine code of an error belong together.

use super::errors::is_gpc_error;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{codings_of, pair};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::events::ERRORS;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0558",
    name: "gpc-error-issue-type",
    title: "the issue type of an error answer does not belong to its Spine code",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-E01",
    basis: "GP Connect, error handling guidance: HTTP status, issue type and code",
    criterion: "INT-4",
    why: "Consumers that look at the issue type handle the error as another one.",
    remedy: "Send the issue type that the guidance pairs with the code, under the HTTP status it names.",
    examples: &[
        Example::bad(
            "another type",
            r#"{"resourceType": "OperationOutcome", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-OperationOutcome-1"]}, "issue": [{"severity": "error", "code": "«processing»", "details": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1", "code": "PATIENT_NOT_FOUND"}]}}]}"#,
        ),
        Example::good(
            "its own",
            r#"{"resourceType": "OperationOutcome", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-OperationOutcome-1"]}, "issue": [{"severity": "error", "code": "not-found", "details": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1", "code": "PATIENT_NOT_FOUND"}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Issue types belong to their codes.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["OperationOutcome"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_gpc_error(at) {
        return;
    }
    for issue in at.all("issue") {
        let Some(ty) = issue.child(names::CODE) else { continue };
        for coding in codings_of(issue, "details") {
            let Some((code, wanted, http)) = ERRORS.iter().find(|e| e.0 == pair(coding).1) else { continue };
            if ty.value() != Some(wanted) {
                out.say(&META, ty, format!("{code} goes with issue type {wanted} and HTTP status {http}"));
            }
        }
    }
}
