//! Code systems of the verification status: value sets, other releases' systems, retired ones.

use super::claim;
use crate::finding::{Dimension, Example, Family, Fix, Meta, Severity};
use crate::pack::model::Release;
use crate::rules::{Rule, Scene, Sink};
use crate::terminology::Lookup;
use crate::tree::{Element, names};
use crate::uk::verification::{Code, Status};
use crate::uk::verification::{System, system_for};

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
    fix: "writes the code system of the release in place of a value set, when the code is one of its codes",
    remedy: "Send the code system that is named to be sent, with its own codes.",
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

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[claim::STATUS], check };

fn check(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(status) = Status::new(at) else { return };
    for coding in status.codings() {
        let Some(system) = coding.child(names::SYSTEM) else { continue };
        let Some(url) = system.value() else { continue };
        if let Some(says) = fault(url, scene.release()) {
            let right = system_for(scene.release(), status.gp_connect);
            let draft = out.say(&META, system, says);
            draft.notes.push(format!("send {right} in its place"));
            let code = coding.text(names::CODE).unwrap_or_default();
            if matches!(System::of(url), System::Other)
                && url.contains("/ValueSet/")
                && matches!(scene.sets.display_of(scene.release(), right, code), Lookup::Found(_))
            {
                draft.mended_by(Fix::published(system.mark(), url, right));
            }
        } else if let Some(code) = coding.child(names::CODE)
            && code.value().is_some_and(Code::is_textual)
        {
            out.say(&META, code, "this code is of the retired UK Core system; the codes of this system are 01 to 08");
        }
    }
}

/// What is wrong with a system, if anything.
fn fault(url: &str, release: Release) -> Option<&'static str> {
    match System::of(url) {
        System::NullFlavor => None,
        System::Of(of) if of == release => None,
        System::Of(Release::Stu3) => Some("this is the STU3 code system, in an R4 message"),
        System::Of(Release::R4) => Some("this is an R4 code system, in an STU3 message"),
        System::Retired => Some("the code system sent is one that UK Core has retired"),
        System::Other if url.contains("/ValueSet/") => Some("this is the URL of a value set, not of a code system"),
        System::Other => Some("this is not a published code system of the verification status"),
    }
}
