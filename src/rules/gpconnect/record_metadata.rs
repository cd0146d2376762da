//! Metadata that a structured record should not carry.

use super::structured::is_record;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0501",
    name: "gpc-record-metadata",
    title: "a structured record carries a bundle id, version, time or fullUrl",
    family: Family::GpConnect,
    severity: Severity::Information,
    dimension: Dimension::Consistency,
    issue: "informational",
    requirement: "GPC-B02",
    basis: "GP Connect Access Record: Structured, design of the response bundle",
    criterion: "INT-4",
    why: "The bundle is made for one request and has no life of its own; consumers may take its id or URLs for lasting addresses.",
    remedy: "Leave out Bundle.id, meta.versionId, meta.lastUpdated and entry.fullUrl.",
    examples: &[
        Example::bad(
            "a fullUrl",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"fullUrl": "«urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0»", "resource": {"resourceType": "Patient", "active": true}}]}"#,
        ),
        Example::good(
            "none of them",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "active": true}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Structured records carry no metadata of their own.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let meta = at.child(names::META);
    let own = [
        at.child(names::ID),
        meta.and_then(|m| m.child(names::VERSION_ID)),
        meta.and_then(|m| m.child(names::LAST_UPDATED)),
    ];
    let mut urls = at.named(names::ENTRY).filter_map(|e| e.child(names::FULL_URL));
    let first_url = urls.next();
    if (own.iter().all(Option::is_none) && first_url.is_none()) || !is_record(scene, at) {
        return;
    }
    for element in own.into_iter().flatten() {
        out.say(&META, element, format!("a structured record should not carry {}", element.name()));
    }
    if let Some(first) = first_url {
        out.say(&META, first, format!("{} entries carry a fullUrl", urls.count() + 1));
    }
}
