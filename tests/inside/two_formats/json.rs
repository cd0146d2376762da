//! Prints a typed XML tree as FHIR JSON, for tests only.

use hallmark::message::type_tree;
use hallmark::pack::model::Release;
use hallmark::plan::Plans;
use hallmark::read::{Limits, read};
use hallmark::tree::{Element, Kind, NO_DEF, flags, names};
use serde_json::{Map, Value};

/// The resource as JSON; nothing when the XML itself is at fault or holds what FHIR does not define, for then nothing
/// tells which elements repeat.
pub fn printed(xml: &str, plans: &Plans, release: Release) -> Option<String> {
    let (mut tree, faults) = read(xml, &Limits::default());
    if !faults.is_empty() || type_tree(&mut tree, plans, release) > 0 {
        return None;
    }
    let root = tree.root().filter(|r| r.is_resource())?;
    serde_json::to_string_pretty(&resource(root)).ok()
}

fn resource(at: Element<'_>) -> Value {
    let mut out = Map::new();
    out.insert("resourceType".into(), names::text(at.type_id()).into());
    members(at, &mut out);
    Value::Object(out)
}

fn members(at: Element<'_>, out: &mut Map<String, Value>) {
    let mut seen = Vec::new();
    for child in at.children().filter(|c| c.name_id() != names::RESOURCE_TYPE) {
        if seen.contains(&child.name_id()) {
            continue;
        }
        seen.push(child.name_id());
        let all: Vec<Element<'_>> = at.children().filter(|c| c.name_id() == child.name_id()).collect();
        let (values, siblings): (Vec<Value>, Vec<Value>) = all.iter().map(|e| both(*e)).unzip();
        put(out, child.name().to_owned(), values, child);
        put(out, format!("_{}", child.name()), siblings, child);
    }
}

fn put(out: &mut Map<String, Value>, name: String, mut values: Vec<Value>, first: Element<'_>) {
    if values.iter().all(Value::is_null) {
        return;
    }
    let repeats = first.node().is(flags::REPEATS) || first.node().def == NO_DEF;
    let value = if repeats || values.len() > 1 { Value::Array(values) } else { values.remove(0) };
    out.insert(name, value);
}

/// What stands under the element's name, and what under its name with an underscore.
fn both(at: Element<'_>) -> (Value, Value) {
    if at.is_resource() {
        return (resource(at), Value::Null);
    }
    if at.kind() == Kind::Xhtml {
        return (at.value().unwrap_or_default().into(), Value::Null);
    }
    let mut inner = Map::new();
    members(at, &mut inner);
    let inner = if inner.is_empty() { Value::Null } else { Value::Object(inner) };
    match at.value() {
        Some(value) => (literal(at, value), inner),
        None if is_primitive(at) => (Value::Null, inner),
        None => (inner, Value::Null),
    }
}

fn is_primitive(at: Element<'_>) -> bool {
    names::text(at.type_id()).starts_with(char::is_lowercase)
}

/// Numbers and booleans where the type asks for them and the text can be one.
fn literal(at: Element<'_>, value: &str) -> Value {
    let parsed = match names::text(at.type_id()) {
        "boolean" | "integer" | "decimal" | "positiveInt" | "unsignedInt" => serde_json::from_str::<Value>(value).ok(),
        _ => None,
    };
    match parsed {
        Some(Value::Bool(yes)) => yes.into(),
        // serde_json keeps no scale, so 1.50 would come back as 1.5: a number that does not print as it was stays text.
        Some(Value::Number(number)) if number.to_string() == value => Value::Number(number),
        _ => value.into(),
    }
}
