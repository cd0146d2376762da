//! The walk: every resource against its base type, then against the profiles it claims or is given.

use std::sync::Arc;

use super::ahead::Ahead;
use super::checker::{Checker, Pass};
use crate::finding::{Draft, Origin, Severity};
use crate::pack::model::StructureKind;
use crate::plan::{Node, Plan};
use crate::text::Canonical;
use crate::tree::names;
use crate::tree::{Element, Kind, flags};

impl<'t> Checker<'_, 't> {
    /// Checks the whole message.
    pub fn check(&mut self) {
        self.ahead = Ahead::of(self.message);
        crate::fhirpath::steps_spent();
        self.whole();
        self.count_steps();
    }

    pub(super) fn whole(&mut self) {
        let root = self.message.root();
        let mark = self.out.len();
        if self.cx.options.skip_invariants {
            self.skip("invariant", Canonical::of_definition("every invariant"));
        }
        self.resource(root);
        for url in self.cx.options.profiles.clone() {
            self.apply(root, &url, false);
        }
        self.bundles();
        self.deduplicate(mark);
    }

    /// A resource against its type and the profiles it claims, children first.
    pub(super) fn resource(&mut self, at: Element<'t>) {
        let Some(plan) = self.cx.plans.of_resource(self.release(), at.type_id()) else {
            self.unknown_resource(at);
            return;
        };
        if plan.abstract_ {
            self.unknown_resource(at);
            return;
        }
        let pass = Pass { plan: &plan, origin: Origin::Base };
        let before = self.out.len();
        self.children(at, pass, 0);
        self.invariants(at, pass, 0);
        self.resource_id(at, before);
        self.contained(at);
        self.definition(at);
        self.claims(at);
        self.vital_signs(at);
    }

    /// Checks `at` against a profile by canonical; says so when the profile is not held.
    pub(super) fn apply(&mut self, at: Element<'t>, canonical: &str, claimed: bool) {
        let Some(plan) = self.cx.plans.of(self.release(), canonical) else {
            self.profile_not_held(at, canonical, claimed);
            return;
        };
        if !self.asked.insert((at.id(), plan.url.clone())) {
            return;
        }
        let (before, left_out) = (self.out.len(), self.out.left_out());
        if !self.cx.plans.derives(self.release(), at.type_id(), plan.ty) {
            self.wrong_resource_type(at, &plan);
        } else if plan.constraint {
            self.specification_faults(at, &plan);
            self.profile_root(at, &plan);
        }
        let counts = |d: &Draft| !self.severities.is_some_and(|s| s.in_shadow(d.meta));
        let missed = self.out.since(before).iter().any(|d| d.severity.reaches(Severity::Error) && counts(d));
        let met = self.out.left_out() == left_out && !missed;
        self.applied.push((at.id(), plan.url.clone(), met));
    }

    /// What a profile asks of an element beyond its base type.
    pub(super) fn profile_root(&mut self, at: Element<'t>, plan: &Plan) {
        let pass = Pass { plan, origin: Origin::Profile };
        self.value_checks(at, pass, 0);
        self.children(at, pass, 0);
        self.invariants(at, pass, 0);
    }

    /// What one element of a profile asks of an element elsewhere.
    pub(super) fn part(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        self.value_checks(at, pass, node);
        self.children(at, pass, node);
        self.invariants(at, pass, node);
    }

    /// Children of `at` against the children of a node.
    pub(super) fn children(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        if pass.origin == Origin::Base {
            self.unknown_children(at, pass, node);
        }
        let groups = pass.plan.children(node);
        if groups.is_empty() {
            return;
        }
        let there = at.names();
        if pass.origin == Origin::Base && there.may_hold(names::ID) && !at.is_resource() {
            self.element_id(at, pass);
        }
        for group in groups {
            if group.quiet && pass.origin != Origin::Base {
                continue;
            }
            if group.slices.is_empty() {
                let present = there.may_hold(group.name);
                if !present && !group.mandatory {
                    continue;
                }
                if pass.origin == Origin::Base || pass.plan.nodes[group.node as usize].own.cardinality {
                    self.cardinality(at, pass, group.node, group.name);
                }
                if !present {
                    continue;
                }
                for child in at.named(group.name) {
                    self.instance(child, pass, group.node);
                }
            } else {
                self.sliced(at, pass, group);
            }
        }
    }

    /// One element against one node, and what is inside it.
    pub(super) fn instance(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        if !self.goes_on() {
            return;
        }
        let definition = &pass.plan.nodes[node as usize];
        if pass.origin == Origin::Base {
            if at.def() != Some(node) && !at.node().is(flags::RESOURCE) {
                return;
            }
            self.shape(at, pass, node);
            self.hollow(at, pass, node);
        } else if definition.own.types && !self.allowed_type(at, pass, node) {
            return;
        }
        self.value_checks(at, pass, node);
        self.type_profiles(at, pass, node);
        if at.is_resource() && at.parent().is_some() {
            if pass.origin == Origin::Base {
                self.inner_resource(at);
            } else if pass.plan.has_children(node) {
                self.children(at, pass, node);
            }
        } else {
            self.inside(at, pass, node, definition);
        }
        self.invariants(at, pass, node);
    }

    /// Descends: into the node's own children, or in the base pass into the plan of the element's type.
    fn inside(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, definition: &Node) {
        if pass.plan.has_children(node) {
            self.children(at, pass, node);
            if pass.origin == Origin::Base {
                self.element_root(at, definition);
            }
            return;
        }
        if pass.origin != Origin::Base || at.kind() == Kind::Xhtml {
            return;
        }
        let Some(ty) = definition.types.iter().find(|t| t.code == at.type_id()) else { return };
        let Some(plan) = self.cx.plans.behind(self.release(), ty) else { return };
        let plan = Arc::clone(plan);
        let inner = Pass { plan: &plan, origin: Origin::Base };
        let bare = at.node().first == crate::tree::NONE && at.node().is(flags::HAS_VALUE);
        if !bare || plan.kind != StructureKind::Primitive {
            self.children(at, inner, 0);
        }
        self.typed(at, inner);
        self.invariants(at, inner, 0);
    }

    /// Invariants of BackboneElement and Element for elements defined in place.
    fn element_root(&mut self, at: Element<'t>, definition: &Node) {
        if let Some(ty) = definition.types.first()
            && let Some(plan) = self.cx.plans.behind(self.release(), ty)
        {
            let plan = Arc::clone(plan);
            self.invariants(at, Pass { plan: &plan, origin: Origin::Base }, 0);
        }
    }

    /// Checks that belong to a type rather than to an element definition.
    fn typed(&mut self, at: Element<'t>, pass: Pass<'_>) {
        match at.type_id() {
            names::T_EXTENSION => self.extension(at, pass),
            names::T_REFERENCE => self.reference(at, pass),
            names::T_CODING => self.coding(at, pass),
            names::T_QUANTITY => self.quantity(at, pass),
            names::T_IDENTIFIER => self.identifier(at, pass),
            names::T_ATTACHMENT => self.attachment(at, pass),
            names::T_NARRATIVE => self.narrative(at, pass),
            names::T_META => self.meta(at, pass),
            _ => {}
        }
    }

    fn value(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, definition: &Node) {
        if definition.fixed.is_some() {
            self.fixed(at, pass, node);
        }
        if definition.pattern.is_some() {
            self.pattern(at, pass, node);
        }
        if definition.limited() {
            self.limits(at, pass, node);
        }
        if !definition.controls.is_empty() {
            self.controls(at, pass, node);
        }
    }

    /// Fixed value, pattern, limits, binding, targets: what a node says about the element's own value.
    fn value_checks(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        let definition = &pass.plan.nodes[node as usize];
        if pass.origin == Origin::Base && at.kind() != Kind::Object {
            self.primitive(at, pass, node);
        }
        if definition.asks.value {
            self.value(at, pass, node, definition);
        }
        if definition.binding.is_some() && (pass.origin == Origin::Base || definition.own.binding) {
            self.binding(at, pass, node);
        }
        if at.type_id() == names::T_REFERENCE && (pass.origin == Origin::Base || definition.own.types) {
            self.targets(at, pass, node);
        }
    }
}
