//! An NHS number of a patient that does not say how far it was verified.

use super::claim;
use crate::finding::{Dimension, Example, Explained, Family, Meta, Severity};
use crate::pack::model::Release;
use crate::rules::query::profiles;
use crate::rules::{Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::profiles::is_uk;
use crate::uk::verification::Status;
use crate::uk::verification::extension_for;

/// NHS-10.
pub static META: Meta = Meta {
    id: "HM0210",
    name: "nhs-number-status-missing",
    title: "the NHS number does not say whether it was verified",
    family: Family::NhsNumber,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "NHS-10",
    basis: "CareConnect, GP Connect and ITK3 Patient, slice nhsNumber: verification status 1..1; UK Core: 0..1",
    criterion: "NAT-2",
    why: "A receiver may match on a number only when it was traced; without the status it has to trace again.",
    remedy: "Add the verification status extension to this identifier, with the code from the last PDS trace.",
    explains: &[Explained::here("HM0121").about("nhsNumberVerificationStatus")],
    examples: &[
        Example::bad(
            "a number alone",
            r#"{"resourceType": "Patient", "identifier": [«{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}»]}"#,
        ),
        Example::good(
            "present and verified",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "01"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
        Example::good(
            "a profile of an API that does not ask for the status",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Patient-1"]}, "identifier": [{"system": "http://fhir.nhs.net/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
        Example::good(
            "a relative's number",
            r#"{"resourceType": "RelatedPerson", "patient": {"display": "Test"}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

/// Whether the standards behind this rule speak of a patient: one of theirs is claimed, or none at all. Profiles of other APIs
/// (eRS, for one) do not ask for the status.
fn asks(patient: Element<'_>) -> bool {
    profiles(patient).next().is_none() || profiles(patient).any(is_uk)
}

fn check(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if !claim::is_of_patient(at) || !claim::is_nhs_number(at) || Status::of(at).is_some() || !asks(at.resource()) {
        return;
    }
    let draft = out.say(&META, at, "the identifier has no NHS number verification status");
    if scene.release() != Release::Stu3 {
        draft.severity = Severity::Information;
    }
    draft.notes.push(format!("the extension is {}", extension_for(scene.release())));
}
