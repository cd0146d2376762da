//! Nothing in a message happened after the message was made.

use super::events;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::when::{When, made_on};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0829",
    name: "later-than-message",
    title: "something happened after the message that tells of it was made",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "X-02",
    basis: "FHIR, Bundle.timestamp (R4) and MessageHeader.timestamp (STU3): when the message was assembled; elements for times that have passed",
    criterion: "COD-5",
    why: "One of the two times is wrong: the order of events is lost, and so is the age of what the message says.",
    remedy: "Send the time at which the message was really made, and check the zone of both.",
    examples: &[
        Example::bad(
            "a provenance of two years later",
            r#"{"resourceType": "Bundle", "type": "message", "timestamp": "2024-01-01T10:00:00Z", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventUri": "urn:test:x", "source": {"endpoint": "urn:test:1"}}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Provenance", "target": [{"display": "x"}], "recorded": "«2026-01-01T10:00:00Z»", "agent": [{"who": {"display": "x"}}]}}]}"#,
        )
        .r4(),
        Example::good(
            "a minute before",
            r#"{"resourceType": "Bundle", "type": "message", "timestamp": "2024-01-01T10:00:00Z", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventUri": "urn:test:x", "source": {"endpoint": "urn:test:1"}}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Provenance", "target": [{"display": "x"}], "recorded": "2024-01-01T09:59:00Z", "agent": [{"who": {"display": "x"}}]}}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// Nothing happened after the message was made.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

/// Clocks of two systems of one sender may differ by this many seconds.
const CLOCKS: i64 = 15 * 60;

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(made) = made_on(scene, at) else { return };
    // What lies in the future of today is another rule's.
    let today = When::parse(scene.today);
    let later = |when: When| {
        let after = match (when.moment, made.moment) {
            (Some(event), Some(made)) => event > made + CLOCKS,
            _ => when.first > made.last,
        };
        after && today.is_none_or(|today| when.first <= today.last + 1)
    };
    for resource in crate::rules::query::resources(scene, at) {
        if resource.type_id() == names::T_PATIENT {
            let told = [resource.child(names::BIRTH_DATE), resource.child(names::DECEASED)];
            for element in told.into_iter().flatten().filter(|e| e.value().and_then(When::parse).is_some_and(later)) {
                out.say(
                    &META,
                    element,
                    format!("{} lies after the time at which the message was made", element.name()),
                );
            }
        }
        for event in events::of(resource).filter(|e| later(e.when)) {
            out.say(&META, event.element, format!("{} lies after the time at which the message was made", event.name));
        }
    }
}
