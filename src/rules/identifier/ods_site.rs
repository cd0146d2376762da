//! ODS site codes.

use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::ods;
use crate::uk::systems::ODS_SITE;

/// ODS-02.
pub static META: Meta = Meta {
    id: "HM0241",
    name: "ods-site-code-format",
    title: "the ODS site code has not its form",
    family: Family::Identifier,
    severity: Severity::Warning,
    issue: "value",
    requirement: "ODS-02",
    basis: "DCB0090 ODS identity: site codes, 5 to 9 capital letters and digits",
    criterion: "NAT-6",
    why: "An organisation code in its place says which trust, but not where: the patient is sent to no known building.",
    remedy: "Send the code of the site; the organisation goes under ods-organization-code.",
    examples: &[
        Example::bad(
            "an organisation's code",
            r#"{"resourceType": "Location", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-site-code", "value": "«RR8»"}]}"#,
        ),
        Example::good(
            "a site",
            r#"{"resourceType": "Location", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-site-code", "value": "RR807"}]}"#,
        ),
        Example::good(
            "a site",
            r#"{"resourceType": "Location", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-site-code", "value": "RR807"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[ODS_SITE])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    if value.len() == 3 && ods::is_code(value) {
        return Some("three characters are an organisation's code, not a site's");
    }
    let good = (5..=9).contains(&value.len()) && ods::is_code(value);
    (!good).then_some("an ODS site code is 5 to 9 capital letters and digits")
}
