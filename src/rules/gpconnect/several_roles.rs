//! More than one role for a practitioner in a structured record.

use super::structured::is_record;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{resources, target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use std::collections::HashMap;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0504",
    name: "gpc-practitioner-several-roles",
    title: "a structured record gives a practitioner more than one role",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "multiple-matches",
    requirement: "GPC-B04",
    basis: "GP Connect Access Record: Structured, use of PractitionerRole",
    criterion: "INT-4",
    why: "The consumer cannot tell in which role the practitioner made an entry.",
    remedy: "Return at most one PractitionerRole for a Practitioner; when several would apply, return none.",
    examples: &[
        Example::bad(
            "two roles",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "Practitioner", "id": "2", "active": true}}, {"resource": {"resourceType": "PractitionerRole", "id": "a", "practitioner": {"reference": "Practitioner/2"}}}, {"resource": {"resourceType": "PractitionerRole", "id": "b", "practitioner": «{"reference": "Practitioner/2"}»}}]}"#,
        ),
        Example::good(
            "one role",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "Practitioner", "id": "2", "active": true}}, {"resource": {"resourceType": "PractitionerRole", "id": "a", "practitioner": {"reference": "Practitioner/2"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// At most one role per practitioner.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_record(scene, at) {
        return;
    }
    let mut roles: HashMap<u32, (&str, u32)> = HashMap::new();
    for role in resources(scene, at).filter(|r| type_name(*r) == "PractitionerRole") {
        let Some(reference) = role.get("practitioner") else { continue };
        let Some(practitioner) = target(scene, reference) else { continue };
        let id = role.text(crate::tree::names::ID).unwrap_or("");
        let seen = roles.entry(practitioner.id()).or_insert((id, 0));
        seen.1 += 1;
        // The same role given twice is a repeated resource, not a second role.
        if seen.1 > 1 && (seen.0 != id || id.is_empty()) {
            out.say(&META, reference, "an earlier PractitionerRole is for this practitioner");
        }
    }
}
