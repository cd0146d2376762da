//! A list with entries is not empty.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
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

/// No reason beside entries.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.child(names::ENTRY).is_none() || !is_gpc(at) {
        return;
    }
    if let Some(reason) = at.get("emptyReason") {
        out.say(&META, reason, "the list has entries, so it cannot give a reason for being empty");
    }
}
