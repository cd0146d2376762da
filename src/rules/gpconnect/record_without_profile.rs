//! A collection of GP Connect lists that does not say it is a structured record.

use super::structured::{BUNDLE, is_record};
use crate::finding::{Example, Family, Meta};
use crate::rules::query::{claims, resources};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0500",
    name: "gpc-bundle-without-profile",
    title: "a bundle of GP Connect resources does not claim a GP Connect bundle profile",
    family: Family::GpConnect,
    issue: "structure",
    requirement: "GPC-B01",
    basis: "GP Connect, profiles GPConnect-StructuredRecord-Bundle-1 and GPConnect-Searchset-Bundle-1: meta.profile",
    criterion: "INT-4",
    why: "Consumers choose how to read the record by the profile of its bundle; without it the rules of the record are not applied.",
    remedy: "Add meta.profile: GPConnect-StructuredRecord-Bundle-1 for a record (type collection), GPConnect-Searchset-Bundle-1 for search results.",
    examples: &[
        Example::bad(
            "a record that does not say so",
            r#"«{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot"}}]}»"#,
        ),
        Example::bad(
            "search results that do not say so",
            r#"«{"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": {"resourceType": "Patient", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"]}, "active": true}}]}»"#,
        ),
        Example::good(
            "the profile is claimed",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot"}}]}"#,
        ),
        Example::good(
            "other resources",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "active": true}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Bundles of GP Connect resources claim their profile.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    match at.text(names::TYPE) {
        Some("collection") if !claims(at, BUNDLE) && is_record(scene, at) => {
            out.say(&META, at, "the bundle holds GP Connect lists and does not claim the structured record profile");
        }
        Some("searchset") if !claims(at, "/GPConnect-Searchset-Bundle-") => {
            let ours = |r| claims(r, "/CareConnect-GPC-") || claims(r, "/STU3/StructureDefinition/GPConnect-");
            if resources(scene, at).any(ours) {
                out.say(
                    &META,
                    at,
                    "the search results hold GP Connect resources and do not claim the searchset profile",
                );
            }
        }
        _ => {}
    }
}
