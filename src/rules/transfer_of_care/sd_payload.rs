//! Send Document carries a CareConnect document.

use super::send_document::document;
use crate::finding::{Dimension, Example, Explained, Family, Meta};
use crate::rules::query::claims;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::profiles::{CARE_CONNECT_COMPOSITION, ITK_DOCUMENT};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0640",
    name: "senddoc-payload",
    title: "a Send Document message does not carry a CareConnect document",
    family: Family::TransferOfCare,
    dimension: Dimension::Validity,
    issue: "structure",
    requirement: "GPCM-SD-103",
    basis: "GP Connect Send Document, requirements GPCM-SD-103, 104 and 113",
    criterion: "INT-4",
    why: "The practice system opens the document by these profiles; anything else is refused with 20009.",
    remedy: "Send a Bundle on ITK-Document-Bundle-1 that begins with a Composition on CareConnect-Composition-1.",
    explains: &[Explained::here("HM0625")],
    examples: &[
        Example::bad(
            "another composition",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": «{"resourceType": "Composition", "meta": {"profile": ["https://hospital.test/Composition"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report"}»}]}}]}"#,
        ),
        Example::good(
            "a CareConnect document",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Composition-1"]}, "status": "final", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "371531000"}]}, "subject": {"reference": "urn:uuid:3c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "date": "2026-01-02", "author": [{"reference": "urn:uuid:4c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "title": "Consultation report"}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Send Document carries a CareConnect document.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some((bundle, composition)) = document(scene, at) else { return };
    if !claims(bundle, ITK_DOCUMENT) {
        out.say(&META, bundle, "the payload does not claim ITK-Document-Bundle-1");
    }
    if !claims(composition, CARE_CONNECT_COMPOSITION) {
        out.say(&META, composition, "the Composition does not claim CareConnect-Composition-1");
    }
}
