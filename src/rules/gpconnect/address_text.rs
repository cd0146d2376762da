//! Addresses in parts.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0554",
    name: "gpc-address-text",
    title: "an address is given as text alone",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "structure",
    requirement: "GPC-X02",
    basis: "GP Connect, use of the Address data type: line, city, district, postalCode and country",
    criterion: "INT-4",
    why: "Postcode and lines cannot be filed into their fields, nor matched.",
    remedy: "Send line, city, district and postalCode; leave text out.",
    examples: &[
        Example::bad(
            "text alone",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"]}, "address": [«{"use": "home", "text": "1 Test Street, Testtown"}»]}"#,
        ),
        Example::good(
            "parts",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"]}, "address": [{"use": "home", "line": ["1 Test Street"], "city": "Testtown", "postalCode": "LS1 4HY"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Addresses have parts.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Address"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.child(names::TEXT).is_some()
        && at.get("line").is_none()
        && at.get("postalCode").is_none()
        && is_gpc(at.resource())
    {
        out.say(&META, at, "the address has text and neither line nor postalCode");
    }
}
