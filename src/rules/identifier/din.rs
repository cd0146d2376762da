//! Doctor index numbers.

use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::registers;
use crate::uk::systems::DIN;

/// DIN-01.
pub static META: Meta = Meta {
    id: "HM0252",
    name: "din-number-format",
    title: "the doctor index number has not its form",
    family: Family::Identifier,
    severity: Severity::Information,
    issue: "value",
    requirement: "DIN-01",
    basis: "NHS Data Dictionary, DOCTOR INDEX NUMBER (n6)",
    criterion: "INT-1",
    why: "Prescribing of the doctor cannot be attributed.",
    remedy: "Send six digits; G and seven digits go under gmp-number.",
    examples: &[
        Example::bad(
            "a GP code",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/din-number", "value": "«G3345122»"}]}"#,
        )
        .r4(),
        Example::good(
            "six digits",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/din-number", "value": "334512"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[DIN])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    (!registers::is_din(value)).then_some("a doctor index number is six digits")
}
