//! Fillers in place of a SNOMED CT code.

use super::claim::{self, Fault};
use crate::finding::{Dimension, Example, Explained, Family, Meta, Severity};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::Element;

/// SCT-06.
pub static META: Meta = Meta {
    id: "HM0305",
    name: "snomed-code-placeholder",
    title: "the SNOMED CT code is a filler",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "code-invalid",
    requirement: "SCT-06",
    basis: "FHIR, Coding.code: a symbol of the system; Using SNOMED CT: the code is a concept id",
    criterion: "COD-2",
    why: "The entry looks coded and is not: it is counted as coded, and never found.",
    remedy: "Send the true code; when there is none leave the coding out and keep the text.",
    explains: &[Explained::coding("HM0115"), Explained::coding("HM0116")],
    examples: &[
        Example::bad(
            "to be confirmed",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«TBC»"}]}}"#,
        ),
        Example::bad(
            "nines",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«99999999»"}]}}"#,
        )
        .r4(),
        Example::good(
            "a concept id",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Words that stand for a code still to come.
const WORDS: &[&str] = &[
    "tbc", "tbd", "tba", "todo", "unknown", "unk", "none", "null", "n/a", "na", "test", "code", "xxx", "snomed",
    "sctid",
];

/// Units that are sent under SNOMED CT when the whole quantity was copied.
const UNITS: &[&str] = &["ml/h", "ml", "mg", "kg", "g", "l", "mmol/l", "mm[hg]", "mmhg", "cm", "m", "%", "/min", "cel"];

/// Whether a code stands for no code.
pub(super) fn is_placeholder(code: &str) -> bool {
    let first = code.as_bytes().first();
    if code.len() > 3 && code.bytes().all(|b| Some(&b) == first && b.is_ascii_alphanumeric()) {
        return true;
    }
    if code.len() > 10 || first.is_some_and(u8::is_ascii_digit) && code.bytes().all(|b| b.is_ascii_digit()) {
        return matches!(code, "123456" | "1234567" | "12345678" | "123456789" | "1234567890");
    }
    WORDS.iter().chain(UNITS).any(|w| code.eq_ignore_ascii_case(w))
}

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some((code, text)) = claim::code(at)
        && claim::fault(text) == Some(Fault::Placeholder)
    {
        out.say(&META, code, "this fills the place of a code: a word, a unit or a run of one digit");
    }
}
