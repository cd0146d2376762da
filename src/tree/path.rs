//! FHIRPath location of an element, built only when something is found.

use std::fmt::Write as _;

use super::arena::flags;
use super::{Element, names};

impl Element<'_> {
    /// Its FHIRPath: `Bundle.entry[2].resource.ofType(Patient).name[0].family`. Repeating elements (as defined, or
    /// as written when untyped) carry an index; choices carry `ofType`.
    pub fn path(self) -> String {
        let mut chain = vec![self];
        while let Some(parent) = chain[chain.len() - 1].parent() {
            chain.push(parent);
        }
        let mut out = String::new();
        for element in chain.into_iter().rev() {
            element.step(&mut out);
        }
        out
    }

    fn step(self, out: &mut String) {
        let node = self.node();
        if node.parent == super::arena::NONE {
            out.push_str(names::text(if node.is(flags::RESOURCE) { node.ty } else { node.name }));
            return;
        }
        let _ = write!(out, ".{}", names::text(node.base));
        if node.is(flags::REPEATS) || (node.ty == names::OTHER && node.is(flags::IN_ARRAY)) {
            let _ = write!(out, "[{}]", self.index());
        }
        let choice = node.is(flags::CHOICE);
        let inside_bundle_or_parameters = node.is(flags::RESOURCE) && node.name != names::CONTAINED;
        if choice || inside_bundle_or_parameters {
            let _ = write!(out, ".ofType({})", names::text(node.ty));
        }
    }
}
