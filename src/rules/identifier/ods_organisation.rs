//! ODS organisation codes.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::ods;
use crate::uk::systems::ODS_ORGANISATION;

/// ODS-01.
pub static META: Meta = Meta {
    id: "HM0240",
    name: "ods-code-format",
    title: "the ODS organisation code has not its form",
    family: Family::Identifier,
    issue: "value",
    requirement: "ODS-01",
    basis: "DCB0090 ODS identity: 3 to 10 capital letters and digits; PDS FHIR API, generalPractitioner",
    criterion: "NAT-6",
    why: "The organisation is not found in the directory: messages about it go astray and cannot be counted.",
    remedy: "Send the code as the ODS directory gives it: capitals and digits, no spaces.",
    examples: &[
        Example::bad(
            "lower case",
            r#"{"resourceType": "Organization", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "«a82038»"}]}"#,
        ),
        Example::bad(
            "a trailing space",
            r#"{"resourceType": "Organization", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "«RR8 »"}]}"#,
        )
        .r4(),
        Example::good(
            "a practice",
            r#"{"resourceType": "Organization", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "A82038"}]}"#,
        ),
        Example::good(
            "the form used since 2020",
            r#"{"resourceType": "Organization", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "G7H8J"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[ODS_ORGANISATION])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    if ods::is_code(value) {
        return None;
    }
    let bare = value.trim();
    Some(if bare != value {
        "white space stands around the code"
    } else if bare.bytes().all(|b| b.is_ascii_alphanumeric()) && bare.bytes().any(|b| b.is_ascii_lowercase()) {
        "ODS codes are written in capitals"
    } else {
        "an ODS code is 3 to 10 capital letters and digits"
    })
}
