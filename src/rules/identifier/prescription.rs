//! The short prescription id of the Electronic Prescription Service.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;

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
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::identifier_of(&["https://fhir.nhs.uk/Id/prescription-order-number"])],
    check,
};

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    let bytes = value.as_bytes();
    let in_form = bytes.len() == 20
        && bytes.iter().enumerate().all(|(i, b)| match i {
            6 | 13 => *b == b'-',
            19 => b.is_ascii_digit() || b.is_ascii_uppercase() || *b == b'+',
            _ => b.is_ascii_digit() || b.is_ascii_uppercase(),
        });
    if !in_form {
        return Some("the id is three groups of six capital letters and digits with hyphens between");
    }
    (!passes(bytes)).then_some("the last character does not follow from the others (MOD 37-2)")
}

/// ISO/IEC 7064, MOD 37-2 over digits, capital letters and `+`; hyphens are passed over.
fn passes(bytes: &[u8]) -> bool {
    let value = |b: u8| match b {
        b'0'..=b'9' => u32::from(b - b'0'),
        b'A'..=b'Z' => u32::from(b - b'A') + 10,
        _ => 36,
    };
    let mut characters = bytes.iter().copied().filter(|b| *b != b'-').map(value);
    let Some(check) = characters.next_back() else { return false };
    let sum = characters.fold(0, |sum, v| (sum + v) * 2 % 37);
    (sum + check) % 37 == 1
}
