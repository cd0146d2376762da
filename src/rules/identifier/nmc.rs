//! Nursing and Midwifery Council PINs.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::registers;
use crate::uk::systems::NMC;

/// NMC-01.
pub static META: Meta = Meta {
    id: "HM0249",
    name: "nmc-number-format",
    title: "the NMC PIN has not its form",
    family: Family::Identifier,
    issue: "value",
    requirement: "NMC-01",
    basis: "NMC PIN: two digits, month letter A to L, four digits, country letter",
    criterion: "INT-1",
    why: "The nurse or midwife is not found in the register, and the entry cannot be attributed.",
    remedy: "Send the eight characters of the PIN.",
    examples: &[
        Example::bad(
            "six digits",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/nmc-number", "value": "«123456»"}]}"#,
        ),
        Example::good(
            "a PIN",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/nmc-number", "value": "12A3456E"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[NMC])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    (!registers::is_nmc(value)).then_some("an NMC PIN is two digits, a letter from A to L, four digits and a letter")
}
