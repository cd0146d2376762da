//! The event announces the document that the message carries.

use super::itk::{composition, event, is_itk, payload};
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::claims;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::events::{ITK, SEND_DOCUMENT};
use crate::uk::profiles::CARE_CONNECT_COMPOSITION;
use crate::uk::sections::{DOCUMENTS, Document};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0621",
    name: "itk-event-other-document",
    title: "the event of a message announces another document than it carries",
    family: Family::TransferOfCare,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "ITK-01",
    basis: "ITK3, code system ITK-MessageEvent-2 and the MessageDefinitions of Transfer of Care",
    criterion: "INT-5",
    why: "The receiver hands the document to the wrong workflow, or refuses it with 20009.",
    remedy: "Send the event of the document: ITK003D inpatient, ITK004D mental health, ITK005D emergency care, ITK006D outpatient, ITK007C Send Document, ITK013D minor illness.",
    examples: &[
        Example::bad(
            "a discharge that is an outpatient letter",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": «{"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D", "display": "ITK eDischarge"}», "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-OPL-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"display": "x"}, "date": "2026-01-01", "author": [{"display": "x"}], "title": "x"}}]}}]}"#,
        ),
        Example::good(
            "an outpatient letter",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK006D", "display": "ITK Outpatient Letter"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-OPL-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"display": "x"}, "date": "2026-01-01", "author": [{"display": "x"}], "title": "x"}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Events announce what the message carries.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_itk(at) {
        return;
    }
    let Some(element) = at.get("event") else { return };
    let code = event(at).1;
    let Some(document) = payload(scene, at).and_then(|b| composition(scene, b)) else { return };
    let carried = match Document::of(document) {
        Some(kind) => DOCUMENTS.iter().find(|d| d.1 == kind).map(|d| d.2),
        None if claims(document, CARE_CONNECT_COMPOSITION) => Some(SEND_DOCUMENT),
        None => None,
    };
    // Update Record and Send Document share their Composition profile.
    let Some(wanted) = carried.filter(|w| *w != code && !(*w == SEND_DOCUMENT && code == "ITK014M")) else { return };
    let words = ITK.iter().find(|(c, _)| *c == wanted).map_or("", |(_, words)| words);
    out.say(&META, element, format!("the event of the Composition in this message is {wanted} ({words})"));
}
