//! Discriminator paths, followed in a plan (to what is asked) and in a message (to what is there).

use std::sync::Arc;

use super::checker::Checker;
use crate::pack::model::Datum;
use crate::plan::{Asked, Plan, Step};
use crate::tree::Element;
use crate::tree::names::{self, NameId};

/// What a discriminator leads to in a message: mostly one element or two.
pub(super) type Few<'t> = smallvec::SmallVec<[Element<'t>; 4]>;

impl<'t> Checker<'_, 't> {
    /// Follows steps in a plan. Several results come from several profiles or targets.
    pub(super) fn follow_plan(&self, plan: &Plan, node: u32, steps: &[Step]) -> Vec<Asked> {
        let mut at = vec![Asked { plan: None, node, datum: None }];
        for step in steps {
            at = at.into_iter().flat_map(|a| self.step_plan(plan, &a, step)).collect();
        }
        at
    }

    fn step_plan(&self, walked: &Plan, at: &Asked, step: &Step) -> Vec<Asked> {
        let plan = at.plan(walked);
        let definition = &plan.nodes[at.node as usize];
        // Below what is forbidden there is nothing: its absence decides.
        if definition.max == 0 && at.node != 0 {
            return vec![at.clone()];
        }
        match step {
            Step::Child(name) => {
                let datum = value_below(at, definition, *name);
                if let Some(group) = plan.group(at.node, *name) {
                    // What is fixed may stand in the only slice rather than in the unsliced element.
                    let node = match group.slices.as_slice() {
                        [one]
                            if plan.nodes[group.node as usize].fixed.is_none() && plan.nodes[*one as usize].min > 0 =>
                        {
                            *one
                        }
                        _ => group.node,
                    };
                    let own = &plan.nodes[node as usize];
                    // A type profile says more than the copy of the type's children beside it.
                    let silent = datum.is_none() && own.fixed.is_none() && own.pattern.is_none() && !own.own.binding;
                    let by_profile = if silent && definition.types.iter().any(|t| !t.profiles.is_empty()) {
                        self.in_type_plans(definition, *name, None)
                    } else {
                        Vec::new()
                    };
                    if !by_profile.is_empty() {
                        return by_profile;
                    }
                    return vec![Asked { plan: at.plan.clone(), node, datum }];
                }
                self.in_type_plans(definition, *name, datum)
            }
            Step::Extension(url) => {
                if let Some(group) = plan.group(at.node, names::EXTENSION) {
                    for &slice in &group.slices {
                        let named =
                            plan.nodes[slice as usize].types.iter().any(|t| t.profiles.iter().any(|p| p == url));
                        if named && (plan.has_children(slice) || plan.nodes[slice as usize].own.cardinality) {
                            return vec![Asked { plan: at.plan.clone(), node: slice, datum: None }];
                        }
                    }
                }
                self.cx
                    .plans
                    .of(self.release(), url)
                    .map(|p| Asked { plan: Some(p), node: 0, datum: None })
                    .into_iter()
                    .collect()
            }
            Step::Resolve => {
                let targets = definition.types.iter().flat_map(|t| t.targets.iter());
                targets
                    .filter_map(|t| self.cx.plans.of(self.release(), t))
                    .map(|p| Asked { plan: Some(p), node: 0, datum: None })
                    .collect()
            }
            Step::OfType(_) => vec![at.clone()],
        }
    }

    /// A child in the plans of an element's types.
    fn in_type_plans(&self, of: &crate::plan::Node, name: NameId, datum: Option<(Datum, bool)>) -> Vec<Asked> {
        let plans = self.type_plans(of).into_iter();
        let found = plans.filter_map(|(p, from)| {
            let node = p.group(from, name).map(|g| g.node)?;
            Some(Asked { plan: Some(p), node, datum: datum.clone() })
        });
        found.collect()
    }

    /// Plans of an element's types: their profiles where given, else the types themselves.
    fn type_plans(&self, definition: &crate::plan::Node) -> Vec<(Arc<Plan>, u32)> {
        let mut out = Vec::new();
        for ty in &definition.types {
            if ty.profiles.is_empty() {
                out.extend(self.cx.plans.behind(self.release(), ty).cloned().map(|p| (p, 0)));
            } else {
                out.extend(ty.profiles.iter().filter_map(|p| {
                    let (url, id) = p.split_once('#').map_or((p.as_str(), None), |(url, id)| (url, Some(id)));
                    let plan = self.cx.plans.of(self.release(), url)?;
                    let node = id.map_or(Some(0), |id| plan.by_id(id))?;
                    Some((plan, node))
                }));
            }
        }
        out
    }

    /// Follows steps in the message. `Err` names a reference that could not be followed.
    pub(super) fn follow(&self, at: Element<'t>, steps: &[Step]) -> Result<Few<'t>, &'static str> {
        let mut found: Few<'t> = smallvec::smallvec![at];
        for step in steps {
            let mut next = Few::new();
            for element in found {
                match step {
                    Step::Child(name) => next.extend(element.named(*name)),
                    Step::Extension(url) => next
                        .extend(element.named(names::EXTENSION).filter(|e| e.text(names::URL) == Some(url.as_str()))),
                    Step::Resolve => {
                        let reference = if element.type_id() == names::T_REFERENCE {
                            element.text(names::REFERENCE)
                        } else {
                            element.value()
                        };
                        if let Some(reference) = reference {
                            match self.message.resolve(element, reference).target() {
                                Some(target) => next.push(target),
                                None => return Err("a reference that leads out of the message"),
                            }
                        }
                    }
                    Step::OfType(ty) => next.extend(
                        (element.type_id() == *ty || self.cx.plans.derives(self.release(), element.type_id(), *ty))
                            .then_some(element),
                    ),
                }
            }
            found = next;
        }
        Ok(found)
    }
}

/// The part of a fixed value or pattern above that speaks of a child.
fn value_below(at: &Asked, definition: &crate::plan::Node, name: NameId) -> Option<(Datum, bool)> {
    let own = definition.fixed.as_ref().map(|f| (&f.value, true));
    let own = own.or(definition.pattern.as_ref().map(|p| (&p.value, false)));
    let (value, exact) = at.datum.as_ref().map(|(value, exact)| (value, *exact)).or(own)?;
    let value = match value {
        Datum::Array(items) => items.first()?,
        other => other,
    };
    Some((value.get(names::text(name))?.clone(), exact))
}
