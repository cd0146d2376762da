//! Addresses fit.

use super::pds::is_pds;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0761",
    name: "pds-address",
    title: "an address has more lines than national systems hold, or a temporary one no text",
    family: Family::UkCore,
    severity: Severity::Warning,
    dimension: Dimension::Validity,
    issue: "structure",
    requirement: "PDS-10",
    basis: "Personal Demographics Service FHIR API: five address lines; a temporary address needs text",
    criterion: "COD-5",
    why: "Lines beyond the fifth are cut off: letters go astray.",
    remedy: "Send at most five lines; give the reason of a temporary address in text.",
    examples: &[
        Example::bad(
            "six lines",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "address": [{"use": "home", "line": ["1", "2", "3", "4", "5", "«6»"]}]}"#,
        ).r4(),
        Example::good(
            "five lines",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "address": [{"use": "home", "line": ["1", "2", "3", "4", "5"]}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Addresses fit.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for address in at.all("address") {
        if !is_pds(at) {
            return;
        }
        if let Some(sixth) = address.all("line").nth(5) {
            out.say(&META, sixth, "an address has five lines");
        }
        if address.text(names::USE) == Some("temp") && address.child(names::TEXT).is_none() {
            out.say(&META, address, "a temporary address says in text what it is");
        }
    }
}
