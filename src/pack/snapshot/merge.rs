//! Laying a differential over its base: children, slices, and unfolding what lies behind a type or a reference.

use super::differential::{self, ChangeNode};
use super::tree::{self, Node};
use super::{Definitions, Found};
use crate::pack::import::{CORE, Definition};
use crate::pack::model::{ElementDef, Release, Slicing, Structure, TypeRef};
use std::sync::Arc;

/// Deepest path a differential may name.
const MAX_DEPTH: usize = 40;

/// The work on one snapshot.
pub(super) struct Merge<'a> {
    pub(super) definitions: &'a dyn Definitions,
    pub(super) base: Arc<Structure>,
    pub(super) constraint: bool,
    pub(super) faults: Vec<String>,
}

/// What the base said of an element's slicing before the change.
#[derive(Clone, Copy)]
struct ByBase {
    /// It closed it.
    closed: bool,
    /// It had one.
    sliced: bool,
    /// Its maximum: that of new slices.
    max: Option<u32>,
}

/// Fills `structure.elements` and its faults.
pub(super) fn over(
    base: Arc<Structure>,
    definition: &Definition,
    definitions: &dyn Definitions,
    structure: &mut Structure,
) {
    let Some(mut root) = tree::tree_of(&base) else { return };
    let mut merge =
        Merge { definitions, base: Arc::clone(&base), constraint: structure.constraint, faults: Vec::new() };
    if structure.constraint && !base.ty.is_empty() && structure.ty != base.ty {
        merge.faults.push(format!("it constrains {}, its base {}", structure.ty, base.ty));
    }
    let changes = differential::tree_of(&definition.differential, |fault| merge.faults.push(fault));
    let name = if changes.name.is_empty() || structure.constraint {
        base.elements.first().map(|element| element.path.clone()).unwrap_or_default()
    } else {
        changes.name.clone()
    };
    if changes.change.as_ref().is_some_and(|change| change.slicing.is_some()) {
        merge.faults.push(format!("{name}: the root cannot be sliced"));
    }
    merge.node(&mut root, &changes, &name, 0);
    root.element.slicing = None;
    root.element.slice.clear();
    for fault in merge.faults {
        if !structure.faults.contains(&fault) {
            structure.faults.push(fault);
        }
    }
    structure.elements = tree::flatten(root, &name);
    if !structure.constraint
        && let Some(root) = structure.elements.first_mut()
    {
        root.base_path.clone_from(&name);
    }
}

impl Merge<'_> {
    pub(super) fn fault(&mut self, at: &str, what: &str) {
        self.faults.push(format!("{at}: {what}"));
    }

    /// Lays a change, its children and its slices over a node.
    pub(super) fn node(&mut self, node: &mut Node, changes: &ChangeNode, at: &str, depth: usize) {
        if depth > MAX_DEPTH {
            self.fault(at, "too deep");
            return;
        }
        // Whether the base itself closed the slicing.
        let closed = node.element.slicing.as_ref().is_some_and(|slicing| slicing.rules == "closed");
        let closed = closed && !node.slices.is_empty() && !node.name.ends_with("[x]");
        let by_base = ByBase { closed, sliced: node.element.slicing.is_some(), max: node.element.max };
        if let Some(change) = &changes.change {
            self.apply(node, change, at);
        }
        self.inside(node, changes, by_base, at, depth);
    }

    /// Lays the children and slices of a change over a node.
    fn inside(&mut self, node: &mut Node, changes: &ChangeNode, by_base: ByBase, at: &str, depth: usize) {
        self.children(node, &changes.children, at, depth);
        // What is said of every slice holds for the slices the base brought.
        if !changes.slices.is_empty() && !is_extension(&node.name) {
            for slice in &mut node.slices {
                let at = format!("{at}:{}", slice.element.slice);
                self.children(slice, &changes.children, &at, depth);
            }
        }
        self.slices(node, changes, by_base, at, depth);
    }

    fn children(&mut self, node: &mut Node, changes: &[ChangeNode], at: &str, depth: usize) {
        if changes.is_empty() {
            return;
        }
        if node.children.is_empty() {
            self.unfold(node, at);
        }
        for change in changes {
            self.child(node, change, at, depth);
        }
    }

    fn child(&mut self, node: &mut Node, change: &ChangeNode, at: &str, depth: usize) {
        let path = format!("{at}.{}", change.name);
        if let Some(found) = node.child(&change.name) {
            // A choice that its publisher renamed may be named again as its own slice.
            let renamed = !change.name.ends_with("[x]") && node.children[found].element.base_path.ends_with("[x]");
            if let ([slice], true) = (change.slices.as_slice(), renamed) {
                let mut rest = change.clone();
                rest.slices.clear();
                self.node(&mut node.children[found], &rest, &path, depth + 1);
                return self.node(&mut node.children[found], slice, &path, depth + 1);
            }
            return self.node(&mut node.children[found], change, &path, depth + 1);
        }
        if let Some((found, suffix)) = short_form(node, &change.name) {
            return self.short_choice(&mut node.children[found], change, &suffix, &path, depth);
        }
        // A base whose choice was renamed by its publisher: `value[x]` means the one element there is.
        if let Some(stem) = change.name.strip_suffix("[x]")
            && let Some(found) = node.children.iter().position(|child| renamed(child, stem))
        {
            return self.node(&mut node.children[found], change, &path, depth + 1);
        }
        if self.constraint || change.change.is_none() {
            self.fault(&path, "no such element in the base");
            return;
        }
        let mut new = self.addition(change, &path);
        let by_base = ByBase { closed: false, sliced: false, max: new.element.max };
        self.inside(&mut new, change, by_base, &path, depth + 1);
        node.children.push(new);
    }

    /// An element that a new type adds.
    fn addition(&mut self, change: &ChangeNode, path: &str) -> Node {
        let mut element = change.change.clone().unwrap_or_default().into_element();
        path.clone_into(&mut element.base_path);
        element.base_max = element.max;
        let mut node = Node { name: change.name.clone(), element, ..Node::default() };
        // Its own parts come after those of the backbone it is made of.
        if !change.children.is_empty() {
            self.unfold(&mut node, path);
        }
        node
    }

    /// Adds or changes slices.
    fn slices(&mut self, node: &mut Node, changes: &ChangeNode, by_base: ByBase, at: &str, depth: usize) {
        if changes.slices.is_empty() {
            return;
        }
        // STU3's publisher does not look into the profile of an extension that joins a slicing of the base.
        let grown = by_base.sliced && self.definitions.release() == Release::Stu3;
        self.begin_slicing(node, at);
        for change in &changes.slices {
            let at = format!("{at}:{}", change.slice);
            let found = node.slices.iter().position(|slice| slice.element.slice == change.slice);
            let index = match found {
                Some(found) => found,
                None => {
                    if by_base.closed && !change.slice.contains('/') {
                        self.fault(&at, "a new slice where the base closed the slicing");
                    }
                    let index = self.new_slice(node, &change.slice);
                    node.slices[index].bare = grown;
                    if !change.slice.contains('/') {
                        node.slices[index].element.max = by_base.max;
                    }
                    index
                }
            };
            self.node(&mut node.slices[index], change, &at, depth + 1);
        }
    }

    /// Gives a node the slicing that its slices imply, when none is stated.
    fn begin_slicing(&mut self, node: &mut Node, at: &str) {
        if node.element.slicing.is_some() {
            return;
        }
        let discriminators = if is_extension(&node.name) {
            vec![("value".to_owned(), "url".to_owned())]
        } else if node.name.ends_with("[x]") {
            vec![("type".to_owned(), "$this".to_owned())]
        } else {
            self.fault(at, "has slices but no slicing");
            Vec::new()
        };
        node.element.slicing = Some(Slicing { discriminators, rules: "open".to_owned(), ordered: false });
    }

    /// Adds a slice made from its slicer, or from the slice it re-slices; returns where it stands.
    pub(super) fn new_slice(&mut self, node: &mut Node, name: &str) -> usize {
        let parent = name.rsplit_once('/').map(|(parent, _)| parent);
        let sliced = parent.and_then(|parent| node.slices.iter().position(|slice| slice.element.slice == parent));
        let template = sliced.map_or(&*node, |found| &node.slices[found]);
        let mut element = ElementDef { slicing: None, min: 0, ..template.element.clone() };
        name.clone_into(&mut element.slice);
        if let Some(suffix) = node.name.strip_suffix("[x]").and_then(|stem| name.strip_prefix(stem)) {
            super::choice::narrow(&mut element.types, suffix);
        }
        let children = template.children.clone();
        let slice = Node { name: node.name.clone(), element, children, slices: Vec::new(), bare: false };
        let index = match (sliced, parent) {
            (Some(found), Some(parent)) => {
                let inside =
                    |slice: &Node| slice.element.slice.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'));
                let after = node.slices[found + 1..].iter().take_while(|slice| inside(slice)).count();
                found + 1 + after
            }
            _ => node.slices.len(),
        };
        node.slices.insert(index, slice);
        index
    }

    /// Gives a node the children that its content reference or type holds.
    pub(super) fn unfold(&mut self, node: &mut Node, at: &str) {
        if !node.element.content_reference.is_empty() {
            self.unfold_reference(node, at);
            return;
        }
        let target = match node.element.types.as_slice() {
            [] => {
                self.fault(at, "has no type to look into");
                return;
            }
            [one] => one.clone(),
            // Only what every type has can be constrained across types.
            _ => TypeRef { code: "Element".to_owned(), ..TypeRef::default() },
        };
        let by_profile = match target.profiles.as_slice() {
            [profile] => self.held(profile, at),
            _ => None,
        };
        let structure = match by_profile {
            Some(structure) => structure,
            None => match self.held(&type_canonical(&target.code), at) {
                Some(structure) => structure,
                None => return,
            },
        };
        if let Some(mut inside) = tree::tree_of(&structure) {
            qualify(&mut inside, &structure.url);
            node.children = inside.children;
        }
    }

    /// The definition of a canonical; what is not held is a fault, what leads in a circle is passed over.
    pub(super) fn held(&mut self, canonical: &str, at: &str) -> Option<Arc<Structure>> {
        // A fragment names one element of the profile; its content is checked, never unfolded.
        if canonical.contains('#') {
            return None;
        }
        match self.definitions.find(canonical) {
            Found::Here(structure) if !structure.elements.is_empty() => Some(structure),
            Found::Circular => None,
            _ => {
                self.fault(at, &format!("{canonical} is not held"));
                None
            }
        }
    }

    fn unfold_reference(&mut self, node: &mut Node, at: &str) {
        let reference = node.element.content_reference.clone();
        let (owner, id) = reference.split_once('#').unwrap_or(("", reference.as_str()));
        let structure = if owner.is_empty() { Some(Arc::clone(&self.base)) } else { self.held(owner, at) };
        let found = structure.and_then(|structure| {
            let index = structure.elements.iter().position(|element| element.id == id || element.path == id)?;
            tree::subtree(&structure.elements, index)
        });
        let Some(target) = found else {
            self.fault(at, &format!("its content reference {reference} leads nowhere"));
            return;
        };
        node.children = target.children;
        if node.element.types.is_empty() {
            node.element.types = target.element.types;
        }
        node.element.content_reference.clear();
    }
}

/// Content references of an unfolded type lead into that type.
fn qualify(node: &mut Node, url: &str) {
    if node.element.content_reference.starts_with('#') {
        node.element.content_reference.insert_str(0, url);
    }
    node.children.iter_mut().chain(&mut node.slices).for_each(|inside| qualify(inside, url));
}

pub(super) fn is_extension(name: &str) -> bool {
    name == "extension" || name == "modifierExtension"
}

/// Canonical of a type by its name.
pub(super) fn type_canonical(code: &str) -> String {
    if code.contains(':') { code.to_owned() } else { format!("{CORE}{code}") }
}

/// The choice that `valueQuantity` is the short form of, and its suffix `Quantity`.
fn short_form(node: &Node, name: &str) -> Option<(usize, String)> {
    node.children.iter().enumerate().find_map(|(index, child)| {
        let suffix = name.strip_prefix(child.name.strip_suffix("[x]")?)?;
        suffix.starts_with(|c: char| c.is_ascii_uppercase()).then(|| (index, suffix.to_owned()))
    })
}

/// Whether `valueQuantity` is the choice with this stem, renamed by its publisher.
fn renamed(child: &Node, stem: &str) -> bool {
    let suffix = child.name.strip_prefix(stem).unwrap_or_default();
    suffix.starts_with(|c: char| c.is_ascii_uppercase()) && child.element.base_path.ends_with("[x]")
}
