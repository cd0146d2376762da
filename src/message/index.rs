//! One message with its bundles and contained resources indexed, so that resolving costs no search.

use smallvec::SmallVec;

use super::reference::Resolved;
use crate::pack::model::Release;
use crate::text::TextMap;
use crate::tree::names::FastMap;
use crate::tree::{Element, NameId, NodeId, Tree, flags, names};

/// One payload that parsed, typed and indexed.
#[derive(Debug)]
pub struct Message<'t> {
    /// Its elements.
    pub tree: &'t Tree<'t>,
    /// Its release.
    pub release: Release,
    /// Every Bundle in it, by node, nested ones included.
    pub bundles: FastMap<NodeId, BundleIndex<'t>>,
    /// Contained resources by container and id.
    pub contained: TextMap<(NodeId, &'t str), NodeId>,
    /// Resources of a Parameters root by type and id: they may refer to each other.
    pub parameters: TextMap<(NameId, &'t str), NodeId>,
    /// Every resource, in document order: root, entries, contained, parameters.
    pub resources: Vec<NodeId>,
    /// Where each Reference with a `reference` leads, by node: conformance, invariants and rules all ask.
    pub(super) leads: Vec<(NodeId, Resolved<'t>)>,
}

/// The entries of one Bundle.
#[derive(Debug, Default)]
pub struct BundleIndex<'t> {
    /// In order.
    pub entries: Vec<Entry<'t>>,
    /// fullUrl to entries.
    pub by_url: TextMap<&'t str, SmallVec<[u32; 2]>>,
    /// (type, id) to entries.
    pub by_id: TextMap<(NameId, &'t str), SmallVec<[u32; 2]>>,
}

/// One entry.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'t> {
    /// The entry element.
    pub element: Element<'t>,
    /// Its resource.
    pub resource: Option<Element<'t>>,
    /// Its fullUrl.
    pub full_url: Option<&'t str>,
}

impl<'t> Message<'t> {
    /// Indexes a typed tree.
    pub fn new(tree: &'t Tree<'t>, release: Release) -> Self {
        let mut message = Self {
            tree,
            release,
            bundles: FastMap::default(),
            contained: TextMap::default(),
            parameters: TextMap::default(),
            resources: Vec::new(),
            leads: Vec::new(),
        };
        let mut references = Vec::new();
        let in_parameters = tree.nodes.first().is_some_and(|root| root.ty == names::T_PARAMETERS);
        for (i, node) in tree.nodes.iter().enumerate() {
            if node.ty == names::T_REFERENCE {
                references.push(i as NodeId);
            }
            if !node.is(flags::RESOURCE) || (i > 0 && node.parent == crate::tree::NONE) {
                continue;
            }
            let element = Element::new(tree, i as NodeId);
            message.resources.push(i as NodeId);
            if node.ty == names::T_BUNDLE {
                message.bundles.insert(i as NodeId, BundleIndex::new(element));
            }
            if in_parameters
                && node.name == names::RESOURCE
                && let Some(id) = element.text(names::ID)
            {
                message.parameters.entry((node.ty, id)).or_insert(i as NodeId);
            }
            if node.name == names::CONTAINED
                && let (Some(parent), Some(id)) = (element.parent(), element.text(names::ID))
            {
                message.contained.entry((parent.id(), id)).or_insert(i as NodeId);
            }
        }
        for node in references {
            let element = Element::new(tree, node);
            if let Some(text) = element.text(names::REFERENCE) {
                let lead = message.follow(element, text);
                message.leads.push((node, lead));
            }
        }
        message
    }

    /// Every Reference with a `reference`, and where it leads, in document order.
    pub fn references(&self) -> impl Iterator<Item = (Element<'t>, Resolved<'t>)> {
        self.leads.iter().map(|(node, lead)| (Element::new(self.tree, *node), *lead))
    }

    /// The root resource.
    pub fn root(&self) -> Element<'t> {
        Element::new(self.tree, 0)
    }

    /// The innermost Bundle around `at` (not `at` itself), with its node.
    pub fn bundle_of(&self, at: Element<'t>) -> Option<(Element<'t>, &BundleIndex<'t>)> {
        let mut up = at.parent();
        while let Some(element) = up {
            if let Some(index) = self.bundles.get(&element.id()) {
                return Some((element, index));
            }
            up = element.parent();
        }
        None
    }

    /// The entry of `bundle` that `at` stands in.
    pub fn entry_of(&self, at: Element<'t>, bundle: Element<'t>) -> Option<Element<'t>> {
        let mut up = at;
        while let Some(parent) = up.parent() {
            if parent == bundle {
                return Some(up);
            }
            up = parent;
        }
        None
    }
}

impl<'t> BundleIndex<'t> {
    fn new(bundle: Element<'t>) -> Self {
        let mut index = Self::default();
        for element in bundle.named(names::ENTRY) {
            let number = index.entries.len() as u32;
            let resource = element.child(names::RESOURCE).filter(|r| r.is_resource());
            let full_url = element.text(names::FULL_URL);
            if let Some(url) = full_url {
                index.by_url.entry(url).or_default().push(number);
            }
            if let Some(resource) = resource
                && let Some(id) = resource.text(names::ID)
            {
                index.by_id.entry((resource.type_id(), id)).or_default().push(number);
            }
            index.entries.push(Entry { element, resource, full_url });
        }
        index
    }
}
