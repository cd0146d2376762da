//! A reason for having no NHS number, beside a number.

use super::claim;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::verification::is_unavailable_reason;

/// NHS-17.
pub static META: Meta = Meta {
    id: "HM0217",
    name: "nhs-number-unavailable-but-sent",
    title: "a patient has an NHS number and a reason for having none",
    family: Family::NhsNumber,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "NHS-17",
    basis: "UK Core, Extension-UKCore-NHSNumberUnavailableReason: why no NHS number is available",
    criterion: "NAT-2",
    why: "One of the two is out of date, and the receiver cannot tell which.",
    remedy: "Remove the reason once a number is known.",
    examples: &[
        Example::bad(
            "both",
            r#"{"resourceType": "Patient", "extension": [«{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberUnavailableReason", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberUnavailableReason", "code": "nhs-number-not-known"}]}}»], "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        )
        .r4(),
        Example::good(
            "the reason alone",
            r#"{"resourceType": "Patient", "extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberUnavailableReason", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberUnavailableReason", "code": "overseas-patient"}]}}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let is_reason = |e: &Element<'_>| e.text(names::URL).is_some_and(is_unavailable_reason);
    if let Some(reason) = at.named(names::EXTENSION).find(is_reason)
        && claim::of(at).any(|i| i.text(names::VALUE).is_some_and(|v| !v.is_empty()))
    {
        out.say(&META, reason, "there is a reason for having no NHS number, and an NHS number");
    }
}
