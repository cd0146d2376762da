//! Every section has words that people can read.

use crate::finding::{Dimension, Example, Explained, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::sections::Document;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0604",
    name: "toc-section-without-text",
    title: "a section has no text, or a text without words",
    family: Family::TransferOfCare,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "TOC-11",
    basis: "Transfer of Care, CareConnect-ITK Composition profiles: section.text of every section",
    criterion: "INT-5",
    why: "GP systems show the text; a section without it is a heading over nothing, whatever its coded entries hold.",
    remedy: "Render the content of the section into section.text.",
    explains: &[Explained::here("HM0105").about("text"), Explained::here("HM0141").about("cmp-1")],
    examples: &[
        Example::bad(
            "no text",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [«{"title": "Diagnoses", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "887161000000102"}]}}»]}"#,
        ),
        Example::good(
            "words",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Diagnoses", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "887161000000102"}]}, "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Angina</p></div>"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Sections have words.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Composition"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if Document::of(at).is_none() {
        return;
    }
    for section in at.all("section") {
        let Some(text) = section.child(names::TEXT) else {
            if section.get("section").is_none() {
                out.say(&META, section, "the section has no text");
            }
            continue;
        };
        if let Some(div) = text.child(names::DIV)
            && !has_words(div.value().unwrap_or(""))
        {
            out.say(&META, div, "the text of the section has no words");
        }
    }
}

/// Whether markup holds words or pictures.
pub fn has_words(markup: &str) -> bool {
    let mut inside = false;
    let mut words = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside && c.is_alphanumeric() => words = true,
            _ => {}
        }
    }
    words || markup.contains("<img")
}

#[cfg(test)]
mod tests {
    use super::has_words;

    #[test]
    fn words_in_markup() {
        for (markup, expected) in [
            ("<div/>", false),
            ("<div><p> </p></div>", false),
            ("<div>x</div>", true),
            ("<div><img src='a'/></div>", true),
        ] {
            assert_eq!(has_words(markup), expected, "{markup}");
        }
    }
}
