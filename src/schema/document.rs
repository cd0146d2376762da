//! One of our own files as a value, with the place of each part.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::check::{Fault, Faults, Schema};
use super::locate::{locate, twice};
use crate::text::sanitise;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// TOML. Dates become strings.
    Toml,
    /// JSON.
    Json,
}

/// A file that agrees with its schema.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Name, as it shows in faults.
    pub name: String,
    /// The text.
    pub text: String,
    /// The value.
    pub value: Value,
    spans: Spans,
}

/// Span of the key, where there is one, and of the value, by JSON pointer.
type SpanMap = BTreeMap<Vec<String>, (Option<Range<usize>>, Range<usize>)>;

/// Places of the parts of a TOML file by JSON pointer; JSON is looked up when needed.
#[derive(Clone, Debug)]
enum Spans {
    Toml(SpanMap),
    Json,
}

impl Checked {
    /// Parses `text` and checks it.
    ///
    /// # Errors
    /// What is not well formed or breaks the schema, each with its place and a remedy.
    pub fn read(name: &str, text: &str, syntax: Syntax, schema: &Schema) -> Result<Self, Faults> {
        let kind = schema.kind();
        let ours_by_name = name.rsplit(['/', '\\']).next() == Some("hallmark.toml");
        if !ours_by_name && !kind.claimed_by(text, syntax) {
            // Whatever it is, it may be a message: nothing of it is shown.
            let remedy = format!("Give {}", kind.wanted());
            return Err(Fault::unseen(
                name,
                "this file does not say that it is one of hallmark's of this kind",
                remedy,
            )
            .into());
        }
        let parsed = Self::parse(name, text, syntax)?;
        let faults = schema.faults(&parsed)?;
        if faults.is_empty() { Ok(parsed) } else { Err(Faults(faults)) }
    }

    fn parse(name: &str, text: &str, syntax: Syntax) -> Result<Self, Faults> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let (value, spans) = match syntax {
            Syntax::Toml => {
                let table = DeTable::parse(text).map_err(|e| {
                    let span = e.span().unwrap_or_default();
                    Faults(vec![Fault::new(name, text, span, e.message().replace('\n', ", "), "See https://toml.io")])
                })?;
                let mut spans = BTreeMap::new();
                let value = from_table(table.get_ref(), &mut Vec::new(), &mut spans);
                (value, Spans::Toml(spans))
            }
            Syntax::Json => {
                let value: Value = serde_json::from_str(text).map_err(|e| {
                    let at = offset(text, e.line(), e.column());
                    // The fault shows its place itself.
                    let place = format!(" at line {} column {}", e.line(), e.column());
                    let message = e.to_string();
                    let says = message.strip_suffix(place.as_str()).unwrap_or(&message).to_owned();
                    Faults(vec![Fault::new(name, text, at..at, says, "Write well-formed JSON")])
                })?;
                if let Some(key) = twice(text) {
                    let says = "this member stands here twice, so that the file says two things";
                    return Err(Fault::new(name, text, key, says, "Keep one of the two").into());
                }
                (value, Spans::Json)
            }
        };
        Ok(Self { name: name.to_string(), text: text.to_string(), value: visible(value), spans })
    }

    /// The value as a type. The schema has been checked, so a failure here is a difference between schema and type.
    ///
    /// # Errors
    /// One fault without a place.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T, Faults> {
        T::deserialize(&self.value).map_err(|e| {
            Faults(vec![Fault::new(&self.name, &self.text, 0..0, e.to_string(), "Compare the file with its schema")])
        })
    }

    /// A fault at a JSON pointer (`/waiver/0/expires`), for what a schema cannot say.
    pub fn fault(&self, pointer: &str, says: impl Into<String>, remedy: impl Into<String>) -> Fault {
        let steps = steps(pointer);
        let span = self.span(&steps, false);
        Fault::new(&self.name, &self.text, span, says, remedy)
    }

    /// Line of a JSON pointer, from 1.
    pub fn line(&self, pointer: &str) -> u32 {
        let span = self.span(&steps(pointer), true);
        crate::text::LineIndex::new(&self.text).place(&self.text, span.start as u32).line
    }

    /// Span of a value, or of its key; of the nearest parent that has one when it has none.
    pub(super) fn span(&self, steps: &[String], key: bool) -> Range<usize> {
        let mut steps = steps;
        loop {
            let found = match &self.spans {
                Spans::Toml(spans) => spans.get(steps).cloned(),
                Spans::Json => locate(&self.text, steps),
            };
            if let Some((name, value)) = found {
                return if key { name.unwrap_or(value) } else { value };
            }
            match steps.split_last() {
                Some((_, parent)) => steps = parent,
                None => return 0..0,
            }
        }
    }
}

fn steps(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~")).collect()
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}

/// What people read of a file holds nothing that they do not see.
fn visible(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(sanitise::lines(&text)),
        Value::Array(items) => items.into_iter().map(visible).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(key, value)| (sanitise::lines(&key), visible(value))).collect()
        }
        other => other,
    }
}

fn from_table(table: &DeTable<'_>, at: &mut Vec<String>, spans: &mut SpanMap) -> Value {
    let mut map = Map::new();
    for (key, value) in table {
        let name = key.get_ref().to_string();
        at.push(name.clone());
        let converted = from_value(value, Some(key.span()), at, spans);
        at.pop();
        map.insert(name, converted);
    }
    Value::Object(map)
}

fn from_value(
    value: &Spanned<DeValue<'_>>,
    key: Option<Range<usize>>,
    at: &mut Vec<String>,
    spans: &mut SpanMap,
) -> Value {
    spans.insert(at.clone(), (key, value.span()));
    match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(n) => {
            let digits = n.as_str().replace('_', "");
            i64::from_str_radix(&digits, n.radix()).map_or(Value::String(digits), Value::from)
        }
        DeValue::Float(n) => {
            let digits = n.as_str().replace('_', "");
            digits.parse::<f64>().map_or(Value::String(digits), Value::from)
        }
        DeValue::Boolean(b) => Value::Bool(*b),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => Value::Array(
            items
                .iter()
                .enumerate()
                .map(|(i, item)| {
                    at.push(i.to_string());
                    let converted = from_value(item, None, at, spans);
                    at.pop();
                    converted
                })
                .collect(),
        ),
        DeValue::Table(table) => from_table(table, at, spans),
    }
}
