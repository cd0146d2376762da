//! References of a structured record lead to resources of the record.

use super::structured::is_record;
use crate::finding::{Example, Explained, Family, Meta};
use crate::message::{BundleIndex, Resolved, logical_id};
use crate::rules::query::type_name;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::{TextMap, distance};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0506",
    name: "gpc-reference-not-in-record",
    title: "a reference of a structured record leads to nothing in the record",
    family: Family::GpConnect,
    issue: "not-found",
    requirement: "GPC-B07",
    basis: "GP Connect Access Record: Structured, content of the response bundle: referenced resources are returned",
    criterion: "INT-4",
    why: "The consumer has nowhere else to look: who recorded the entry, or the entry itself, is lost.",
    remedy: "Return the resource in the same bundle, or correct the type and id of the reference.",
    explains: &[Explained::here("HM0802")],
    examples: &[
        Example::bad(
            "nobody has that id",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "1", "generalPractitioner": [«{"reference": "Practitioner/2"}»]}}]}"#,
        ),
        Example::good(
            "the practitioner is there",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "1", "generalPractitioner": [{"reference": "Practitioner/2"}]}}, {"resource": {"resourceType": "Practitioner", "id": "2", "active": true}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// References lead to resources of the record.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Message], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, _: Element<'a>, out: &mut Sink) {
    // Whether a Bundle is a record takes a look at its entries: once, not for every reference.
    let mut last: Option<(Element<'a>, bool)> = None;
    let mut ids = TextMap::default();
    for (reference, _) in scene.message.references().filter(|(_, lead)| *lead == Resolved::NotInBundle) {
        let Some((bundle, index)) = scene.message.bundle_of(reference) else { continue };
        if last.is_none_or(|(known, _)| known != bundle) {
            last = Some((bundle, is_record(scene, bundle)));
            ids = ids_of(index);
        }
        if last.is_some_and(|(_, record)| record) {
            lost(scene, reference, &ids, out);
        }
    }
}

/// Ids of the entries of a record by type, of each type as many as a hint looks at: it must not cost the square of a record's length.
fn ids_of<'a>(index: &BundleIndex<'a>) -> TextMap<&'a str, Vec<&'a str>> {
    let mut ids: TextMap<&str, Vec<&str>> = TextMap::default();
    for resource in index.entries.iter().filter_map(|e| e.resource) {
        let known = ids.entry(type_name(resource)).or_default();
        if known.len() < 500 {
            known.extend(resource.text(names::ID));
        }
    }
    ids
}

fn lost<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, ids: &TextMap<&str, Vec<&str>>, out: &mut Sink) {
    let Some((_, ty, id)) = at.text(names::REFERENCE).and_then(logical_id) else { return };
    // A misspelt type is another rule's; the bundle index finds the rest.
    if scene.plans.of_resource(scene.release(), names::intern(ty)).is_none() {
        return;
    }
    let draft = out.say(&META, at, format!("the record holds no {ty} with this id"));
    let near = ids.get(ty).into_iter().flatten();
    let close = near.filter(|other| distance(other, id, 2) <= 2).count();
    if close > 0 {
        draft
            .notes
            .push(format!("{close} of the record's {ty} resources have an id that differs in one or two characters"));
    }
}
