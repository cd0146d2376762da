//! What a walk has to look at, found once for every plan.

use super::model::{Asks, Plan};

/// Fills what nodes and groups of a finished plan say of themselves.
pub(super) fn settle(plan: &mut Plan) {
    for at in 0..plan.nodes.len() {
        let node = &plan.nodes[at];
        let shared = node.same_as.is_some_and(|same| !plan.nodes[same as usize].constraints.is_empty());
        plan.nodes[at].asks = Asks {
            value: node.fixed.is_some() || node.pattern.is_some() || node.limited() || !node.controls.is_empty(),
            invariants: !node.constraints.is_empty() || shared,
            profiles: node.types.iter().any(|ty| !ty.profiles.is_empty()),
        };
    }
    // Children follow their parents, so that from the end all of a node's groups are known before it.
    for at in (0..plan.groups.len()).rev() {
        let group = &plan.groups[at];
        plan.groups[at].quiet = group.slices.is_empty() && quiet(plan, group.node);
    }
}

/// Whether neither a node nor what is below it goes beyond the base type.
fn quiet(plan: &Plan, node: u32) -> bool {
    let definition = &plan.nodes[node as usize];
    let (own, asks) = (definition.own, definition.asks);
    let silent = !own.cardinality && !own.types && !own.binding && !asks.value && !asks.invariants;
    // Shared content may lead in a circle; it is looked at.
    silent && definition.same_as.is_none() && plan.children(node).iter().all(|group| group.quiet)
}
