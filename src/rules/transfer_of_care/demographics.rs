//! What the record standard makes mandatory of the patient.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::sections::{Document, code_of};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0617",
    name: "toc-demographics-incomplete",
    title: "the patient of a document lacks an official name or a date of birth",
    family: Family::TransferOfCare,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "TOC-03",
    basis: "PRSB record standards as published in the Transfer of Care guides: patient name and date of birth are mandatory",
    criterion: "COD-4",
    why: "The receiver matches the letter to a record by name, date of birth and NHS number.",
    remedy: "Send Patient.name with use official, and Patient.birthDate.",
    examples: &[
        Example::bad(
            "no date of birth",
            r#"{"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Patient demographics", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886731000000109"}]}, "entry": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": «{"resourceType": "Patient", "name": [{"use": "official", "family": "Test"}]}»}]}"#,
        ),
        Example::good(
            "both",
            r#"{"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Patient demographics", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886731000000109"}]}, "entry": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "name": [{"use": "official", "family": "Test"}], "birthDate": "1980-01-01"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Patients of documents can be matched.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Composition"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if Document::of(at).is_none() {
        return;
    }
    for section in at.all("section").filter(|s| code_of(*s) == Some("886731000000109")) {
        for patient in section.named(names::ENTRY).filter_map(|e| target(scene, e)) {
            if type_name(patient) != "Patient" {
                continue;
            }
            if !patient.named(names::NAME).any(|n| n.text(names::USE) == Some("official")) {
                out.say(&META, patient, "the patient has no name with use official");
            }
            if patient.child(names::BIRTH_DATE).is_none() {
                out.say(&META, patient, "the patient has no birthDate");
            }
        }
    }
}
