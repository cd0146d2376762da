//! Codes of the verification status.

use super::claim;
use crate::finding::{Example, Family, Meta};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::verification::System;
use crate::uk::verification::{Code, Status};

/// NHS-11.
pub static META: Meta = Meta {
    id: "HM0211",
    name: "nhs-number-status-code",
    title: "the NHS number verification status has an unknown code",
    family: Family::NhsNumber,
    issue: "code-invalid",
    requirement: "NHS-11",
    basis: "NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE: 01 to 08; Wales: nn",
    criterion: "NAT-2",
    why: "The receiver cannot tell whether the number may be relied on.",
    remedy: "Send a code from 01 to 08, two digits.",
    examples: &[
        Example::bad(
            "one digit",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "«1»"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
        Example::bad(
            "the Welsh code under England's system",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland", "code": "«nn»"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        )
        .r4(),
        Example::good(
            "01",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland", "code": "01"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[claim::STATUS], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(status) = Status::new(at) else { return };
    for coding in status.codings() {
        let Some(code) = coding.child(names::CODE) else { continue };
        let Some(text) = code.value() else { continue };
        let system = coding.text(names::SYSTEM).unwrap_or_default();
        if system.ends_with("v3-NullFlavor") {
            continue;
        }
        match Code::parse(text) {
            None => {
                out.say(&META, code, "the codes are 01 to 08, always two digits");
            }
            Some(Code::TracedInWales) if text == "nn" && !System::is_welsh(system) => {
                out.say(&META, code, "the code nn exists in the Welsh code system only");
            }
            Some(_) => {}
        }
    }
}
