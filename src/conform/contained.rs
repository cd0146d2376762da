//! Contained resources: identified, unique, and referred to.

use super::checker::Checker;
use crate::finding::{Dimension, Example, Meta};
use crate::tree::{Element, Kind, names};

/// Nobody refers to it.
pub static ORPHAN: Meta = Meta {
    id: "HM0132",
    name: "contained-not-referenced",
    title: "a contained resource is not referred to",
    issue: "invariant",
    basis: "FHIR, DomainResource invariant dom-3",
    criterion: "INT-1",
    why: "A contained resource has no meaning of its own: receivers drop it.",
    remedy: "Refer to it from the resource that contains it, or leave it out.",
    examples: &[
        Example::bad(
            "nobody refers to gp",
            r#"{"resourceType": "Patient", "contained": [«{"resourceType": "Practitioner", "id": "gp", "active": true}»], "active": true}"#,
        ),
        Example::good(
            "referred to",
            r##"{"resourceType": "Patient", "contained": [{"resourceType": "Practitioner", "id": "gp", "active": true}], "generalPractitioner": [{"reference": "#gp"}]}"##,
        ),
    ],
    ..Meta::NEW
};

/// No id, or twice.
pub static IDENTITY: Meta = Meta {
    id: "HM0133",
    name: "contained-identity",
    title: "a contained resource has no id, or shares one",
    issue: "structure",
    dimension: Dimension::Uniqueness,
    basis: "FHIR, contained resources",
    criterion: "INT-1",
    why: "References to it lead nowhere, or to the wrong resource.",
    remedy: "Give each contained resource an id of its own.",
    examples: &[
        Example::bad(
            "no id",
            r#"{"resourceType": "Patient", "contained": [«{"resourceType": "Practitioner", "active": true}»], "active": true}"#,
        ),
        Example::good(
            "an id",
            r##"{"resourceType": "Patient", "contained": [{"resourceType": "Practitioner", "id": "gp", "active": true}], "generalPractitioner": [{"reference": "#gp"}]}"##,
        ),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// The contained resources of one resource.
    pub(super) fn contained(&mut self, at: Element<'t>) {
        let contained: Vec<Element<'t>> = at.named(names::CONTAINED).collect();
        if contained.is_empty() {
            return;
        }
        let mut references = Vec::new();
        local_references(at, &mut references);
        for (i, resource) in contained.iter().enumerate() {
            let Some(id) = resource.text(names::ID) else {
                let draft = self.plain(&IDENTITY, *resource, resource.span(), "the contained resource has no id");
                self.emit(draft);
                continue;
            };
            if contained[..i].iter().any(|other| other.text(names::ID) == Some(id)) {
                let draft =
                    self.plain(&IDENTITY, *resource, resource.span(), "another contained resource has the same id");
                self.emit(draft);
            }
            let referred = references.iter().any(|(from, target)| *target == id && *from != resource.id());
            // A resource that refers to its container (Provenance, List) counts as used.
            let refers_up = references.iter().any(|(from, target)| target.is_empty() && *from == resource.id());
            if !referred && !refers_up && !in_narrative(at, id) {
                let draft =
                    self.plain(&ORPHAN, *resource, resource.span(), "nothing refers to this contained resource");
                self.emit(draft);
            }
        }
    }
}

/// Every `#id` below `at` (in any string: canonicals and URIs may be local as well), with the contained resource it
/// stands in (or the container).
fn local_references<'t>(at: Element<'t>, out: &mut Vec<(u32, &'t str)>) {
    fn walk<'t>(at: Element<'t>, from: u32, out: &mut Vec<(u32, &'t str)>) {
        for child in at.children() {
            if let Some(id) = child.value().and_then(|v| v.strip_prefix('#')) {
                out.push((from, id));
            }
            let from = if child.name_id() == names::CONTAINED { child.id() } else { from };
            walk(child, from, out);
        }
    }
    walk(at, at.id(), out);
}

/// Whether a narrative of the resource links to `#id` (an image, or a link).
fn in_narrative(at: Element<'_>, id: &str) -> bool {
    at.children().any(|child| match child.kind() {
        Kind::Xhtml => child.value().is_some_and(|div| {
            div.match_indices(id).any(|(i, _)| {
                div[..i].ends_with("\"#") && div[i + id.len()..].starts_with('"')
                    || div[..i].ends_with("'#") && div[i + id.len()..].starts_with('\'')
            })
        }),
        // JSON markup is text until it is typed.
        _ if child.type_id() == names::T_XHTML => child.value().is_some_and(|div| div.contains(&format!("#{id}\""))),
        _ => in_narrative(child, id),
    })
}
