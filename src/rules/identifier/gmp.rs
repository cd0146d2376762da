//! General medical practitioner codes.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::registers;
use crate::uk::systems::GMP;

/// GMP-01.
pub static META: Meta = Meta {
    id: "HM0245",
    name: "gmp-number-format",
    title: "the GP code has not its form",
    family: Family::Identifier,
    issue: "value",
    requirement: "GMP-01",
    basis: "NHS Data Dictionary, GENERAL MEDICAL PRACTITIONER PPD CODE: G and seven digits",
    criterion: "INT-1",
    why: "The practitioner is not found, and prescriptions and letters are not attributed to anyone.",
    remedy: "Send G and seven digits; a GMC reference number goes under gmc-number.",
    examples: &[
        Example::bad(
            "lower case",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmp-number", "value": "«g3345122»"}]}"#,
        ),
        Example::bad(
            "a digit short",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmp-number", "value": "«G334512»"}]}"#,
        )
        .r4(),
        Example::good(
            "a GP",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmp-number", "value": "G3345122"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[GMP])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    // Seven bare digits are another rule's: a GMC number, or the letter is missing.
    if registers::is_gmp(value) || registers::is_seven_digits(value) {
        return None;
    }
    Some(if registers::is_gmp(&value.to_ascii_uppercase()) {
        "the letter G is written as a capital"
    } else {
        "a GP code is the letter G and seven digits"
    })
}
