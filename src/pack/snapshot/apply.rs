//! What a change does to one element: overwriting, accumulating, and taking over the root of a type's profile.

use std::borrow::Cow;

use super::merge::{Merge, is_extension};
use super::tree::Node;
use crate::pack::import::Change;
use crate::pack::model::{Binding, Constraint, ElementDef, Slicing, TypeRef};

/// Types whose values can be bound to a value set.
const BINDABLE: [&str; 9] =
    ["code", "Coding", "CodeableConcept", "Quantity", "string", "uri", "Extension", "Money", "canonical"];

impl Merge<'_> {
    /// Lays one change over a node.
    pub(super) fn apply(&mut self, node: &mut Node, change: &Change, at: &str) {
        if let Some(types) = &change.types {
            let types = narrowed(&node.element, types);
            self.take_profile_root(node, &types, at);
            self.check_types(&node.element, &types, at);
            node.element.types = types.into_owned();
        }
        let element = &mut node.element;
        let sliced = !element.slice.is_empty();
        if let Some(min) = change.min {
            if min < element.min && !sliced {
                self.faults.push(format!("{at}: min {min} is looser than the base's {}", element.min));
            }
            element.min = min;
        }
        if let Some(max) = change.max {
            if looser(max, element.max) && !is_extension(&node.name) {
                self.faults.push(format!("{at}: its max is looser than the base's"));
            }
            element.max = max;
        }
        let overwrite = |held: &mut Option<_>, stated: &Option<_>| {
            if stated.is_some() {
                held.clone_from(stated);
            }
        };
        overwrite(&mut element.fixed, &change.fixed);
        overwrite(&mut element.pattern, &change.pattern);
        overwrite(&mut element.min_value, &change.min_value);
        overwrite(&mut element.max_value, &change.max_value);
        element.max_length = change.max_length.or(element.max_length);
        element.min_length = change.min_length.or(element.min_length);
        if !change.regex.is_empty() {
            element.regex.clone_from(&change.regex);
        }
        for control in &change.controls {
            if !element.controls.contains(control) {
                element.controls.push(control.clone());
            }
        }
        if !change.content_reference.is_empty() {
            element.content_reference.clone_from(&change.content_reference);
        }
        if let Some(slicing) = &change.slicing {
            merge_slicing(&mut element.slicing, slicing);
        }
        if let Some(binding) = &change.binding {
            merge_binding(&mut element.binding, binding);
        }
        if change.types.is_some() {
            drop_idle_binding(element);
        }
        add_constraints(&mut element.constraints, &change.constraints);
        element.must_support = change.must_support.unwrap_or(element.must_support);
        element.is_modifier = change.is_modifier.unwrap_or(element.is_modifier);
        element.is_summary = change.is_summary.unwrap_or(element.is_summary);
    }

    /// A single type with a single profile brings what that profile says of its root.
    fn take_profile_root(&mut self, node: &mut Node, types: &[TypeRef], at: &str) {
        let [TypeRef { code, profiles, .. }] = types else { return };
        let [profile] = profiles.as_slice() else { return };
        if node.bare {
            return;
        }
        let Some(structure) = self.held(profile, at) else { return };
        let Some(root) = structure.elements.first() else { return };
        let element = &mut node.element;
        add_constraints(&mut element.constraints, &root.constraints);
        element.is_modifier |= root.is_modifier;
        if code == "Extension" {
            element.max = root.max;
            if element.slice.is_empty() {
                element.min = root.min;
            }
        }
    }

    fn check_types(&mut self, element: &ElementDef, types: &[TypeRef], at: &str) {
        if element.types.is_empty() || !self.constraint {
            return;
        }
        let allows = |base: &TypeRef, ty: &TypeRef| {
            base.code == ty.code || matches!(base.code.as_str(), "*" | "Resource" | "DomainResource" | "Element")
        };
        let strange: Vec<&str> = types
            .iter()
            .filter(|ty| !ty.code.is_empty() && !element.types.iter().any(|base| allows(base, ty)))
            .map(|ty| ty.code.as_str())
            .collect();
        match strange.as_slice() {
            [] => {}
            [one] => self.faults.push(format!("{at}: type {one} is not allowed by the base")),
            [first, rest @ ..] => {
                self.faults.push(format!("{at}: types {first} and {} more are not allowed by the base", rest.len()));
            }
        }
    }
}

/// The types of a change. Authoring tools list the types of an open choice anew when one of them was changed: of such a
/// list only what the base allows is meant, as an extension's own definition has closed the choice.
fn narrowed<'t>(element: &ElementDef, types: &'t [TypeRef]) -> Cow<'t, [TypeRef]> {
    let held = |ty: &&TypeRef| element.types.iter().any(|base| base.code == ty.code);
    let open = types.len() > OPEN_CHOICE && element.types.len() < OPEN_CHOICE;
    if open && types.iter().any(|ty| held(&ty)) {
        Cow::Owned(types.iter().filter(held).cloned().collect())
    } else {
        Cow::Borrowed(types)
    }
}

/// More types than these are those of an open choice.
const OPEN_CHOICE: usize = 30;

fn looser(max: Option<u32>, base: Option<u32>) -> bool {
    base.is_some_and(|base| max.is_none_or(|max| max > base))
}

/// A binding goes when no type that can be bound is left.
pub(super) fn drop_idle_binding(element: &mut ElementDef) {
    if !element.types.iter().any(|ty| bindable(&ty.code)) {
        element.binding = None;
    }
}

fn bindable(code: &str) -> bool {
    BINDABLE.contains(&code) || code.is_empty() || code == "*" || code == "CodeableReference"
}

fn merge_slicing(held: &mut Option<Slicing>, stated: &Slicing) {
    let slicing = held.get_or_insert_with(Slicing::default);
    if !stated.discriminators.is_empty() {
        slicing.discriminators.clone_from(&stated.discriminators);
    }
    if !stated.rules.is_empty() {
        slicing.rules.clone_from(&stated.rules);
    } else if slicing.rules.is_empty() {
        "open".clone_into(&mut slicing.rules);
    }
    slicing.ordered |= stated.ordered;
}

fn merge_binding(held: &mut Option<Binding>, stated: &Binding) {
    let binding = held.get_or_insert_with(Binding::default);
    for (to, from) in [
        (&mut binding.strength, &stated.strength),
        (&mut binding.value_set, &stated.value_set),
        (&mut binding.max_value_set, &stated.max_value_set),
    ] {
        if !from.is_empty() {
            to.clone_from(from);
        }
    }
}

/// Constraints accumulate; a key that is held stays as it is.
fn add_constraints(held: &mut Vec<Constraint>, stated: &[Constraint]) {
    for constraint in stated {
        if !held.iter().any(|other| other.key == constraint.key) {
            held.push(constraint.clone());
        }
    }
}
