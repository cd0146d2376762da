//! Code systems of the verification status: value sets, other releases' systems, retired ones.

use super::claim::{self, Code, Status};
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::pack::model::Release;
use crate::rules::{Rule, Scene, Sink};
use crate::tree::{Element, names};

/// NHS-12.
pub static META: Meta = Meta {
    id: "HM0212",
    name: "nhs-number-status-system",
    title: "the system of the verification status is not the one of this FHIR release",
    family: Family::NhsNumber,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "code-invalid",
    requirement: "NHS-12",
    basis: "CareConnect STU3, GP Connect and UK Core code systems for NHS number verification status",
    criterion: "NAT-2",
    why: "Receivers map the code by its system; under another they ignore the status or refuse the message.",
    remedy: "Send the code system that the note names, with its own codes.",
    examples: &[
        Example::bad(
            "a value set in place of a code system",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "«https://fhir.hl7.org.uk/STU3/ValueSet/CareConnect-NHSNumberVerificationStatus-1»", "code": "01"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
        Example::bad(
            "the retired UK Core system",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus", "valueCodeableConcept": {"coding": [{"system": "«https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus»", "code": "number-present-and-verified"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        )
        .r4(),
        Example::good(
            "England's system in R4",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland", "code": "01"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        )
        .r4(),
        Example::good(
            "CareConnect's system in STU3",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "01"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
    ],
    ..Meta::NEW
};

const CARE_CONNECT: &str = "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1";
const GP_CONNECT: &str = "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1";
const ENGLAND: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland";
const WALES: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusWales";
const RETIRED: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus";

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[claim::STATUS], check };

fn check(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(status) = Status::new(at) else { return };
    for coding in status.codings() {
        let Some(system) = coding.child(names::SYSTEM) else { continue };
        let Some(url) = system.value() else { continue };
        if let Some(says) = fault(url, scene.release()) {
            let right = match scene.release() {
                Release::Stu3 if status.gp_connect => GP_CONNECT,
                Release::Stu3 => CARE_CONNECT,
                _ => ENGLAND,
            };
            out.say(&META, system, says).notes.push(format!("the code system is {right}"));
        } else if let Some(code) = coding.child(names::CODE)
            && code.value().is_some_and(Code::is_textual)
        {
            out.say(&META, code, "this code is of the retired UK Core system; the codes of this system are 01 to 08");
        }
    }
}

/// What is wrong with a system, if anything.
fn fault(url: &str, release: Release) -> Option<&'static str> {
    let stu3 = release == Release::Stu3;
    match url {
        CARE_CONNECT | GP_CONNECT if stu3 => None,
        ENGLAND | WALES if !stu3 => None,
        _ if url.ends_with("/v3-NullFlavor") => None,
        CARE_CONNECT | GP_CONNECT => Some("this is the STU3 code system, in an R4 message"),
        ENGLAND | WALES => Some("this is an R4 code system, in an STU3 message"),
        RETIRED => Some("this UK Core code system is retired"),
        _ if url.contains("/ValueSet/") => Some("this is the URL of a value set, not of a code system"),
        _ => Some("this is no published code system of the verification status"),
    }
}
