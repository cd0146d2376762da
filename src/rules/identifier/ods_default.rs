//! ODS codes that stand for no organisation.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;

/// ODS-03.
pub static META: Meta = Meta {
    id: "HM0242",
    name: "ods-code-default",
    title: "the ODS code is a default that stands for no organisation",
    family: Family::Identifier,
    severity: Severity::Information,
    dimension: Dimension::Completeness,
    issue: "value",
    requirement: "ODS-03",
    basis: "NHS Data Dictionary, ORGANISATION CODE: default codes",
    criterion: "NAT-6",
    why: "The field looks complete and is not: the organisation is unknown to the receiver.",
    remedy: "Find out the organisation; where there is none leave the identifier out rather than count it as known.",
    examples: &[
        Example::bad(
            "no registered practice known",
            r#"{"resourceType": "Organization", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "«V81999»"}]}"#,
        ),
        Example::good(
            "a practice",
            r#"{"resourceType": "Organization", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "A82038"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::identifier_of(&[
        "https://fhir.nhs.uk/Id/ods-organization-code",
        "https://fhir.nhs.uk/Id/ods-site-code",
    ])],
    check,
};

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    match value {
        "V81997" => Some("V81997 stands for no registered practice"),
        "V81998" => Some("V81998 stands for a practice code that does not apply"),
        "V81999" => Some("V81999 stands for a practice code that is not known"),
        "X99999" | "X99998" | "R9998" | "X99" => Some("this code stands for an organisation that is not known"),
        _ => None,
    }
}
