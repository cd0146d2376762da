//! `_name` members of JSON joined to the elements they belong to.

use std::collections::{HashMap, HashSet};

use crate::read::faults::{self, Fault};
use crate::text::Span;
use crate::tree::names::FastMap;
use crate::tree::{Kind, NONE, NameId, NodeId, Tree, flags};

/// Joins every `_name` child of `object` to its element, or makes an element without value of it.
pub(super) fn merge(tree: &mut Tree<'_>, object: NodeId, found: &mut Vec<Fault>) {
    let children = chain(tree, tree.node(object).first);
    let mut own: FastMap<NameId, Vec<NodeId>> = FastMap::default();
    let mut groups: Vec<(NameId, Vec<NodeId>)> = Vec::new();
    for &child in &children {
        let node = tree.node(child);
        if !node.is(flags::SIBLING) {
            own.entry(node.name).or_default().push(child);
            continue;
        }
        match groups.last_mut() {
            Some((name, items)) if *name == node.name => items.push(child),
            _ => groups.push((node.name, vec![child])),
        }
    }
    let mut joined = Joined::default();
    let hollow = |tree: &Tree<'_>, item: NodeId| tree.node(item).first == NONE;
    let mut hollows: FastMap<NodeId, NodeId> = FastMap::default();
    for (name, items) in groups {
        let own = own.entry(name).or_default();
        let targets = items.iter().enumerate().map(|(i, item)| (*item, own.get(i).copied().unwrap_or(object)));
        hollows.extend(targets.filter(|(item, _)| hollow(tree, *item)));
        join(tree, (name, &items), own, &mut joined, found);
    }
    // What is empty leaves the tree: what was found of it belongs to the element it was written for.
    if !hollows.is_empty() {
        for fault in found.iter_mut().rev().take_while(|f| f.node == NONE || f.node > object) {
            if let Some(target) = hollows.get(&fault.node) {
                fault.node = *target;
            }
        }
    }
    let mut kept = Vec::with_capacity(children.len());
    for child in children.into_iter().filter(|child| !joined.gone.contains(child)) {
        kept.push(child);
        kept.extend(joined.after.remove(&child).into_iter().flatten());
    }
    kept.extend(joined.last);
    for pair in kept.windows(2) {
        tree.nodes[pair[0] as usize].next = pair[1];
    }
    if let Some(&last) = kept.last() {
        tree.nodes[last as usize].next = NONE;
    }
    tree.nodes[object as usize].first = kept.first().copied().unwrap_or(NONE);
}

/// What became of `_name` items.
#[derive(Default)]
struct Joined {
    /// Items that are no elements of their own here.
    gone: HashSet<NodeId>,
    /// Items that follow an element of their name.
    after: HashMap<NodeId, Vec<NodeId>>,
    /// Items that have no element of their name.
    last: Vec<NodeId>,
}

fn chain(tree: &Tree<'_>, first: NodeId) -> Vec<NodeId> {
    std::iter::successors((first != NONE).then_some(first), |&id| {
        let next = tree.node(id).next;
        (next != NONE).then_some(next)
    })
    .collect()
}

fn join(
    tree: &mut Tree<'_>,
    (name, items): (NameId, &[NodeId]),
    own: &mut Vec<NodeId>,
    joined: &mut Joined,
    found: &mut Vec<Fault>,
) {
    let in_array = |tree: &Tree<'_>, id: NodeId| tree.node(id).is(flags::IN_ARRAY);
    if !own.is_empty() && (own.len() != items.len() || in_array(tree, own[0]) != in_array(tree, items[0])) {
        let span = whole(tree, items);
        let says = format!("_{name} has {} items where {name} has {}", items.len(), own.len());
        found.push(Fault::at(&faults::SIBLING, own[0], span, says));
    }
    if own.is_empty()
        && let Some(&first) = items.first()
        && items.iter().all(|&item| tree.node(item).kind == Kind::Null)
    {
        let says = format!("_{name} holds nothing but null");
        found.push(Fault::at(&faults::SIBLING, tree.node(first).parent, whole(tree, items), says));
    }
    let (count, anchor) = (own.len(), own.last().copied());
    for (i, &item) in items.iter().enumerate() {
        joined.gone.insert(item);
        let kind = tree.node(item).kind;
        if let Some(&of) = own.get(i).filter(|of| i < count && tree.node(**of).kind == Kind::Object) {
            let says = format!("{name} is not a primitive, so it has no member _{name}");
            found.push(Fault::at(&faults::SIBLING, of, tree.node(item).span, says));
        }
        if kind != Kind::Object && kind != Kind::Null {
            let span = tree.node(item).span;
            let place = own.get(i).copied().unwrap_or(tree.node(item).parent);
            found.push(Fault::at(&faults::SIBLING, place, span, format!("_{name} must be an object")));
        }
        tree.nodes[item as usize].flags &= !flags::SIBLING;
        if i < count {
            adopt(tree, own[i], item);
        } else if kind == Kind::Object {
            tree.nodes[item as usize].flags |= flags::ONLY_SIBLING;
            match anchor {
                Some(anchor) => joined.after.entry(anchor).or_default().push(item),
                None => joined.last.push(item),
            }
            own.push(item);
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
