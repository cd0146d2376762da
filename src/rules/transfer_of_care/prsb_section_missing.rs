//! Sections that the record standard demands and the profile leaves open.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::sections::{Document, SECTIONS, code_of};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0601",
    name: "toc-prsb-section-missing",
    title: "a document lacks a section that the PRSB standard makes mandatory",
    family: Family::TransferOfCare,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "TOC-03",
    basis: "PRSB record standards as published in the Transfer of Care guides: mandatory headings",
    criterion: "COD-4",
    why: "The professions agreed that the document cannot be acted on safely without this heading.",
    remedy: "Send the section; where nothing is known, say so in its text.",
    examples: &[
        Example::bad(
            "no clinical summary",
            r#"«{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "GP practice", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886711000000101"}]}}]}»"#,
        ),
        Example::good(
            "summary and practice",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "GP practice", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886711000000101"}]}}, {"title": "Clinical summary", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "887181000000106"}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Headings that the record standard makes mandatory are there.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Composition"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(document) = Document::of(at) else { return };
    for section in SECTIONS.iter().filter(|s| s.asked_by_prsb(document)) {
        if !at.all("section").any(|s| code_of(s) == Some(section.code)) {
            let says = format!("the {} has no section \"{}\" ({})", document.words(), section.title, section.code);
            out.say(&META, at, says);
        }
    }
}
