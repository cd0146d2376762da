//! No placeholders are left in.

use crate::finding::{Dimension, Example, Explained, Family, Meta, Severity};
use crate::read::recognise::TEMPLATES;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0820",
    name: "placeholder-left-in",
    title: "a template placeholder was left in",
    family: Family::Quality,
    severity: Severity::Warning,
    production: Some(Severity::Error),
    dimension: Dimension::Validity,
    issue: "value",
    requirement: "FAULT-31",
    basis: "Government Data Quality Framework: validity; FHIR, string values are data",
    criterion: "COD-5",
    why: "The reader sees a template where a fact should stand, and the fact is missing.",
    remedy: "Fill the placeholder before the message is sent; leave the element out when there is nothing to say.",
    fix: "",
    explains: &[
        Explained::here("HM0243"),
        instead("HM0111"),
        instead("HM0113"),
        instead("HM0115"),
        instead("HM0136"),
        Explained::coding("HM0115").when(EXPRESSION),
    ],
    examples: &[
        Example::bad("a template", r#"{"resourceType": "Organization", "name": "«{{organisation.name}}»"}"#),
        Example::bad("a bracketed name", r#"{"resourceType": "Organization", "name": "«[organisation_name]»"}"#),
        Example::bad(
            "a template where a date stands",
            r#"{"resourceType": "Patient", "birthDate": "«${dateOfBirth}»"}"#,
        ),
        Example::bad("to be confirmed", r#"{"resourceType": "Organization", "name": "«TBC»"}"#),
        Example::good(
            "a variable of a test script",
            r#"{"resourceType": "TestScript", "url": "http://example.org/t", "name": "T", "status": "draft", "test": [{"action": [{"operation": {"params": "/${patientId}", "encodeRequestUrl": true}}]}]}"#,
        ),
        Example::good(
            "a unit",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "valueQuantity": {"value": 1, "system": "http://unitsofmeasure.org", "code": "[in_i]"}}"#,
        ),
        Example::good("a name", r#"{"resourceType": "Organization", "name": "Test Trust"}"#),
        Example::good(
            "a term in brackets",
            r#"{"resourceType": "Condition", "subject": {"display": "x"}, "code": {"text": "[D]Chest pain"}}"#,
        ),
    ],
};

/// No placeholders are left in.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::Types(&[
        "string",
        "uri",
        "url",
        "canonical",
        "markdown",
        "id",
        "code",
        "date",
        "dateTime",
        "instant",
        "time",
        "oid",
        "uuid",
        "decimal",
        "integer",
        "positiveInt",
        "unsignedInt",
        "boolean",
    ])],
    check,
};

/// Types of which a word or a name in brackets is no value.
const TEXTS: &[&str] = &["string", "uri", "url", "canonical", "markdown", "id"];

/// The key of a finding about an expression of a template.
const EXPRESSION: &str = "expression";

/// A finding about a value that an expression of a template explains.
const fn instead(rule: &'static str) -> Explained {
    Explained::here(rule).when(EXPRESSION)
}

/// Whether a value holds an expression of a template.
fn is_expression(value: &str) -> bool {
    TEMPLATES.iter().any(|(open, close)| holds(value, open, close))
}

/// Words that stand for what is still to come.
const WORDS: &[&str] = &["tbc", "tbd", "todo", "fixme", "xxx", "xxxx", "lorem ipsum", "to be confirmed", "placeholder"];

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    // Rules see every text: one look at its bytes settles nearly all of them.
    if let Some(value) = at.value()
        && (is_marked(value.as_bytes()) || is_word(value))
        && let Some(says) = fault(at, value)
        // Test scripts have variables of their own (FHIR, TestScript: variable).
        && names::text(at.resource().type_id()) != "TestScript"
    {
        let draft = out.say(&META, at, says);
        // What was to be filled in is no message yet, and nothing else that is said of the value means anything.
        if is_expression(value) {
            draft.severity = Severity::Error;
            EXPRESSION.clone_into(&mut draft.key);
        }
    }
}

/// What is wrong with a value, if anything.
fn fault(at: Element<'_>, value: &str) -> Option<&'static str> {
    if is_expression(value) {
        return Some("the value holds a template expression");
    }
    // Codes are what their systems make them: UCUM's are full of brackets.
    if !TEXTS.contains(&names::text(at.type_id())) {
        return None;
    }
    if bracketed(value) && at.parent().is_some_and(|p| p.type_id() != names::T_QUANTITY) {
        return Some("the value is, or holds, a name in square brackets");
    }
    if value.contains("dd-Mmm-yyyy") || value.contains("DD/MM/YYYY") {
        return Some("the value holds the pattern of a date");
    }
    is_word(value).then_some("the value says that it is still to come")
}

/// Whether a text has a byte that every mark of a template has: a brace, a bracket, a percent sign after `<`, the month of a date.
fn is_marked(text: &[u8]) -> bool {
    // Most texts are short and have none of these. Without a way out in between, the loop takes sixteen bytes at a time.
    if text.len() <= SHORT && !text.iter().fold(false, |any, b| any | matches!(b, b'{' | b'[' | b'<' | b'M')) {
        return false;
    }
    memchr::memchr3(b'{', b'[', b'<', text).is_some()
        || memchr::memchr_iter(b'M', text).any(|i| matches!(text.get(i + 1), Some(b'm' | b'M')))
}

/// Bytes of a short text.
const SHORT: usize = 128;

/// Whether a text is one of the words.
fn is_word(text: &str) -> bool {
    let [first, .., last] = text.as_bytes() else { return false };
    let text = if first.is_ascii_graphic() && last.is_ascii_graphic() { text } else { text.trim() };
    // Every word has one of these lengths and begins with one of these letters.
    matches!(text.len(), 3..=5 | 11 | 15)
        && matches!(text.as_bytes()[0] | 0x20, b't' | b'f' | b'x' | b'l' | b'p')
        && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether `open` stands in a text with `close` after it.
fn holds(text: &str, open: &str, close: &str) -> bool {
    text.split_once(open).is_some_and(|(_, after)| after.contains(close))
}

/// Whether a text is a name in square brackets, alone or after `urn:`.
fn bracketed(text: &str) -> bool {
    let bare = text.strip_prefix("urn:").unwrap_or(text).trim();
    let Some(inner) = bare.strip_prefix('[').and_then(|t| t.strip_suffix(']')) else { return false };
    inner.len() > 3
        && inner.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b' ' | b'.'))
        && (inner.contains('_')
            || inner.contains('-')
            || inner.contains(' ')
            || inner.bytes().all(|b| b.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::bracketed;

    #[test]
    fn names_in_brackets() {
        for (text, expected) in [
            ("[document-title]", true),
            ("urn:[organisation_name]", true),
            ("[name]", true),
            ("[D]Chest pain", false),
            ("[IU]", false),
            ("mm[Hg]", false),
            ("[]", false),
        ] {
            assert_eq!(bracketed(text), expected, "{text}");
        }
    }
}
