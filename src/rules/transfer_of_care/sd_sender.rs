//! Senders can be reached.

use super::send_document::document;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{identifier, target};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::tree::names;
use crate::uk::systems::ODS_ORGANISATION;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0645",
    name: "senddoc-sender-incomplete",
    title: "the sending organisation of a Send Document lacks its ODS code, name or phone",
    family: Family::TransferOfCare,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "GPCM-SD-028",
    basis: "GP Connect Send Document, requirements GPCM-SD-028 to 031",
    criterion: "INT-4",
    why: "The practice must be able to ring the people who saw the patient.",
    remedy: "Send the ODS code in identifier, the name, and a telecom with system phone.",
    examples: &[
        Example::bad(
            "no phone",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report", "custodian": {"reference": "urn:uuid:5c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}}, {"fullUrl": "urn:uuid:5c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": «{"resourceType": "Organization", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RR8"}], "name": "Test Trust"}»}]}}]}"#,
        ),
        Example::good(
            "whole",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report", "custodian": {"reference": "urn:uuid:5c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}}, {"fullUrl": "urn:uuid:5c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Organization", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RR8"}], "name": "Test Trust", "telecom": [{"system": "phone", "value": "01132432799", "use": "work"}]}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Senders can be reached.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some((_, composition)) = document(scene, at) else { return };
    let Some(sender) = composition.get("custodian").and_then(|c| target(scene, c)) else { return };
    let facts = [
        (identifier(sender, ODS_ORGANISATION).is_some(), "ODS code"),
        (sender.child(names::NAME).is_some(), "name"),
        (sender.all("telecom").any(|t| t.text(names::SYSTEM) == Some("phone")), "phone"),
    ];
    let missing: Vec<&str> = facts.into_iter().filter(|(there, _)| !there).map(|(_, name)| name).collect();
    if !missing.is_empty() {
        out.say(&META, sender, format!("the sending organisation lacks: {}", missing.join(", ")));
    }
}
