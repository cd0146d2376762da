//! What a document holds, as an editor lists it: resources, and the elements of each that have elements.

use lsp_types::{DocumentSymbol, SymbolKind};

use crate::documents::Document;
use crate::outline::{Kind, Outline};
use crate::place;

/// Symbols of a document at most.
const MOST: usize = 10_000;

/// The symbols of a document.
pub fn symbols(document: &mut Document) -> Option<Vec<DocumentSymbol>> {
    let outline = document.outline();
    if !outline.is_fhir(&document.text) {
        return None;
    }
    let mut left = MOST;
    Some(symbol(document, &outline, 0, None, 0, &mut left).into_iter().collect())
}

/// Elements below each other that are listed.
const DEPTH: u32 = 32;

#[allow(deprecated, reason = "the protocol's own field, which must be said")]
fn symbol(
    document: &Document,
    outline: &Outline,
    node: usize,
    number: Option<usize>,
    depth: u32,
    left: &mut usize,
) -> Option<DocumentSymbol> {
    let of = &outline.nodes[node];
    *left = left.checked_sub(1)?;
    let text = &document.text;
    let resource = place::resource(outline, text, node);
    let key = match of.name.is_empty() {
        // An item goes by the name of its array.
        true => of.parent.map_or("", |parent| outline.name(parent, text)),
        false => outline.name(node, text),
    };
    let mut name = if key.is_empty() { resource.clone().unwrap_or_else(|| "message".into()) } else { key.to_owned() };
    if let Some(number) = number {
        name.push_str(&format!("[{number}]"));
    }
    let detail = resource.map(|kind| match outline.text_of(node, text, "id") {
        Some(id) => format!("{kind}/{id}"),
        None => kind,
    });
    let mut children = Vec::new();
    for child in of.children.iter().copied().filter(|_| depth < DEPTH) {
        let inner = &outline.nodes[child];
        match inner.kind {
            Kind::Array => {
                let items = inner.children.iter().enumerate().filter(|(_, item)| holds(outline, **item));
                children
                    .extend(items.filter_map(|(n, item)| symbol(document, outline, *item, Some(n), depth + 1, left)));
            }
            _ if holds(outline, child) => children.extend(symbol(document, outline, child, None, depth + 1, left)),
            _ => {}
        }
    }
    let whole = if of.name.is_empty() { of.span.clone() } else { of.name.start.min(of.span.start)..of.span.end };
    let chosen = if of.name.is_empty() { of.span.start..of.span.start } else { of.name.clone() };
    Some(DocumentSymbol {
        name,
        kind: if detail.is_some() { SymbolKind::CLASS } else { SymbolKind::FIELD },
        detail,
        tags: None,
        deprecated: None,
        range: document.lines.between(text, &whole),
        selection_range: document.lines.between(text, &chosen),
        children: Some(children).filter(|children| !children.is_empty()),
    })
}

/// Whether something stands in it.
fn holds(outline: &Outline, node: usize) -> bool {
    let of = &outline.nodes[node];
    matches!(of.kind, Kind::Object | Kind::Element) && !of.children.is_empty()
}
