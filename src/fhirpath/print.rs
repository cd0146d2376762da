//! Results of an evaluation as text and as JSON.

use std::fmt::Write as _;

use super::types::{self, Class};
use super::value::{Collection, Value};
use crate::text::sanitise::line;
use crate::tree::Element;

/// One line per item: location (`-` for computed values), type, value; made safe for a terminal.
pub fn as_text(items: &Collection<'_>) -> String {
    let mut out = String::new();
    for item in items {
        let location = item.element().map_or_else(|| "-".to_owned(), Element::path);
        let value = shown(item).split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(out, "{location}\t{}\t{}", item.type_name(), line(&value));
    }
    out
}

/// `[{"type","value","location"}]`: booleans and numbers as JSON, the rest as text (quantities as `1 'mg'`, structures
/// as they stand in the message); `location` is null for computed values.
pub fn as_json(items: &Collection<'_>) -> String {
    let mut out = String::from("[");
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        let location = match item.element() {
            Some(element) => quoted(&element.path()),
            None => "null".to_owned(),
        };
        let _ = write!(out, "\n  {{\"type\": {}, ", quoted(item.type_name()));
        let _ = write!(out, "\"value\": {}, \"location\": {location}}}", json(item));
    }
    if !items.is_empty() {
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

fn json(value: &Value<'_>) -> String {
    let bare = match value {
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
    };
    let text = shown(value);
    if bare { text } else { quoted(&text) }
}
