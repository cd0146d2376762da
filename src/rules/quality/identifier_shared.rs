//! Business identifiers name one resource.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{resources, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::TextMap;
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0808",
    name: "identifier-on-two-resources",
    title: "two resources of one type have the same business identifier",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Uniqueness,
    issue: "duplicate",
    requirement: "X-04",
    basis: "FHIR, Identifier: a business identifier names one thing",
    criterion: "COD-5",
    why: "Receivers that file by identifier overwrite one with the other, or show one thing twice.",
    remedy: "Give each thing its own identifier, or send it once.",
    examples: &[
        Example::bad(
            "one identifier for two",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Condition", "id": "a", "identifier": [{"system": "https://hospital.test/c", "value": "1"}], "subject": {"display": "x"}}}, {"resource": {"resourceType": "Condition", "id": "b", "identifier": [«{"system": "https://hospital.test/c", "value": "1"}»], "subject": {"display": "x"}}}]}"#,
        ),
        Example::good(
            "two identifiers",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Condition", "id": "a", "identifier": [{"system": "https://hospital.test/c", "value": "1"}], "subject": {"display": "x"}}}, {"resource": {"resourceType": "Condition", "id": "b", "identifier": [{"system": "https://hospital.test/c", "value": "2"}], "subject": {"display": "x"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Business identifiers name one resource.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

/// Types whose identifiers name a person or place that may rightly stand in several resources.
const SHARED: &[&str] = &["Patient", "PractitionerRole", "Bundle", "MessageHeader", "Provenance"];

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !matches!(at.text(names::TYPE), Some("document" | "message" | "collection")) {
        return;
    }
    let mut seen: TextMap<(names::NameId, &str, &str), Element<'_>> = TextMap::default();
    for resource in resources(scene, at).filter(|r| !SHARED.contains(&type_name(*r))) {
        for identifier in resource.named(names::IDENTIFIER) {
            let (Some(system), Some(value)) = (identifier.text(names::SYSTEM), identifier.text(names::VALUE)) else {
                continue;
            };
            let other = *seen.entry((resource.type_id(), system, value)).or_insert(resource);
            // The same resource given twice is found by its id.
            if other != resource && other.text(names::ID) != resource.text(names::ID) {
                out.say(&META, identifier, format!("an earlier {} has this identifier", type_name(resource)));
            }
        }
    }
}
