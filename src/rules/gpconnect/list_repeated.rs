//! One primary list for each area.

use super::lists::{Kind, kind};
use super::structured::is_record;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{resources, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::lists::PRIMARY;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0509",
    name: "gpc-list-repeated",
    title: "a structured record holds two lists for one area",
    family: Family::GpConnect,
    dimension: Dimension::Uniqueness,
    issue: "duplicate",
    requirement: "GPC-L02",
    basis: "GP Connect Access Record: Structured, using the List resource: one list for each area requested",
    criterion: "INT-4",
    why: "A consumer that reads the first list misses what only the second holds.",
    remedy: "Return one List for each area, with all of its items.",
    examples: &[
        Example::bad(
            "two lists of problems",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103"}]}}}, {"resource": «{"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103"}]}}»}]}"#,
        ),
        Example::good(
            "one list",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103"}]}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// One primary list for each area.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_record(scene, at) {
        return;
    }
    let mut seen = 0u32;
    for list in resources(scene, at).filter(|r| type_name(*r) == "List") {
        let Kind::Primary(i) = kind(list) else { continue };
        if seen & (1 << i) != 0 {
            out.say(&META, list, format!("an earlier list is the one for \"{}\"", PRIMARY[i].1));
        }
        seen |= 1 << i;
    }
}
