//! Read codes and the SNOMED CT codes beside them: is the one the translation of the other? Needs an index made with the maps.

use super::claim;
use super::view::{self, SnomedView};
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::systems::{CTV3, READ_V2};

/// DUAL-01, the translation.
pub static META: Meta = Meta {
    id: "HM0374",
    name: "read-code-other-translation",
    title: "the SNOMED CT code is not the translation of the Read code beside it",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "code-invalid",
    requirement: "DUAL-01",
    basis: "NHS England, Data Migration: maps of Read v2 and CTV3 to SNOMED CT, April 2020; CTV3 simple map of the UK Edition",
    criterion: "COD-2",
    why: "Receivers that take the Read code file another thing than those that take SNOMED CT.",
    remedy: "Translate by the national maps; where the clinician chose the SNOMED CT code, leave the Read code out.",
    examples: &[
        Example::bad(
            "a heart attack beside asthma",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "«H33..»"}, {"system": "http://snomed.info/sct", "code": "22298006"}]}}"#,
        ),
        Example::good(
            "asthma",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "H33.."}, {"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["CodeableConcept"])], check };

fn check(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        judge(view, at, out);
    }
}

/// The CTV3 simple map of the UK Edition.
const CTV3_MAP: u64 = 900_000_000_000_497_000;

fn judge(view: &dyn SnomedView, concept: Element<'_>, out: &mut Sink) {
    let codes: Vec<u64> = concept.named(names::CODING).filter_map(claim::concept).map(|(_, id)| id.value()).collect();
    if codes.is_empty() {
        return;
    }
    for coding in concept.named(names::CODING) {
        let kind = match coding.text(names::SYSTEM) {
            Some(READ_V2) => '2',
            Some(CTV3) => '3',
            _ => continue,
        };
        let Some(code) = coding.child(names::CODE) else { continue };
        let Some(text) = code.value().filter(|text| text.len() >= 5 && text.is_char_boundary(5)) else { continue };
        // What follows the five characters of the code is that of a term.
        let key = format!("{kind}{}", &text[..5]);
        let mut targets = view.translations(&key).unwrap_or_default();
        if targets.is_empty() && kind == '3' {
            // Without the tables, the map of the release says which CTV3 code a concept came from.
            if codes.iter().any(|id| view.map_targets(CTV3_MAP, *id).iter().any(|target| target == &text[..5])) {
                continue;
            }
            if !codes.iter().any(|id| !view.map_targets(CTV3_MAP, *id).is_empty()) {
                continue;
            }
            out.say(&META, code, "by the map of the release the SNOMED CT code comes from another CTV3 code")
                .severity = Severity::Information;
            continue;
        }
        // A retired target is met by what stands in for it.
        let successors: Vec<u64> = targets
            .iter()
            .flat_map(|target| {
                let found = view.successors(*target);
                found.exact.into_iter().chain(found.possible).collect::<Vec<_>>()
            })
            .collect();
        targets.extend(successors);
        if !targets.is_empty() && !codes.iter().any(|id| targets.contains(id)) {
            let draft = out.say(&META, code, "the national map translates this code to another concept");
            draft.notes.push(format!("the map has {}", view.name(targets[0])));
        }
    }
}
