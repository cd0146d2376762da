//! Verification statuses where they belong to no NHS number.

use super::claim;
use crate::finding::{Example, Family, Meta};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::verification::Status;

/// NHS-16.
pub static META: Meta = Meta {
    id: "HM0216",
    name: "nhs-number-status-misplaced",
    title: "the verification status does not stand at the NHS number",
    family: Family::NhsNumber,
    issue: "structure",
    requirement: "NHS-16",
    basis: "CareConnect, GP Connect and UK Core Patient: the extension belongs to identifier:nhsNumber",
    criterion: "NAT-2",
    why: "Receivers look for it at the identifier, and take the number as unverified.",
    remedy: "Move the extension into the identifier whose system is https://fhir.nhs.uk/Id/nhs-number.",
    examples: &[
        Example::bad(
            "at the patient",
            r#"{"resourceType": "Patient", "extension": [«{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "01"}]}}»], "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
        Example::bad(
            "at another identifier",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [«{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland", "code": "01"}]}}»], "system": "https://hospital.test/mrn", "value": "17"}]}"#,
        )
        .r4(),
        Example::good(
            "at the NHS number",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "01"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[claim::STATUS], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if Status::new(at).is_none() {
        return;
    }
    let Some(holder) = at.parent() else { return };
    if holder.type_id() != names::T_IDENTIFIER {
        out.say(&META, at, "the verification status stands outside any identifier");
    } else if !claim::is_nhs_number(holder) {
        out.say(&META, at, "this identifier is not an NHS number");
    }
}
