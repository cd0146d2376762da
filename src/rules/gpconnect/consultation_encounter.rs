//! Encounters of a record and the lists that hold what was said in them belong together.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{is_snomed, target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::lists::CONSULTATION;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0549",
    name: "gpc-consultation-without-encounter",
    title: "a consultation list does not lead to its Encounter",
    family: Family::GpConnect,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "GPC-C01",
    basis: "GP Connect Access Record: Structured, consultations: List.encounter",
    criterion: "INT-4",
    why: "When, where and by whom the consultation was held stands in the Encounter.",
    remedy: "Send List.encounter with a reference to the Encounter of the same record.",
    examples: &[
        Example::bad(
            "no encounter",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": «{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "325851000000107"}]}}»}]}"#,
        ),
        Example::good(
            "its encounter",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "325851000000107"}]}, "encounter": {"reference": "Encounter/1"}}}, {"resource": {"resourceType": "Encounter", "id": "1", "status": "finished"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Consultation lists lead to their Encounter.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_snomed(at, "code", CONSULTATION) || !is_gpc(at) {
        return;
    }
    match at.get("encounter") {
        None => {
            out.say(&META, at, "the consultation names no Encounter");
        }
        Some(encounter) => {
            if target(scene, encounter).is_some_and(|e| type_name(e) != "Encounter") {
                out.say(&META, encounter, "the encounter of the consultation leads to another type of resource");
            }
        }
    }
}
