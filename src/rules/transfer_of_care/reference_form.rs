//! References inside ITK3 bundles go by fullUrl.

use super::itk::is_document;
use crate::finding::{Example, Explained, Family, Meta};
use crate::message::is_absolute;
use crate::rules::query::claims;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::profiles::ITK_MESSAGE;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0611",
    name: "itk-reference-not-by-full-url",
    title: "a reference in an ITK3 bundle does not go by fullUrl",
    family: Family::TransferOfCare,
    issue: "value",
    requirement: "TOC-08",
    basis: "ITK3 and Transfer of Care: resource references within a message use the fullUrl of the entry",
    criterion: "INT-5",
    why: "Type and id lead nowhere in a message: the receiver finds neither patient nor author.",
    remedy: "Refer to the entry by its fullUrl, urn:uuid: and a UUID.",
    explains: &[Explained::here("HM0130"), Explained::here("HM0148")],
    examples: &[
        Example::bad(
            "type and id",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "id": "1", "managingOrganization": «{"reference": "Organization/1"}»}}]}"#,
        ),
        Example::good(
            "the fullUrl",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "id": "1", "managingOrganization": {"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// References go by fullUrl.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Message], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, _: Element<'a>, out: &mut Sink) {
    let mut last: Option<(Element<'a>, bool)> = None;
    for (reference, _) in scene.message.references() {
        if reference.text(names::REFERENCE).is_none_or(|text| text.starts_with('#') || is_absolute(text)) {
            continue;
        }
        let Some((bundle, _)) = scene.message.bundle_of(reference) else { continue };
        if last.is_none_or(|(known, _)| known != bundle) {
            last = Some((bundle, claims(bundle, ITK_MESSAGE) || is_document(scene, bundle)));
        }
        if last.is_some_and(|(_, by_url)| by_url) {
            out.say(&META, reference, "the reference is relative, and entries of this bundle are named by UUIDs");
        }
    }
}
