//! What profiles ask to be there, and whether it is: conditional on the parent being there, so nothing empty passes.

use std::sync::Arc;

use super::observed::{Counts, Fields};
use crate::plan::{Group, Node, Plan};
use crate::tally::Measured;
use crate::tally::{Measure, MeasureKey};
use crate::tree::names;
use crate::tree::{Element, Kind};

/// What is kept of each node of a plan. An element is there in an instance of its parent or it is not, however often it is
/// repeated: instances are numbered, and the last that a node was populated in is kept beside its count.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slot {
    /// Instances of it as a parent.
    parents: u64,
    /// Instances of its parent in which it was populated.
    populated: u64,
    /// Instances of its parent in which another element stood in for it.
    excused: u64,
    /// The instance of its parent, from 1, in which it was last populated.
    last: u64,
}

impl Slot {
    /// Counts that it is populated in an instance of its parent, once.
    fn populate(&mut self, instance: u64) {
        if self.last != instance {
            self.last = instance;
            self.populated += 1;
        }
    }

    /// Adds what other messages showed. Numbers of instances still to come are higher than any that was kept.
    pub(super) fn add(&mut self, more: Self) {
        self.parents += more.parents;
        self.populated += more.populated;
        self.excused += more.excused;
    }
}

/// Pairs of which one stands in for the other: type of the resource, element, element. Where the first is there, the
/// second is not asked for, and the other way round.
const EITHER: &[(&str, &str, &str)] = &[
    ("List", "entry", "emptyReason"),
    ("Composition", "entry", "emptyReason"),
    ("Observation", "value", "dataAbsentReason"),
    ("Observation", "component", "dataAbsentReason"),
    ("Observation", "component", "value"),
    ("Immunization", "reasonCode", "statusReason"),
];

/// Elements that say nothing of how well a record is filled.
const TECHNICAL: &[&str] =
    &["id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension"];

/// Counts the elements of one resource by one profile, two levels deep.
pub(super) fn populated(resource: Element<'_>, plan: &Arc<Plan>, counts: &mut Counts) {
    let fields = counts.fields(plan);
    below(resource, plan, 0, 0, &mut fields.nodes);
}

fn below(at: Element<'_>, plan: &Plan, node: u32, depth: u32, nodes: &mut [Slot]) {
    let parent = &mut nodes[plan.holder(node) as usize];
    parent.parents += 1;
    let instance = parent.parents;
    for child in at.children() {
        let Some(group) = plan.group(node, child.base_id()) else { continue };
        if group.name == names::EXTENSION || group.name == names::MODIFIER_EXTENSION {
            nodes[group.node as usize].populate(instance);
            if let Some(slice) = slice_of(child, plan, group) {
                nodes[slice as usize].populate(instance);
            }
            continue;
        }
        if depth == 0 && plan.has_children(group.node) {
            below(child, plan, group.node, depth + 1, nodes);
        }
        let slot = &mut nodes[group.node as usize];
        if slot.last != instance && is_populated(child) {
            slot.populate(instance);
        }
    }
    excuse(plan, node, instance, nodes);
}

/// An element without a value that only says why there is none is not populated.
fn is_populated(at: Element<'_>) -> bool {
    at.value().is_some()
        || (at.kind() != Kind::Null
            && at.children().any(|c| c.name_id() != names::EXTENSION && c.name_id() != names::ID))
}

/// The slice whose definition an extension names.
fn slice_of(at: Element<'_>, plan: &Plan, group: &Group) -> Option<u32> {
    let url = at.text(names::URL)?;
    group.slices.iter().copied().find(|s| profile_of(&plan.nodes[*s as usize]) == Some(url))
}

fn profile_of(slice: &Node) -> Option<&str> {
    let url = slice.types.first()?.profiles.first()?;
    Some(url.split_once('|').map_or(url.as_str(), |(url, _)| url))
}

fn excuse(plan: &Plan, node: u32, instance: u64, nodes: &mut [Slot]) {
    let ty = names::text(plan.ty);
    if !EITHER.iter().any(|(of, ..)| *of == ty) {
        return;
    }
    let group = |name: &str| plan.group(node, names::intern(name)).map(|g| g.node);
    let mut excused = [None; EITHER.len()];
    for (i, (_, one, other)) in EITHER.iter().enumerate().filter(|(_, (of, ..))| *of == ty) {
        let (Some(one), Some(other)) = (group(one), group(other)) else { continue };
        let is_there = |node: u32| nodes[node as usize].last == instance;
        let out = match (is_there(one), is_there(other)) {
            (true, false) => other,
            (false, true) => one,
            _ => continue,
        };
        if !excused.contains(&Some(out)) {
            excused[i] = Some(out);
            nodes[out as usize].excused += 1;
        }
    }
}

/// One row for each element that a parent was there for.
pub(super) fn measures(fields: &Fields, sender: &str, period: &str, out: &mut Vec<Measure>) {
    let plan = &fields.plan;
    let mut rows = |parent: u32, depth: u32| {
        let parents = fields.nodes[parent as usize].parents;
        // What an element borrows from another is counted there.
        if parents == 0 || plan.holder(parent) != parent {
            return;
        }
        for group in plan.children(parent) {
            let by_slice = group.name == names::EXTENSION || group.name == names::MODIFIER_EXTENSION;
            let slices: &[u32] = if by_slice { &group.slices } else { &[] };
            for node in std::iter::once(&group.node).chain(slices) {
                let definition = &plan.nodes[*node as usize];
                let Some(share) = share_of(definition, depth) else { continue };
                let Slot { populated, excused, .. } = fields.nodes[*node as usize];
                debug_assert!(
                    populated + excused <= parents,
                    "{}: {populated} + {excused} of {parents}",
                    definition.id
                );
                let denominator = parents - excused;
                if denominator == 0 {
                    continue;
                }
                let element = if definition.slice.is_empty() { &definition.path } else { &definition.id };
                out.push(Measure {
                    name: share.definition().name.to_owned(),
                    dimension: share.definition().dimension,
                    key: MeasureKey {
                        sender: sender.to_owned(),
                        period: period.to_owned(),
                        resource: names::text(plan.ty).to_owned(),
                        profile: plan.url.to_string(),
                        element: element.clone(),
                        rule: String::new(),
                    },
                    numerator: populated,
                    denominator,
                });
            }
        }
    };
    rows(0, 0);
    for group in plan.children(0) {
        if plan.has_children(group.node) {
            rows(group.node, 1);
        }
    }
}

/// What is asked of an element, at the root of a resource or below an element of it.
fn share_of(node: &Node, depth: u32) -> Option<Measured> {
    let technical = TECHNICAL.contains(&names::text(node.name)) && node.slice.is_empty();
    match (node.max, node.min, node.must_support, depth) {
        (0, ..) => None,
        (_, 1.., _, 0) => Some(Measured::Mandatory),
        (_, 1.., _, _) => Some(Measured::Required),
        (_, _, true, _) => Some(Measured::MustSupport),
        (_, _, _, 0) if !technical => Some(Measured::Optional),
        _ => None,
    }
}

/// Version, date and profile of a resource.
pub(super) fn metadata(resource: Element<'_>, counts: &mut Counts) {
    let meta = resource.child(names::META);
    let complete = meta.is_some_and(|m| {
        [names::VERSION_ID, names::LAST_UPDATED, names::PROFILE].iter().all(|n| m.child(*n).is_some())
    });
    counts.share(Measured::Metadata, resource.type_id(), "", complete);
}

/// A coded security label, where the profile asks for one.
pub(super) fn security(resource: Element<'_>, plan: &Plan, counts: &mut Counts) {
    let asked =
        plan.group(0, names::META).and_then(|meta| plan.group(meta.node, names::SECURITY)).is_some_and(|group| {
            let node = &plan.nodes[group.node as usize];
            node.max > 0 && (node.min > 0 || node.must_support || node.own.binding || node.own.cardinality)
        });
    if asked {
        let labels = resource.child(names::META).into_iter().flat_map(|m| m.named(names::SECURITY));
        let coded = labels.into_iter().any(|l| l.text(names::CODE).is_some() && l.text(names::SYSTEM).is_some());
        counts.share(Measured::Security, resource.type_id(), "", coded);
    }
}
