//! The check digit of general medical practitioner codes.

use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::registers;
use crate::uk::systems::GMP;

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
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[GMP])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    (registers::is_gmp(value) && !registers::gmp_check_fits(value))
        .then_some("the last digit does not follow from the six before it")
}
