//! Where the resource stands that a reference names: contained, in the same Bundle, or in another open document.

use std::collections::HashMap;

use lsp_types::{Location, Position, Uri};

use crate::documents::Document;
use crate::outline::{Kind, Outline};
use crate::place;

/// The place of the resource that the reference at a position names.
pub fn target(documents: &mut HashMap<String, Document>, uri: &Uri, position: Position) -> Option<Location> {
    let document = documents.get_mut(uri.as_str())?;
    let outline = document.outline();
    let byte = document.lines.byte(&document.text, position);
    let node = outline.around(byte)?;
    let node = if outline.name(node, &document.text) == "reference" {
        node
    } else {
        outline.child(node, &document.text, "reference")?
    };
    let reference = outline.value(node, &document.text)?.to_owned();
    if let Some(found) = find(&outline, &document.text, node, &reference) {
        return location(document, &outline, found, uri);
    }
    // Elsewhere only by type and id: a fragment is of its own resource, a fullUrl of its own Bundle.
    let (kind, id) = type_and_id(&reference)?;
    documents.iter_mut().filter(|(other, _)| other.as_str() != uri.as_str()).find_map(|(other, document)| {
        let outline = document.outline();
        let found = named(&outline, &document.text, kind, id)?;
        location(document, &outline, found, &other.parse().ok()?)
    })
}

fn location(document: &Document, outline: &Outline, node: usize, uri: &Uri) -> Option<Location> {
    let range = document.lines.between(&document.text, &outline.nodes[node].span);
    Some(Location { uri: uri.clone(), range })
}

fn find(outline: &Outline, text: &str, from: usize, reference: &str) -> Option<usize> {
    if let Some(id) = reference.strip_prefix('#') {
        // Of the resource that contains, which is not itself contained.
        let mut holder = place::of(outline, text, from).resource;
        if let Some(parent) = outline.nodes[holder].parent.filter(|parent| in_contained(outline, text, *parent, holder))
        {
            holder = place::of(outline, text, parent).resource;
        }
        if id.is_empty() {
            return Some(holder);
        }
        return resources(outline, text)
            .into_iter()
            .find(|node| *node != holder && id_of(outline, text, *node) == Some(id) && within(outline, *node, holder));
    }
    let of_url = (0..outline.nodes.len()).filter(|node| outline.name(*node, text) == "fullUrl");
    let by_url = of_url.into_iter().find_map(|node| {
        let url = outline.value(node, text)?;
        let entry = outline.nodes[node].parent?;
        (url == reference).then(|| resource_of(outline, text, entry)).flatten()
    });
    let (kind, id) = type_and_id(reference).unwrap_or_default();
    by_url.or_else(|| named(outline, text, kind, id))
}

fn in_contained(outline: &Outline, text: &str, parent: usize, node: usize) -> bool {
    outline.name(node, text) == "contained" || outline.name(parent, text) == "contained"
}

/// The resource of an entry.
fn resource_of(outline: &Outline, text: &str, entry: usize) -> Option<usize> {
    let resource = outline.child(entry, text, "resource")?;
    if outline.xml { outline.nodes[resource].children.first().copied() } else { Some(resource) }
}

/// The resource of a type and an id.
fn named(outline: &Outline, text: &str, kind: &str, id: &str) -> Option<usize> {
    if id.is_empty() {
        return None;
    }
    resources(outline, text).into_iter().find(|node| {
        place::resource(outline, text, *node).is_some_and(|of| of == kind) && id_of(outline, text, *node) == Some(id)
    })
}

fn resources(outline: &Outline, text: &str) -> Vec<usize> {
    let all = 0..outline.nodes.len();
    all.filter(|node| matches!(outline.nodes[*node].kind, Kind::Object | Kind::Element))
        .filter(|node| place::resource(outline, text, *node).is_some())
        .collect()
}

fn id_of<'t>(outline: &Outline, text: &'t str, node: usize) -> Option<&'t str> {
    outline.text_of(node, text, "id")
}

fn within(outline: &Outline, node: usize, holder: usize) -> bool {
    std::iter::successors(Some(node), |at| outline.nodes[*at].parent).any(|at| at == holder)
}

/// `Patient` and `7` of `https://example.test/fhir/Patient/7/_history/2`.
fn type_and_id(reference: &str) -> Option<(&str, &str)> {
    let plain = reference.split("/_history/").next()?;
    let (before, id) = plain.rsplit_once('/')?;
    let kind = before.rsplit('/').next()?;
    kind.starts_with(|c: char| c.is_ascii_uppercase()).then_some((kind, id))
}
