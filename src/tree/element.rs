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
    #[inline]
    pub fn node(self) -> &'t Node {
        self.tree.node(self.id)
    }

    /// Name as written.
    #[inline]
    pub fn name_id(self) -> NameId {
        self.node().name
    }

    /// Name in FHIRPath: `value` for `valueQuantity` once typed.
    #[inline]
    pub fn base_id(self) -> NameId {
        self.node().base
    }

    /// Name as text; `?` for names FHIR could not define.
    pub fn name(self) -> &'static str {
        names::text(self.node().name)
    }

    /// Type name, `OTHER` before typing or for unknown elements.
    #[inline]
    pub fn type_id(self) -> NameId {
        self.node().ty
    }

    /// Definition in the base plan, if typed.
    #[inline]
    pub fn def(self) -> Option<u32> {
        let def = self.node().def;
        (def != NO_DEF).then_some(def)
    }

    /// How it was written.
    #[inline]
    pub fn kind(self) -> Kind {
        self.node().kind
    }

    /// Text of a primitive.
    #[inline]
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
    #[inline]
    pub fn parent(self) -> Option<Element<'t>> {
        let id = self.node().parent;
        (id != NONE).then(|| Element::new(self.tree, id))
    }

    /// All children in document order.
    #[inline]
    pub fn children(self) -> Children<'t> {
        Children { tree: self.tree, next: self.node().first }
    }

    /// Children from the first on that may be called `name`, as written or in FHIRPath; nothing when there is none.
    #[inline]
    pub fn children_from(self, name: NameId) -> Children<'t> {
        Children { tree: self.tree, next: self.tree.start(self.id, name) }
    }

    /// Children with this FHIRPath name (`value` finds `valueQuantity` once typed).
    #[inline]
    pub fn named(self, name: NameId) -> Named<'t> {
        Named { inner: self.children_from(name), name }
    }

    /// Which names its children may have: one look at each child instead of one for each name that is asked for.
    pub fn names(self) -> Names {
        let mut all = 0;
        self.tree.names_below(self.id, |name| all |= Names::bit(name));
        Names(all)
    }

    /// First child with this FHIRPath name.
    #[inline]
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
    #[inline]
    pub fn text(self, name: NameId) -> Option<&'t str> {
        self.child(name).and_then(Element::value)
    }

    /// Whether it is a resource.
    #[inline]
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

/// Names of children, by their last six bits: says surely that a name is absent, and not surely that it is there.
#[derive(Clone, Copy, Debug)]
pub struct Names(u64);

impl Names {
    const fn bit(name: NameId) -> u64 {
        1 << (name.0 & 63)
    }

    /// Whether a child may have this FHIRPath name.
    pub const fn may_hold(self, name: NameId) -> bool {
        self.0 & Self::bit(name) != 0
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

    #[inline]
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

    #[inline]
    fn next(&mut self) -> Option<Element<'t>> {
        self.inner.find(|e| e.node().base == self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A root with children of these names, in this order.
    fn tree(children: &[&str]) -> Tree<'static> {
        let mut tree = Tree::new("");
        let root = tree.push(names::intern("Bundle"), Kind::Object, 0);
        let mut last = NONE;
        for name in children {
            let child = tree.push(names::intern(name), Kind::Object, 0);
            tree.nodes[child as usize].parent = root;
            let before = if last == NONE { &mut tree.nodes[0].first } else { &mut tree.nodes[last as usize].next };
            *before = child;
            last = child;
        }
        tree
    }

    #[test]
    fn children_are_found_alike_whether_or_not_their_names_are_listed() {
        let names = [&["id"][..], &["entry"; 600], &["link", "entry", "link", "type"]].concat();
        let (plain, mut listed) = (tree(&names), tree(&names));
        listed.list_names(vec![0]);
        fn found(tree: &Tree<'_>, name: &str) -> Vec<NodeId> {
            Element::new(tree, 0).all(name).map(Element::id).collect()
        }
        for (name, count) in [("id", 1), ("entry", 601), ("link", 2), ("type", 1), ("meta", 0), ("total", 0)] {
            assert_eq!(found(&plain, name), found(&listed, name), "{name}");
            assert_eq!(found(&listed, name).len(), count, "{name}");
            let may = |tree: &Tree<'_>| Element::new(tree, 0).names().may_hold(names::intern(name));
            assert_eq!(may(&plain), may(&listed), "{name}");
        }
    }

    #[test]
    fn names_beyond_what_is_listed_are_found_too() {
        let many: Vec<String> = (0..400).map(|n| format!("n{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let mut tree = tree(&many);
        tree.list_names(vec![0]);
        assert!(many.iter().all(|name| Element::new(&tree, 0).get(name).is_some()));
        assert!(Element::new(&tree, 0).get("meta").is_none());
    }
}
