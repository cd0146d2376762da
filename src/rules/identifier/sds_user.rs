//! SDS user ids.

use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::registers;
use crate::uk::systems::SDS_USER;

/// SDS-01.
pub static META: Meta = Meta {
    id: "HM0243",
    name: "sds-user-id-format",
    title: "the SDS user id has not its form",
    family: Family::Identifier,
    severity: Severity::Warning,
    issue: "value",
    requirement: "SDS-01",
    basis: "NHS Spine Directory Service: unique user identifier, 12 digits",
    criterion: "NAT-3",
    why: "The person who acted cannot be traced in the directory, so the audit trail ends here.",
    remedy: "Send the twelve digits of the smartcard's user; leave the identifier out when there is none.",
    examples: &[
        Example::bad(
            "a GP's code",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.nhs.uk/Id/sds-user-id", "value": "«G13579135»"}]}"#,
        ),
        Example::bad(
            "nines",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.nhs.uk/Id/sds-user-id", "value": "«999999999999»"}]}"#,
        )
        .r4(),
        Example::good(
            "twelve digits",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.nhs.uk/Id/sds-user-id", "value": "555079046103"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[SDS_USER])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    if !registers::is_sds_user(value) {
        return Some("an SDS user id is 12 digits");
    }
    registers::is_one_over_and_over(value).then_some("one digit twelve times over is nobody's id")
}
