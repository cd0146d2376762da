//! Codes that say only that a record could not be translated when it was transferred.

use super::claim;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, query};
use crate::tree::{Element, names};
use crate::uk::snomed::is_degraded;
use crate::uk::systems::SNOMED;

/// DEGR-01.
pub static WITHOUT_TEXT: Meta = Meta {
    id: "HM0352",
    name: "degraded-code-without-text",
    title: "a transfer-degraded code comes without the original term",
    family: Family::Snomed,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "DEGR-01",
    basis: "GP Connect and GP2GP, transfer-degraded records: text carries the original term",
    criterion: "COD-1",
    why: "The code says only that something was recorded; without the term a medicine or an allergy is lost.",
    remedy: "Send the original term in text.",
    examples: &[
        Example::bad(
            "no text",
            r#"{"resourceType": "AllergyIntolerance", "verificationStatus": "unconfirmed", "patient": {"display": "Test"}, "code": «{"coding": [{"system": "http://snomed.info/sct", "code": "196461000000101", "display": "Transfer-degraded drug allergy"}]}»}"#,
        ),
        Example::good(
            "with its term",
            r#"{"resourceType": "AllergyIntolerance", "verificationStatus": "unconfirmed", "patient": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "196461000000101", "display": "Transfer-degraded drug allergy"}], "text": "Penicillin allergy"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// DEGR-01, counted.
pub static DEGRADED: Meta = Meta {
    id: "HM0353",
    name: "degraded-code",
    title: "an entry was degraded in a transfer, so its code has no meaning of its own",
    family: Family::Quality,
    severity: Severity::Information,
    dimension: Dimension::Accuracy,
    issue: "informational",
    requirement: "DEGR-01",
    basis: "GP Connect and GP2GP, transfer-degraded records",
    criterion: "COD-1",
    why: "Decision support does not see the medicine or allergy until somebody codes it again.",
    remedy: "Work through degraded entries after a transfer; never degrade an entry before sending it.",
    examples: &[
        Example::bad(
            "a degraded medicine",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«196421000000109»", "display": "Transfer-degraded medication entry"}], "text": "Test tablets"}}"#,
        ),
        Example::good(
            "a coded one",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "39113611000001102"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Without text.
pub static WITHOUT_TEXT_RULE: Rule =
    Rule { metas: &[&WITHOUT_TEXT], listens: &[Listens::Types(&["CodeableConcept"])], check: check_without_text };

fn check_without_text(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let degraded = |c: Element<'_>| {
        let (system, code) = query::pair(c);
        is_degraded(code) && system == SNOMED
    };
    if at.named(names::CODING).any(degraded) && at.text(names::TEXT).is_none_or(query::is_blank) {
        out.say(
            &WITHOUT_TEXT,
            at,
            "this code stands for an entry that could not be translated, and its term is missing",
        );
    }
}

/// Counted.
pub static DEGRADED_RULE: Rule = Rule { metas: &[&DEGRADED], listens: &[super::CLAIMED], check: check_degraded };

fn check_degraded(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some((code, text)) = claim::code(at)
        && is_degraded(text)
    {
        out.say(&DEGRADED, code, "this entry was degraded in a transfer");
    }
}
