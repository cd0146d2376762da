//! Consultations hold topics, topics hold headings and items, headings hold items.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{is_snomed, target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::lists::{CATEGORY, CONSULTATION, TOPIC};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0548",
    name: "gpc-consultation-structure",
    title: "a consultation is not built of topics, headings and items",
    family: Family::GpConnect,
    dimension: Dimension::Consistency,
    issue: "structure",
    requirement: "GPC-C01",
    basis: "GP Connect Access Record: Structured, consultations: consultation, topic and category lists",
    criterion: "INT-4",
    why: "Consumers walk from consultation to topic to heading; what hangs elsewhere is not shown, or under the wrong problem.",
    remedy: "Refer from the consultation (325851000000107) to topics (25851000000105) alone, from a topic to headings (24781000000107) or items, from a heading to items.",
    examples: &[
        Example::bad(
            "an item below the consultation",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "325851000000107"}]}, "entry": [{"item": «{"reference": "Observation/1"}»}]}}, {"resource": {"resourceType": "Observation", "id": "1", "status": "final", "code": {"text": "x"}}}]}"#,
        ),
        Example::good(
            "a topic",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "325851000000107"}]}, "entry": [{"item": {"reference": "List/t"}}]}}, {"resource": {"resourceType": "List", "id": "t", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "25851000000105"}]}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Consultation, topic, heading, item.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let level = level(at);
    if level == 0 || !is_gpc(at) {
        return;
    }
    for item in at.named(names::ENTRY).filter_map(|e| e.get("item")) {
        let Some(below) = target(scene, item) else { continue };
        let list = type_name(below) == "List";
        let fits = match level {
            1 => list && self::level(below) == 2,
            2 => !list || self::level(below) == 3,
            _ => !list,
        };
        if !fits {
            let says = match level {
                1 => "a consultation refers to topics alone",
                2 => "a topic refers to headings or items, not to other lists",
                _ => "a heading refers to items, not to lists",
            };
            out.say(&META, item, says);
        }
    }
}

/// 1 for a consultation, 2 for a topic, 3 for a heading, 0 for anything else.
fn level(list: Element<'_>) -> u8 {
    [CONSULTATION, TOPIC, CATEGORY].iter().position(|c| is_snomed(list, "code", c)).map_or(0, |i| i as u8 + 1)
}
