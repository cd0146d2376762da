//! Consultation reports are marked as such.

use super::send_document::document;
use super::send_document::is_consultation_report;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::is_snomed;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::tree::names;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0643",
    name: "senddoc-consultation-report",
    title: "a consultation report has not the status, type or title that is fixed for it",
    family: Family::TransferOfCare,
    dimension: Dimension::Consistency,
    issue: "value",
    requirement: "GPCM-SD-114",
    basis: "GP Connect Send Document, requirements GPCM-SD-114, 115 and 118",
    criterion: "INT-4",
    why: "The practice files by type and title: a report under another type is not recognised as a consultation.",
    remedy: "Send status final, type 371531000 (Report of clinical encounter) and title \"Consultation report\".",
    examples: &[
        Example::bad(
            "another type",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": «{"coding": [{"system": "http://snomed.info/sct", "code": "373942005"}]}», "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report"}}]}}]}"#,
        ),
        Example::bad(
            "not final",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "«preliminary»", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report"}}]}}]}"#,
        ),
        Example::good(
            "as published",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report"}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Consultation reports are marked as such.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some((_, composition)) = document(scene, at) else { return };
    if !is_consultation_report(at, composition) {
        return;
    }
    if let Some(status) = composition.child(names::STATUS).filter(|s| s.value() != Some("final")) {
        out.say(&META, status, "the status of a consultation report is final");
    }
    if let Some(ty) = composition.child(names::TYPE)
        && !is_snomed(composition, "type", "371531000")
    {
        out.say(&META, ty, "the type of a consultation report is 371531000");
    }
    if let Some(title) = composition.get("title").filter(|t| t.value() != Some("Consultation report")) {
        out.say(&META, title, "the title is \"Consultation report\"");
    }
}
