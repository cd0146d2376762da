//! The check digit of a SNOMED CT code.

use super::claim::{self, Fault};
use crate::finding::{Example, Explained, Family, Meta};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::Element;

/// SCT-02.
pub static META: Meta = Meta {
    id: "HM0301",
    name: "snomed-code-check-digit",
    title: "the SNOMED CT code fails its check digit",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "SCT-02",
    basis: "SNOMED CT, Release File Specification: SCTID check digit (Verhoeff)",
    criterion: "COD-2",
    why: "The concept does not exist; after a slip in typing the true meaning is lost to the receiver.",
    remedy: "Take the code from the terminology again rather than from a document or a spreadsheet.",
    explains: &[Explained::coding("HM0115"), Explained::coding("HM0116")],
    examples: &[
        Example::bad(
            "one digit wrong",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«195967002»"}]}}"#,
        ),
        Example::good(
            "a concept id",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some((code, text)) = claim::code(at)
        && claim::fault(text) == Some(Fault::CheckDigit)
    {
        out.say(&META, code, "the last digit does not follow from the others (Verhoeff)");
    }
}
