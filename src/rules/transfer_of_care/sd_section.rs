//! One section, the document first.

use super::send_document::document;
use super::send_document::is_consultation_report;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::tree::names;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0642",
    name: "senddoc-section",
    title: "a Send Document does not hold its document as the first entry of one section",
    family: Family::TransferOfCare,
    dimension: Dimension::Consistency,
    issue: "structure",
    requirement: "GPCM-SD-109",
    basis: "GP Connect Send Document, requirements GPCM-SD-109 to 112 and 124",
    criterion: "INT-4",
    why: "The practice system shows the first entry of the section; a document elsewhere is not seen.",
    remedy: "Send one section whose entries lead to Binary resources, the document first; a consultation report is a PDF.",
    examples: &[
        Example::bad(
            "two sections",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report", "section": [{"title": "Report", "entry": [{"reference": "urn:uuid:6c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}, «{"title": "Report", "entry": [{"reference": "urn:uuid:6c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}»]}}, {"fullUrl": "urn:uuid:6c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Binary", "contentType": "application/pdf", "content": "VGVzdA=="}}]}}]}"#,
        ),
        Example::bad(
            "a report that is not a PDF",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report", "section": [{"title": "Report", "entry": [{"reference": "urn:uuid:6c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}]}}, {"fullUrl": "urn:uuid:6c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": «{"resourceType": "Binary", "contentType": "text/html", "content": "VGVzdA=="}»}]}}]}"#,
        ),
        Example::good(
            "a PDF",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report", "section": [{"title": "Report", "entry": [{"reference": "urn:uuid:6c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}]}}, {"fullUrl": "urn:uuid:6c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Binary", "contentType": "application/pdf", "content": "VGVzdA=="}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// One section, the document first.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some((_, composition)) = document(scene, at) else { return };
    let mut sections = composition.all("section");
    let Some(first) = sections.next() else { return };
    if let Some(second) = sections.next() {
        out.say(&META, second, "a Send Document has one section");
    }
    let Some(entry) = first.child(names::ENTRY) else {
        out.say(&META, first, "the section has no entry");
        return;
    };
    let mut held = first.named(names::ENTRY).filter_map(|e| target(scene, e));
    let binary = held.find(|r| type_name(*r) == "Binary");
    match binary {
        None if target(scene, entry).is_some() => {
            out.say(&META, entry, "no entry of the section leads to a Binary");
        }
        Some(binary)
            if is_consultation_report(at, composition)
                && binary.text(names::CONTENT_TYPE).is_some_and(|t| !t.starts_with("application/pdf")) =>
        {
            out.say(&META, binary, "a consultation report is sent as application/pdf");
        }
        _ => {}
    }
}
