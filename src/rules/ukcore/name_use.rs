//! One usual name.

use super::pds::is_pds;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0755",
    name: "pds-name-use",
    title: "a patient of the Personal Demographics Service has not exactly one usual name",
    family: Family::UkCore,
    severity: Severity::Information,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "PDS-05",
    basis: "Personal Demographics Service FHIR API: name.use usual for the current name; official and anonymous are not used",
    criterion: "COD-5",
    why: "No fault by itself: CareConnect asks for an official name, so the usual name is sent as official when it is passed on.",
    remedy: "Keep usual in R4; map usual to official when the record goes out as CareConnect.",
    examples: &[
        Example::bad(
            "official",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "name": [«{"use": "official", "family": "Test"}»]}"#,
        ).r4(),
        Example::good(
            "usual",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "name": [{"use": "usual", "family": "Test"}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// One usual name.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(first) = at.child(names::NAME).filter(|_| is_pds(at)) else { return };
    let usual = || at.named(names::NAME).filter(|n| n.text(names::USE) == Some("usual"));
    let open = |n: &Element<'_>| n.child(names::PERIOD).is_none_or(|p| p.child(names::END).is_none());
    let (all, current) = (usual().count(), usual().filter(open).count());
    if all == 0 || current > 1 {
        out.say(&META, first, format!("the patient has {all} names of use usual, {current} of them without an end"));
    }
}
