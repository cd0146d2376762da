//! Choice elements: the short form `valueQuantity`, and the slices by type that it stands for.

use super::differential::ChangeNode;
use super::merge::Merge;
use super::tree::Node;
use crate::pack::model::{Slicing, TypeRef};

/// Narrows types to the one that the suffix of `valueQuantity` names; leaves them when there is none.
pub(super) fn narrow(types: &mut Vec<TypeRef>, suffix: &str) {
    if let Some(found) = types.iter().position(|ty| ty.code.eq_ignore_ascii_case(suffix)) {
        let one = types.swap_remove(found);
        *types = vec![one];
    }
}

impl Merge<'_> {
    /// `valueQuantity` in a differential: a slice by type of `value[x]`.
    pub(super) fn short_choice(
        &mut self,
        choice: &mut Node,
        change: &ChangeNode,
        suffix: &str,
        at: &str,
        depth: usize,
    ) {
        if !choice.element.types.iter().any(|ty| ty.code.eq_ignore_ascii_case(suffix) || ty.code == "*") {
            self.fault(at, "this type is not allowed by the base");
        }
        let fresh = choice.element.slicing.is_none() && choice.slices.is_empty();
        if fresh {
            choice.element.slicing = Some(Slicing {
                discriminators: vec![("type".to_owned(), "$this".to_owned())],
                rules: "closed".to_owned(),
                ordered: false,
            });
        }
        // The short form may name its slice as well; without a name it is called like itself.
        let plain = change.slices.is_empty() || change.change.is_some() || !change.children.is_empty();
        if plain {
            self.choice_slice(choice, change, &change.name, (suffix, fresh), at, depth);
        }
        for slice in &change.slices {
            self.choice_slice(choice, slice, &slice.slice, (suffix, fresh), at, depth);
        }
        if fresh {
            self.narrow_slicer(choice);
        }
    }

    fn choice_slice(
        &mut self,
        choice: &mut Node,
        change: &ChangeNode,
        name: &str,
        (suffix, fresh): (&str, bool),
        at: &str,
        depth: usize,
    ) {
        let found = choice.slices.iter().position(|slice| slice.element.slice == name);
        let index = found.unwrap_or_else(|| self.new_slice(choice, name));
        narrow(&mut choice.slices[index].element.types, suffix);
        // Alone in a closed slicing, it must be there when the choice must.
        if fresh && found.is_none() && choice.slices.len() == 1 {
            choice.slices[index].element.min = choice.element.min;
        }
        let mut unnamed = change.clone();
        unnamed.slices.clear();
        self.node(&mut choice.slices[index], &unnamed, at, depth + 1);
    }

    /// The slicer of short forms allows the types of its slices and no others.
    fn narrow_slicer(&mut self, choice: &mut Node) {
        let mut codes: Vec<TypeRef> = Vec::new();
        for ty in choice.slices.iter().flat_map(|slice| &slice.element.types) {
            if !codes.iter().any(|held| held.code == ty.code) {
                codes.push(TypeRef { code: ty.code.clone(), ..TypeRef::default() });
            }
        }
        if !codes.is_empty() {
            choice.element.types = codes;
            super::apply::drop_idle_binding(&mut choice.element);
        }
    }
}
