//! Nodes in one vector, linked by numbers: what a reader fills and everything else reads.

use std::sync::{Mutex, PoisonError};

use super::names::{self, FastMap, NameId};
use crate::text::Span;

/// Index of a node in its tree.
pub type NodeId = u32;

/// No node.
pub const NONE: NodeId = u32::MAX;

/// How a node was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// A JSON object.
    Object,
    /// A JSON string.
    String,
    /// A JSON number; its text is kept as written.
    Number,
    /// JSON `true` or `false`.
    Bool,
    /// A JSON `null` inside an array.
    Null,
    /// An XML element.
    XmlElement,
    /// An XML attribute that FHIR treats as a child: `id`, `url`.
    XmlAttribute,
    /// Narrative markup; the value is the markup itself.
    Xhtml,
    /// An array inside an array: no FHIR element.
    Array,
}

/// Bits of [`Node::flags`].
pub mod flags {
    /// The value stands in the side buffer (it held escapes), not in the payload.
    pub const SIDE: u8 = 1;
    /// The node holds a resource: `ty` is its type.
    pub const RESOURCE: u8 = 2;
    /// An item of a JSON array.
    pub const IN_ARRAY: u8 = 4;
    /// Made only from a `_name` sibling: extensions without a value.
    pub const ONLY_SIBLING: u8 = 8;
    /// The node has a value (which may be empty text).
    pub const HAS_VALUE: u8 = 16;
    /// The XML namespace is not FHIR's.
    pub const FOREIGN: u8 = 32;
    /// A `_name` object not yet merged. Used by the reader only, so it shares its bit.
    pub const SIBLING: u8 = 64;
    /// The definition allows more than one: its path carries an index. Set by typing.
    pub const REPEATS: u8 = 64;
    /// The element was typed from a choice (`valueQuantity`).
    pub const CHOICE: u8 = 128;
}

/// No element definition.
pub const NO_DEF: u32 = u32::MAX;

/// One element as written.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// Name as written (`valueQuantity`).
    pub name: NameId,
    /// Name in FHIRPath (`value`); equals `name` until typed.
    pub base: NameId,
    /// Type (`Quantity`), `OTHER` until typed. For a resource, its type from the start.
    pub ty: NameId,
    /// How it was written.
    pub kind: Kind,
    /// See [`flags`].
    pub flags: u8,
    /// Parent, `NONE` at the root.
    pub parent: NodeId,
    /// Next sibling.
    pub next: NodeId,
    /// First child.
    pub first: NodeId,
    /// Byte where the name starts.
    pub key: u32,
    /// The whole value (JSON) or element (XML).
    pub span: Span,
    /// Text of a primitive: in the payload, or in the side buffer with `flags::SIDE`.
    pub value: Span,
    /// Element definition in the base plan of the release, `NO_DEF` until typed or when unknown.
    pub def: u32,
    /// Position among siblings of the same FHIRPath name, from 0; `NONE` until typed or when it cannot repeat.
    pub ordinal: u32,
}

impl Node {
    /// Whether a flag is set.
    pub const fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// Children from which on a parent's names are listed: a look for one name must not walk over every entry of a Bundle.
const MANY: usize = 256;

/// Names that are listed of one parent; where there are more, its children are looked through.
const NAMES: usize = 64;

/// The first child of one name, of a parent with many children.
#[derive(Clone, Copy, Debug)]
struct Listed {
    parent: NodeId,
    name: NameId,
    first: NodeId,
}

/// One payload as elements.
#[derive(Debug, Default)]
pub struct Tree<'p> {
    /// The payload as UTF-8.
    pub text: &'p str,
    /// Unescaped values.
    pub side: String,
    /// All nodes; the root is node 0.
    pub nodes: Vec<Node>,
    /// Whether the payload was XML.
    pub xml: bool,
    /// Positions told last, by parent and name: telling those of all children in order takes one pass over them.
    told: Mutex<FastMap<(NodeId, NameId), (NodeId, u32)>>,
    /// Names, written and FHIRPath's, below parents with many children; by parent and name.
    listed: Vec<Listed>,
    /// From this node on, no parent has its names listed.
    unlisted: NodeId,
}

impl<'p> Tree<'p> {
    /// An empty tree over `text`.
    pub fn new(text: &'p str) -> Self {
        Self { text, ..Self::default() }
    }

    /// Position of a node among siblings of the same FHIRPath name, from 0.
    pub(super) fn index(&self, id: NodeId) -> u32 {
        let (parent, name) = (self.node(id).parent, self.node(id).base);
        if parent == NONE {
            return 0;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let found = told.get(&(parent, name)).and_then(|&(from, index)| self.count_to(id, from, index));
        let index = found.or_else(|| self.count_to(id, self.node(parent).first, 0)).unwrap_or(0);
        told.insert((parent, name), (id, index));
        index
    }

    /// Position of `id`, where a sibling of its name at `from` or the first after it has position `index`.
    fn count_to(&self, id: NodeId, from: NodeId, mut index: u32) -> Option<u32> {
        // Readers number siblings upwards, but for the few that `_name` members bring.
        if from > id {
            return None;
        }
        let name = self.node(id).base;
        let mut at = from;
        while at != NONE {
            if at == id {
                return Some(index);
            }
            let node = self.node(at);
            index += u32::from(node.base == name);
            at = node.next;
        }
        None
    }

    /// Forgets positions and lists of names, because FHIRPath names change.
    pub fn forget_positions(&mut self) {
        self.told.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        self.listed.clear();
        self.unlisted = 0;
    }

    /// Lists the names below `parents`, where they have many children. To be called once FHIRPath names are known.
    pub fn list_names(&mut self, mut parents: Vec<NodeId>) {
        parents.sort_unstable();
        for parent in parents {
            let own = self.listed.len();
            let mut at = self.node(parent).first;
            while at != NONE {
                let Node { base, name, next, .. } = *self.node(at);
                for name in [base, name] {
                    if !self.listed[own..].iter().rev().any(|held| held.name == name) {
                        self.listed.push(Listed { parent, name, first: at });
                    }
                }
                at = next;
                if self.listed.len() - own > NAMES {
                    self.listed.truncate(own);
                    break;
                }
            }
            self.listed[own..].sort_unstable_by_key(|held| held.name.0);
        }
        self.unlisted = self.listed.last().map_or(0, |last| last.parent + 1);
    }

    /// Whether so many children are worth a list.
    pub const fn many(children: usize) -> bool {
        children >= MANY
    }

    /// Names listed below a parent; `None` when its children are to be looked through.
    fn listed(&self, parent: NodeId) -> Option<&[Listed]> {
        let from = self.listed.partition_point(|held| held.parent < parent);
        let until = from + self.listed[from..].partition_point(|held| held.parent == parent);
        (from < until).then(|| &self.listed[from..until])
    }

    /// Where to begin to look for children called `name`, written so or in FHIRPath: the first of them, where that is
    /// known, else the first of all; `NONE` when there is none.
    #[inline]
    pub(super) fn start(&self, parent: NodeId, name: NameId) -> NodeId {
        // Most trees have no list, and in the others most elements come after all parents that have one.
        if parent >= self.unlisted {
            return self.node(parent).first;
        }
        match self.listed(parent) {
            None => self.node(parent).first,
            Some(names) => names.binary_search_by_key(&name.0, |held| held.name.0).map_or(NONE, |i| names[i].first),
        }
    }

    /// Names of the children of a parent, FHIRPath's among them; some more than once.
    pub(super) fn names_below(&self, parent: NodeId, mut each: impl FnMut(NameId)) {
        if let Some(names) = (parent < self.unlisted).then(|| self.listed(parent)).flatten() {
            names.iter().for_each(|held| each(held.name));
            return;
        }
        let mut at = self.node(parent).first;
        while at != NONE {
            let node = self.node(at);
            each(node.base);
            at = node.next;
        }
    }

    /// Appends a node without linking it.
    pub fn push(&mut self, name: NameId, kind: Kind, key: u32) -> NodeId {
        let id = self.nodes.len() as NodeId;
        self.nodes.push(Node {
            name,
            base: name,
            ty: names::OTHER,
            kind,
            flags: 0,
            parent: NONE,
            next: NONE,
            first: NONE,
            key,
            span: Span::new(key, key),
            value: Span::default(),
            def: NO_DEF,
            ordinal: NONE,
        });
        id
    }

    /// The node behind an id.
    #[inline]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }

    /// Text of a primitive, if it has a value.
    #[inline]
    pub fn value(&self, id: NodeId) -> Option<&str> {
        let node = self.node(id);
        if !node.is(flags::HAS_VALUE) {
            return None;
        }
        let text = if node.is(flags::SIDE) { self.side.as_str() } else { self.text };
        Some(node.value.of(text))
    }

    /// The root element, if anything was read.
    pub fn root(&self) -> Option<super::Element<'_>> {
        (!self.nodes.is_empty()).then(|| super::Element::new(self, 0))
    }
}
