//! Contained resources: identified, unique, and referred to.

use super::checker::Checker;
use crate::finding::{Dimension, Example, Meta};
use crate::text::{TextMap, TextSet};
use crate::tree::{Element, Kind, NodeId, names};

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
        let mut local = Local::default();
        local.gather(at, at.id());
        let mut ids: TextSet<&str> = TextSet::default();
        for resource in &contained {
            let Some(id) = resource.text(names::ID) else {
                let draft = self.plain(&IDENTITY, *resource, resource.span(), "the contained resource has no id");
                self.emit(draft);
                continue;
            };
            if !ids.insert(id) {
                let draft =
                    self.plain(&IDENTITY, *resource, resource.span(), "another contained resource has the same id");
                self.emit(draft);
            }
            let referred = local.referred.get(id).is_some_and(|from| from.is_by_another(resource.id()));
            // A resource that refers to its container (Provenance, List) counts as used.
            let refers_up = local.up.contains(&resource.id());
            if !referred && !refers_up && !local.linked.contains(id) {
                let draft =
                    self.plain(&ORPHAN, *resource, resource.span(), "nothing refers to this contained resource");
                self.emit(draft);
            }
        }
    }
}

/// Every `#id` of a resource, in any string: canonicals and URIs may be local as well; and what its narratives link to.
#[derive(Default)]
struct Local<'t> {
    /// What is referred to, and from where.
    referred: TextMap<&'t str, From>,
    /// Contained resources that refer to their container.
    up: TextSet<NodeId>,
    /// What narratives link to, by an image or a link.
    linked: TextSet<&'t str>,
}

/// The resource that a reference stands in, or that several do.
#[derive(Clone, Copy)]
enum From {
    One(NodeId),
    Several,
}

impl From {
    /// Whether a resource other than this one refers.
    fn is_by_another(self, resource: NodeId) -> bool {
        !matches!(self, Self::One(from) if from == resource)
    }
}

impl<'t> Local<'t> {
    /// Gathers below `at`, which stands in the contained resource `from`, or in the container.
    fn gather(&mut self, at: Element<'t>, from: NodeId) {
        for child in at.children() {
            match child.value() {
                Some(div) if child.kind() == Kind::Xhtml => self.markup(div, true),
                // JSON markup is text until it is typed.
                Some(div) if child.type_id() == names::T_XHTML => self.markup(div, false),
                _ => {}
            }
            if let Some(id) = child.value().and_then(|v| v.strip_prefix('#')) {
                if id.is_empty() {
                    self.up.insert(from);
                }
                let before = self.referred.entry(id).or_insert(From::One(from));
                if before.is_by_another(from) {
                    *before = From::Several;
                }
            }
            self.gather(child, if child.name_id() == names::CONTAINED { child.id() } else { from });
        }
    }

    /// Gathers `"#id"`; in XML also between single quotes.
    fn markup(&mut self, div: &'t str, xml: bool) {
        for (at, _) in div.match_indices('#') {
            let rest = &div[at + 1..];
            let quote = match div[..at].chars().next_back() {
                Some('\'') if xml => '\'',
                Some('"') => '"',
                _ if xml => continue,
                _ => '"',
            };
            // No id is longer; without a bound, a text of such signs would be read once for each.
            let near = rest.char_indices().take(ID + 1).find(|(_, c)| *c == quote);
            self.linked.extend(near.map(|(end, _)| &rest[..end]));
        }
    }
}

/// Longest id that links are looked for.
const ID: usize = 256;
