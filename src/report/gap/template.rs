//! A page that users lay out themselves: a template over the same document that the JSON form holds.

use std::collections::BTreeMap;
use std::ops::Range;

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value};

use super::json;
use super::model::Report;
use crate::schema::{Fault, Faults};
use crate::text::scrub::clean;
use crate::text::thousands;

/// Work that a template may do, in steps of its interpreter: thirty partners need about a hundredth of it.
const FUEL: u64 = 50_000_000;

/// Fills a template. Values are escaped for HTML unless the name of the template ends with `.txt` or `.md`; besides the
/// filters of the language, `thousands` writes a count and `share` a number from 0 to 1 as a percentage.
///
/// # Errors
/// What is wrong with the template, with its place: its grammar, a name that the document does not hold, or a value
/// that a filter does not take.
pub fn fill(report: &Report, name: &str, text: &str) -> Result<String, Faults> {
    if !text.contains("{{") && !text.contains("{%") {
        let remedy = "Write `{{ … }}` where a value of the report belongs; see docs/templates.md";
        return Err(Fault::unseen(name, "this file is not a template: it takes nothing from the report", remedy).into());
    }
    let plain = name.ends_with(".txt") || name.ends_with(".md");
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(move |_| if plain { AutoEscape::None } else { AutoEscape::Html });
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_debug(true);
    environment.add_filter("thousands", |n: u64| thousands(n));
    environment.add_filter("share", |share: f64| super::words::percent_of(share));
    environment.set_fuel(Some(FUEL));
    let fail = |error: &Error| -> Faults { fault(name, text, error).into() };
    environment.add_template(name, text).map_err(|e| fail(&e))?;
    let template = environment.get_template(name).map_err(|e| fail(&e))?;
    let page = template.render(value(&json::value(report))).map_err(|e| fail(&e))?;
    Ok(clean(&page).into_owned())
}

fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::from(()),
        serde_json::Value::Bool(b) => Value::from(*b),
        serde_json::Value::Number(n) => match (n.as_u64(), n.as_i64()) {
            (Some(n), _) => Value::from(n),
            (_, Some(n)) => Value::from(n),
            _ => Value::from(n.as_f64().unwrap_or_default()),
        },
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => Value::from(items.iter().map(value).collect::<Vec<_>>()),
        serde_json::Value::Object(map) => {
            Value::from(map.iter().map(|(k, v)| (k.clone(), value(v))).collect::<BTreeMap<_, _>>())
        }
    }
}

fn fault(name: &str, text: &str, error: &Error) -> Fault {
    let line = error.line().unwrap_or(1);
    let span = error.range().filter(|r| r.end <= text.len()).unwrap_or_else(|| line_span(text, line));
    let says = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    Fault::new(name, text, span, says, "The document is that of `--format json`; see docs/templates.md")
}

/// The text of a line, from 1, without the space before it.
fn line_span(text: &str, line: usize) -> Range<usize> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text[start..].lines().next().unwrap_or_default();
    start + rest.len() - rest.trim_start().len()..start + rest.trim_end().len()
}
