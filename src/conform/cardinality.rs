//! How often an element stands under its parent.

use super::checker::{Checker, Pass};
use crate::finding::{Dimension, Example, Explained, Meta};
use crate::tree::{Element, Kind, NameId, flags};

/// Too few.
pub static MINIMUM: Meta = Meta {
    id: "HM0105",
    name: "element-missing",
    title: "a mandatory element is missing",
    issue: "required",
    dimension: Dimension::Completeness,
    basis: "FHIR, ElementDefinition.min",
    criterion: "INT-1",
    why: "The receiver relies on this fact; without it the resource cannot be used as the profile promises.",
    remedy: "Send the element. When the value is unknown and the profile allows it, send a data absent reason instead.",
    explains: &[Explained::here("HM0331").when("display"), Explained::same_choice("HM0121")],
    examples: &[
        Example::bad("an encounter without status", r#"«{"resourceType": "Encounter", "id": "e1"}»"#),
        Example::good("with status", r#"{"resourceType": "Encounter", "id": "e1", "status": "finished"}"#),
    ],
    ..Meta::NEW
};

/// Too many.
pub static MAXIMUM: Meta = Meta {
    id: "HM0106",
    name: "element-too-many",
    title: "an element is present more often than allowed, or is not allowed at all",
    issue: "structure",
    basis: "FHIR, ElementDefinition.max",
    criterion: "INT-1",
    why: "The receiver takes one of them, not all receivers the same one; or it does not expect the element at all.",
    remedy: "Send the element at most as often as the profile allows; leave prohibited elements out.",
    explains: &[Explained::here("HM0141").about("sqty-1")],
    examples: &[
        Example::bad(
            "CareConnect prohibits communication on Patient",
            r#"«{"resourceType": "Patient", "name": [{"use": "official", "family": "Test"}], "communication": [{"language": {"text": "English"}}]}»"#,
        )
        .against("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"),
        Example::good("one gender", r#"{"resourceType": "Patient", "gender": "male"}"#),
    ],
    ..Meta::NEW
};

/// What is said of an element or slice that is there too seldom.
pub(super) fn too_few(name: &str, count: u32, min: u32) -> String {
    match count {
        0 => format!("{name} is missing; at least {min} are needed"),
        1 => format!("{name} is there once; at least {min} are needed"),
        _ => format!("{name} is there {count} times; at least {min} are needed"),
    }
}

/// What is said of an element or slice that is there too often.
pub(super) fn too_many(name: &str, count: u32, max: u32) -> String {
    let allowed = if max == 1 { "is" } else { "are" };
    format!("{name} is there {count} times; at most {max} {allowed} allowed")
}

impl<'t> Checker<'_, 't> {
    /// Counts the children of one name against a node; reported at the parent.
    pub(super) fn cardinality(&mut self, parent: Element<'t>, pass: Pass<'_>, node: u32, name: NameId) {
        let definition = &pass.plan.nodes[node as usize];
        if definition.min == 0 && definition.max == u32::MAX {
            return;
        }
        let count =
            parent.named(name).filter(|c| c.kind() != Kind::Null || c.node().is(flags::ONLY_SIBLING)).count() as u32;
        // Two elements of a choice are one too many even where XML and JSON could write them.
        if count < definition.min {
            let says = match (definition.min, count) {
                (1, 0) => format!("{} is missing", definition.path),
                (min, count) => too_few(&definition.path, count, min),
            };
            let mut draft = self.draft(&MINIMUM, pass, node, parent, says);
            draft.key = "minimum".into();
            draft.span = parent.span();
            self.emit(draft);
        } else if count > definition.max {
            let says = match definition.max {
                0 => format!("{} is not allowed here", definition.path),
                max => too_many(&definition.path, count, max),
            };
            let mut draft = self.draft(&MAXIMUM, pass, node, parent, says);
            draft.key = "maximum".into();
            draft.span = parent.span();
            if let Some(last) = parent.named(name).last() {
                draft.notes.push(format!("the last one is at {}", last.path()));
            }
            self.emit(draft);
        }
    }
}
