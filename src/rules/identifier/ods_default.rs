//! ODS codes that stand for no organisation.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::ods::{self, Default};
use crate::uk::systems::{ODS_ORGANISATION, ODS_SITE};

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
pub static RULE: Rule =
    Rule { metas: &[&META], listens: &[Listens::identifier_of(&[ODS_ORGANISATION, ODS_SITE])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    Some(match ods::default(value)? {
        Default::NoPractice => "V81997 stands for no registered practice",
        Default::NotApplicable => "V81998 stands for a practice code that does not apply",
        Default::PracticeUnknown => "V81999 stands for a practice code that is not known",
        Default::Unknown => "this code stands for an organisation that is not known",
    })
}
