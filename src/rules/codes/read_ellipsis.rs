//! Read codes that a word processor changed.

use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::systems::READ;

/// READ-04.
pub static META: Meta = Meta {
    id: "HM0407",
    name: "read-code-ellipsis",
    title: "the dots of a Read code were turned into one character",
    family: Family::Snomed,
    severity: Severity::Warning,
    issue: "code-invalid",
    requirement: "READ-04",
    basis: "GP Connect, Populating legacy coding; Unicode U+2026 in place of full stops",
    criterion: "COD-1",
    why: "Two or three dots became one character, so the code is found nowhere.",
    remedy: "Keep codes out of documents that correct spelling; send full stops.",
    examples: &[
        Example::bad(
            "an ellipsis",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "«H43…»"}]}}"#,
        ),
        Example::good(
            "full stops",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "H43.."}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::coding(is_system)], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::code(&META, at, fault, out);
}

fn is_system(url: &str) -> bool {
    url.starts_with(READ)
}

fn fault(code: &str) -> Option<&'static str> {
    code.contains('\u{2026}').then_some("an ellipsis stands for full stops")
}
