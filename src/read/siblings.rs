//! `_name` members of JSON joined to the elements they belong to.

use crate::read::faults::{self, Fault};
use crate::text::Span;
use crate::tree::{Kind, NONE, NameId, NodeId, Tree, flags};

/// Joins every `_name` child of `object` to its element, or makes an element without value of it.
pub(super) fn merge(tree: &mut Tree<'_>, object: NodeId, found: &mut Vec<Fault>) {
    let children = chain(tree, tree.node(object).first);
    let mut kept: Vec<NodeId> = children.iter().copied().filter(|&c| !tree.node(c).is(flags::SIBLING)).collect();
    let mut groups: Vec<(NameId, Vec<NodeId>)> = Vec::new();
    for &child in &children {
        let node = tree.node(child);
        if !node.is(flags::SIBLING) {
            continue;
        }
        match groups.last_mut() {
            Some((name, items)) if *name == node.name => items.push(child),
            _ => groups.push((node.name, vec![child])),
        }
    }
    for (name, items) in groups {
        join(tree, name, &items, &mut kept, found);
    }
    for pair in kept.windows(2) {
        tree.nodes[pair[0] as usize].next = pair[1];
    }
    if let Some(&last) = kept.last() {
        tree.nodes[last as usize].next = NONE;
    }
    tree.nodes[object as usize].first = kept.first().copied().unwrap_or(NONE);
}

fn chain(tree: &Tree<'_>, first: NodeId) -> Vec<NodeId> {
    std::iter::successors((first != NONE).then_some(first), |&id| {
        let next = tree.node(id).next;
        (next != NONE).then_some(next)
    })
    .collect()
}

fn join(tree: &mut Tree<'_>, name: NameId, items: &[NodeId], kept: &mut Vec<NodeId>, found: &mut Vec<Fault>) {
    let start = kept.iter().position(|&k| tree.node(k).name == name);
    let own: Vec<NodeId> = kept.iter().copied().filter(|&k| tree.node(k).name == name).collect();
    let in_array = |tree: &Tree<'_>, id: NodeId| tree.node(id).is(flags::IN_ARRAY);
    if !own.is_empty() && (own.len() != items.len() || in_array(tree, own[0]) != in_array(tree, items[0])) {
        let span = whole(tree, items);
        let says = format!("_{name} has {} items where {name} has {}", items.len(), own.len());
        found.push(Fault::at(&faults::SIBLING, own[0], span, says));
    }
    for (i, &item) in items.iter().enumerate() {
        let kind = tree.node(item).kind;
        if kind != Kind::Object && kind != Kind::Null {
            let span = tree.node(item).span;
            let place = own.get(i).copied().unwrap_or(tree.node(item).parent);
            found.push(Fault::at(&faults::SIBLING, place, span, format!("_{name} must be an object")));
        }
        tree.nodes[item as usize].flags &= !flags::SIBLING;
        if let Some(&target) = own.get(i) {
            adopt(tree, target, item);
        } else if kind == Kind::Object {
            tree.nodes[item as usize].flags |= flags::ONLY_SIBLING;
            let at = start.map_or(kept.len(), |s| s + i).min(kept.len());
            kept.insert(at, item);
        }
    }
}

/// Moves the children of `item` to `target`; a null filler becomes an element without value.
fn adopt(tree: &mut Tree<'_>, target: NodeId, item: NodeId) {
    let children = chain(tree, tree.node(item).first);
    for &child in &children {
        tree.nodes[child as usize].parent = target;
    }
    if let (Some(&first), Some(&last)) = (children.first(), children.last()) {
        tree.nodes[last as usize].next = tree.node(target).first;
        tree.nodes[target as usize].first = first;
        if tree.node(target).kind == Kind::Null {
            tree.nodes[target as usize].kind = Kind::Object;
            tree.nodes[target as usize].flags |= flags::ONLY_SIBLING;
            tree.nodes[target as usize].span = tree.node(item).span;
        }
    }
}

fn whole(tree: &Tree<'_>, items: &[NodeId]) -> Span {
    let start = items.first().map_or(0, |&i| tree.node(i).span.start);
    let end = items.last().map_or(start, |&i| tree.node(i).span.end);
    Span::new(start, end)
}
