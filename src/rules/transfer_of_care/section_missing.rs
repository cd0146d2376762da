//! Sections that a document's profile demands.

use crate::finding::{Dimension, Example, Explained, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::sections::{Document, SECTIONS, code_of};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0600",
    name: "toc-section-missing",
    title: "a document lacks a section that its profile demands",
    family: Family::TransferOfCare,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "TOC-02",
    basis: "Transfer of Care, CareConnect-ITK Composition profiles: section slices with minimum 1",
    criterion: "INT-5",
    why: "The GP system files the document by its sections; an absent allergy section reads as not asked, not as none.",
    remedy: "Send the section with its title, SNOMED CT code and text; say in the text when nothing is known.",
    explains: &[Explained::here("HM0121").alike()],
    examples: &[
        Example::bad(
            "no allergies",
            r#"«{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Patient demographics", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886731000000109"}]}}]}»"#,
        ),
        Example::good(
            "both mandatory sections",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Patient demographics", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886731000000109"}]}}, {"title": "Allergies and adverse reactions", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886921000000105"}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Mandatory sections are there.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Composition"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(document) = Document::of(at) else { return };
    for section in SECTIONS.iter().filter(|s| s.mandatory(document)) {
        if !at.all("section").any(|s| code_of(s) == Some(section.code)) {
            let says = format!("the {} has no section \"{}\" ({})", document.words(), section.title, section.code);
            section.code.clone_into(&mut out.say(&META, at, says).key);
        }
    }
}
