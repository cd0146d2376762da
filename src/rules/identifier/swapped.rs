//! GP codes under the GMC's system, and GMC numbers under the GP code's.

use super::value::value_under;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::registers;
use crate::uk::systems::{GMC, GMP};

/// GMC-02.
pub static META: Meta = Meta {
    id: "HM0248",
    name: "gmc-gmp-number-swapped",
    title: "a GP code is sent as a GMC number, or the other way round",
    family: Family::Identifier,
    dimension: Dimension::Consistency,
    issue: "value",
    requirement: "GMC-02",
    basis: "HL7 UK, system identifiers: gmc-number and gmp-number; NHS Data Dictionary, GENERAL MEDICAL PRACTITIONER PPD CODE",
    criterion: "INT-1",
    why: "The receiver looks the number up in the wrong register and finds nobody, or somebody else.",
    remedy: "Send codes of G and seven digits under https://fhir.hl7.org.uk/Id/gmp-number, GMC numbers under https://fhir.hl7.org.uk/Id/gmc-number.",
    examples: &[
        Example::bad(
            "a GP code as GMC number",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmc-number", "value": "«G3345122»"}]}"#,
        ),
        Example::bad(
            "seven digits as GP code",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmp-number", "value": "«6164562»"}]}"#,
        )
        .r4(),
        Example::good(
            "each under its own",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.hl7.org.uk/Id/gmp-number", "value": "G3345122"}, {"system": "https://fhir.hl7.org.uk/Id/gmc-number", "value": "6164562"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[GMC, GMP])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some((value, text)) = value_under(at, &[GMC])
        && registers::is_gmp(text)
    {
        out.say(&META, value, format!("G and seven digits is a GP code; its system is {GMP}"));
    }
    if let Some((value, text)) = value_under(at, &[GMP])
        && registers::is_seven_digits(text)
    {
        let says =
            format!("seven digits are a GMC number, whose system is {GMC}; or the letter G of a GP code is missing");
        out.say(&META, value, says);
    }
}
