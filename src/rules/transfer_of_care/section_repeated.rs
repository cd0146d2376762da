//! A section stands once.

use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::sections::{Document, code_of, section};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0602",
    name: "toc-section-repeated",
    title: "a document holds a section twice",
    family: Family::TransferOfCare,
    dimension: Dimension::Uniqueness,
    issue: "duplicate",
    requirement: "TOC-02",
    basis: "Transfer of Care, CareConnect-ITK Composition profiles: section slices with maximum 1",
    criterion: "INT-5",
    why: "Receivers take the first section of a code; what the second says is not filed.",
    remedy: "Join the sections of one code.",
    examples: &[
        Example::bad(
            "diagnoses twice",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Diagnoses", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "887161000000102"}]}}, «{"title": "Diagnoses", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "887161000000102"}]}}»]}"#,
        ),
        Example::good(
            "once",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Diagnoses", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "887161000000102"}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Sections stand once.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Composition"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(document) = Document::of(at) else { return };
    for (i, one) in at.all("section").enumerate() {
        let Some(code) = code_of(one) else { continue };
        // The minor illness profile lets presenting complaints repeat.
        if document == Document::MinorIllness && code == "886891000000102" {
            continue;
        }
        if at.all("section").take(i).any(|s| code_of(s) == Some(code)) {
            let title = section(code).map_or("this code", |s| s.title);
            out.say(&META, one, format!("an earlier section of the document is \"{title}\" too"));
        }
    }
}
