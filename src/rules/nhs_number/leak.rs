//! The NHS number repeated where a name or a phone number belongs.

use super::claim;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// NHS-20. Narrative is left alone: a summary for people is expected to show the number.
pub static META: Meta = Meta {
    id: "HM0219",
    name: "nhs-number-in-other-field",
    title: "the value of the NHS number stands in a name, address or phone as well",
    family: Family::NhsNumber,
    severity: Severity::Information,
    dimension: Dimension::Validity,
    issue: "value",
    requirement: "NHS-20",
    basis: "FHIR, HumanName, Address and ContactPoint; UK GDPR, article 5(1)(c)",
    criterion: "NAT-1",
    why: "Fields are swapped or filled by a script, and the number is shown where names and phones are shown.",
    remedy: "Send the number in its identifier only, and the true name, address or phone in theirs.",
    examples: &[
        Example::bad(
            "in the family name",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "name": [{"family": "«9990000018»"}]}"#,
        ),
        Example::good(
            "a name",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "name": [{"family": "Test"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let number = claim::of(at).find_map(|i| i.text(names::VALUE)).filter(|n| n.len() >= 6);
    let Some(number) = number else { return };
    let person = [names::T_HUMAN_NAME, names::T_ADDRESS, names::T_CONTACT_POINT];
    for field in at.children().filter(|e| person.contains(&e.type_id())) {
        for part in field.children() {
            if part.value().is_some_and(|text| text.contains(number)) {
                out.say(&META, part, "this field holds the same text as the NHS number");
            }
        }
    }
}
