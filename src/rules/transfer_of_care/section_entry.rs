//! Sections that lead to a resource.

use crate::finding::{Dimension, Example, Explained, Family, Meta};
use crate::rules::query::{target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::sections::{Document, code_of, section};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0607",
    name: "toc-section-without-entry",
    title: "a section does not lead to the resource it is about",
    family: Family::TransferOfCare,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "TOC-05",
    basis: "Transfer of Care, CareConnect-ITK Composition profiles: section.entry of demographics, GP practice, admission and discharge",
    criterion: "INT-5",
    why: "Without the resource the receiver has only words: it cannot match the patient, the practice or the stay.",
    remedy: "Refer from the section to the Patient, Organization or Encounter.",
    explains: &[Explained::here("HM0105").about("entry")],
    examples: &[
        Example::bad(
            "text alone",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [«{"title": "GP practice", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886711000000101"}]}}»]}"#,
        ),
        Example::good(
            "an organisation",
            r#"{"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "GP practice", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886711000000101"}]}, "entry": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Organization", "name": "Test Surgery"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Sections lead to the resource they are about.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Composition"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(document) = Document::of(at) else { return };
    for one in at.all("section") {
        let Some(row) = code_of(one).and_then(section).filter(|r| r.needs_entry(document)) else { continue };
        if one.child(names::ENTRY).is_none() {
            out.say(&META, one, format!("the section has no entry; it leads to a {}", row.entry));
            continue;
        }
        let mut held = one.named(names::ENTRY).filter_map(|e| target(scene, e)).peekable();
        let fits =
            |r: Element<'_>| row.entry.is_empty() || matches!(type_name(r), "Binary") || type_name(r) == row.entry;
        if held.peek().is_some() && !held.any(fits) {
            out.say(&META, one, format!("no entry of the section leads to a {}", row.entry));
        }
    }
}
