//! One number as user id and as role profile id.

use super::value::value_under;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::systems::{SDS_ROLE, SDS_USER};

/// SDS-01.
pub static META: Meta = Meta {
    id: "HM0254",
    name: "sds-user-is-role-profile",
    title: "the SDS user id and the role profile id are the same number",
    family: Family::Identifier,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "SDS-01",
    basis: "NHS Spine Directory Service: a user has one id and one role profile id for each role",
    criterion: "NAT-3",
    why: "One of the two is wrong, so either the person or their role cannot be traced.",
    remedy: "Send the user's id and the role profile's id, each from the smartcard session.",
    examples: &[
        Example::bad(
            "one number for both",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.nhs.uk/Id/sds-user-id", "value": "555079046103"}, {"system": "https://fhir.nhs.uk/Id/sds-role-profile-id", "value": "«555079046103»"}]}"#,
        ),
        Example::good(
            "two numbers",
            r#"{"resourceType": "Practitioner", "identifier": [{"system": "https://fhir.nhs.uk/Id/sds-user-id", "value": "555079046103"}, {"system": "https://fhir.nhs.uk/Id/sds-role-profile-id", "value": "200102238987"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Practitioner"])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let under = |system: &'static str| at.named(names::IDENTIFIER).filter_map(move |i| value_under(i, &[system]));
    for (role, profile) in under(SDS_ROLE) {
        if under(SDS_USER).any(|(_, user)| user == profile) {
            out.say(&META, role, "the same number is sent as the user's id");
        }
    }
}
