//! An NHS number identifier without its number.

use super::claim;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::verification::{Code, Status};

/// NHS-09.
pub static META: Meta = Meta {
    id: "HM0209",
    name: "nhs-number-value-missing",
    title: "an NHS number identifier has no number and no reason why",
    family: Family::NhsNumber,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "NHS-09",
    basis: "CareConnect and UK Core Patient, slice nhsNumber: value 1..1",
    criterion: "NAT-1",
    why: "The receiver sees that a number is meant but not which, and cannot match the patient.",
    remedy: "Send the number, or say why it is absent: verification status 07, or a data-absent-reason.",
    examples: &[
        Example::bad(
            "a system alone",
            r#"{"resourceType": "Patient", "identifier": [«{"system": "https://fhir.nhs.uk/Id/nhs-number"}»]}"#,
        ),
        Example::good(
            "with its number",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
        Example::good(
            "absent, and no trace needed",
            r#"{"resourceType": "Patient", "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "07"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number"}]}"#,
        ),
        Example::good(
            "absent, and the reason is given",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "_value": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "asked-unknown"}]}}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if !claim::is_nhs_number(at) || has_value_or_reason(at) {
        return;
    }
    match Status::of(at).and_then(Status::code) {
        // A number that is said to be present is another rule's.
        Some((_, Code::Verified | Code::NotTraced | Code::TracedInWales)) => {}
        Some((_, Code::Absent | Code::Postponed | Code::Tracing)) => {}
        None => {
            out.say(&META, at, "the identifier names the NHS number system but holds no number");
        }
    }
}

/// Whether there is a value, or an extension in its place or at the identifier that says why not.
fn has_value_or_reason(identifier: Element<'_>) -> bool {
    let reason = |e: Element<'_>| {
        e.named(names::EXTENSION).any(|x| x.text(names::URL).is_some_and(|url| url.ends_with("/data-absent-reason")))
    };
    let value = identifier.child(names::VALUE);
    value.is_some_and(|v| v.value().is_some() || reason(v)) || reason(identifier)
}
