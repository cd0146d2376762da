//! Items that two primary lists hold.

use super::lists::{Kind, kind};
use super::structured::is_record;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{resources, target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::TextMap;
use crate::tree::{Element, NodeId};
use crate::uk::lists::PRIMARY;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0511",
    name: "gpc-item-in-several-lists",
    title: "two primary lists of a structured record, or one list twice, hold the same item",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Uniqueness,
    issue: "duplicate",
    requirement: "GPC-L03",
    basis: "GP Connect Access Record: Structured, using the List resource: an item is in one list",
    criterion: "INT-4",
    why: "The item is shown, counted and filed twice.",
    remedy: "Keep the item in the one primary list of its area.",
    examples: &[
        Example::bad(
            "one list names it twice",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1102181000000102"}]}, "entry": [{"item": {"reference": "Immunization/7"}}, {"item": «{"reference": "Immunization/7"}»}]}}, {"resource": {"resourceType": "Immunization", "id": "7", "status": "completed"}}]}"#,
        ),
        Example::good(
            "once",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1102181000000102"}]}, "entry": [{"item": {"reference": "Immunization/7"}}]}}, {"resource": {"resourceType": "Immunization", "id": "7", "status": "completed"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// An item is in one primary list, once.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_record(scene, at) {
        return;
    }
    let mut held: TextMap<NodeId, usize> = TextMap::default();
    for list in resources(scene, at).filter(|r| type_name(*r) == "List") {
        let Kind::Primary(i) = kind(list) else { continue };
        for item in list.all("entry").filter_map(|e| e.get("item")) {
            let Some(to) = target(scene, item) else { continue };
            if let Some(other) = held.insert(to.id(), i) {
                out.say(&META, item, format!("the list \"{}\" already holds this item", PRIMARY[other].1));
            }
        }
    }
}
