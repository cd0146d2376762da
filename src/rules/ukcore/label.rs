//! Labels are of the set.

use super::pds::is_pds;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0752",
    name: "pds-confidentiality-label",
    title: "a patient of the Personal Demographics Service has no single confidentiality label of its set",
    family: Family::UkCore,
    severity: Severity::Information,
    dimension: Dimension::Validity,
    issue: "security",
    requirement: "PDS-01",
    basis: "Personal Demographics Service FHIR API: meta.security is one of U, R, V and REDACTED",
    criterion: "IG-7",
    why: "Whether the record may be shown hangs on the label.",
    remedy: "Send exactly one label: U, R, V or REDACTED.",
    examples: &[
        Example::bad(
            "another label",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [«{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "X"}»]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ).r4(),
        Example::good(
            "unrestricted",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Labels are of the set.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_pds(at) {
        return;
    }
    let Some(meta) = at.child(names::META) else { return };
    for (i, label) in meta.named(names::SECURITY).enumerate() {
        if i > 0 {
            out.say(&META, label, "a patient has one confidentiality label");
        } else if !matches!(label.text(names::CODE), Some("U" | "R" | "V" | "REDACTED")) {
            out.say(&META, label, "the label is one of U, R, V and REDACTED");
        }
    }
}
