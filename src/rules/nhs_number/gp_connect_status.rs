//! GP Connect gives records of verified patients only.

use super::claim;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::profiles::{GP_CONNECT_PATIENT, claims};
use crate::uk::verification::{Code, Status};

/// NHS-18.
pub static META: Meta = Meta {
    id: "HM0218",
    name: "gp-connect-patient-not-verified",
    title: "a GP Connect record is of a patient whose NHS number is not verified",
    family: Family::NhsNumber,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "NHS-18",
    basis: "GP Connect, patient identification: records are found by verified NHS number, else PATIENT_NOT_FOUND",
    criterion: "INT-4",
    why: "The consumer asked by a verified number; a record of an unverified one may be another patient's.",
    remedy: "Answer PATIENT_NOT_FOUND until the number is traced and its status is 01.",
    examples: &[
        Example::bad(
            "trace required",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "«03»"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
        Example::good(
            "verified",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "01"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
        Example::good(
            "CareConnect, not GP Connect",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "03"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    for identifier in claim::of(at) {
        let Some(status) = Status::of(identifier) else { continue };
        let Some((code, meaning)) = status.code() else { continue };
        if meaning != Code::Verified && (status.gp_connect || claims(at, GP_CONNECT_PATIENT)) {
            out.say(&META, code, "GP Connect gives records of patients with status 01 only");
        }
    }
}
