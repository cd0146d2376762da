//! Health and Care Professions Council registration numbers.

use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::registers;
use crate::uk::systems::HCPC;

/// HCPC-01.
pub static META: Meta = Meta {
    id: "HM0251",
    name: "hcpc-number-format",
    title: "the HCPC number has not its form",
    family: Family::Identifier,
    severity: Severity::Warning,
    issue: "value",
    requirement: "HCPC-01",
    basis: "HCPC register: two letters of the profession and up to six digits",
    criterion: "INT-1",
    why: "Without the letters nobody can tell which profession's register to look in.",
    remedy: "Send the letters of the profession with the digits, such as PH for physiotherapists.",
    examples: &[
        Example::bad(
            "digits alone",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/hcpc-number", "value": "«123456»"}]}"#,
        ),
        Example::good(
            "a physiotherapist",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/hcpc-number", "value": "PH123456"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[HCPC])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    (!registers::is_hcpc(value)).then_some("an HCPC number is two capital letters and one to six digits")
}
