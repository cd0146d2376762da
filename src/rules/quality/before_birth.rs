//! Nothing happens before birth.

use super::events;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::rule;
use crate::rules::{Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0803",
    name: "date-before-birth",
    title: "something happened before the patient was born",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "X-02",
    basis: "Government Data Quality Framework: consistency; FHIR, Patient.birthDate",
    criterion: "COD-5",
    why: "Either the date of birth or the date of the event is wrong, and both are used to decide on treatment.",
    remedy: "Check the date against the source; check that the entry belongs to this patient.",
    examples: &[
        Example::bad(
            "an illness before birth",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "1", "birthDate": "1980-05-01"}}, {"resource": {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, "onsetDateTime": "«1979-01-01»"}}]}"#,
        ),
        Example::good(
            "after birth",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "1", "birthDate": "1980-05-01"}}, {"resource": {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, "onsetDateTime": "1980"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

rule!(
    /// Nothing happens before birth.
    BeforeBirth,
    check,
    ["AllergyIntolerance", "Communication", "Composition", "Condition", "DiagnosticReport", "DocumentReference", "Encounter", "Immunization", "List", "MedicationAdministration", "MedicationDispense", "MedicationRequest", "MedicationStatement", "Observation", "Procedure", "ProcedureRequest", "QuestionnaireResponse", "ReferralRequest", "ServiceRequest"]
);

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let mut events = events::of(at).peekable();
    if events.peek().is_none() {
        return;
    }
    let Some(born) = events::patient(scene, at).and_then(events::born) else { return };
    for event in events {
        if event.when.last < born.first {
            out.say(&META, event.element, format!("{} lies before the patient's date of birth", event.name));
        }
    }
}
