//! Bundles: kind, entries, links between them.

pub mod entry;
pub mod kind;
pub mod links;

use super::checker::Checker;
use crate::tree::{Element, names};

impl<'t> Checker<'_, 't> {
    /// Every Bundle of the message, nested ones included.
    pub(super) fn bundles(&mut self) {
        let mut nodes: Vec<u32> = self.message.bundles.keys().copied().collect();
        nodes.sort_unstable();
        for node in nodes {
            let bundle = Element::new(self.message.tree, node);
            let kind = bundle.text(names::TYPE).unwrap_or("");
            self.bundle_kind(bundle, kind);
            self.bundle_entries(bundle, kind);
            self.bundle_links(bundle, kind);
        }
    }
}
