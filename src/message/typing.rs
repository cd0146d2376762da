//! Gives every element its FHIRPath name, type and definition, by walking beside the base plans.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::pack::model::Release;
use crate::plan::{Plan, Plans};
use crate::tree::names::{self, NameId};
use crate::tree::{Kind, NO_DEF, NONE, NodeId, Tree, flags};

/// Types `tree` against `release` and says how many elements do not fit the release: it does not know them, or in JSON it has an
/// array where they have none or the reverse. A root of an unknown type leaves the whole tree untyped and counts as every node.
pub fn type_tree(tree: &mut Tree<'_>, plans: &Plans, release: Release) -> usize {
    if tree.nodes.is_empty() {
        return 0;
    }
    tree.forget_positions();
    for node in &mut tree.nodes {
        node.base = node.name;
        node.def = NO_DEF;
        node.ordinal = NONE;
        node.flags &= !(flags::CHOICE | flags::REPEATS);
        if !node.is(flags::RESOURCE) {
            node.ty = names::OTHER;
        }
    }
    let mut typing = Typing { tree, plans, release, unfit: 0, crowded: Vec::new() };
    typing.resource(0);
    let (unfit, crowded) = (typing.unfit, typing.crowded);
    tree.list_names(crowded);
    unfit
}

struct Typing<'r, 'p> {
    tree: &'r mut Tree<'p>,
    plans: &'r Plans,
    release: Release,
    unfit: usize,
    /// Parents with many children.
    crowded: Vec<NodeId>,
}

impl Typing<'_, '_> {
    fn resource(&mut self, id: NodeId) {
        let ty = self.tree.node(id).ty;
        match self.plans.of_resource(self.release, ty) {
            Some(plan) => {
                if id == 0 {
                    self.tree.nodes[0].def = 0;
                }
                self.children(id, &plan, 0);
            }
            None if id == 0 => self.unfit += self.tree.nodes.len(),
            None => self.unfit += 1,
        }
    }

    fn children(&mut self, parent: NodeId, plan: &Plan, node: u32) {
        let mut at = self.tree.node(parent).first;
        let mut counts = SmallVec::<[(NameId, u32); 8]>::new();
        let mut passed = 0;
        while at != NONE {
            passed += 1;
            let next = self.tree.node(at).next;
            self.child(at, plan, node);
            let child = &mut self.tree.nodes[at as usize];
            if child.is(flags::REPEATS) {
                // Items of one name stand together, so the last count is nearly always the one.
                let of = counts.iter_mut().rev().find(|(name, _)| *name == child.base);
                child.ordinal = of.map_or(0, |(_, count)| {
                    *count += 1;
                    *count
                });
                if child.ordinal == 0 {
                    counts.push((child.base, 0));
                }
            }
            at = next;
        }
        if Tree::many(passed) {
            self.crowded.push(parent);
        }
    }

    fn child(&mut self, id: NodeId, plan: &Plan, parent: u32) {
        let element = self.tree.node(id);
        if element.is(flags::FOREIGN) {
            self.unfit += 1;
            return;
        }
        let Some((group, ty)) = plan.written(parent, element.name) else {
            self.unfit += 1;
            return;
        };
        let (name, index) = (group.name, group.node);
        let definition = &plan.nodes[index as usize];
        let is_resource = element.is(flags::RESOURCE);
        let told = !self.tree.xml && !element.is(flags::ONLY_SIBLING) && element.kind != Kind::Null;
        self.unfit += usize::from(told && element.is(flags::IN_ARRAY) != definition.repeats);
        let node = &mut self.tree.nodes[id as usize];
        node.base = name;
        node.def = index;
        if definition.repeats {
            node.flags |= flags::REPEATS;
        }
        if definition.choice {
            node.flags |= flags::CHOICE;
        }
        let Some(ty) = definition.types.get(ty as usize) else {
            // A content reference has no type of its own.
            if definition.same_as.is_some() {
                node.ty = names::T_BACKBONE_ELEMENT;
                self.children(id, plan, index);
            }
            return;
        };
        if is_resource {
            self.resource(id);
            return;
        }
        node.ty = ty.code;
        if node.kind == Kind::Xhtml || (node.first == NONE && node.kind != Kind::Object) {
            return;
        }
        if plan.has_children(index) {
            self.children(id, plan, index);
        } else if let Some(inner) = self.plans.behind(self.release, ty) {
            let inner = Arc::clone(inner);
            self.children(id, &inner, 0);
        }
    }
}

/// Whether a name could be a resource type: it begins with a capital letter.
pub(super) fn looks_like_type(name: NameId) -> bool {
    names::text(name).as_bytes().first().is_some_and(u8::is_ascii_uppercase)
}
