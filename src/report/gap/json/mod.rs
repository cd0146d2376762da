//! The report as JSON, described by a schema; and the part of an older one that a new one compares with.

mod document;
mod made;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::Value;

use super::model::Report;
use crate::kitemark::Subject;
use crate::schema::{Checked, Faults, Schema, Syntax};

/// The schema of a report.
pub static SCHEMA: Schema = Schema::new(include_str!("../../../../schemas/report.schema.json"));

/// One member a line, and one item of a list a line, so that two reports can be compared by lines.
pub(super) fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let value = value(report);
    let members = value.as_object().into_iter().flatten();
    for (i, (key, member)) in members.enumerate() {
        write!(out, "{}\n{}: ", if i == 0 { "{" } else { "," }, Value::from(key.as_str()))?;
        match member.as_array() {
            Some(items) if !items.is_empty() => {
                for (j, item) in items.iter().enumerate() {
                    write!(out, "{}\n  {item}", if j == 0 { "[" } else { "," })?;
                }
                out.write_all(b"\n]")?;
            }
            _ => write!(out, "{member}")?,
        }
    }
    out.write_all(b"\n}\n")
}

/// The document that the JSON form writes and templates read.
pub(super) fn value(report: &Report) -> Value {
    // Keys are texts and numbers are finite, so that nothing of it can fail.
    serde_json::to_value(made::document(report)).unwrap_or_default()
}

/// What an older report says about levels.
#[derive(Clone, Debug, Default)]
pub struct Previous {
    /// The day it was made.
    pub day: String,
    levels: BTreeMap<Subject, BTreeMap<String, u8>>,
}

impl Previous {
    /// Reads a report in JSON.
    ///
    /// # Errors
    /// What is not well formed or breaks its schema, with its place.
    pub fn read(name: &str, text: &str) -> Result<Self, Faults> {
        let checked = Checked::read(name, text, Syntax::Json, &SCHEMA)?;
        let mut levels: BTreeMap<Subject, BTreeMap<String, u8>> = BTreeMap::new();
        let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_string();
        for row in checked.value["criteria"].as_array().into_iter().flatten() {
            let subject = Subject {
                partner: text(row, "partner"),
                product: text(row, "product"),
                interface: text(row, "interface"),
                environment: text(row, "environment"),
            };
            let level = row["level"].as_u64().unwrap_or_default() as u8;
            levels.entry(subject).or_default().insert(text(row, "id"), level);
        }
        Ok(Self { day: text(&checked.value, "day"), levels })
    }

    /// Levels by criterion of one subject; of the same partner on the same interface when the product has moved on.
    pub(super) fn levels(&self, subject: &Subject) -> Option<&BTreeMap<String, u8>> {
        self.levels.get(subject).or_else(|| {
            let mut alike = self.levels.iter().filter(|(s, _)| {
                s.partner == subject.partner && s.interface == subject.interface && s.environment == subject.environment
            });
            alike.next().map(|(_, levels)| levels)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use schemars::generate::SchemaSettings;
    use serde_json::Value;

    use super::document::Document;

    /// Follows a reference inside a schema; a type that may be null is what it is otherwise.
    fn settled<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
        if let Some(at) = schema["$ref"].as_str() {
            return settled(root, root.pointer(at.trim_start_matches('#')).unwrap());
        }
        let other = schema["anyOf"].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"));
        other.map_or(schema, |other| settled(root, other))
    }

    fn names(value: &Value) -> BTreeSet<&str> {
        let keys = value.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        keys.chain(value.as_array().into_iter().flatten().filter_map(Value::as_str)).collect()
    }

    fn compare(at: &str, made: (&Value, &Value), held: (&Value, &Value), wrong: &mut Vec<String>) {
        let (one, other) = (settled(made.0, made.1), settled(held.0, held.1));
        if !one["properties"].is_object() {
            if !one["items"].is_null() && one["items"].is_object() {
                compare(&format!("{at}[]"), (made.0, &one["items"]), (held.0, &other["items"]), wrong);
            }
            return;
        }
        for part in ["properties", "required"] {
            let (one, other) = (names(&one[part]), names(&other[part]));
            if one != other {
                let more: Vec<_> = other.difference(&one).collect();
                wrong.push(format!(
                    "{at} {part}: missing {:?}, too many {more:?}",
                    one.difference(&other).collect::<Vec<_>>()
                ));
            }
        }
        if other["additionalProperties"] != Value::Bool(false) {
            wrong.push(format!("{at} takes what no report has"));
        }
        for (name, inner) in one["properties"].as_object().into_iter().flatten() {
            compare(&format!("{at}.{name}"), (made.0, inner), (held.0, &other["properties"][name]), wrong);
        }
    }

    /// The schema describes what is written, member by member, and nothing else.
    #[test]
    fn the_schema_is_that_of_the_model() {
        let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
        let made = generator.into_root_schema_for::<Document<'_>>().to_value();
        let held: Value = serde_json::from_str(include_str!("../../../../schemas/report.schema.json")).unwrap();
        let mut wrong = Vec::new();
        compare("report", (&made, &made), (&held, &held), &mut wrong);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
