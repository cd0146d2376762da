//! Nothing has happened in the future.

use super::events;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::when::When;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0805",
    name: "date-in-future",
    title: "something happened in the future",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "business-rule",
    requirement: "X-02",
    basis: "Government Data Quality Framework: accuracy; FHIR, elements that tell when something happened",
    criterion: "COD-5",
    why: "The date is wrong, so the order of events in the record is wrong too.",
    remedy: "Check the date against the source; plans belong in elements for plans.",
    examples: &[
        Example::bad(
            "a test of 2099",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "effectiveDateTime": "«2099-01-01»"}"#,
        ),
        Example::bad("a birth of 2099", r#"{"resourceType": "Patient", "birthDate": "«2099-01-01»"}"#),
        Example::good(
            "a test of the past",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "effectiveDateTime": "2020-01-01"}"#,
        ),
        Example::good(
            "a planned stay",
            r#"{"resourceType": "Encounter", "status": "planned", "period": {"start": "2099-01-01"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Nothing has happened in the future.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::Types(&[
        "AllergyIntolerance",
        "Communication",
        "Composition",
        "Condition",
        "DiagnosticReport",
        "DocumentReference",
        "Encounter",
        "Immunization",
        "List",
        "MedicationAdministration",
        "MedicationDispense",
        "MedicationRequest",
        "MedicationStatement",
        "Observation",
        "Procedure",
        "ProcedureRequest",
        "QuestionnaireResponse",
        "ReferralRequest",
        "ServiceRequest",
        "Patient",
    ])],
    check,
};

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let today = std::cell::LazyCell::new(|| When::parse(scene.today));
    // Clocks and zones of two systems differ by less than a day.
    let future = |when: When| today.is_some_and(|today| when.first > today.last + 1);
    if at.type_id() == names::T_PATIENT {
        for (name, found) in [("birthDate", at.child(names::BIRTH_DATE)), ("deceased", at.child(names::DECEASED))] {
            if let Some(element) = found
                && element.value().and_then(When::parse).is_some_and(future)
            {
                out.say(&META, element, format!("{name} lies in the future"));
            }
        }
        return;
    }
    for event in events::since(at, scene.today.get(..4).unwrap_or_default()).filter(|e| future(e.when)) {
        out.say(&META, event.element, format!("{} lies in the future", event.name));
    }
}
