//! Warnings belong to areas, not to the structure of a consultation.

use super::lists::{Kind, kind};
use super::warning;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0519",
    name: "gpc-warning-in-consultation",
    title: "a consultation, topic or heading carries a warning",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-W03",
    basis: "GP Connect Access Record: Structured, warning codes: only in primary and secondary lists",
    criterion: "INT-4",
    why: "Consumers look for warnings in the lists of areas; one inside a consultation is not shown.",
    remedy: "Put the warning into the primary or secondary list.",
    examples: &[
        Example::bad(
            "in a topic",
            r#"{"resourceType": "List", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1", "valueCode": "«confidential-items»"}], "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "25851000000105"}]}}"#,
        ),
        Example::good(
            "in an area",
            r#"{"resourceType": "List", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1", "valueCode": "confidential-items"}], "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// No warnings in consultation structure.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for (value, _) in warning::codes(at) {
        if kind(at) == Kind::Structure {
            out.say(&META, value, "warnings belong to the list of an area");
        }
    }
}
