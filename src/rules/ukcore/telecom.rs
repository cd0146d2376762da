//! One contact point of a kind.

use super::pds::is_pds;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0764",
    name: "pds-telecom-repeated",
    title: "a patient has two contact points of one system and use",
    family: Family::UkCore,
    severity: Severity::Warning,
    dimension: Dimension::Uniqueness,
    issue: "duplicate",
    requirement: "PDS-13",
    basis: "Personal Demographics Service FHIR API: one telecom for each system and use",
    criterion: "COD-5",
    why: "Nobody knows which number is the right one.",
    remedy: "Keep the current one.",
    examples: &[
        Example::bad(
            "two mobiles",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "telecom": [{"system": "phone", "use": "mobile", "value": "07700900123"}, «{"system": "phone", "use": "mobile", "value": "07700900124"}»]}"#,
        ).r4(),
        Example::good(
            "one mobile",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "telecom": [{"system": "phone", "use": "mobile", "value": "07700900123"}, {"system": "email", "use": "home", "value": "a@example.org"}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// One contact point of a kind.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let kind = |t: Element<'a>| (t.text(names::SYSTEM), t.text(names::USE));
    let over = |t: Element<'_>| t.child(names::PERIOD).is_some_and(|p| p.child(names::END).is_some());
    for (i, telecom) in at.all("telecom").enumerate().skip(1) {
        let earlier = at.all("telecom").take(i).any(|t| kind(t) == kind(telecom) && !over(t));
        if earlier && !over(telecom) && is_pds(at) {
            out.say(&META, telecom, "an earlier contact point has this system and use");
        }
    }
}
