//! General Medical Council reference numbers.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::registers;
use crate::uk::systems::GMC;

/// GMC-01.
pub static META: Meta = Meta {
    id: "HM0247",
    name: "gmc-number-format",
    title: "the GMC number has not its form",
    family: Family::Identifier,
    issue: "value",
    requirement: "GMC-01",
    basis: "GMC reference number: seven digits; NHS Data Dictionary, CONSULTANT CODE: C and the same digits",
    criterion: "INT-1",
    why: "The doctor is not found in the register, and the entry cannot be attributed.",
    remedy: "Send the seven digits of the GMC reference number.",
    examples: &[
        Example::bad(
            "six digits",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmc-number", "value": "«616456»"}]}"#,
        ),
        Example::good(
            "seven digits",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmc-number", "value": "6164562"}]}"#,
        ),
        Example::good(
            "a consultant code",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmc-number", "value": "C6164562"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[GMC])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    // G and seven digits are a GP code under the wrong system: another rule's.
    (!registers::is_gmc(value) && !registers::is_gmp(value)).then_some("a GMC reference number is seven digits")
}
