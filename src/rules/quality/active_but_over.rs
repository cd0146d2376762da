//! What is active has not ended.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::when::{When, reported_on};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0810",
    name: "active-but-over",
    title: "something is active and ended in the past",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "X-05",
    basis: "FHIR, status against the end of the period: CarePlan, CareTeam, EpisodeOfCare, Flag, MedicationStatement",
    criterion: "COD-5",
    why: "The reader cannot tell whether it still goes on.",
    remedy: "Send a status that says it is over, or no end.",
    examples: &[
        Example::bad(
            "a flag that ended",
            r#"{"resourceType": "Flag", "status": "active", "code": {"text": "x"}, "subject": {"display": "x"}, "period": {"start": "2018-01-01", "end": "«2019-01-01»"}}"#,
        ),
        Example::good(
            "a flag that goes on",
            r#"{"resourceType": "Flag", "status": "active", "code": {"text": "x"}, "subject": {"display": "x"}, "period": {"start": "2018-01-01"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// What is active has not ended.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::Types(&["CarePlan", "CareTeam", "EpisodeOfCare", "Flag", "MedicationStatement"])],
    check,
};

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.text(names::STATUS) != Some("active") {
        return;
    }
    let period = at.child(names::PERIOD).or_else(|| at.child(names::EFFECTIVE));
    let Some(end) = period.and_then(|p| p.child(names::END)) else { return };
    let Some(over) = end.value().and_then(When::parse) else { return };
    if reported_on(scene, at).is_some_and(|today| over.last < today.first) {
        out.say(&META, end, "the status is active, and the period ended before the message was made");
    }
}
