//! References by UUID lead to an entry.

use crate::finding::{Dimension, Example, Family, Meta};
use crate::message::Resolved;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0801",
    name: "reference-to-missing-entry",
    title: "a reference by UUID leads to no entry of the bundle",
    family: Family::Quality,
    dimension: Dimension::Validity,
    issue: "not-found",
    requirement: "X-01",
    basis: "FHIR, Bundle: references by urn:uuid: or urn:oid: are resolved in the bundle",
    criterion: "INT-1",
    why: "Such a name means nothing outside the message: what it stood for is lost.",
    remedy: "Add the entry with that fullUrl, or correct the reference.",
    examples: &[
        Example::bad(
            "no such entry",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "managingOrganization": «{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}»}}]}"#,
        ),
        Example::good(
            "an entry",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "managingOrganization": {"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Organization", "name": "Test Trust"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// References by UUID lead to an entry.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Lost], check };

/// Links of the first resource that base conformance follows itself.
const FOLLOWED: &[&str] = &["subject", "author", "encounter", "custodian", "party", "detail", "entry", "focus"];

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(text) = at.text(names::REFERENCE) else { return };
    if !text.starts_with("urn:uuid:") && !text.starts_with("urn:oid:") {
        return;
    }
    if scene.message.resolve(at, text) != Resolved::NotInBundle {
        return;
    }
    let Some((bundle, index)) = scene.message.bundle_of(at) else { return };
    let first = index.entries.first().and_then(|e| e.resource) == Some(at.resource());
    let kind = bundle.text(names::TYPE);
    if first && matches!(kind, Some("document" | "message")) && FOLLOWED.contains(&at.name()) {
        return;
    }
    out.say(&META, at, "the bundle has no entry of this name");
}
