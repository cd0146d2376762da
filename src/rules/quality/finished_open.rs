//! Finished encounters have an end.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0811",
    name: "finished-without-end",
    title: "an encounter is finished and has no end",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "X-05",
    basis: "FHIR, Encounter.status finished and Encounter.period.end",
    criterion: "COD-5",
    why: "Length of stay and time of discharge cannot be known, and delays cannot be measured.",
    remedy: "Send Encounter.period.end.",
    examples: &[
        Example::bad(
            "no end",
            r#"{"resourceType": "Encounter", "status": "«finished»", "period": {"start": "2020-01-01"}}"#,
        ),
        Example::good(
            "an end",
            r#"{"resourceType": "Encounter", "status": "finished", "period": {"start": "2020-01-01", "end": "2020-01-02"}}"#,
        ),
        Example::good(
            "still in progress",
            r#"{"resourceType": "Encounter", "status": "in-progress", "period": {"start": "2020-01-01"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Finished encounters have an end.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Encounter"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(status) = at.child(names::STATUS).filter(|s| s.value() == Some("finished")) else { return };
    if at.child(names::PERIOD).is_none_or(|p| p.child(names::END).is_none()) {
        out.say(&META, status, "the encounter is finished, and its period has no end");
    }
}
