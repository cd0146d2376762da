//! References name types that exist.

use crate::finding::{Dimension, Example, Explained, Family, Meta};
use crate::message::{is_absolute, logical_id};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::distance;
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0800",
    name: "reference-type-unknown",
    title: "a reference names a type of resource that does not exist",
    family: Family::Quality,
    dimension: Dimension::Validity,
    issue: "not-found",
    requirement: "X-01",
    basis: "FHIR, Reference.reference: Type/id with a resource type of the release",
    criterion: "INT-1",
    why: "The reference leads nowhere: the receiver does not learn who or what was meant.",
    remedy: "Correct the spelling of the type.",
    explains: &[Explained::here("HM0130"), Explained::above("HM0130")],
    examples: &[
        Example::bad(
            "a misspelt type",
            r#"{"resourceType": "Patient", "generalPractitioner": [«{"reference": "Practioner/2"}»]}"#,
        ),
        Example::good(
            "a practitioner",
            r#"{"resourceType": "Patient", "generalPractitioner": [{"reference": "Practitioner/2"}]}"#,
        ),
        Example::good(
            "a URL of another service",
            r#"{"resourceType": "Patient", "generalPractitioner": [{"reference": "https://gp.test/People/2"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// References name types that exist.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Lost], check };

/// Types that references name most, for a guess at what was meant.
pub static COMMON: &[&str] = &[
    "AllergyIntolerance",
    "Appointment",
    "Binary",
    "CarePlan",
    "CareTeam",
    "Composition",
    "Condition",
    "Consent",
    "Device",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "EpisodeOfCare",
    "Flag",
    "Goal",
    "HealthcareService",
    "Immunization",
    "List",
    "Location",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "ProcedureRequest",
    "Questionnaire",
    "QuestionnaireResponse",
    "ReferralRequest",
    "RelatedPerson",
    "Schedule",
    "ServiceRequest",
    "Slot",
    "Specimen",
    "Task",
];

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(text) = at.text(names::REFERENCE) else { return };
    // Absolute URLs belong to services whose paths need not end in type and id.
    if text.starts_with('#') || is_absolute(text) {
        return;
    }
    let Some((_, ty, _)) = logical_id(text) else { return };
    if scene.plans.of_resource(scene.release(), names::intern(ty)).is_some() {
        return;
    }
    let near = COMMON.iter().map(|known| (distance(ty, known, 3), *known)).min().filter(|(d, _)| *d <= 3);
    let says = match near {
        Some((_, known)) => format!("there is no such type of resource; {known} is spelt like it"),
        None => format!("there is no such type of resource in FHIR {}", scene.release().as_str()),
    };
    out.say(&META, at, says);
}
