//! Codes of lists: primary, secondary or consultation structure.

use super::lists::{Kind, kind};
use super::structured::is_record;
use crate::finding::{Example, Family, Meta};
use crate::rules::query::{codings_of, pair, resources, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::lists::SECONDARY_SYSTEM;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0508",
    name: "gpc-list-code",
    title: "a list of a structured record has a code that stands for no area",
    family: Family::GpConnect,
    issue: "code-invalid",
    requirement: "GPC-L02",
    basis: "GP Connect Access Record: Structured, using the List resource; code system GPConnect-SecondaryListValues-1",
    criterion: "INT-4",
    why: "Consumers find an area of the record by the code of its list; under another code the whole area is not seen.",
    remedy: "Use the published SNOMED CT code of the area, or a code of GPConnect-SecondaryListValues-1.",
    examples: &[
        Example::bad(
            "another code for immunisations",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "status": "current", "mode": "snapshot", "code": «{"coding": [{"system": "http://snomed.info/sct", "code": "127785005"}]}»}}]}"#,
        ),
        Example::bad(
            "a secondary list under another system",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "status": "current", "mode": "snapshot", "code": «{"coding": [{"system": "https://supplier.test/lists", "code": "problems-medications-related-to-problems"}]}»}}]}"#,
        ),
        Example::good(
            "immunisations",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1102181000000102"}]}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Lists have codes of known areas.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_record(scene, at) {
        return;
    }
    for list in resources(scene, at).filter(|r| type_name(*r) == "List") {
        let Some(code) = list.child(names::CODE) else { continue };
        match kind(list) {
            Kind::Other => {
                out.say(&META, code, "the code is neither a primary or secondary list nor consultation structure");
            }
            Kind::Secondary if !codings_of(list, "code").any(|c| pair(c).0 == SECONDARY_SYSTEM) => {
                out.say(&META, code, format!("secondary lists are coded in {SECONDARY_SYSTEM}"));
            }
            _ => {}
        }
    }
}
