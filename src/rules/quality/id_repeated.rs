//! Type and id stand once.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{claims, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::profiles::STRUCTURED_RECORD;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0809",
    name: "resource-id-repeated",
    title: "two entries of a bundle have one type and id",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Uniqueness,
    issue: "duplicate",
    requirement: "X-04",
    basis: "FHIR, Resource.id: unique among resources of a type on one server",
    criterion: "COD-5",
    why: "References to the id lead to either of them.",
    remedy: "Send the resource once, or give each its own id.",
    examples: &[
        Example::bad(
            "two with one id",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Practitioner", "id": "2", "active": true}}, {"resource": {"resourceType": "Practitioner", "id": "«2»", "active": false}}]}"#,
        ),
        Example::good(
            "two ids",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Practitioner", "id": "2", "active": true}}, {"resource": {"resourceType": "Practitioner", "id": "3", "active": false}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Type and id stand once.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(index) = scene.message.bundles.get(&at.id()) else { return };
    // Structured records have a rule of their own; histories hold versions; nested payloads are separate messages.
    if index.by_id.values().all(|same| same.len() < 2)
        || at.text(names::TYPE) == Some("history")
        || claims(at, STRUCTURED_RECORD)
    {
        return;
    }
    let mut repeated: Vec<u32> =
        index.by_id.values().filter(|same| same.len() > 1).flat_map(|same| same[1..].iter().copied()).collect();
    repeated.sort_unstable();
    for entry in repeated {
        let entry = &index.entries[entry as usize];
        let Some(resource) = entry.resource else { continue };
        let version = |r: Element<'_>| r.child(names::META).and_then(|m| m.child(names::VERSION_ID)).is_some();
        if version(resource) && at.text(names::TYPE) == Some("searchset") {
            continue;
        }
        if let Some(id) = resource.child(names::ID) {
            out.say(&META, id, format!("an earlier entry is the {} with this id", type_name(resource)));
        }
    }
}
