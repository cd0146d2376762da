//! The note that belongs to a warning.

use super::warning::{self, CONFIDENTIAL, IN_TRANSIT};
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0517",
    name: "gpc-warning-without-note",
    title: "a list carries a warning without the note that belongs to it",
    family: Family::GpConnect,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "GPC-W01",
    basis: "GP Connect Access Record: Structured, warning codes: associated text in List.note",
    criterion: "INT-4",
    why: "The note is what the clinician reads; without it nobody knows that the area is incomplete.",
    remedy: "Add a note with the text that is published for the warning.",
    examples: &[
        Example::bad(
            "no note",
            r#"{"resourceType": "List", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1", "valueCode": "«confidential-items»"}], "status": "current", "mode": "snapshot"}"#,
        ),
        Example::good(
            "the note",
            r#"{"resourceType": "List", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1", "valueCode": "confidential-items"}], "status": "current", "mode": "snapshot", "note": [{"text": "Items excluded due to confidentiality and/or patient preferences."}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Warnings have notes.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for (value, code) in warning::codes(at) {
        let mut notes = warning::notes(at).filter_map(Element::value);
        let told = match code {
            "confidential-items" => notes.any(|n| n.contains(CONFIDENTIAL.trim_end_matches('.'))),
            "data-in-transit" => notes.any(|n| n.contains(IN_TRANSIT)),
            _ => notes.next().is_some(),
        };
        if !told {
            out.say(&META, value, "no note has the text that is published for this warning");
        }
    }
}
