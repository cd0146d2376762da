//! Two times of one thing, in their order.

use crate::finding::{Dimension, Example, Explained, Family, Meta, Severity};
use crate::rules::when::When;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0828",
    name: "times-out-of-order",
    title: "something ended, arrived or was reported before it began",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "X-02",
    basis: "FHIR, definitions of the paired times of each resource, such as Appointment.start and end, Observation.effective and issued",
    criterion: "COD-5",
    why: "At least one of the two times is wrong, and the reader cannot tell which.",
    remedy: "Check both times against the source, their zones too.",
    explains: &[Explained::above("HM0141")],
    examples: &[
        Example::bad(
            "an appointment that ends first",
            r#"{"resourceType": "Appointment", "status": "booked", "start": "2026-01-05T10:00:00Z", "end": "«2026-01-05T09:40:00Z»", "participant": [{"status": "accepted", "actor": {"display": "Test"}}]}"#,
        ),
        Example::bad(
            "a result reported before the sample was taken",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "effectiveDateTime": "2026-01-05", "issued": "«2026-01-03T09:00:00Z»"}"#,
        )
        .r4(),
        Example::good(
            "reported on the day",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "effectiveDateTime": "2026-01-05T10:00:00Z", "issued": "2026-01-05T11:00:00Z"}"#,
        ),
    ],
    ..Meta::NEW
};

/// Type of resource, the element that comes first, and the one that comes after. Conditions and Periods have rules of their own.
const PAIRS: &[(&str, &str, &str)] = &[
    ("AllergyIntolerance", "onset", "lastOccurrence"),
    ("Appointment", "start", "end"),
    ("Communication", "sent", "received"),
    ("DiagnosticReport", "effective", "issued"),
    ("Immunization", "date", "expirationDate"),
    ("Immunization", "occurrence", "expirationDate"),
    ("MedicationDispense", "whenPrepared", "whenHandedOver"),
    ("Observation", "effective", "issued"),
    ("Provenance", "occurred", "recorded"),
    ("Slot", "start", "end"),
    ("Task", "authoredOn", "lastModified"),
];

/// One comes after the other.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::Types(&[
        "AllergyIntolerance",
        "Appointment",
        "Communication",
        "DiagnosticReport",
        "Immunization",
        "MedicationDispense",
        "Observation",
        "Provenance",
        "Slot",
        "Task",
    ])],
    check,
};

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let ty = names::text(at.type_id());
    for (_, first, second) in PAIRS.iter().filter(|pair| pair.0 == ty) {
        let Some(later) = at.get(second) else { continue };
        let Some(end) = later.value().and_then(When::parse) else { continue };
        let Some(begin) = at.get(first).and_then(begin) else { continue };
        if end.before(begin) {
            out.say(&META, later, format!("{second} lies before {first}"));
        }
    }
}

/// When an element begins: of a Period its start.
fn begin(at: Element<'_>) -> Option<When> {
    let told = if at.type_id() == names::T_PERIOD { at.child(names::START)? } else { at };
    told.value().and_then(When::parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_listened_to() {
        let Listens::Types(types) = RULE.listens[0] else { panic!("the rule listens to types") };
        assert!(PAIRS.iter().all(|pair| types.contains(&pair.0)));
        assert!(types.iter().all(|ty| PAIRS.iter().any(|pair| pair.0 == *ty)));
    }
}
