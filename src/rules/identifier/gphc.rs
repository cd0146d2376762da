//! General Pharmaceutical Council registration numbers.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::registers;
use crate::uk::systems::GPHC;

/// GPHC-01.
pub static META: Meta = Meta {
    id: "HM0250",
    name: "gphc-number-format",
    title: "the GPhC number has not its form",
    family: Family::Identifier,
    issue: "value",
    requirement: "GPHC-01",
    basis: "GPhC register: seven digits that begin with 2",
    criterion: "INT-1",
    why: "The pharmacist is not found in the register, and the entry cannot be attributed.",
    remedy: "Send the seven digits of the registration number.",
    examples: &[
        Example::bad(
            "five digits",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gphc-number", "value": "«12345»"}]}"#,
        ),
        Example::good(
            "seven digits",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gphc-number", "value": "2012345"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[GPHC])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    (!registers::is_gphc(value)).then_some("a GPhC registration number is seven digits and begins with 2")
}
