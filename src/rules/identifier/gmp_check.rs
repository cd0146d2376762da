//! The check digit of general medical practitioner codes.

use super::value::has_shape;
use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;

/// GMP-01.
pub static META: Meta = Meta {
    id: "HM0246",
    name: "gmp-number-check-digit",
    title: "the GP code fails its check digit",
    family: Family::Identifier,
    severity: Severity::Information,
    issue: "value",
    requirement: "GMP-01",
    basis: "NHS Business Services Authority, prescriber codes: weights 1, 3, 7, units of the products, modulus 10",
    criterion: "INT-1",
    why: "The code may be mistyped, or made up for a test.",
    remedy: "Compare with the practitioner's entry in the ODS directory.",
    examples: &[
        Example::bad(
            "digits in order",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmp-number", "value": "«G1234567»"}]}"#,
        ),
        Example::good(
            "a GP",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmp-number", "value": "G3345122"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule =
    Rule { metas: &[&META], listens: &[Listens::identifier_of(&["https://fhir.hl7.org.uk/Id/gmp-number"])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    if !has_shape(value, "G9999999") {
        return None;
    }
    let digits = &value.as_bytes()[1..];
    let product = |(d, weight): (&u8, u8)| (d - b'0') * weight % 10;
    let sum: u8 = digits[..6].iter().zip([1, 3, 7, 1, 3, 7]).map(product).sum();
    (sum % 10 != digits[6] - b'0').then_some("the last digit does not follow from the six before it")
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn check_digits() {
        for (code, passes) in [
            ("G3345122", true),
            ("G9999998", true),
            ("G9999981", true),
            ("G1234567", false),
            ("G9999999", false),
            ("g3345123", true),
        ] {
            assert_eq!(fault(code).is_none(), passes, "{code}");
        }
    }
}
