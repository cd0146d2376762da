//! Titles and displays of sections are fixed.

use crate::finding::{Dimension, Example, Explained, Family, Meta};
use crate::rules::query::same_words;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::sections::{Document, code_of, section};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0606",
    name: "toc-section-title",
    title: "the title of a section is not the one fixed for its code",
    family: Family::TransferOfCare,
    dimension: Dimension::Consistency,
    issue: "value",
    requirement: "TOC-04",
    basis: "Transfer of Care, CareConnect-ITK Composition profiles: fixed section titles",
    criterion: "INT-5",
    why: "The reader sees the title and the system files by the code; when they differ, one of them is wrong.",
    remedy: "Send the title that the profile fixes for the code.",
    explains: &[Explained::here("HM0109")],
    examples: &[
        Example::bad(
            "another title",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "«Diagnosis»", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "887161000000102"}]}}]}"#,
        ),
        Example::good(
            "the fixed title",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Diagnoses", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "887161000000102"}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Sections have their fixed title.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Composition"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if Document::of(at).is_none() {
        return;
    }
    for one in at.all("section") {
        let Some(row) = code_of(one).and_then(section) else { continue };
        match one.get("title") {
            None => {
                out.say(&META, one, format!("the section has no title; it is \"{}\"", row.title));
            }
            Some(title) => {
                let text = title.value().unwrap_or("");
                // The minor illness profile itself misspells one of its titles.
                let misprint = row.code == "886891000000102" && same_words(text, "Presentin complaint or issues");
                if !same_words(text, row.title) && !misprint {
                    out.say(&META, title, format!("the title for this code is \"{}\"", row.title));
                }
            }
        }
    }
}
