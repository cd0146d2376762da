//! JSON Schema over one of our own files: faults with a place, a reason and a remedy.

use std::fmt;
use std::ops::Range;

use jsonschema::error::ValidationErrorKind as Wrong;
use serde_json::Value;

use super::document::{Checked, Syntax};
use crate::text::nearest;
use crate::text::{LineIndex, Place, sanitise};

/// What is wrong with one of our own files, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name of the file.
    pub name: String,
    /// Line and column.
    pub place: Place,
    /// The line it stands on.
    pub line: String,
    /// Length of the span on that line, in characters, at least 1.
    pub width: usize,
    /// What is wrong, without a full stop.
    pub says: String,
    /// What to do, without a full stop.
    pub remedy: String,
}

impl Fault {
    /// A fault at a byte range of `text`.
    pub fn new(name: &str, text: &str, span: Range<usize>, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        let index = LineIndex::new(text);
        let place = index.place(text, span.start as u32);
        let line = index.line(text, place.line);
        let covered = text.get(span).unwrap_or_default().lines().next().unwrap_or_default().chars().count();
        Self {
            name: name.to_string(),
            place,
            line: sanitise::line(line),
            width: covered.max(1),
            says: says.into(),
            remedy: remedy.into(),
        }
    }
}

impl Fault {
    /// A fault of a file of which nothing is shown.
    pub fn unseen(name: &str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { line: String::new(), ..Self::new(name, "", 0..0, says, remedy) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line.is_empty() {
            return write!(f, "{}: {}\n  = {}", self.name, self.says, self.remedy);
        }
        let number = self.place.line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "{}", self.says)?;
        writeln!(f, "{margin}--> {}:{}:{}", self.name, self.place.line, self.place.column)?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {}", self.line)?;
        let before = " ".repeat(self.place.column.saturating_sub(1) as usize);
        writeln!(f, "{margin} | {before}{}", "^".repeat(self.width))?;
        write!(f, "{margin} = {}", self.remedy)
    }
}

/// One or more faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

/// One of our JSON Schemas.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Its text, draft 2020-12.
    pub text: &'static str,
}

impl Schema {
    /// A schema from its text.
    pub const fn new(text: &'static str) -> Self {
        Self { text }
    }

    /// What a file of this schema says that it is.
    pub(super) fn kind(self) -> Kind {
        let schema: Value = serde_json::from_str(self.text).unwrap_or_default();
        let word = schema.pointer("/properties/type/const").and_then(Value::as_str).map(str::to_owned);
        let keys = schema.get("properties").and_then(Value::as_object);
        Kind { word, keys: keys.map(|k| k.keys().cloned().collect()).unwrap_or_default() }
    }

    pub(super) fn faults(self, file: &Checked) -> Result<Vec<Fault>, Faults> {
        let broken = |says: String| Faults::from(Fault::new(&file.name, "", 0..0, says, "Report this to hallmark"));
        let schema: Value =
            serde_json::from_str(self.text).map_err(|e| broken(format!("our schema is not JSON: {e}")))?;
        // Our schemas use nothing that draft 7 reads otherwise, and its meta-schema takes a tenth of the time to compile,
        // which every run with a flag would pay. A test holds them to 2020-12 as well.
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft7)
            .should_validate_formats(true)
            .build(&schema)
            .map_err(|e| broken(format!("our schema is not a schema: {e}")))?;
        let mut faults: Vec<Fault> =
            validator.iter_errors(&file.value).flat_map(|error| describe(file, &schema, &error)).collect();
        faults.sort_by_key(|fault| (fault.place.line, fault.place.column));
        faults.dedup();
        Ok(faults)
    }
}

/// How a file says what it is.
#[derive(Debug)]
pub(super) struct Kind {
    /// Its `type`, where it has one.
    word: Option<String>,
    /// Its keys.
    keys: Vec<String>,
}

impl Kind {
    /// Whether a text says so: by its `type`, or, where files of this kind have none, by a line that begins with one of its keys.
    pub(super) fn claimed_by(&self, text: &str, syntax: Syntax) -> bool {
        let text = text.trim_start_matches('\u{FEFF}');
        match (&self.word, syntax) {
            (Some(word), _) => {
                // Well-formed or not: what it says stands at its beginning.
                let head =
                    text.trim_start().strip_prefix('{').map(str::trim_start).and_then(|t| t.strip_prefix("\"type\""));
                let head = head.map(str::trim_start).and_then(|t| t.strip_prefix(':')).map(str::trim_start);
                head.is_some_and(|t| t.strip_prefix('"').is_some_and(|t| t.starts_with(word.as_str())))
                    || serde_json::from_str::<Value>(text)
                        .is_ok_and(|v| v.get("type").and_then(Value::as_str) == Some(word))
            }
            (None, Syntax::Toml) => {
                let begins = |line: &str| {
                    let line = line.trim_start().trim_start_matches('[');
                    let key = line
                        .split(|c: char| c == '=' || c == ']' || c == '.' || c.is_whitespace())
                        .next()
                        .unwrap_or("");
                    self.keys.iter().any(|known| known == key.trim_matches('"'))
                };
                text.trim().is_empty()
                    || text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
                    || text.lines().any(begins)
            }
            (None, Syntax::Json) => true,
        }
    }

    /// What to give.
    pub(super) fn wanted(&self) -> String {
        match &self.word {
            Some(word) => format!("a file whose `type` is `{word}`"),
            None => format!(
                "a file with keys such as {}",
                self.keys.iter().take(4).map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")
            ),
        }
    }
}

/// The steps of a pointer that jsonschema gives.
fn steps(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~")).collect()
}

fn describe(file: &Checked, schema: &Value, error: &jsonschema::ValidationError<'_>) -> Vec<Fault> {
    let at = steps(error.instance_path.as_str());
    let fault = |key: bool, says: String, remedy: String| {
        vec![Fault::new(&file.name, &file.text, file.span(&at, key), says, remedy)]
    };
    // An item of a list goes by the name of its list.
    let named = at.iter().rfind(|step| !step.bytes().all(|b| b.is_ascii_digit()));
    let name = named.cloned().unwrap_or_else(|| "the file".into());
    match &error.kind {
        Wrong::AdditionalProperties { unexpected } | Wrong::UnevaluatedProperties { unexpected } => {
            let known = known_keys(schema, error.schema_path.as_str());
            unexpected
                .iter()
                .map(|key| {
                    let mut place = at.clone();
                    place.push(key.clone());
                    let remedy = match nearest(key, known.iter().map(String::as_str)) {
                        Some(near) => format!("Did you mean `{near}`?"),
                        None => format!("Known here: {}", known.join(", ")),
                    };
                    Fault::new(&file.name, &file.text, file.span(&place, true), format!("unknown key `{key}`"), remedy)
                })
                .collect()
        }
        Wrong::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            fault(true, format!("`{key}` is missing"), format!("Add `{key}`{}", hint(schema, error, key)))
        }
        Wrong::Enum { options } => {
            let words: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let given = error.instance.as_str().unwrap_or_default();
            let remedy = match nearest(given, words.iter().copied()) {
                Some(near) => format!("Did you mean `{near}`? Allowed: {}", words.join(", ")),
                None => format!("Allowed: {}", words.join(", ")),
            };
            fault(false, format!("`{name}` does not take this value"), remedy)
        }
        Wrong::Type { kind } => {
            let wanted = match kind {
                jsonschema::error::TypeKind::Single(one) => one.to_string(),
                jsonschema::error::TypeKind::Multiple(_) => "one of several types".into(),
            };
            fault(false, format!("`{name}` has the wrong type"), format!("Write a value of type {wanted}"))
        }
        Wrong::Pattern { pattern } => {
            let remedy = described(schema, error).unwrap_or_else(|| format!("It must match {pattern}"));
            fault(false, format!("`{name}` has the wrong form"), remedy)
        }
        Wrong::Format { format } => fault(false, format!("`{name}` has the wrong form"), format!("Write a {format}")),
        _ => {
            let remedy = described(schema, error).unwrap_or_else(|| "See the schema of this file".into());
            fault(false, format!("`{name}`: {}", error.masked()), remedy)
        }
    }
}

/// The schema object that holds the keyword that failed.
fn holder<'s>(root: &'s Value, keyword_path: &str) -> Option<&'s Value> {
    let mut at = root;
    let path = steps(keyword_path);
    let (_, parents) = path.split_last()?;
    for step in parents {
        if step == "$ref" {
            at = follow(root, at);
            continue;
        }
        at = follow(root, at);
        at = match at {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            other => other.get(step)?,
        };
    }
    Some(follow(root, at))
}

fn follow<'s>(root: &'s Value, mut at: &'s Value) -> &'s Value {
    while let Some(target) = at.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#'))
        && let Some(found) = root.pointer(target)
    {
        at = found;
    }
    at
}

fn known_keys(root: &Value, keyword_path: &str) -> Vec<String> {
    let properties = holder(root, keyword_path).and_then(|s| s.get("properties")).and_then(Value::as_object);
    properties.map(|p| p.keys().cloned().collect()).unwrap_or_default()
}

fn described(root: &Value, error: &jsonschema::ValidationError<'_>) -> Option<String> {
    let text = holder(root, error.schema_path.as_str())?.get("description")?.as_str()?;
    Some(text.to_string())
}

fn hint(root: &Value, error: &jsonschema::ValidationError<'_>, key: &str) -> String {
    let property = holder(root, error.schema_path.as_str()).and_then(|s| s.get("properties")?.get(key));
    let text = property.and_then(|p| follow(root, p).get("description")?.as_str());
    text.map(|t| format!(": {t}")).unwrap_or_default()
}
