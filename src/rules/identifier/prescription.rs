//! The short prescription id of the Electronic Prescription Service.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::registers;
use crate::uk::systems::PRESCRIPTION_ORDER;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0268",
    name: "prescription-id",
    title: "the prescription id has not its form, or fails its check character",
    family: Family::Identifier,
    issue: "value",
    requirement: "EPS-03",
    basis: "NHS England, Electronic Prescription Service: short form prescription id; check character of ISO/IEC 7064, MOD 37-2",
    criterion: "NAT-4",
    why: "The prescription is not found by it, so the medicine is not dispensed or not claimed for.",
    remedy: "Send the id that was issued with the prescription: three groups of six in capitals, with the hyphens and the check character.",
    examples: &[
        Example::bad(
            "one character mistyped",
            r#"{"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": {"display": "x"}, "medicationCodeableConcept": {"text": "x"}, "groupIdentifier": {"system": "https://fhir.nhs.uk/Id/prescription-order-number", "value": "«0A0B1C-A99999-0D0E00»"}}"#,
        )
        .r4(),
        Example::bad(
            "lower case",
            r#"{"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": {"display": "x"}, "medicationCodeableConcept": {"text": "x"}, "groupIdentifier": {"system": "https://fhir.nhs.uk/Id/prescription-order-number", "value": "«0a0b0c-a99999-0d0e00»"}}"#,
        )
        .r4(),
        Example::good(
            "an id that passes",
            r#"{"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": {"display": "x"}, "medicationCodeableConcept": {"text": "x"}, "groupIdentifier": {"system": "https://fhir.nhs.uk/Id/prescription-order-number", "value": "0A0B0C-A99999-0D0E00"}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[PRESCRIPTION_ORDER])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    if !registers::is_prescription(value) {
        return Some("the id is three groups of six capital letters and digits with hyphens between");
    }
    (!registers::prescription_check_fits(value))
        .then_some("the last character does not follow from the others (MOD 37-2)")
}
