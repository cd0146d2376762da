//! A collection of GP Connect lists that does not say it is a structured record.

use super::structured::is_record;
use crate::finding::{Example, Family, Meta};
use crate::rules::query::claims;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::profiles::STRUCTURED_RECORD;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0500",
    name: "gpc-bundle-without-profile",
    title: "a GP Connect record does not claim the profile of its bundle",
    family: Family::GpConnect,
    issue: "structure",
    requirement: "GPC-B01",
    basis: "GP Connect, Access Record Structured: profile GPConnect-StructuredRecord-Bundle-1, meta.profile",
    criterion: "INT-4",
    why: "Consumers choose how to read the record by the profile of its bundle; without it the rules of the record are not applied.",
    remedy: "Add GPConnect-StructuredRecord-Bundle-1 to meta.profile of the bundle.",
    examples: &[
        Example::bad(
            "a record that does not say so",
            r#"«{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot"}}]}»"#,
        ),
        Example::good(
            "the profile is claimed",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot"}}]}"#,
        ),
        Example::good(
            "search results: a guide asks for their profile only where a patient is registered",
            r#"{"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": {"resourceType": "Patient", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"]}, "active": true}}]}"#,
        ),
        Example::good(
            "other resources",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "active": true}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// A GP Connect record claims its profile.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.text(names::TYPE) == Some("collection") && !claims(at, STRUCTURED_RECORD) && is_record(scene, at) {
        out.say(&META, at, "the bundle holds GP Connect lists and does not claim the structured record profile");
    }
}
