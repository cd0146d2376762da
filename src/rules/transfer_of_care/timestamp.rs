//! A message is sent after its document was written.

use super::itk::{composition, is_itk, payload};
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::when::When;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0635",
    name: "itk-sent-before-written",
    title: "a message was sent before its document was written, or in the future",
    family: Family::TransferOfCare,
    dimension: Dimension::Timeliness,
    issue: "business-rule",
    requirement: "ITK-11",
    basis: "ITK3, MessageHeader.timestamp; GP Connect Send Document GPCM-SD-048",
    criterion: "TIM-1",
    why: "Times that contradict each other make every measure of delay wrong, and hide lost documents.",
    remedy: "Set the timestamp, with its zone, when the message is sent.",
    examples: &[
        Example::bad(
            "a day before",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D"}, "timestamp": "«2026-01-01T10:00:00+00:00»", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "status": "final", "type": {"text": "x"}, "subject": {"display": "x"}, "date": "2026-01-02", "author": [{"display": "x"}], "title": "x"}}]}}]}"#,
        ),
        Example::good(
            "the same day",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D"}, "timestamp": "2026-01-02T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "status": "final", "type": {"text": "x"}, "subject": {"display": "x"}, "date": "2026-01-02", "author": [{"display": "x"}], "title": "x"}}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Messages are sent after their document was written.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(timestamp) = at.get("timestamp").filter(|_| is_itk(at)) else { return };
    let Some(sent) = timestamp.value().and_then(When::parse) else { return };
    let written = payload(scene, at)
        .and_then(|b| composition(scene, b))
        .and_then(|c| c.get("date"))
        .and_then(Element::value)
        .and_then(When::parse);
    // Clocks of two systems may differ by a little: a day is past doubt.
    if written.is_some_and(|w| sent.last < w.first) {
        out.say(&META, timestamp, "the Composition was written on a later day");
    } else if When::parse(scene.today).is_some_and(|today| today.last + 1 < sent.first) {
        out.say(&META, timestamp, "the message was sent in the future");
    }
}
