//! Clinical items that no list of the record leads to.

use super::structured::is_record;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{last_segment, resources, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::{TextMap, TextSet};
use crate::tree::{Element, NodeId, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0510",
    name: "gpc-item-in-no-list",
    title: "a clinical item of a structured record is in no list",
    family: Family::GpConnect,
    dimension: Dimension::Completeness,
    issue: "business-rule",
    requirement: "GPC-L03",
    basis: "GP Connect Access Record: Structured, using the List resource: every item returned is in a list",
    criterion: "INT-4",
    why: "Consumers read the record list by list: the item is sent and never seen.",
    remedy: "Refer to the item from the primary or secondary list of its area.",
    examples: &[
        Example::bad(
            "a vaccination nothing leads to",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1102181000000102"}]}}}, {"resource": «{"resourceType": "Immunization", "id": "7", "status": "completed"}»}]}"#,
        ),
        Example::good(
            "the list holds it",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1102181000000102"}]}, "entry": [{"item": {"reference": "Immunization/7"}}]}}, {"resource": {"resourceType": "Immunization", "id": "7", "status": "completed"}}]}"#,
        ),
        Example::good(
            "the list means it by another id: the reference is at fault",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1102181000000102"}]}, "entry": [{"item": {"reference": "Immunization/8"}}]}}, {"resource": {"resourceType": "Immunization", "id": "7", "status": "completed"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Every clinical item is in a list, or belongs to one that is.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

/// Types that consumers find through lists.
const ITEMS: &[&str] = &[
    "AllergyIntolerance",
    "Condition",
    "DiagnosticReport",
    "Immunization",
    "MedicationStatement",
    "ProcedureRequest",
    "ReferralRequest",
];

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_record(scene, at) || !resources(scene, at).any(|r| type_name(r) == "List") {
        return;
    }
    let mut led_to: TextSet<NodeId> = TextSet::default();
    // Items of lists that lead to nothing, by the type they name.
    let mut broken: Vec<&str> = Vec::new();
    for (reference, lead) in scene.message.references() {
        let resource = reference.root_resource();
        match lead.target() {
            Some(to) if to != resource => {
                led_to.insert(to.id());
            }
            None if type_name(resource) == "List" && reference.name() == "item" => {
                let text = reference.text(names::REFERENCE).unwrap_or("");
                broken.extend(text.rsplit_once('/').map(|(before, _)| last_segment(before)));
            }
            _ => {}
        }
    }
    let orphans: Vec<_> =
        resources(scene, at).filter(|r| ITEMS.contains(&type_name(*r)) && !led_to.contains(&r.id())).collect();
    // By type: references that lead nowhere, and items that nothing leads to.
    let mut astray: TextMap<&str, (usize, usize)> = TextMap::default();
    broken.iter().for_each(|ty| astray.entry(ty).or_default().0 += 1);
    orphans.iter().for_each(|item| astray.entry(type_name(*item)).or_default().1 += 1);
    for item in &orphans {
        // A list that means the item by another id is the fault, and is said at the reference.
        if astray.get(type_name(*item)).is_some_and(|(broken, orphans)| broken >= orphans) {
            continue;
        }
        let item = *item;
        out.say(&META, item, format!("no list and no other resource leads to this {}", type_name(item)));
    }
}
