//! A structure to a plan.

use std::sync::OnceLock;

use super::decided;
use super::discriminator;
use super::model::{
    Asks, BindingPlan, ConstraintPlan, Discriminator, DiscriminatorKind, Group, Node, Own, Plan, SlicingPlan, Strength,
    TypePlan, key,
};
use crate::pack::model::{ElementDef, Release, Slicing, Structure, StructureKind, TypeRef};
use crate::tree::NameId;
use crate::tree::names::{self, FastMap};

/// Compiles `structure`. An empty snapshot gives a plan with a root only, and a fault.
pub(super) fn compile(structure: &Structure, release: Release) -> Plan {
    let mut plan = Plan {
        url: structure.url.as_str().into(),
        version: structure.version.clone(),
        release,
        ty: names::intern_defined(&structure.ty),
        kind: structure.kind.unwrap_or(StructureKind::Complex),
        constraint: structure.constraint,
        abstract_: structure.abstract_,
        base: structure.base.clone(),
        contexts: structure.contexts.clone(),
        context_invariants: structure.context_invariants.clone(),
        nodes: Vec::with_capacity(structure.elements.len().max(1)),
        groups: Vec::new(),
        written: FastMap::default(),
        based: FastMap::default(),
        faults: structure.faults.clone(),
    };
    if structure.elements.is_empty() {
        plan.faults.push("the definition has no elements".to_owned());
        let root = ElementDef { id: structure.ty.clone(), path: structure.ty.clone(), ..ElementDef::default() };
        plan.nodes.push(node(&root));
        return plan;
    }
    let parents = parents(&structure.elements, &mut plan.faults);
    plan.nodes.extend(structure.elements.iter().map(node));
    link(&mut plan, &parents);
    for group in &mut plan.groups {
        group.alike = alike(&plan.nodes, group);
    }
    content_references(&mut plan, &structure.elements);
    plan
}

fn node(def: &ElementDef) -> Node {
    let written = def.path.rsplit('.').next().unwrap_or("");
    // STU3 profiles rename a choice to the one type they leave: `Extension.valueCode` is still `value`.
    let base = def.base_path.rsplit('.').next().unwrap_or("");
    let renamed = base.strip_suffix("[x]").is_some_and(|stem| stem.len() < written.len() && written.starts_with(stem));
    let last = if renamed { base } else { written };
    let choice = last.ends_with("[x]");
    Node {
        id: def.id.clone(),
        path: def.path.clone(),
        name: names::intern_defined(last.trim_end_matches("[x]")),
        slice: def.slice.clone(),
        min: def.min,
        max: def.max.unwrap_or(u32::MAX),
        repeats: def.base_max.is_none_or(|m| m > 1) && def.path.contains('.'),
        choice,
        types: def.types.iter().map(type_plan).collect(),
        children: 0..0,
        same_as: None,
        fixed: def.fixed.clone(),
        pattern: def.pattern.clone(),
        min_value: def.min_value.clone(),
        max_value: def.max_value.clone(),
        max_length: def.max_length,
        min_length: def.min_length,
        regex: def.regex.clone(),
        controls: def.controls.clone(),
        criteria: OnceLock::new(),
        slicing: def.slicing.as_ref().map(slicing),
        binding: def.binding.as_ref().and_then(|b| {
            Some(BindingPlan {
                strength: strength(b)?,
                value_set: b.value_set.clone(),
                max_value_set: b.max_value_set.clone(),
            })
        }),
        constraints: def
            .constraints
            .iter()
            .filter(|c| !c.expression.is_empty() && !decided::by_code(c))
            .map(|c| ConstraintPlan {
                key: c.key.clone(),
                error: c.error,
                expression: c.expression.clone(),
                source: c.source.clone(),
                best_practice: c.best_practice,
                human: c.human.clone(),
                program: OnceLock::new(),
            })
            .collect(),
        must_support: def.must_support,
        is_modifier: def.is_modifier,
        own: Own { cardinality: true, types: true, binding: true },
        asks: Asks::default(),
    }
}

/// Strength of a binding. R4 binds components of vital signs to the common units as `required`, which HL7 has declared
/// an error (`extensible` was meant): components such as an inspired oxygen flow have other units.
fn strength(binding: &crate::pack::model::Binding) -> Option<Strength> {
    if binding.value_set.starts_with("http://hl7.org/fhir/ValueSet/ucum-vitals-common") {
        return Some(Strength::Extensible);
    }
    Strength::parse(&binding.strength)
}

fn type_plan(ty: &TypeRef) -> TypePlan {
    TypePlan {
        code: names::intern_defined(&ty.code),
        profiles: ty.profiles.clone(),
        targets: ty.targets.clone(),
        aggregation: ty.aggregation.clone(),
        plan: OnceLock::new(),
    }
}

fn slicing(slicing: &Slicing) -> SlicingPlan {
    let discriminators = slicing
        .discriminators
        .iter()
        .filter_map(|(kind, path)| {
            let kind = match kind.as_str() {
                "value" => DiscriminatorKind::Value,
                "pattern" => DiscriminatorKind::Pattern,
                "exists" => DiscriminatorKind::Exists,
                "type" => DiscriminatorKind::Type,
                "profile" => DiscriminatorKind::Profile,
                _ => return None,
            };
            Some(Discriminator { kind, path: path.clone(), steps: discriminator::parse(path) })
        })
        .collect();
    SlicingPlan {
        discriminators,
        closed: slicing.rules == "closed",
        open_at_end: slicing.rules == "openAtEnd",
        ordered: slicing.ordered,
    }
}

/// Parent of every element by id: `a.b:s.c` stands in `a.b:s`. Elements without a parent are faults and left out.
fn parents(elements: &[ElementDef], faults: &mut Vec<String>) -> Vec<Option<usize>> {
    let mut by_id: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    let mut out = Vec::with_capacity(elements.len());
    for (i, element) in elements.iter().enumerate() {
        if i == 0 {
            out.push(None);
        } else {
            let parent = element.id.rsplit_once('.').map_or("", |p| p.0);
            let found = by_id.get(parent).copied();
            if found.is_none() {
                faults.push(format!("{} has no parent element", element.id));
            }
            out.push(found);
        }
        by_id.insert(element.id.as_str(), i);
    }
    out
}

/// Fills groups and the child maps.
fn link(plan: &mut Plan, parents: &[Option<usize>]) {
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); plan.nodes.len()];
    for (i, parent) in parents.iter().enumerate() {
        if let Some(parent) = parent {
            children[*parent].push(i as u32);
        }
    }
    for (parent, list) in children.iter().enumerate() {
        let start = plan.groups.len() as u32;
        for &child in list {
            add_child(plan, parent as u32, start, child);
        }
        plan.nodes[parent].children = start..plan.groups.len() as u32;
    }
}

fn add_child(plan: &mut Plan, parent: u32, start: u32, child: u32) {
    let node = &plan.nodes[child as usize];
    let name = node.name;
    if let Some(&group) = plan.based.get(&key(parent, name)) {
        if !node.slice.is_empty() || node.choice {
            plan.groups[group as usize].slices.push(child);
        }
        return;
    }
    let group = plan.groups.len() as u32;
    plan.based.insert(key(parent, name), group);
    if node.choice {
        let types: Vec<NameId> = node.types.iter().map(|t| t.code).collect();
        for (i, ty) in types.into_iter().enumerate() {
            plan.written.insert(key(parent, choice_name(name, ty)), (group, i as u16));
        }
    } else {
        plan.written.insert(key(parent, name), (group, 0));
    }
    let mandatory = node.min > 0;
    let (order, slices, alike) = (group - start, Vec::new(), Vec::new());
    plan.groups.push(Group { name, node: child, slices, alike, order, mandatory, quiet: false });
}

/// Slices of a group that are told apart by the type of the element alone, where another beside them has the same types.
fn alike(nodes: &[Node], group: &Group) -> Vec<u32> {
    let by_type = |d: &Discriminator| d.kind == DiscriminatorKind::Type && d.path == "$this";
    let slicing = nodes[group.node as usize].slicing.as_ref();
    if !slicing.is_some_and(|s| !s.discriminators.is_empty() && s.discriminators.iter().all(by_type)) {
        return Vec::new();
    }
    let same = |a: &Node, b: &Node| {
        let types = |n: &'_ Node| n.types.iter().map(|t| (t.code, t.profiles.clone())).collect::<Vec<_>>();
        a.slice != b.slice && !within(&a.slice, &b.slice) && !within(&b.slice, &a.slice) && types(a) == types(b)
    };
    let node = |slice: &u32| &nodes[*slice as usize];
    group.slices.iter().filter(|own| group.slices.iter().any(|other| same(node(own), node(other)))).copied().collect()
}

/// Whether the slice `name` is `outer/...`.
pub fn within(name: &str, outer: &str) -> bool {
    name.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
}

/// `value` and `Quantity` to `valueQuantity`.
pub(super) fn choice_name(name: NameId, ty: NameId) -> NameId {
    let text = names::text(ty);
    let mut out = String::with_capacity(32);
    out.push_str(names::text(name));
    let mut chars = text.chars();
    out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
    out.push_str(chars.as_str());
    names::intern_defined(&out)
}

fn content_references(plan: &mut Plan, elements: &[ElementDef]) {
    for (i, element) in elements.iter().enumerate() {
        if element.content_reference.is_empty() || !plan.nodes[i].children.is_empty() {
            continue;
        }
        let wanted = element.content_reference.rsplit('#').next().unwrap_or("");
        // Slices keep the reference of the unsliced element: the path is as good as the id.
        let target =
            elements.iter().position(|e| e.id == wanted).or_else(|| elements.iter().position(|e| e.path == wanted));
        match target {
            Some(target) => plan.nodes[i].same_as = Some(target as u32),
            None => plan.faults.push(format!("{}: its content reference leads nowhere", element.id)),
        }
    }
}
