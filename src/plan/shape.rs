//! The base definitions as FHIRPath's strict checks need them.

use super::Plans;
use crate::fhirpath::{Model, ModelType};
use crate::pack::model::Release;
use crate::tree::names;

/// The element definitions of one release.
#[derive(Debug)]
pub struct BaseModel<'p> {
    plans: &'p Plans,
    release: Release,
}

impl<'p> BaseModel<'p> {
    /// The definitions of a release.
    pub fn new(plans: &'p Plans, release: Release) -> Self {
        Self { plans, release }
    }
}

impl Model for BaseModel<'_> {
    fn child(&self, parent: &str, name: &str) -> Option<Vec<ModelType>> {
        let ty = parent.split('.').next()?;
        let plan = self.plans.of_type(self.release, names::intern(ty))?;
        let node = plan.nodes.iter().position(|n| n.path == parent)? as u32;
        let holder = plan.holder(node);
        if !plan.has_children(node)
            && let Some(only) = plan.nodes[node as usize].types.first()
            && node != 0
        {
            return self.child(names::text(only.code), name);
        }
        let Some(group) = plan.group(holder, names::intern(name)) else { return Some(Vec::new()) };
        let child = &plan.nodes[group.node as usize];
        if plan.has_children(group.node) {
            let path = plan.nodes[plan.holder(group.node) as usize].path.clone();
            return Some(vec![ModelType { name: path, repeats: child.repeats }]);
        }
        Some(
            child
                .types
                .iter()
                .map(|t| ModelType { name: names::text(t.code).to_owned(), repeats: child.repeats })
                .collect(),
        )
    }
}
