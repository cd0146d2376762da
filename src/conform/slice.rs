//! Slicing: which slice an element belongs to, and why it belongs to none.

use super::checker::{Checker, Pass};
use super::datum;
use super::slice_path::{Step, parse};
use crate::finding::{Dimension, Example, Meta, Severity};
use crate::plan::{Discriminator, DiscriminatorKind, Group, Plan, Strength};
use crate::terminology::Answer;
use crate::tree::{Element, names};

/// Closed slicing.
pub static CLOSED: Meta = Meta {
    id: "HM0120",
    name: "slice-none-matches",
    title: "the element belongs to none of the slices, and the profile allows no others",
    issue: "structure",
    basis: "FHIR, ElementDefinition.slicing.rules closed",
    criterion: "INT-2",
    why: "The profile lists every form this element may take; receivers read no other.",
    remedy: "Make the element match the nearest slice: the reasons listed say what differs.",
    examples: &[Example::good("no slices", r#"{"resourceType": "Patient", "active": true}"#)],
    ..Meta::NEW
};

/// Slice missing.
pub static MINIMUM: Meta = Meta {
    id: "HM0121",
    name: "slice-missing",
    title: "a mandatory slice is missing",
    issue: "required",
    dimension: Dimension::Completeness,
    basis: "FHIR, slicing: ElementDefinition.min of a slice",
    criterion: "INT-2",
    why: "The receiver relies on this form of the element being there.",
    remedy: "Send an element that matches the slice; where one was meant to, the reasons listed say what differs.",
    examples: &[
        Example::bad(
            "no official name",
            r#"«{"resourceType": "Patient", "name": [{"use": "nickname", "family": "Test"}]}»"#,
        )
        .against("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"),
        Example::good(
            "an official name",
            r#"{"resourceType": "Patient", "name": [{"use": "official", "family": "Test"}]}"#,
        )
        .against("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"),
    ],
    ..Meta::NEW
};

/// Slice too often.
pub static MAXIMUM: Meta = Meta {
    id: "HM0122",
    name: "slice-too-many",
    title: "more elements match a slice than it allows",
    issue: "structure",
    basis: "FHIR, slicing: ElementDefinition.max of a slice",
    criterion: "INT-2",
    why: "The receiver takes one of them, not all receivers the same one.",
    remedy: "Send one element of this form, or change what makes the others match.",
    examples: &[
        Example::bad(
            "two official names",
            r#"«{"resourceType": "Patient", "name": [{"use": "official", "family": "Test"}, {"use": "official", "family": "Tester"}]}»"#,
        )
        .against("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"),
        Example::good("no slices", r#"{"resourceType": "Patient", "active": true}"#),
    ],
    ..Meta::NEW
};

/// Out of order.
pub static ORDER: Meta = Meta {
    id: "HM0123",
    name: "slice-order",
    title: "the slices are out of order",
    issue: "structure",
    basis: "FHIR, ElementDefinition.slicing.ordered",
    criterion: "INT-2",
    why: "The order carries meaning in this profile.",
    remedy: "Send the elements in the order of the slices; with openAtEnd, others last.",
    examples: &[Example::good("no slices", r#"{"resourceType": "Patient", "active": true}"#)],
    ..Meta::NEW
};

/// Two slices at once.
pub static AMBIGUOUS: Meta = Meta {
    id: "HM0124",
    name: "slice-several-match",
    title: "the element matches several slices at once",
    issue: "structure",
    basis: "FHIR, slicing: an element belongs to one slice",
    criterion: "INT-2",
    why: "Receivers cannot tell which meaning is intended.",
    remedy: "Send one element for each meaning.",
    examples: &[Example::good("no slices", r#"{"resourceType": "Patient", "active": true}"#)],
    ..Meta::NEW
};

/// Whether an element is of a slice.
enum Match {
    Yes,
    /// Why not, discriminator by discriminator, and how many did match.
    No(Vec<String>, usize),
    /// Cannot be decided.
    Unknown(String),
}

impl<'t> Checker<'_, 't> {
    /// Elements of one sliced name: each to its slice, counts, order.
    pub(super) fn sliced(&mut self, parent: Element<'t>, pass: Pass<'_>, group: &Group) {
        let plan = pass.plan;
        let unsliced = &plan.nodes[group.node as usize];
        if unsliced.own.cardinality {
            self.cardinality(parent, pass, group.node, group.name);
        }
        let discriminators = unsliced.slicing.as_ref().map_or(&[][..], |s| s.discriminators.as_slice());
        let mut counts = vec![0u32; group.slices.len()];
        let mut undecided = vec![false; group.slices.len()];
        let mut near: Vec<Vec<String>> = vec![Vec::new(); group.slices.len()];
        let mut last = None;
        for child in parent.named(group.name) {
            let mut mine: Option<usize> = None;
            let mut misses: Vec<(usize, Vec<String>, usize)> = Vec::new();
            let mut unknown = false;
            for (i, &slice) in group.slices.iter().enumerate() {
                match self.in_slice(child, plan, slice, discriminators) {
                    Match::Yes => match mine {
                        Some(first)
                            if !plan.nodes[slice as usize]
                                .slice
                                .starts_with(&format!("{}/", plan.nodes[group.slices[first] as usize].slice)) =>
                        {
                            let names =
                                (&plan.nodes[group.slices[first] as usize].slice, &plan.nodes[slice as usize].slice);
                            let draft = self.draft(
                                &AMBIGUOUS,
                                pass,
                                slice,
                                child,
                                format!("{} matches the slices {} and {}", unsliced.path, names.0, names.1),
                            );
                            self.emit(draft);
                        }
                        Some(_) => {
                            counts[i] += 1;
                        }
                        None => mine = Some(i),
                    },
                    Match::No(reasons, hits) => misses.push((i, reasons, hits)),
                    Match::Unknown(what) => {
                        unknown = true;
                        undecided[i] = true;
                        self.skip("slice", what);
                    }
                }
            }
            for (i, reasons, _) in &misses {
                if near[*i].is_empty() {
                    near[*i] = reasons.iter().map(|r| format!("{}: {r}", child.path())).collect();
                }
            }
            match mine {
                Some(i) => {
                    counts[i] += 1;
                    self.slice_order(child, pass, group, i, &mut last);
                    self.instance(child, pass, group.slices[i]);
                }
                None => {
                    last = Some(usize::MAX);
                    if !unknown {
                        self.outside(child, pass, group, misses);
                    }
                    self.instance(child, pass, group.node);
                }
            }
        }
        for (i, &slice) in group.slices.iter().enumerate() {
            self.slice_count(parent, pass, slice, counts[i], undecided[i], &near[i]);
        }
    }

    fn slice_count(
        &mut self,
        parent: Element<'t>,
        pass: Pass<'_>,
        slice: u32,
        count: u32,
        undecided: bool,
        near: &[String],
    ) {
        let definition = &pass.plan.nodes[slice as usize];
        let name = format!("{}:{}", definition.path, definition.slice);
        if count < definition.min && !undecided {
            let says = match (definition.min, count) {
                (1, 0) => format!("the slice {name} is missing"),
                (min, count) => format!("the slice {name} stands here {count} times, and must at least {min} times"),
            };
            let mut draft = self.draft(&MINIMUM, pass, slice, parent, says);
            draft.span = parent.span();
            draft.notes.extend(near.iter().take(6).cloned());
            self.emit(draft);
        } else if count > definition.max {
            let says = match definition.max {
                0 => format!("the slice {name} is not allowed"),
                max => format!("the slice {name} stands here {count} times, and may at most {max} times"),
            };
            let mut draft = self.draft(&MAXIMUM, pass, slice, parent, says);
            draft.span = parent.span();
            self.emit(draft);
        }
    }

    fn slice_order(
        &mut self,
        child: Element<'t>,
        pass: Pass<'_>,
        group: &Group,
        slice: usize,
        last: &mut Option<usize>,
    ) {
        let Some(slicing) = &pass.plan.nodes[group.node as usize].slicing else { return };
        let wrong = match *last {
            Some(usize::MAX) => slicing.open_at_end,
            Some(before) => slicing.ordered && before > slice,
            None => false,
        };
        if wrong {
            let name = &pass.plan.nodes[group.slices[slice] as usize].slice;
            let draft =
                self.draft(&ORDER, pass, group.slices[slice], child, format!("the slice {name} comes too late"));
            self.emit(draft);
        }
        *last = Some(slice);
    }

    /// An element of no slice: a finding where the slicing is closed.
    fn outside(&mut self, child: Element<'t>, pass: Pass<'_>, group: &Group, misses: Vec<(usize, Vec<String>, usize)>) {
        let definition = &pass.plan.nodes[group.node as usize];
        if !definition.slicing.as_ref().is_some_and(|s| s.closed) {
            return;
        }
        let nearest =
            misses.into_iter().max_by_key(|(i, reasons, hits)| (*hits, usize::MAX - reasons.len(), usize::MAX - i));
        let mut draft =
            self.draft(&CLOSED, pass, group.node, child, format!("{} matches none of its slices", definition.path));
        draft.span = child.span();
        if let Some((i, reasons, _)) = nearest {
            draft.notes.push(format!("nearest slice: {}", pass.plan.nodes[group.slices[i] as usize].slice));
            draft.notes.extend(reasons.into_iter().take(6));
        }
        self.emit(draft);
    }

    fn in_slice(&mut self, at: Element<'t>, plan: &Plan, slice: u32, discriminators: &[Discriminator]) -> Match {
        let definition = &plan.nodes[slice as usize];
        if at.type_id() == names::T_EXTENSION
            && let Some(url) = definition.types.iter().find_map(|t| t.profiles.first())
        {
            let bare = url.split('|').next().unwrap_or(url);
            return if at.text(names::URL) == Some(bare) {
                Match::Yes
            } else {
                Match::No(vec![format!("url is not {bare}")], 0)
            };
        }
        if discriminators.is_empty() {
            // A choice narrowed to one type needs no discriminator.
            if definition.choice
                || plan.nodes[slice as usize].types.iter().any(|t| t.code == at.type_id())
                    && definition.path.ends_with("[x]")
            {
                return if definition.types.iter().any(|t| t.code == at.type_id()) {
                    Match::Yes
                } else {
                    Match::No(vec!["another type".to_owned()], 0)
                };
            }
            return Match::No(vec!["the slicing names no discriminator, so nothing can match".to_owned()], 0);
        }
        let mut reasons = Vec::new();
        let mut hits = 0;
        for discriminator in discriminators {
            match self.discriminate(at, plan, slice, discriminator) {
                Match::Yes => hits += 1,
                Match::No(why, _) => reasons.extend(why),
                unknown => return unknown,
            }
        }
        if reasons.is_empty() { Match::Yes } else { Match::No(reasons, hits) }
    }

    fn discriminate(&mut self, at: Element<'t>, plan: &Plan, slice: u32, discriminator: &Discriminator) -> Match {
        let label = |why: String| Match::No(vec![format!("{} {why}", discriminator.path)], 0);
        let Some(steps) = parse(&discriminator.path) else {
            return Match::Unknown(format!("{}#{}", plan.url, plan.nodes[slice as usize].id));
        };
        if discriminator.kind == DiscriminatorKind::Profile {
            return self.by_profile(at, plan, slice, &steps, &label);
        }
        let found = match self.follow(at, &steps) {
            Ok(found) => found,
            Err(what) => return Match::No(vec![format!("{} goes through {what}", discriminator.path)], 0),
        };
        let asked = self.follow_plan(plan, slice, &steps);
        match discriminator.kind {
            DiscriminatorKind::Exists => match asked.first() {
                Some(first) => {
                    let node = &first.plan(plan).nodes[first.node as usize];
                    match (found.is_empty(), node.max == 0) {
                        (false, false) | (true, true) => Match::Yes,
                        (true, false) => label("is absent".to_owned()),
                        (false, true) => label("is present".to_owned()),
                    }
                }
                None => Match::Unknown(format!("{}#{}", plan.url, plan.nodes[slice as usize].id)),
            },
            DiscriminatorKind::Type => {
                let mut wanted: Vec<names::NameId> = Vec::new();
                for a in &asked {
                    let p = a.plan(plan);
                    if a.node == 0 {
                        wanted.push(p.ty)
                    } else {
                        wanted.extend(p.nodes[a.node as usize].types.iter().map(|t| t.code))
                    }
                }
                let of =
                    |e: &Element<'t>| wanted.iter().any(|w| self.cx.plans.derives(self.release(), e.type_id(), *w));
                if found.iter().any(of) {
                    Match::Yes
                } else {
                    let list: Vec<&str> = wanted.iter().map(|w| names::text(*w)).collect();
                    label(format!("is not of type {}", list.join(" or ")))
                }
            }
            _ => {
                let mut why = String::new();
                for a in &asked {
                    match self.by_value(&found, a.plan(plan), a.node) {
                        Match::Yes => return Match::Yes,
                        Match::No(reasons, _) => why = reasons.join("; "),
                        unknown => return unknown,
                    }
                }
                if asked.is_empty() {
                    Match::Unknown(format!("{}#{}", plan.url, plan.nodes[slice as usize].id))
                } else {
                    label(why)
                }
            }
        }
    }

    /// Fixed value, else pattern, else required binding, else presence; else what its children fix.
    fn by_value(&mut self, found: &[Element<'t>], plan: &Plan, node: u32) -> Match {
        let definition = &plan.nodes[node as usize];
        let no = |why: String| Match::No(vec![why], 0);
        if let Some(fixed) = definition.fixed.as_ref() {
            if found.iter().any(|e| datum::matches(*e, &fixed.value, true)) {
                return Match::Yes;
            }
            let word = if found.is_empty() { "is absent, and must be" } else { "is not" };
            return no(format!("{word} “{}”", datum::text(&fixed.value)));
        }
        if let Some(pattern) = definition.pattern.as_ref() {
            if found.iter().any(|e| datum::matches(*e, &pattern.value, false)) {
                return Match::Yes;
            }
            let word = if found.is_empty() { "is absent, and must hold" } else { "does not hold" };
            return no(format!("{word} {}", datum::text(&pattern.value)));
        }
        if let Some(binding) =
            definition.binding.as_ref().filter(|b| b.strength == Strength::Required && !b.value_set.is_empty())
        {
            return self.by_binding(found, &binding.value_set);
        }
        let fixed_below: Vec<(u32, names::NameId)> = plan
            .children(node)
            .iter()
            .filter(|g| self.fixes_something(plan, g.node, 0))
            .map(|g| (g.node, g.name))
            .collect();
        if !fixed_below.is_empty() {
            for element in found {
                let ok = fixed_below.iter().all(|(child, name)| {
                    let below: Vec<Element<'t>> = element.named(*name).collect();
                    matches!(self.by_value(&below, plan, *child), Match::Yes)
                });
                if ok {
                    return Match::Yes;
                }
            }
            return no("does not hold what the slice fixes below it".to_owned());
        }
        match (found.is_empty(), definition.min, definition.max) {
            (true, _, 0) | (false, 1.., _) => Match::Yes,
            (false, _, 0) => no("is present".to_owned()),
            (true, 1.., _) => no("is absent".to_owned()),
            _ => Match::Unknown(format!("{}#{}", plan.url, definition.id)),
        }
    }

    fn fixes_something(&self, plan: &Plan, node: u32, depth: u32) -> bool {
        let definition = &plan.nodes[node as usize];
        let binding =
            definition.own.binding && definition.binding.as_ref().is_some_and(|b| b.strength == Strength::Required);
        definition.fixed.is_some()
            || definition.pattern.is_some()
            || binding
            || (depth < 4 && plan.children(node).iter().any(|g| self.fixes_something(plan, g.node, depth + 1)))
    }

    fn by_binding(&mut self, found: &[Element<'t>], set: &str) -> Match {
        let mut unknown = None;
        for element in found {
            let answer = match element.type_id() {
                names::T_CODEABLE_CONCEPT => self.concept_in(*element, set),
                names::T_CODING | names::T_QUANTITY => self.coding_in(*element, set),
                _ => element.value().map_or(Answer::Out, |code| {
                    self.cx.sets.contains(self.release(), set, crate::terminology::Coded { system: None, code })
                }),
            };
            match answer {
                Answer::In => return Match::Yes,
                Answer::Out => {}
                Answer::Unknown(_, canonical) => unknown = Some(canonical),
            }
        }
        match unknown {
            Some(canonical) => Match::Unknown(canonical),
            None => Match::No(vec![format!("is not in {set}")], 0),
        }
    }

    fn by_profile(
        &mut self,
        at: Element<'t>,
        plan: &Plan,
        slice: u32,
        steps: &[Step],
        label: &dyn Fn(String) -> Match,
    ) -> Match {
        let asked = match steps.split_last() {
            Some((Step::Resolve, before)) => {
                let nodes = self.follow_plan(plan, slice, before);
                nodes
                    .iter()
                    .flat_map(|a| a.plan(plan).nodes[a.node as usize].types.iter().flat_map(|t| t.targets.clone()))
                    .collect::<Vec<_>>()
            }
            _ => {
                let nodes = self.follow_plan(plan, slice, steps);
                nodes
                    .iter()
                    .flat_map(|a| a.plan(plan).nodes[a.node as usize].types.iter().flat_map(|t| t.profiles.clone()))
                    .collect()
            }
        };
        let found = match self.follow(at, steps) {
            Ok(found) => found,
            Err(what) => return label(format!("goes through {what}")),
        };
        let mut why = Vec::new();
        for url in &asked {
            let Some(wanted) = self.cx.plans.of(self.release(), url) else { return Match::Unknown(url.clone()) };
            for element in &found {
                if !self.cx.plans.derives(self.release(), element.type_id(), wanted.ty) {
                    why.push(format!("is not a {}", names::text(wanted.ty)));
                    continue;
                }
                let (met, reasons) = self.conforms(*element, &wanted);
                if met {
                    return Match::Yes;
                }
                let first = reasons.iter().find(|d| d.severity.reaches(Severity::Error));
                why.push(format!("does not meet {url}{}", first.map_or(String::new(), |d| format!(" ({})", d.says))));
            }
        }
        label(if found.is_empty() { "is absent".to_owned() } else { why.join("; ") })
    }
}
