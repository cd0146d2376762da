//! The form of the NHS number: ten digits and nothing else.

use super::claim;
use crate::finding::{Example, Explained, Family, Meta};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::nhs_number::{self as number, CheckDigit};

/// NHS-02.
pub static META: Meta = Meta {
    id: "HM0201",
    name: "nhs-number-format",
    title: "the NHS number is not ten digits",
    family: Family::NhsNumber,
    issue: "value",
    requirement: "NHS-02",
    basis: "NHS Data Dictionary, NHS NUMBER (n10); PDS FHIR API, NHS number: ten digits",
    criterion: "NAT-1",
    why: "Receivers compare the text exactly: a number with gaps or letters matches no record.",
    remedy: "Send ten digits without spaces or hyphens; leave the identifier out when there is no number.",
    explains: &[Explained::here("HM0820")],
    examples: &[
        Example::bad(
            "with gaps",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«999 000 0018»"}]}"#,
        ),
        Example::bad(
            "nine digits",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«999000001»"}]}"#,
        ),
        Example::bad(
            "words",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«Test Harness»"}]}"#,
        )
        .r4(),
        Example::good(
            "ten digits",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(value) = claim::value(at) else { return };
    let Some(text) = value.value() else { return };
    if number::digits(text).is_none() {
        let (key, says) = fault(text);
        out.say(&META, value, says).key = key.to_owned();
    }
}

/// Which fault, and what is said of it.
fn fault(text: &str) -> (&'static str, String) {
    if text.is_empty() {
        return ("empty", "the value is empty".to_owned());
    }
    let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{A0}')).collect();
    match number::digits(&bare).map(|d| number::check_digit(&d)) {
        Some(CheckDigit::Fits) => {
            return ("spaces", "without its spaces and hyphens this would be a valid number".to_owned());
        }
        Some(_) => {
            return ("spaces-and-digit", "it has spaces or hyphens, and its check digit is wrong as well".to_owned());
        }
        None => {}
    }
    if bare.bytes().all(|b| b.is_ascii_digit()) {
        return ("length", format!("it has {} digits; ten are needed", bare.len()));
    }
    ("characters", "it holds something other than digits".to_owned())
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn faults_are_named() {
        for (text, part) in [
            ("999 000 0018", "would be a valid"),
            ("999-000-0018", "would be a valid"),
            ("999 000 0019", "wrong as well"),
            ("99900000181", "11 digits"),
            ("99900 0001", "9 digits"),
            ("urn:uuid:1", "other than digits"),
            ("", "empty"),
            ("９９９０００００１８", "other than digits"),
        ] {
            assert!(fault(text).1.contains(part), "{text}: {}", fault(text).1);
        }
    }
}
