//! SDS role profile ids.

use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::registers;
use crate::uk::systems::SDS_ROLE;

/// SDS-01.
pub static META: Meta = Meta {
    id: "HM0244",
    name: "sds-role-profile-id-format",
    title: "the SDS role profile id has not its form",
    family: Family::Identifier,
    severity: Severity::Warning,
    issue: "value",
    requirement: "SDS-01",
    basis: "NHS Spine Directory Service: user role profile identifier, 12 to 15 digits",
    criterion: "NAT-3",
    why: "The role in which the person acted cannot be traced, so nobody can tell whether they were allowed to.",
    remedy: "Send the digits of the role profile; leave the identifier out when there is none.",
    examples: &[
        Example::bad(
            "a word",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.nhs.uk/Id/sds-role-profile-id", "value": "«UNK»"}]}"#,
        ),
        Example::good(
            "twelve digits",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.nhs.uk/Id/sds-role-profile-id", "value": "200102238987"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[SDS_ROLE])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    if !registers::is_sds_role(value) {
        return Some("an SDS role profile id is 12 to 15 digits");
    }
    registers::is_one_over_and_over(value).then_some("one digit over and over is not a role profile")
}
