//! Words that deny what the coded entries say.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{snomed_code, target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::sections::{Document, code_of};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0613",
    name: "toc-none-known-with-entries",
    title: "the text of the allergy section says none are known, and its entries name some",
    family: Family::TransferOfCare,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "TOC-11",
    basis: "FHIR documents: section text and entries say the same; Transfer of Care, allergies and adverse reactions",
    criterion: "INT-5",
    why: "The clinician reads the text, the prescribing check reads the entries: one of them is wrong.",
    remedy: "Make the text from the coded entries.",
    examples: &[
        Example::bad(
            "none known, and one named",
            r#"{"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Allergies and adverse reactions", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886921000000105"}]}, "text": {"status": "generated", "div": «"<div xmlns=\"http://www.w3.org/1999/xhtml\">No known allergies</div>"»}, "entry": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "AllergyIntolerance", "clinicalStatus": "active", "verificationStatus": "confirmed", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "294505008"}]}, "patient": {"reference": "urn:uuid:1"}}}]}"#,
        ),
        Example::good(
            "the same in both",
            r#"{"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Allergies and adverse reactions", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886921000000105"}]}, "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Allergy to amoxicillin</div>"}, "entry": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "AllergyIntolerance", "clinicalStatus": "active", "verificationStatus": "confirmed", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "294505008"}]}, "patient": {"reference": "urn:uuid:1"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Text and entries of the allergy section agree.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Composition"])], check };

/// Phrases that deny any allergy.
const NONE: &[&str] = &["no known allerg", "no known drug allerg", "nil known", "nkda", "none known"];

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if Document::of(at).is_none() {
        return;
    }
    for section in at.all("section").filter(|s| code_of(*s) == Some("886921000000105")) {
        let Some(div) = section.child(names::TEXT).and_then(|t| t.child(names::DIV)) else { continue };
        let words = div.value().unwrap_or("").to_lowercase();
        if !NONE.iter().any(|none| words.contains(none)) {
            continue;
        }
        let entries = section.named(names::ENTRY).filter_map(|e| target(scene, e));
        let listed = entries.flat_map(|r| {
            let items = r.named(names::ENTRY).filter_map(|e| e.get("item")).filter_map(|i| target(scene, i));
            std::iter::once(r).chain(items)
        });
        let real = |r: Element<'a>| {
            type_name(r) == "AllergyIntolerance" && !matches!(snomed_code(r, "code"), Some("716186003") | None)
        };
        if listed.into_iter().any(real) {
            out.say(&META, div, "the text says that no allergies are known, and an entry codes one");
        }
    }
}
