//! A warning says that an area is incomplete.

use super::lists::{Kind, kind};
use super::warning;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0520",
    name: "gpc-area-incomplete",
    title: "the provider warns that an area of the record is incomplete",
    family: Family::GpConnect,
    severity: Severity::Information,
    dimension: Dimension::Completeness,
    issue: "incomplete",
    requirement: "GPC-W03",
    basis: "GP Connect Access Record: Structured, warning codes",
    criterion: "INT-4",
    why: "This is not a fault of the message, and the reader must be told; for data quality it counts as incomplete.",
    remedy: "Nothing to mend in the message; consumers must show the warning.",
    examples: &[
        Example::bad(
            "held back",
            r#"{"resourceType": "List", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1", "valueCode": "«confidential-items»"}], "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103"}]}}"#,
        ),
        Example::good(
            "no warning",
            r#"{"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Areas that a warning calls incomplete.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for (value, code) in warning::codes(at) {
        if matches!(kind(at), Kind::Primary(_)) {
            let says = match code {
                "confidential-items" => "items of this area are held back as confidential",
                "data-in-transit" => "this area lacks what the previous practice has not sent yet",
                _ => "this area lacks what has not been filed yet",
            };
            out.say(&META, value, says);
        }
    }
}
