//! Sender, patient and author are there.

use super::send_document::document;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{claims, target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::profiles::CARE_CONNECT;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0641",
    name: "senddoc-parties",
    title: "a party of a Send Document is missing or has another profile",
    family: Family::TransferOfCare,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "GPCM-SD-105",
    basis: "GP Connect Send Document, requirements GPCM-SD-105 to 107",
    criterion: "INT-4",
    why: "Without sender, patient and author the practice can neither file the document nor ask about it.",
    remedy: "Refer from custodian to an Organization, from subject to a Patient, from author to a Practitioner, each on its CareConnect profile.",
    examples: &[
        Example::bad(
            "no custodian",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": «{"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report"}»}]}}]}"#,
        ),
        Example::good(
            "a custodian",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report", "custodian": {"reference": "urn:uuid:5c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}}, {"fullUrl": "urn:uuid:5c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Organization", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Organization-1"]}, "name": "Test Trust"}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Sender, patient and author are there.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some((_, composition)) = document(scene, at) else { return };
    for (name, ty) in [("custodian", "Organization"), ("subject", "Patient"), ("author", "Practitioner")] {
        let Some(reference) = composition.get(name) else {
            out.say(&META, composition, format!("the Composition has no {name}"));
            continue;
        };
        let Some(party) = target(scene, reference) else { continue };
        if type_name(party) != ty {
            out.say(&META, reference, format!("the {name} is a {}, and should be a {ty}", type_name(party)));
        } else if !claims(party, CARE_CONNECT) {
            out.say(&META, party, format!("the {ty} claims no CareConnect profile"));
        }
    }
}
