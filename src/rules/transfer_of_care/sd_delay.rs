//! Reports are sent in time.

use super::send_document::document;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::target;
use crate::rules::when::When;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::tree::names;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0649",
    name: "senddoc-late",
    title: "a consultation report was sent more than three hours after the consultation",
    family: Family::TransferOfCare,
    severity: Severity::Information,
    dimension: Dimension::Timeliness,
    issue: "business-rule",
    requirement: "GPCM-SD-096",
    basis: "GP Connect Send Document, requirements GPCM-SD-096",
    criterion: "TIM-1",
    why: "The practice may see the patient again before it knows what was done.",
    remedy: "Send the report when the consultation ends, at most three hours later.",
    examples: &[
        Example::bad(
            "a day later",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "«2026-01-02T10:00:00+00:00»", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report", "encounter": {"reference": "urn:uuid:7c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}}, {"fullUrl": "urn:uuid:7c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Encounter", "status": "finished", "period": {"end": "2026-01-01T10:00:00+00:00"}}}]}}]}"#,
        ),
        Example::good(
            "within the hour",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report", "encounter": {"reference": "urn:uuid:7c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}}, {"fullUrl": "urn:uuid:7c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Encounter", "status": "finished", "period": {"end": "2026-01-02T09:30:00+00:00"}}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Reports are sent in time.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some((_, composition)) = document(scene, at) else { return };
    let ended = composition
        .get("encounter")
        .and_then(|e| target(scene, e))
        .and_then(|e| e.child(names::PERIOD))
        .and_then(|p| p.text(names::END))
        .and_then(When::parse)
        .and_then(|w| w.moment);
    let Some(timestamp) = at.get("timestamp") else { return };
    let sent = timestamp.value().and_then(When::parse).and_then(|w| w.moment);
    if let (Some(ended), Some(sent)) = (ended, sent)
        && sent - ended > 3 * 3_600
    {
        out.say(&META, timestamp, "the message was sent more than three hours after the encounter ended");
    }
}
