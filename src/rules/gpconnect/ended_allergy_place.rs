//! Ended allergies stand in their own list.

use super::structured::is_record;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{is_snomed, resources, target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::lists::{ALLERGIES, ENDED_ALLERGIES};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0524",
    name: "gpc-ended-allergy-place",
    title: "an ended allergy is among the active ones, or an active one among the ended",
    family: Family::GpConnect,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-A02",
    basis: "GP Connect Access Record: Structured, allergies: resolved allergies are contained in the list of ended allergies",
    criterion: "INT-4",
    why: "The patient is treated as allergic to what is over, or as free of what is not.",
    remedy: "Put resolved allergies, contained, into the list of ended allergies and active ones into the list of allergies; return both lists.",
    examples: &[
        Example::bad(
            "resolved, in the active list",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886921000000105"}]}, "entry": [{"item": «{"reference": "AllergyIntolerance/1"}»}]}}, {"resource": {"resourceType": "AllergyIntolerance", "id": "1", "clinicalStatus": "resolved", "verificationStatus": "unconfirmed", "patient": {"reference": "Patient/1"}}}]}"#,
        ),
        Example::bad(
            "ended without the list of active ones",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": «{"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1103671000000101"}]}}»}]}"#,
        ),
        Example::good(
            "each in its place",
            r##"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886921000000105"}]}}}, {"resource": {"resourceType": "List", "contained": [{"resourceType": "AllergyIntolerance", "id": "1", "clinicalStatus": "resolved", "verificationStatus": "unconfirmed", "patient": {"reference": "Patient/1"}}], "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1103671000000101"}]}, "entry": [{"item": {"reference": "#1"}}]}}]}"##,
        ),
    ],
    ..Meta::NEW
};

/// Ended and active allergies in their own lists.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_record(scene, at) {
        return;
    }
    let lists = || resources(scene, at).filter(|r| type_name(*r) == "List");
    let active_list = lists().any(|l| is_snomed(l, "code", ALLERGIES));
    for list in lists() {
        let ended = is_snomed(list, "code", ENDED_ALLERGIES);
        if !ended && !is_snomed(list, "code", ALLERGIES) {
            continue;
        }
        if ended && !active_list {
            out.say(&META, list, "the list of ended allergies comes without the list of active ones");
        }
        for item in list.all("entry").filter_map(|e| e.get("item")) {
            let Some(allergy) = target(scene, item) else { continue };
            match allergy.get("clinicalStatus").and_then(Element::value) {
                Some("resolved") if !ended => {
                    out.say(&META, item, "a resolved allergy is in the list of active ones");
                }
                Some("active") if ended => {
                    out.say(&META, item, "an active allergy is in the list of ended ones");
                }
                _ => {}
            }
        }
    }
}
