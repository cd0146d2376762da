//! Invalidated records are not sent.

use super::pds::{code, label};
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0753",
    name: "pds-record-invalidated",
    title: "an invalidated patient record is in the feed",
    family: Family::UkCore,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "suppressed",
    requirement: "PDS-02",
    basis: "Personal Demographics Service FHIR API: REDACTED records; INVALIDATED_RESOURCE",
    criterion: "NAT-2",
    why: "The record was withdrawn, most often because it mixes two people: nothing in it can be trusted.",
    remedy: "Take the record out of the feed and trace the patient anew.",
    examples: &[
        Example::bad(
            "redacted",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [«{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "REDACTED"}»]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ).r4(),
        Example::good(
            "unrestricted",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Invalidated records are not sent.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if code(at) == Some("REDACTED")
        && let Some(label) = label(at)
    {
        out.say(&META, label, "the record was invalidated");
    }
}
