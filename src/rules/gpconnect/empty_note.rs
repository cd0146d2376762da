//! An empty list carries the note that people read.

use super::lists::{Kind, kind};
use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0513",
    name: "gpc-empty-list-note",
    title: "an empty list lacks the note \"Information not available\"",
    family: Family::GpConnect,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "GPC-L04",
    basis: "GP Connect Access Record: Structured, empty lists: text of List.note",
    criterion: "INT-4",
    why: "The note is what the clinician sees in place of entries; without it an empty area looks like a clean one.",
    remedy: "Add a note with the text \"Information not available\".",
    examples: &[
        Example::bad(
            "no note",
            r#"«{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103"}]}, "emptyReason": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1", "code": "no-content-recorded"}]}}»"#,
        ),
        Example::good(
            "the note",
            r#"{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103"}]}, "note": [{"text": "Information not available"}], "emptyReason": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1", "code": "no-content-recorded"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Empty lists carry their note.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.child(names::ENTRY).is_some() || !is_gpc(at) || !matches!(kind(at), Kind::Primary(_) | Kind::Secondary) {
        return;
    }
    let mut notes = at.all("note").filter_map(|n| n.text(names::TEXT));
    if !notes.any(|text| text.contains("Information not available")) {
        out.say(&META, at, "the list has no entries, and no note says \"Information not available\"");
    }
}
