//! Confidentiality is normal.

use super::send_document::document;
use crate::finding::Severity;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0644",
    name: "senddoc-confidentiality",
    title: "a Send Document is marked with a confidentiality other than normal",
    family: Family::TransferOfCare,
    dimension: Dimension::Consistency,
    issue: "security",
    requirement: "GPCM-SD-117",
    basis: "GP Connect Send Document, requirements GPCM-SD-102 and 117",
    criterion: "IG-7",
    why: "Receivers of version 2 refuse restricted documents with 20009, and the practice never sees the consultation.",
    remedy: "Send confidentiality N; send R only for a document that is classed confidential, without its clinical notes.",
    examples: &[
        Example::bad(
            "restricted",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report", "confidentiality": "«R»"}}]}}]}"#,
        ),
        Example::good(
            "normal",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report", "confidentiality": "N"}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Confidentiality is normal.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some((_, composition)) = document(scene, at) else { return };
    let Some(label) = composition.get("confidentiality") else { return };
    match label.value() {
        Some("N") | None => {}
        Some("R") => {
            out.say(&META, label, "R is for documents classed confidential; receivers of version 2 refuse it")
                .severity = Severity::Warning;
        }
        Some(_) => {
            out.say(&META, label, "the confidentiality is N, or R for documents classed confidential");
        }
    }
}
