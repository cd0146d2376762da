//! Choice elements: the short form `valueQuantity`, and what slices by type say about the choice.

use super::differential::ChangeNode;
use super::merge::Merge;
use super::tree::Node;
use crate::pack::model::{Release, Slicing, TypeRef};

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
        let found = choice.slices.iter().position(|slice| slice.element.slice == change.name);
        let index = found.unwrap_or_else(|| self.new_slice(choice, &change.name));
        self.node(&mut choice.slices[index], change, at, depth + 1);
        self.settle_choice(choice);
    }

    /// Makes a choice agree with its slices by type.
    pub(super) fn settle_choice(&mut self, choice: &mut Node) {
        let by_type =
            choice.element.slicing.as_ref().is_some_and(|slicing| {
                slicing.discriminators.iter().any(|(kind, path)| kind == "type" && path == "$this")
            });
        if !by_type || !choice.name.ends_with("[x]") {
            return;
        }
        let closed = choice.element.slicing.as_ref().is_some_and(|slicing| slicing.rules == "closed");
        let codes = |node: &Node| node.element.types.iter().map(|ty| ty.code.clone()).collect::<Vec<_>>();
        let sliced: Vec<String> = choice.slices.iter().flat_map(codes).collect();
        if closed {
            match self.definitions.release() {
                Release::Stu3 => choice.element.types.retain(|ty| sliced.contains(&ty.code)),
                Release::R4 => choice.element.types.retain(|ty| sliced.contains(&ty.code)),
            }
        }
        // A type whose slice is prohibited is prohibited.
        for slice in &choice.slices {
            if slice.element.max == Some(0) {
                let gone = codes(slice);
                choice.element.types.retain(|ty| !gone.contains(&ty.code));
            }
        }
        // One slice that must be there leaves no room for other types.
        let must = choice.slices.iter().find(|slice| slice.element.min > 0).map(|slice| codes(slice));
        if let Some(must) = must {
            choice.element.types.retain(|ty| must.contains(&ty.code));
            choice.element.min = choice.element.min.max(1);
        }
    }
}
