//! A list with entries is not empty.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::rule;
use crate::rules::{Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0514",
    name: "gpc-empty-reason-beside-entries",
    title: "a list has entries and a reason for being empty",
    family: Family::GpConnect,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-L05",
    basis: "GP Connect Access Record: Structured, empty lists; FHIR List: emptyReason only without entries",
    criterion: "INT-4",
    why: "A consumer that reads the reason first tells its user that nothing is recorded.",
    remedy: "Leave emptyReason out when the list has entries.",
    examples: &[
        Example::bad(
            "both",
            r#"{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "entry": [{"item": {"reference": "Condition/1"}}], "emptyReason": «{"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1", "code": "no-content-recorded"}]}»}"#,
        ),
        Example::good(
            "entries alone",
            r#"{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "entry": [{"item": {"reference": "Condition/1"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

rule!(
    /// No reason beside entries.
    ReasonBesideEntries,
    check,
    ["List"]
);

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.child(names::ENTRY).is_none() || !is_gpc(at) {
        return;
    }
    if let Some(reason) = at.get("emptyReason") {
        out.say(&META, reason, "the list has entries, so it cannot give a reason for being empty");
    }
}
