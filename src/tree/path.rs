//! FHIRPath location of an element, built only when something is found.

use std::fmt::Write as _;

use super::arena::flags;
use super::{Element, names};

impl Element<'_> {
    /// Its FHIRPath: `Bundle.entry[2].resource.ofType(Patient).name[0].family`. Repeating elements (as defined, or
    /// as written when untyped) carry an index; choices carry `ofType`. `repeats` says whether a definition repeats.
    pub fn path(self, repeats: &dyn Fn(Element<'_>) -> bool) -> String {
        let mut chain = vec![self];
        while let Some(parent) = chain[chain.len() - 1].parent() {
            chain.push(parent);
        }
        let mut out = String::new();
        for element in chain.into_iter().rev() {
            element.step(&mut out, repeats);
        }
        out
    }

    fn step(self, out: &mut String, repeats: &dyn Fn(Element<'_>) -> bool) {
        let node = self.node();
        if node.parent == super::arena::NONE {
            out.push_str(names::text(if node.is(flags::RESOURCE) { node.ty } else { node.name }));
            return;
        }
        let _ = write!(out, ".{}", names::text(node.base));
        if repeats(self) {
            let _ = write!(out, "[{}]", self.index());
        }
        let choice = node.is(flags::CHOICE);
        let inside_bundle_or_parameters = node.is(flags::RESOURCE) && node.name != names::CONTAINED;
        if choice || inside_bundle_or_parameters {
            let _ = write!(out, ".ofType({})", names::text(node.ty));
        }
    }
}
