//! A test report leads to its results.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0552",
    name: "gpc-report-without-results",
    title: "a test report leads to no result",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "incomplete",
    requirement: "GPC-O02",
    basis: "GP Connect Access Record: Structured, investigations: DiagnosticReport.result",
    criterion: "INT-4",
    why: "The clinician sees that a test was reported and not what was found.",
    remedy: "Refer from DiagnosticReport.result to the Observations, test groups first.",
    examples: &[
        Example::bad(
            "no result",
            r#"«{"resourceType": "DiagnosticReport", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-DiagnosticReport-1"]}, "status": "final", "code": {"text": "x"}, "issued": "2020-01-01T10:00:00Z"}»"#,
        ),
        Example::good(
            "a result",
            r#"{"resourceType": "DiagnosticReport", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-DiagnosticReport-1"]}, "status": "final", "code": {"text": "x"}, "issued": "2020-01-01T10:00:00Z", "result": [{"reference": "Observation/1"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Reports lead to results.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["DiagnosticReport"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let told = ["result", "conclusion", "codedDiagnosis", "presentedForm"];
    let due = matches!(at.text(names::STATUS), Some("registered" | "cancelled" | "entered-in-error"));
    if !due && told.iter().all(|name| at.get(name).is_none()) && is_gpc(at) {
        out.say(&META, at, "the report has no result, conclusion or attached form");
    }
}
