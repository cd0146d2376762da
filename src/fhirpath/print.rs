//! Results of an evaluation as text and as JSON.

use std::fmt::Write as _;

use super::types::{self, Class};
use super::value::{Collection, Value};
use crate::text::sanitise::line;
use crate::tree::Element;

/// One item of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its type: `Integer`, `FHIR.HumanName`.
    pub kind: &'static str,
    /// Its value as text: a quantity as `1 'mg'`, a structure as it stands in the message.
    pub value: String,
    /// The value is a number or boolean as JSON writes it.
    pub literal: bool,
    /// Where it stands in the message; nothing for what was computed.
    pub location: Option<String>,
}

/// The items of a result.
pub fn answers(items: &Collection<'_>) -> Vec<Answer> {
    let one = |item: &Value<'_>| Answer {
        kind: item.type_name(),
        value: shown(item),
        literal: literal(item),
        location: item.element().map(Element::path),
    };
    items.iter().map(one).collect()
}

/// One line per item: location (`-` for computed values), type, value; made safe for a terminal.
pub fn as_text(answers: &[Answer]) -> String {
    let mut out = String::new();
    for answer in answers {
        let location = answer.location.as_deref().unwrap_or("-");
        let value = answer.value.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(out, "{location}\t{}\t{}", answer.kind, line(&value));
    }
    out
}

/// `[{"type","value","location"}]`: booleans and numbers as JSON, the rest as text (quantities as `1 'mg'`, structures
/// as they stand in the message); `location` is null for computed values.
pub fn as_json(answers: &[Answer]) -> String {
    let mut out = String::from("[");
    for (i, answer) in answers.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        let location = answer.location.as_deref().map_or_else(|| "null".to_owned(), quoted);
        let value = if answer.literal { answer.value.clone() } else { quoted(&answer.value) };
        let _ = write!(out, "\n  {{\"type\": {}, \"value\": {value}, \"location\": {location}}}", quoted(answer.kind));
    }
    if !answers.is_empty() {
        out.push('\n');
    }
    out.push(']');
    out
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A value as text; a structure as it was written.
fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Element(e) if e.value().is_none() && types::class_of(*e) != Class::Quantity => {
            e.span().of(e.tree().text).to_owned()
        }
        other => other.to_string(),
    }
}

/// Whether JSON writes a value as it is shown.
fn literal(value: &Value<'_>) -> bool {
    match value {
        Value::Boolean(_) | Value::Integer(_) | Value::Long(_) | Value::Decimal(_) => true,
        Value::Element(e) => {
            let class = types::class_of(*e);
            matches!(class, Class::Boolean | Class::Integer | Class::Decimal)
                && e.value().is_some_and(|text| {
                    let token = serde_json::from_str::<serde_json::Value>(text);
                    token.is_ok_and(|t| t.is_number() || t.is_boolean())
                })
        }
        _ => false,
    }
}
