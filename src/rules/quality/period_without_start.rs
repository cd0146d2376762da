//! Periods have a start.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0826",
    name: "period-without-start",
    title: "a period has an end and no start",
    family: Family::Quality,
    severity: Severity::Information,
    dimension: Dimension::Completeness,
    issue: "incomplete",
    requirement: "FAULT-33",
    basis: "FHIR, Period: end without start is of unknown length",
    criterion: "COD-5",
    why: "When something began decides whether it can explain what came after.",
    remedy: "Send the start; when it is not known, say so in a note.",
    examples: &[
        Example::bad(
            "an end alone",
            r#"{"resourceType": "Encounter", "status": "finished", "period": «{"end": "2020-01-02"}»}"#,
        ),
        Example::good(
            "both",
            r#"{"resourceType": "Encounter", "status": "finished", "period": {"start": "2020-01-01", "end": "2020-01-02"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Periods have a start.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::Types(&["MedicationStatement", "MedicationRequest", "Encounter", "Procedure", "Observation"])],
    check,
};

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let dispense = at.child(names::DISPENSE_REQUEST).and_then(|d| d.child(names::VALIDITY_PERIOD));
    let own = [names::PERIOD, names::EFFECTIVE, names::PERFORMED].into_iter().filter_map(|name| at.child(name));
    for period in own.chain(dispense).filter(|p| p.type_id() == names::T_PERIOD) {
        if period.child(names::END).is_some() && period.child(names::START).is_none() {
            out.say(&META, period, "the period has an end and no start");
        }
    }
}
