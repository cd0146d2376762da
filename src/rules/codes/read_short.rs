//! Codes of four-byte Read, and Read codes without their dots.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::systems::READ_V2;

/// READ-02.
pub static META: Meta = Meta {
    id: "HM0405",
    name: "read-code-short",
    title: "the Read code has fewer than five characters",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "READ-02",
    basis: "GP Connect, Populating legacy coding: four-byte codes take a dot in front, shorter five-byte codes dots at the end",
    criterion: "COD-1",
    why: "H43 as a four-byte code and as a five-byte code are different things: the receiver has to guess.",
    remedy: "Put a dot before a four-byte code; fill a five-byte code up with dots at its end.",
    examples: &[
        Example::bad(
            "three characters",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "«H43»"}]}}"#,
        ),
        Example::good(
            "a four-byte code",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": ".H43"}]}}"#,
        ),
        Example::good(
            "a five-byte code",
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
    url == READ_V2
}

fn fault(code: &str) -> Option<&'static str> {
    (code.len() < 5 && !code.starts_with('.') && !code.contains('\u{2026}'))
        .then_some("a Read code is five characters: a four-byte code has a dot in front, others are filled with dots")
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn codes() {
        for (code, good) in [(".H43", true), ("H43..", true), ("H43", false), ("H43.", false)] {
            assert_eq!(fault(code).is_none(), good, "{code}");
        }
    }
}
