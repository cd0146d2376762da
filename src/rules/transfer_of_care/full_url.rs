//! Entries of ITK3 bundles are named by UUIDs.

use super::itk::is_document;
use crate::finding::{Example, Explained, Family, Meta};
use crate::rules::query::claims;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::is_uuid;
use crate::tree::{Element, names};
use crate::uk::profiles::ITK_MESSAGE;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0610",
    name: "itk-full-url",
    title: "an entry of an ITK3 bundle is not named by a UUID",
    family: Family::TransferOfCare,
    issue: "value",
    requirement: "TOC-07",
    basis: "ITK3, ITK-Message-Bundle-1 and ITK-Document-Bundle-1: entry.fullUrl as urn:uuid:",
    criterion: "INT-5",
    why: "References inside the message are resolved by fullUrl alone; addresses of a server mean nothing to the receiver.",
    remedy: "Give each entry a fullUrl of urn:uuid: and a UUID, and refer to it by that.",
    explains: &[Explained::above("HM0147").about("relative")],
    examples: &[
        Example::bad(
            "a server address",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "«https://hospital.test/Patient/1»", "resource": {"resourceType": "Patient", "id": "1"}}]}"#,
        ),
        Example::good(
            "a UUID",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "id": "1"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Entries are named by UUIDs.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !claims(at, ITK_MESSAGE) && !is_document(scene, at) {
        return;
    }
    for url in at.named(names::ENTRY).filter_map(|e| e.child(names::FULL_URL)) {
        if !url.value().and_then(|u| u.strip_prefix("urn:uuid:")).is_some_and(is_uuid) {
            out.say(&META, url, "the fullUrl is not urn:uuid: and a UUID");
        }
    }
}
