//! Verification statuses that contradict the presence of the number.

use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::verification::{Code, Status};

/// NHS-13.
pub static PRESENT: Meta = Meta {
    id: "HM0213",
    name: "nhs-number-verified-but-absent",
    title: "the status says that the NHS number is present, and it is not",
    family: Family::NhsNumber,
    dimension: Dimension::Consistency,
    issue: "invariant",
    requirement: "NHS-13",
    basis: "NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE 01 and 02: number present",
    criterion: "NAT-2",
    why: "The receiver counts on a number that never arrives.",
    remedy: "Send the number, or the status that is true.",
    examples: &[
        Example::bad(
            "verified, without a number",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "«01»"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number"}]}"#,
        ),
        Example::good(
            "verified, with its number",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "01"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// NHS-14.
pub static ABSENT: Meta = Meta {
    id: "HM0214",
    name: "nhs-number-absent-but-sent",
    title: "the status says that there is no NHS number, and one is sent",
    family: Family::NhsNumber,
    dimension: Dimension::Consistency,
    issue: "invariant",
    requirement: "NHS-14",
    basis: "NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE 07: number not present, trace not required",
    criterion: "NAT-2",
    why: "One of the two is wrong: the receiver either drops a good number or trusts an unknown one.",
    remedy: "Remove the number, or send the status that is true.",
    examples: &[
        Example::bad(
            "07 with a number",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "«07»"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
        Example::good(
            "07 without a number",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "07"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The code of an NHS number identifier, and whether it has a number.
fn status(identifier: Element<'_>) -> Option<(Element<'_>, Code, bool)> {
    let (element, code) = Status::of(identifier)?.code()?;
    let has_value = identifier.text(names::VALUE).is_some_and(|v| !v.is_empty());
    Some((element, code, has_value))
}

/// Said to be present.
pub static PRESENT_RULE: Rule = Rule { metas: &[&PRESENT], listens: &[super::CLAIMED], check: check_present };

fn check_present(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some((code, Code::Verified | Code::NotTraced | Code::TracedInWales, false)) = status(at) {
        out.say(&PRESENT, code, "the status says that the number is present, but the identifier has no value");
    }
}

/// Said to be absent.
pub static ABSENT_RULE: Rule = Rule { metas: &[&ABSENT], listens: &[super::CLAIMED], check: check_absent };

fn check_absent(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some((code, Code::Absent, true)) = status(at) {
        out.say(&ABSENT, code, "the status says that there is no number, but the identifier has a value");
    }
}
