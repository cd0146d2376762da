//! What profiles ask to be there, and whether it is: conditional on the parent being there, so nothing empty passes.

use super::{Observed, of_resource};
use crate::finding::{Dimension, MeasureKey};
use crate::plan::Plan;
use crate::tree::{Element, names};

/// Mandatory and must-support elements of a profile, two levels deep.
pub(super) fn populated(resource: Element<'_>, plan: &Plan, observed: &mut Observed) {
    below(resource, resource, plan, 0, 0, observed);
}

fn below(resource: Element<'_>, at: Element<'_>, plan: &Plan, node: u32, depth: u32, observed: &mut Observed) {
    for group in plan.children(node) {
        let definition = &plan.nodes[group.node as usize];
        let asked = (definition.min > 0 || definition.must_support) && definition.max > 0;
        let mut found = false;
        for child in at.named(group.name) {
            found = true;
            if depth == 0 && plan.has_children(group.node) {
                below(resource, child, plan, group.node, depth + 1, observed);
            }
        }
        if asked {
            let key =
                MeasureKey { profile: plan.url.clone(), element: definition.path.clone(), ..of_resource(resource) };
            let name = if definition.min > 0 { "populated-mandatory" } else { "populated-must-support" };
            observed.share(name, Dimension::Completeness, key, found);
        }
    }
}

/// Version, date and profile of a resource.
pub(super) fn metadata(resource: Element<'_>, observed: &mut Observed) {
    let meta = resource.child(names::META);
    let complete = meta.is_some_and(|m| {
        [names::VERSION_ID, names::LAST_UPDATED, names::PROFILE].iter().all(|n| m.child(*n).is_some())
    });
    observed.share("metadata-complete", Dimension::Completeness, of_resource(resource), complete);
}
