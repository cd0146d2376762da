//! A resource that stands twice in a structured record.

use super::structured::is_record;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::type_name;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0503",
    name: "gpc-resource-repeated",
    title: "a structured record holds a resource twice",
    family: Family::GpConnect,
    dimension: Dimension::Uniqueness,
    issue: "duplicate",
    requirement: "GPC-B03",
    basis: "GP Connect Access Record: Structured, content of the response bundle",
    criterion: "INT-4",
    why: "References to the id become ambiguous, and a consumer may file the item twice.",
    remedy: "Return each resource once and refer to it from wherever it is needed.",
    examples: &[
        Example::bad(
            "one practitioner twice",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "Practitioner", "id": "2", "active": true}}, {"resource": {"resourceType": "Practitioner", "id": "«2»", "active": true}}]}"#,
        ),
        Example::good(
            "two practitioners",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "Practitioner", "id": "2", "active": true}}, {"resource": {"resourceType": "Practitioner", "id": "3", "active": true}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Every resource once.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(index) = scene.message.bundles.get(&at.id()) else { return };
    if index.by_id.values().all(|same| same.len() < 2) || !is_record(scene, at) {
        return;
    }
    let mut repeated: Vec<u32> =
        index.by_id.values().filter(|same| same.len() > 1).flat_map(|same| same[1..].iter().copied()).collect();
    repeated.sort_unstable();
    for entry in repeated {
        let Some(resource) = index.entries[entry as usize].resource else { continue };
        let Some(id) = resource.child(names::ID) else { continue };
        out.say(&META, id, format!("an earlier entry is the {} with this id", type_name(resource)));
    }
}
