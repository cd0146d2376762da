//! Prints a typed JSON tree as FHIR XML, for tests only.

use std::fmt::Write as _;

use hallmark::message::type_tree;
use hallmark::pack::model::Release;
use hallmark::plan::Plans;
use hallmark::read::{Limits, read};
use hallmark::tree::{Element, Kind, names};

/// The resource as XML; nothing when the JSON itself is at fault, for then a tree does not hold all of it.
pub fn printed(json: &str, plans: &Plans, release: Release) -> Option<String> {
    let (mut tree, faults) = read(json, &Limits::default());
    if !faults.is_empty() {
        return None;
    }
    type_tree(&mut tree, plans, release);
    let root = tree.root().filter(|r| r.is_resource())?;
    let mut out = String::new();
    resource(root, &mut out, true);
    Some(out)
}

fn resource(at: Element<'_>, out: &mut String, root: bool) {
    let name = names::text(at.type_id());
    let space = if root { " xmlns=\"http://hl7.org/fhir\"" } else { "" };
    let _ = write!(out, "<{name}{space}>");
    children(at, out, |_| true);
    let _ = write!(out, "</{name}>");
}

/// In the order of the definition, which XML asks for and JSON does not.
fn children(at: Element<'_>, out: &mut String, keep: impl Fn(&Element<'_>) -> bool) {
    let mut all: Vec<Element<'_>> = at.children().filter(|e| keep(e) && e.name_id() != names::RESOURCE_TYPE).collect();
    all.sort_by_key(|e| e.def().unwrap_or(u32::MAX));
    for child in all {
        element(child, out);
    }
}

/// Whether an element is an XML attribute of its parent.
fn is_attribute(at: &Element<'_>) -> bool {
    let Some(parent) = at.parent() else { return false };
    let id = at.name_id() == names::ID && !parent.is_resource();
    id || (at.name_id() == names::URL && parent.type_id() == names::T_EXTENSION)
}

fn element(at: Element<'_>, out: &mut String) {
    let name = at.name();
    if at.is_resource() {
        let _ = write!(out, "<{name}>");
        resource(at, out, false);
        let _ = write!(out, "</{name}>");
        return;
    }
    if at.kind() == Kind::Xhtml || (name == "div" && at.type_id() == names::T_XHTML) {
        out.push_str(at.value().unwrap_or_default());
        return;
    }
    let _ = write!(out, "<{name}");
    for attribute in at.children().filter(is_attribute) {
        let _ = write!(out, " {}=\"{}\"", attribute.name(), escaped(attribute.value().unwrap_or_default()));
    }
    if let Some(value) = at.value() {
        let _ = write!(out, " value=\"{}\"", escaped(value));
    }
    out.push('>');
    children(at, out, |e| !is_attribute(e));
    let _ = write!(out, "</{name}>");
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            // A parser would turn these into spaces.
            '\n' | '\r' | '\t' => {
                let _ = write!(out, "&#{};", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}
