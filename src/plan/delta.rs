//! What a profile asks beyond its base type, so that nothing is asked or reported twice.

use std::sync::Arc;

use super::Plans;
use super::model::{Node, Own, Plan};

/// Marks in `plan` what the base type's own plan asks already, and drops invariants the base pass evaluates.
pub(super) fn delta(plan: &mut Plan, plans: &Plans) {
    let Some(base) = plans.of_type(plan.release, plan.ty) else { return };
    compare(plan, 0, &base, 0, plans, 0);
}

/// Compares `node` with `base_node`, then their children; where the base has none, those of the element's type.
fn compare(plan: &mut Plan, node: u32, base: &Arc<Plan>, base_node: u32, plans: &Plans, depth: u32) {
    let asked = &base.nodes[base_node as usize];
    let mine = &mut plan.nodes[node as usize];
    mine.own = Own {
        cardinality: !mine.slice.is_empty() || mine.min != asked.min || mine.max != asked.max,
        types: !same_types(mine, asked),
        binding: !same_binding(mine, asked),
    };
    mine.repeats = if node == 0 { mine.repeats } else { asked.repeats };
    let release = plan.release;
    let known = |key: &str, of: &Node| of.constraints.iter().any(|c| c.key == key);
    let type_root = asked.types.first().and_then(|t| plans.behind(release, t)).cloned();
    let mine = &mut plan.nodes[node as usize];
    mine.constraints.retain(|c| !known(&c.key, asked) && !type_root.as_ref().is_some_and(|t| known(&c.key, t.root())));
    if depth > 24 {
        return;
    }
    let range = plan.nodes[node as usize].children.clone();
    for g in range {
        let group = &plan.groups[g as usize];
        let (name, unsliced, slices) = (group.name, group.node, group.slices.clone());
        let single = type_of(plan, node, plans);
        let (owner, child) = match base.group(base_node, name) {
            Some(found) => (Arc::clone(base), found.node),
            None => match single.as_ref().and_then(|t| t.group(0, name).map(|g| (Arc::clone(t), g.node))) {
                Some(found) => found,
                None => continue,
            },
        };
        for target in std::iter::once(unsliced).chain(slices) {
            compare(plan, target, &owner, child, plans, depth + 1);
        }
    }
}

/// Plan of the only type a node allows.
fn type_of(plan: &Plan, node: u32, plans: &Plans) -> Option<Arc<Plan>> {
    match plan.nodes[node as usize].types.as_slice() {
        [one] => plans.behind(plan.release, one).cloned(),
        _ => None,
    }
}

fn same_types(mine: &Node, asked: &Node) -> bool {
    mine.types.len() == asked.types.len()
        && mine.types.iter().zip(&asked.types).all(|(a, b)| {
            a.code == b.code && a.profiles == b.profiles && a.targets == b.targets && a.aggregation == b.aggregation
        })
}

fn same_binding(mine: &Node, asked: &Node) -> bool {
    match (&mine.binding, &asked.binding) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(a), Some(b)) => {
            a.value_set == b.value_set && a.strength == b.strength && a.max_value_set == b.max_value_set
        }
    }
}
