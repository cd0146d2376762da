//! Restricted records carry no location.

use super::pds::code;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::extension;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::profiles::extensions::WHEREABOUTS;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0751",
    name: "pds-restricted-with-location",
    title: "a patient whose record is restricted is sent with address, phone or practice",
    family: Family::UkCore,
    dimension: Dimension::Consistency,
    issue: "security",
    requirement: "PDS-01",
    basis: "Personal Demographics Service FHIR API: confidentiality R, restricted",
    criterion: "IG-7",
    why: "The place where a person under protection lives must not be passed on: someone may be looking for them.",
    remedy: "Send no address, telecom, general practitioner, contact, nominated pharmacy or place of birth for a restricted patient; delete what was received.",
    examples: &[
        Example::bad(
            "an address",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "address": [«{"line": ["1 Test Street"]}»]}"#,
        ).r4(),
        Example::good(
            "no address",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ).r4(),
        Example::good(
            "not restricted",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "address": [{"line": ["1 Test Street"]}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Restricted records carry no location.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if code(at) != Some("R") {
        return;
    }
    let fields = ["address", "telecom", "generalPractitioner", "contact"].into_iter().filter_map(|name| at.get(name));
    let added = WHEREABOUTS.iter().filter_map(|name| extension(at, name));
    for found in fields.chain(added) {
        out.say(&META, found, "the record is restricted, and this tells where the patient can be found");
    }
}
