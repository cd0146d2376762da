//! Send Documents are handled as specified.

use super::itk::handled;
use super::send_document::document;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::tree::names;
use crate::uk::profiles::SEND_DOCUMENT_DEFINITION;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0648",
    name: "senddoc-handling",
    title: "a Send Document is not handled as its specification asks",
    family: Family::TransferOfCare,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPCM-SD-039",
    basis: "GP Connect Send Document, requirements GPCM-SD-039 to 049",
    criterion: "INT-4",
    why: "Without both acknowledgements the sender never learns that the practice did not file the consultation.",
    remedy: "Ask for both acknowledgements, and name the MessageDefinition of Send Document; leave destination and receiver out.",
    examples: &[
        Example::bad(
            "no business acknowledgement",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ITK-MessageHandling-2", "extension": [{"url": "BusAckRequested", "valueBoolean": «false»}, {"url": "InfAckRequested", "valueBoolean": true}, {"url": "MessageDefinition", "valueReference": {"reference": "https://fhir.nhs.uk/STU3/MessageDefinition/ITK-GPConnectSendDocument-MessageDefinition-1"}}]}], "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report"}}]}}]}"#,
        ),
        Example::good(
            "as published",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ITK-MessageHandling-2", "extension": [{"url": "BusAckRequested", "valueBoolean": true}, {"url": "InfAckRequested", "valueBoolean": true}, {"url": "MessageDefinition", "valueReference": {"reference": "https://fhir.nhs.uk/STU3/MessageDefinition/ITK-GPConnectSendDocument-MessageDefinition-1"}}]}], "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report"}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Send Documents are handled as specified.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if document(scene, at).is_none() {
        return;
    }
    for name in ["BusAckRequested", "InfAckRequested"] {
        if let Some(value) = handled(at, name).filter(|v| v.value() == Some("false")) {
            out.say(&META, value, format!("{name} is true in a Send Document"));
        }
    }
    if let Some(definition) = handled(at, "MessageDefinition")
        && definition.text(names::REFERENCE).is_none_or(|url| !url.contains(SEND_DOCUMENT_DEFINITION))
    {
        out.say(&META, definition, "the MessageDefinition is not that of Send Document");
    }
    for prohibited in ["destination", "receiver"] {
        if let Some(found) = at.get(prohibited) {
            out.say(&META, found, format!("a Send Document has no {prohibited}"));
        }
    }
}
