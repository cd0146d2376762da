//! Texts are whole.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0822",
    name: "text-cut-off",
    title: "a text was cut off at 255 characters",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "value",
    requirement: "FAULT-33",
    basis: "Government Data Quality Framework: completeness; known limits of source systems",
    criterion: "COD-5",
    why: "The end of the text, often the part that matters, is missing without a sign.",
    remedy: "Send the whole text; when the source holds no more, mark that it is cut.",
    examples: &[
        Example::bad(
            "255 characters",
            r#"{"resourceType": "Condition", "subject": {"display": "x"}, "code": {"text": "«word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word wordw»"}}"#,
        ),
        Example::good(
            "a short text",
            r#"{"resourceType": "Condition", "subject": {"display": "x"}, "code": {"text": "word"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Texts are whole.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["string"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(value) = at.value() else { return };
    if !(255..=1020).contains(&value.len()) || value.chars().count() != 255 {
        return;
    }
    // A sentence that happens to be this long ends in a stop; encoded data have no spaces.
    let ends = value.trim_end().chars().last().is_some_and(|c| c.is_alphanumeric() || c == ',');
    if ends && value.contains(' ') {
        out.say(&META, at, "the text has exactly 255 characters and ends in the middle of a sentence");
    }
}
