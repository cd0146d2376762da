//! A copyable cursor over one element.

use super::arena::{Kind, NO_DEF, NONE, Node, NodeId, Tree, flags};
use super::names::{self, NameId};
use crate::text::Span;

/// One element of a tree.
#[derive(Clone, Copy)]
pub struct Element<'t> {
    tree: &'t Tree<'t>,
    id: NodeId,
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Element({} #{})", self.name(), self.id)
    }
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.tree, other.tree)
    }
}

impl Eq for Element<'_> {}

impl<'t> Element<'t> {
    /// A cursor at `id`, which must be a node of `tree`.
    pub fn new(tree: &'t Tree<'t>, id: NodeId) -> Self {
        Self { tree, id }
    }

    /// Its tree.
    pub fn tree(self) -> &'t Tree<'t> {
        self.tree
    }

    /// Its number in the tree.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The node itself.
    pub fn node(self) -> &'t Node {
        self.tree.node(self.id)
    }

    /// Name as written.
    pub fn name_id(self) -> NameId {
        self.node().name
    }

    /// Name in FHIRPath: `value` for `valueQuantity` once typed.
    pub fn base_id(self) -> NameId {
        self.node().base
    }

    /// Name as text; `?` for names FHIR could not define.
    pub fn name(self) -> &'static str {
        names::text(self.node().name)
    }

    /// Type name, `OTHER` before typing or for unknown elements.
    pub fn type_id(self) -> NameId {
        self.node().ty
    }

    /// Definition in the base plan, if typed.
    pub fn def(self) -> Option<u32> {
        let def = self.node().def;
        (def != NO_DEF).then_some(def)
    }

    /// How it was written.
    pub fn kind(self) -> Kind {
        self.node().kind
    }

    /// Text of a primitive.
    pub fn value(self) -> Option<&'t str> {
        self.tree.value(self.id)
    }

    /// Whole extent in the payload.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// Where a finding about its value points: the value when it has one in the payload, else the element.
    pub fn mark(self) -> Span {
        let node = self.node();
        if node.is(flags::HAS_VALUE) && !node.is(flags::SIDE) && !node.value.is_empty() {
            node.value
        } else {
            node.span
        }
    }

    /// Where its name stands.
    pub fn key_span(self) -> Span {
        let node = self.node();
        let len = if node.name == names::OTHER { 1 } else { names::text(node.name).len() as u32 };
        Span::new(node.key, node.key + len)
    }

    /// Parent element.
    pub fn parent(self) -> Option<Element<'t>> {
        let id = self.node().parent;
        (id != NONE).then(|| Element::new(self.tree, id))
    }

    /// All children in document order.
    pub fn children(self) -> Children<'t> {
        Children { tree: self.tree, next: self.node().first }
    }

    /// Children with this FHIRPath name (`value` finds `valueQuantity` once typed).
    pub fn named(self, name: NameId) -> Named<'t> {
        Named { inner: self.children(), name }
    }

    /// First child with this FHIRPath name.
    pub fn child(self, name: NameId) -> Option<Element<'t>> {
        self.named(name).next()
    }

    /// First child with this name, given as text.
    pub fn get(self, name: &str) -> Option<Element<'t>> {
        self.child(names::intern(name))
    }

    /// Children with this name, given as text.
    pub fn all(self, name: &str) -> Named<'t> {
        self.named(names::intern(name))
    }

    /// Value of the first child with this name.
    pub fn text(self, name: NameId) -> Option<&'t str> {
        self.child(name).and_then(Element::value)
    }

    /// Whether it is a resource.
    pub fn is_resource(self) -> bool {
        self.node().is(flags::RESOURCE)
    }

    /// The nearest resource at or above it.
    pub fn resource(self) -> Element<'t> {
        let mut at = self;
        while !at.is_resource() {
            match at.parent() {
                Some(parent) => at = parent,
                None => break,
            }
        }
        at
    }

    /// The resource that holds it, not counting contained resources.
    pub fn root_resource(self) -> Element<'t> {
        let mut at = self.resource();
        while at.name_id() == names::CONTAINED {
            match at.parent() {
                Some(parent) => at = parent.resource(),
                None => break,
            }
        }
        at
    }

    /// Whether it carries neither value nor children.
    pub fn is_empty(self) -> bool {
        let node = self.node();
        node.first == NONE && !node.is(flags::HAS_VALUE)
    }

    /// Position among siblings of the same FHIRPath name, from 0.
    pub fn index(self) -> usize {
        // Typing has counted what repeats: a path must not cost a walk over every entry of a bundle.
        let ordinal = self.node().ordinal;
        (if ordinal == NONE { self.tree.index(self.id) } else { ordinal }) as usize
    }
}

/// Iterator over children.
#[derive(Clone)]
pub struct Children<'t> {
    tree: &'t Tree<'t>,
    next: NodeId,
}

impl<'t> Iterator for Children<'t> {
    type Item = Element<'t>;

    fn next(&mut self) -> Option<Element<'t>> {
        if self.next == NONE {
            return None;
        }
        let at = Element::new(self.tree, self.next);
        self.next = at.node().next;
        Some(at)
    }
}

/// Iterator over children of one name.
#[derive(Clone)]
pub struct Named<'t> {
    inner: Children<'t>,
    name: NameId,
}

impl<'t> Iterator for Named<'t> {
    type Item = Element<'t>;

    fn next(&mut self) -> Option<Element<'t>> {
        self.inner.find(|e| e.node().base == self.name)
    }
}
