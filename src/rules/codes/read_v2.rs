//! Codes of Read version 2.

use super::pattern::Pattern;
use crate::finding::{Example, Family, Meta};

/// READ-01.
pub static META: Meta = Meta {
    id: "HM0404",
    name: "read-v2-code",
    title: "the Read code has not its form",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "READ-01",
    basis: "GP Connect, Populating legacy coding: Read version 2 as five characters, with or without a two character term code",
    criterion: "COD-1",
    why: "Read codes are told apart by every character and by case: the original meaning is lost.",
    remedy: "Send all five characters, filled up with dots at the end, and the term code after them if there is one.",
    examples: &[
        Example::bad(
            "a dot inside",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "«H.3..»"}]}}"#,
        ),
        Example::bad(
            "too long",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "«H43..0000»"}]}}"#,
        ),
        Example::good(
            "five characters",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "H43.."}]}}"#,
        ),
        Example::good(
            "with a term code",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "136..00"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Pattern = Pattern { meta: &META, is_system, fault };

fn is_system(url: &str) -> bool {
    url == "http://read.info/readv2"
}

fn fault(code: &str) -> Option<&'static str> {
    // An ellipsis and codes of four characters have rules of their own.
    if code.contains('\u{2026}') || code.len() < 5 {
        return None;
    }
    let (Some(five), Some(term)) = (code.get(..5), code.get(5..)) else { return Some("this is no Read code") };
    if !(term.is_empty() || term.len() == 2 && term.bytes().all(|b| b.is_ascii_alphanumeric())) {
        return Some("a Read code is five characters, or seven with its term code");
    }
    // A dot in front makes a four-byte code one of five.
    let letters = five.strip_prefix('.').unwrap_or(five).trim_end_matches('.');
    (letters.is_empty() || !letters.bytes().all(|b| b.is_ascii_alphanumeric()))
        .then_some("a Read code is letters and digits, with dots at its end only")
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn codes() {
        for (code, good) in [
            ("H43..", true),
            ("9bJ4.", true),
            ("136..00", true),
            (".H43.", true),
            ("H.3..", false),
            ("H43..0", false),
            (".....", false),
            ("H43 .", false),
        ] {
            assert_eq!(fault(code).is_none(), good, "{code}");
        }
    }
}
