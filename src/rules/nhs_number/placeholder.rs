//! Numbers that stand for no number: one digit ten times, and well-known sequences.

use super::claim;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::nhs_number as number;

/// NHS-03.
pub static REPEATED: Meta = Meta {
    id: "HM0202",
    name: "nhs-number-repeated-digit",
    title: "the NHS number is one digit ten times over",
    family: Family::NhsNumber,
    dimension: Dimension::Accuracy,
    issue: "value",
    requirement: "NHS-03",
    basis: "NHS Data Dictionary, attribute NHS NUMBER; these ten values pass modulus 11 but were never issued",
    criterion: "NAT-1",
    why: "Every patient without a number then shares one, and their records are joined.",
    remedy: "Leave the identifier out, and give the reason in the verification status.",
    examples: &[
        Example::bad(
            "nines",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«9999999999»"}]}"#,
        ),
        Example::good(
            "a number",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// NHS-04.
pub static SEQUENCE: Meta = Meta {
    id: "HM0203",
    name: "nhs-number-placeholder",
    title: "the NHS number is a well-known placeholder",
    family: Family::NhsNumber,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "value",
    requirement: "NHS-04",
    basis: "NHS Data Dictionary, attribute NHS NUMBER; ascending and descending digits are keyed to fill a field",
    criterion: "NAT-1",
    why: "A filler that looks like a number is matched like one, to whoever else was given the same filler.",
    remedy: "Leave the identifier out, and give the reason in the verification status.",
    examples: &[
        Example::bad(
            "descending digits",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«9876543210»"}]}"#,
        ),
        Example::bad(
            "ascending digits",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«0123456789»"}]}"#,
        ),
        Example::good(
            "a number",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// One digit ten times over.
pub static REPEATED_RULE: Rule = Rule { metas: &[&REPEATED], listens: &[super::CLAIMED], check: check_repeated };

fn check_repeated(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some((value, digits)) = claim::digits(at)
        && number::is_repeated(&digits)
    {
        out.say(&REPEATED, value, "one digit ten times over passes the check digit but was never issued");
    }
}

/// Known fillers.
pub static SEQUENCE_RULE: Rule = Rule { metas: &[&SEQUENCE], listens: &[super::CLAIMED], check: check_sequence };

fn check_sequence(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some((value, digits)) = claim::digits(at)
        && is_sequence(&digits)
    {
        out.say(&SEQUENCE, value, "the digits run up or down in order, as when a field has to be filled");
    }
}

/// Whether each digit is one more (or one less) than the one before, modulo 10.
fn is_sequence(digits: &[u8; 10]) -> bool {
    let steps = |by: u8| digits.windows(2).all(|pair| (pair[0] + by) % 10 == pair[1]);
    steps(1) || steps(9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences() {
        for (text, expected) in [
            ("0123456789", true),
            ("1234567890", true),
            ("9876543210", true),
            ("0987654321", true),
            ("9990000018", false),
            ("1234567891", false),
        ] {
            assert_eq!(is_sequence(&number::digits(text).unwrap()), expected, "{text}");
        }
    }
}
