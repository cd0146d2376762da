//! No care after death.

use super::events;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0804",
    name: "date-after-death",
    title: "care was given after the patient had died",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "X-02",
    basis: "Government Data Quality Framework: consistency; FHIR, Patient.deceasedDateTime",
    criterion: "COD-5",
    why: "Either the date of death is wrong, or the entry belongs to someone else.",
    remedy: "Check the dates against the source; check that the entry belongs to this patient.",
    examples: &[
        Example::bad(
            "a visit after death",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "1", "birthDate": "1980-05-01", "deceasedDateTime": "2020-01-01"}}, {"resource": {"resourceType": "Encounter", "status": "finished", "subject": {"reference": "Patient/1"}, "period": {"start": "«2020-02-01»"}}}]}"#,
        ),
        Example::good(
            "a visit before",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "1", "birthDate": "1980-05-01", "deceasedDateTime": "2020-01-01"}}, {"resource": {"resourceType": "Encounter", "status": "finished", "subject": {"reference": "Patient/1"}, "period": {"start": "2019-12-01"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// No care after death.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::Types(&["Encounter", "Immunization", "MedicationAdministration"])],
    check,
};

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(died) = events::patient(scene, at).and_then(events::died) else { return };
    for event in events::of(at).filter(|e| e.living) {
        // Certificates and last tests are dated within days of a death.
        if event.when.first > died.last + 1 {
            out.say(&META, event.element, format!("{} lies after the patient's death", event.name));
        }
    }
}
