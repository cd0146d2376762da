//! People can be identified.

use super::send_document::document;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{identifier, target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::tree::names;
use crate::uk::systems::{NHS_NUMBER, SDS_USER};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0646",
    name: "senddoc-people-incomplete",
    title: "the author or patient of a Send Document lacks what identifies them",
    family: Family::TransferOfCare,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "GPCM-SD-032",
    basis: "GP Connect Send Document, requirements GPCM-SD-032 to 037",
    criterion: "INT-4",
    why: "The practice matches the patient by these facts, and answers the author by theirs.",
    remedy: "Send for the author the SDS user id and one official name; for the patient the NHS number, one official name and the full date of birth.",
    examples: &[
        Example::bad(
            "a patient without date of birth",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report"}}, {"fullUrl": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": «{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "name": [{"use": "official", "family": "Test"}]}»}]}}]}"#,
        ),
        Example::good(
            "whole",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report"}}, {"fullUrl": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "name": [{"use": "official", "family": "Test"}], "birthDate": "1980-01-01"}}, {"fullUrl": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.nhs.uk/Id/sds-user-id", "value": "555079046103"}], "name": [{"use": "official", "family": "Test"}]}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// People can be identified.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some((_, composition)) = document(scene, at) else { return };
    let official =
        |r: Element<'_>| r.named(names::NAME).filter(|n| n.text(names::USE) == Some("official")).count() == 1;
    for author in composition.all("author").filter_map(|a| target(scene, a)) {
        if type_name(author) != "Practitioner" {
            continue;
        }
        if identifier(author, SDS_USER).is_none() {
            out.say(&META, author, "the author has no SDS user id");
        }
        if !official(author) {
            out.say(&META, author, "the author has not exactly one official name");
        }
    }
    let Some(patient) = composition.child(names::SUBJECT).and_then(|s| target(scene, s)) else { return };
    if identifier(patient, NHS_NUMBER).is_none() {
        out.say(&META, patient, "the patient has no NHS number");
    }
    if !official(patient) {
        out.say(&META, patient, "the patient has not exactly one official name");
    }
    if patient.text(names::BIRTH_DATE).is_none_or(|d| d.len() != 10) {
        out.say(&META, patient, "the patient has no full date of birth");
    }
}
