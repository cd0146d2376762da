//! Whether an element is of a slice, discriminator by discriminator; reasons are put in words only when asked for.

use super::checker::Checker;
use super::datum;
use crate::finding::Severity;
use crate::plan::{Asked, Discriminator, DiscriminatorKind, Group, Plan, Step, Strength};
use crate::terminology::{Answer, Coded};
use crate::tree::{Element, names};

/// Whether an element is of a slice.
#[derive(Debug)]
pub(super) enum Match {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// The definition says nothing that could decide.
    Silent,
    /// It cannot be decided here, for want of this.
    Unknown(String),
}

/// Reasons, when somebody wants them.
pub(super) enum Why {
    /// Nobody does.
    Nothing,
    /// Discriminators that matched, and a reason for each that did not.
    Reasons(usize, Vec<String>),
}

impl Why {
    /// A list to fill.
    pub fn reasons() -> Self {
        Self::Reasons(0, Vec::new())
    }

    /// What was collected.
    pub fn list(&self) -> &[String] {
        match self {
            Self::Nothing => &[],
            Self::Reasons(_, list) => list,
        }
    }

    /// Count of matches, and reasons.
    pub fn into_parts(self) -> (usize, Vec<String>) {
        match self {
            Self::Nothing => (0, Vec::new()),
            Self::Reasons(hits, list) => (hits, list),
        }
    }

    fn wanted(&self) -> bool {
        matches!(self, Self::Reasons(..))
    }

    /// Records a reason and answers no.
    fn no(&mut self, reason: impl FnOnce() -> String) -> Match {
        if let Self::Reasons(_, list) = self {
            list.push(reason());
        }
        Match::No
    }

    fn hit(&mut self) {
        if let Self::Reasons(hits, _) = self {
            *hits += 1;
        }
    }
}

impl<'t> Checker<'_, 't> {
    /// Whether `at` is of a slice of `group`.
    pub(super) fn in_slice(&mut self, at: Element<'t>, plan: &Plan, group: &Group, slice: u32, why: &mut Why) -> Match {
        let definition = &plan.nodes[slice as usize];
        let slicing = plan.nodes[group.node as usize].slicing.as_ref();
        let discriminators = slicing.map_or(&[][..], |s| s.discriminators.as_slice());
        let by_url = match discriminators {
            [] => true,
            [one] => one.path == "url",
            _ => false,
        };
        if by_url
            && at.type_id() == names::T_EXTENSION
            && let Some(url) = definition.types.iter().find_map(|t| t.profiles.first())
        {
            let bare = url.split('|').next().unwrap_or(url);
            return if at.text(names::URL) == Some(bare) {
                Match::Yes
            } else {
                why.no(|| format!("url is not {bare}"))
            };
        }
        if group.alike.contains(&slice) {
            return Match::Silent;
        }
        if discriminators.is_empty() {
            // A choice narrowed to a type needs no discriminator.
            if definition.choice {
                let fits = definition.types.iter().any(|t| t.code == at.type_id());
                return if fits { Match::Yes } else { why.no(|| "it is of another type".to_owned()) };
            }
            return why.no(|| "the slicing names no discriminator, so nothing can match".to_owned());
        }
        let mut all = true;
        let mut decided = false;
        let mut unknown = None;
        let criteria = self.criteria(plan, discriminators, slice);
        for (discriminator, asked) in discriminators.iter().zip(criteria) {
            match self.discriminate(at, plan, slice, (discriminator, asked), why) {
                Match::Yes => {
                    decided = true;
                    why.hit();
                }
                Match::No => {
                    (all, decided) = (false, true);
                    if !why.wanted() {
                        return Match::No;
                    }
                }
                Match::Silent => {}
                Match::Unknown(what) => unknown = Some(what),
            }
        }
        match (all, decided, unknown) {
            (false, ..) => Match::No,
            (true, _, Some(what)) => Match::Unknown(what),
            (true, true, None) => Match::Yes,
            (true, false, None) => Match::Silent,
        }
    }

    /// What each discriminator of a slice leads to.
    fn criteria<'p>(&self, plan: &'p Plan, discriminators: &[Discriminator], slice: u32) -> &'p [Vec<Asked>] {
        plan.nodes[slice as usize].criteria.get_or_init(|| {
            let steps = discriminators.iter().map(|d| d.steps.as_deref());
            steps.map(|s| s.map_or_else(Vec::new, |s| self.follow_plan(plan, slice, s))).collect()
        })
    }

    /// The text that the first discriminator of a slice fixes, such as the code of a section.
    pub(super) fn slice_key(&self, plan: &Plan, group: &Group, slice: u32) -> Option<String> {
        let slicing = plan.nodes[group.node as usize].slicing.as_ref()?;
        let asked = self.criteria(plan, &slicing.discriminators, slice).first()?.first()?;
        let fixed = asked.plan(plan).nodes[asked.node as usize].fixed.as_ref().map(|f| &f.value);
        asked.datum.as_ref().map(|(d, _)| d).or(fixed).map(datum::text).filter(|text| !text.is_empty())
    }

    fn discriminate(
        &mut self,
        at: Element<'t>,
        plan: &Plan,
        slice: u32,
        (discriminator, asked): (&Discriminator, &[Asked]),
        why: &mut Why,
    ) -> Match {
        let path = discriminator.path.as_str();
        let Some(steps) = &discriminator.steps else {
            return Match::Unknown(format!("{}#{}", plan.url, plan.nodes[slice as usize].id));
        };
        let found = match self.follow(at, steps) {
            Ok(found) => found,
            Err(what) => return why.no(|| format!("{path} goes through {what}")),
        };
        if discriminator.kind == DiscriminatorKind::Profile {
            return self.by_profile(&found, plan, slice, steps, path, why);
        }
        match discriminator.kind {
            DiscriminatorKind::Exists => {
                let Some(first) = asked.first() else { return Match::Silent };
                let node = &first.plan(plan).nodes[first.node as usize];
                match (found.is_empty(), node.min, node.max) {
                    (false, _, 0) => why.no(|| format!("{path} is present")),
                    (true, _, 0) | (false, 1.., _) => Match::Yes,
                    (true, 1.., _) => why.no(|| format!("{path} is absent")),
                    _ => Match::Silent,
                }
            }
            DiscriminatorKind::Type => self.by_type(&found, asked, plan, path, why),
            _ => {
                let mut last = Match::Silent;
                for a in asked {
                    let mut reasons = if why.wanted() { Why::reasons() } else { Why::Nothing };
                    last = match self.by_value(&found, a, plan, path, &mut reasons) {
                        Match::Yes => return Match::Yes,
                        Match::No => {
                            if let (Why::Reasons(_, list), Why::Reasons(_, more)) = (&mut *why, reasons) {
                                list.extend(more);
                            }
                            Match::No
                        }
                        Match::Silent if matches!(last, Match::No) => Match::No,
                        other => other,
                    };
                }
                last
            }
        }
    }

    fn by_type(&self, found: &[Element<'t>], asked: &[Asked], plan: &Plan, path: &str, why: &mut Why) -> Match {
        let types = asked.iter().flat_map(|a| {
            let p = a.plan(plan);
            let root = (a.node == 0).then_some(p.ty);
            let codes = p.nodes[a.node as usize].types.iter().map(|t| t.code).filter(move |_| root.is_none());
            root.into_iter().chain(codes)
        });
        let is = |e: &Element<'t>, ty| self.cx.plans.derives(self.release(), e.type_id(), ty);
        let mut any = false;
        for ty in types.clone() {
            any = true;
            if found.iter().any(|e| is(e, ty)) {
                return Match::Yes;
            }
        }
        if !any {
            return Match::Silent;
        }
        why.no(|| {
            let list: Vec<&str> = types.map(names::text).collect();
            format!("{path} is not of type {}", list.join(" or "))
        })
    }

    /// Fixed value, else pattern, else absence, else required binding, else what its children fix.
    fn by_value(&mut self, found: &[Element<'t>], asked: &Asked, walked: &Plan, path: &str, why: &mut Why) -> Match {
        let plan = asked.plan(walked);
        let definition = &plan.nodes[asked.node as usize];
        let inherited = asked.datum.as_ref().map(|(value, exact)| (value, *exact));
        let fixed = definition.fixed.as_ref().map(|f| (&f.value, true));
        let pattern = definition.pattern.as_ref().map(|p| (&p.value, false));
        if let Some((value, exact)) = inherited.or(fixed).or(pattern) {
            if found.iter().any(|e| datum::fits(*e, value, exact)) {
                return Match::Yes;
            }
            return why.no(|| {
                let word = match (found.is_empty(), exact) {
                    (true, _) => "is absent, and must be",
                    (false, true) => "is not",
                    (false, false) => "does not hold",
                };
                format!("{path} {word} “{}”", datum::text(value))
            });
        }
        if definition.max == 0 {
            return if found.is_empty() { Match::Yes } else { why.no(|| format!("{path} is present")) };
        }
        let binding =
            definition.binding.as_ref().filter(|b| b.strength == Strength::Required && !b.value_set.is_empty());
        if let Some(binding) = binding.filter(|_| definition.own.binding) {
            return self.by_binding(found, &binding.value_set, path, why);
        }
        let telling = |slice: &&u32| plan.nodes[**slice as usize].min > 0 && fixes_something(plan, **slice, 0);
        let speaks = |g: &&Group| fixes_something(plan, g.node, 0) || g.slices.iter().any(|s| telling(&s));
        let below = plan.children(asked.node).iter().filter(speaks);
        if below.clone().next().is_some() {
            let holds = |checker: &mut Self, element: &Element<'t>| {
                below.clone().all(|g| {
                    let inner: Vec<Element<'t>> = element.named(g.name).collect();
                    let mut holds = |node: u32, elements: &[Element<'t>]| {
                        let one = Asked { plan: asked.plan.clone(), node, datum: None };
                        matches!(checker.by_value(elements, &one, walked, path, &mut Why::Nothing), Match::Yes)
                    };
                    // What is fixed may stand in mandatory slices: each needs an element of its own.
                    (!fixes_something(plan, g.node, 0) || holds(g.node, &inner))
                        && g.slices.iter().filter(telling).all(|s| inner.iter().any(|e| holds(*s, &[*e])))
                })
            };
            if found.iter().any(|e| holds(self, e)) {
                return Match::Yes;
            }
            return why.no(|| format!("{path} does not hold what the slice fixes below it"));
        }
        if let Some(binding) = binding {
            return self.by_binding(found, &binding.value_set, path, why);
        }
        // That something must be there tells no slice from another.
        match (found.is_empty(), definition.min) {
            (true, 1..) => why.no(|| format!("{path} is absent")),
            _ => Match::Silent,
        }
    }

    fn by_binding(&mut self, found: &[Element<'t>], set: &str, path: &str, why: &mut Why) -> Match {
        let mut unknown = None;
        for element in found {
            let answer = match element.type_id() {
                names::T_CODEABLE_CONCEPT => self.concept_in(*element, set),
                names::T_CODING | names::T_QUANTITY => self.coding_in(*element, set),
                _ => element.value().map_or(Answer::Out, |code| {
                    self.cx.sets.contains(self.release(), set, Coded { system: None, code })
                }),
            };
            match answer {
                Answer::In | Answer::InLater => return Match::Yes,
                Answer::Out => {}
                Answer::Unknown(_, canonical) => unknown = Some(canonical),
            }
        }
        match unknown {
            Some(canonical) => Match::Unknown(canonical),
            None => why.no(|| format!("{path} is not in {set}")),
        }
    }

    fn by_profile(
        &mut self,
        found: &[Element<'t>],
        plan: &Plan,
        slice: u32,
        steps: &[Step],
        path: &str,
        why: &mut Why,
    ) -> Match {
        let (before, resolves) = match steps.split_last() {
            Some((Step::Resolve, before)) => (before, true),
            _ => (steps, false),
        };
        let nodes = self.follow_plan(plan, slice, before);
        let types = nodes.iter().flat_map(|a| a.plan(plan).nodes[a.node as usize].types.iter());
        let asked: Vec<&String> = types.flat_map(|t| if resolves { &t.targets } else { &t.profiles }).collect();
        if asked.is_empty() {
            return Match::Silent;
        }
        let mut reasons = Vec::new();
        for url in asked {
            let Some(wanted) = self.cx.plans.of(self.release(), url) else { return Match::Unknown(url.clone()) };
            for element in found {
                if !self.cx.plans.derives(self.release(), element.type_id(), wanted.ty) {
                    if why.wanted() {
                        reasons.push(format!("is not a {}", names::text(wanted.ty)));
                    }
                    continue;
                }
                let (met, missed) = self.conforms(*element, &wanted);
                if met {
                    return Match::Yes;
                }
                if why.wanted() {
                    let first = missed.iter().find(|d| d.severity.reaches(Severity::Error));
                    let first = first.map_or(String::new(), |d| format!(" ({})", d.says));
                    reasons.push(format!("does not meet {url}{first}"));
                }
            }
        }
        why.no(|| match found.is_empty() {
            true => format!("{path} is absent"),
            false => format!("{path} {}", reasons.join("; ")),
        })
    }
}

fn fixes_something(plan: &Plan, node: u32, depth: u32) -> bool {
    let definition = &plan.nodes[node as usize];
    let binding =
        definition.own.binding && definition.binding.as_ref().is_some_and(|b| b.strength == Strength::Required);
    definition.fixed.is_some()
        || definition.pattern.is_some()
        || binding
        || (depth < 4 && plan.children(node).iter().any(|g| fixes_something(plan, g.node, depth + 1)))
}
