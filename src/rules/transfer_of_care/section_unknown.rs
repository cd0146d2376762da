//! Sections that are not part of the document.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::sections::{Document, code_of, section};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0603",
    name: "toc-section-unknown",
    title: "a section has a code that is not a heading of this document",
    family: Family::TransferOfCare,
    dimension: Dimension::Validity,
    issue: "code-invalid",
    requirement: "TOC-02",
    basis: "Transfer of Care, CareConnect-ITK Composition profiles: section codes",
    criterion: "INT-5",
    why: "Receivers place what they know by its code; anything else ends in a general box, or nowhere.",
    remedy: "Use the SNOMED CT code that the profile fixes for the heading.",
    examples: &[
        Example::bad(
            "a code of its own",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Individual requirements", "code": «{"coding": [{"system": "http://snomed.info/sct", "code": "1052901000000109"}]}»}]}"#,
        ),
        Example::good(
            "the fixed code",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Individual requirements", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1078911000000106"}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Sections have codes of their document.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Composition"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(document) = Document::of(at) else { return };
    for one in at.all("section") {
        let Some(code) = one.child(names::CODE) else {
            out.say(&META, one, "the section has no code");
            continue;
        };
        match code_of(one).and_then(section) {
            Some(row) if row.known(document) => {}
            Some(row) => {
                let says =
                    format!("\"{}\" is a section of other documents, not of the {}", row.title, document.words());
                out.say(&META, code, says).severity = Severity::Warning;
            }
            None => {
                out.say(&META, code, "the code is not a heading of a Transfer of Care document");
            }
        }
    }
}
