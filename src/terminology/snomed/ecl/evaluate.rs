//! Evaluates an expression to the set of concepts that satisfy it.
//!
//! The substrate is the active components of the release: `*`, hierarchy and attributes give no inactive concept. A
//! concept that is named is itself, a member of a refset is one, active or not, and a filter by `active` is asked of all. What the
//! index cannot answer is refused with the reason; an empty answer is always a true one.

use super::Ecl;
use super::ast::*;
use super::attributes::Compiled;
use super::filters::FilterPlan;
use crate::terminology::snomed::ids;
use crate::terminology::snomed::index::{ConceptSet, Index};
use crate::terminology::snomed::sctid;

/// Why an expression cannot be evaluated on an index.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    /// An operator needs a concept that the release lacks, so that nothing is known about its descendants or values.
    #[error("concept {0} is not in the loaded release")]
    AbsentConcept(u64),
    /// The release has no member of a refset.
    #[error("refset {0} is not in the loaded release")]
    AbsentRefset(u64),
    /// `SCHEME#code`.
    #[error("alternate identifiers are not held in the index")]
    AlternateIdentifier,
    /// A filter asks about a column that a refset does not have.
    #[error("refset {0} has no column {1}")]
    MemberField(u64, Box<str>),
    /// `R` in a group.
    #[error("a reversed attribute inside a group has no defined meaning")]
    ReverseInGroup,
    /// `R` with a number or text.
    #[error("a reversed attribute cannot be compared with a number or text")]
    ReverseConcrete,
    /// Is-a as an attribute.
    #[error("is-a as an attribute: use the hierarchy operators")]
    IsAAttribute,
    /// An alias that is not known.
    #[error("the dialect alias is not known")]
    DialectAlias,
    /// An identifier that cannot be one.
    #[error("the check digit of {0} does not fit")]
    CheckDigit(u64),
    /// An acceptability other than preferred and acceptable.
    #[error("the acceptability {0} is not known")]
    Acceptability(u64),
}

impl Unsupported {
    /// A word for the kind of reason.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AbsentConcept(_) => "snomed-concept",
            Self::AbsentRefset(_) => "snomed-refset",
            _ => "value-set-filter",
        }
    }
}

/// How concepts that the release lacks are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    /// An enumerated concept that the release lacks adds nothing to the set.
    Nothing,
    /// What depends on it cannot be known.
    Refused,
}

impl Index {
    /// The concepts of the release that satisfy an expression.
    pub fn evaluate(&self, ecl: &Ecl) -> Result<ConceptSet, Unsupported> {
        self.set(&ecl.expr, Absent::Nothing)
    }

    /// Whether one concept satisfies an expression, without expanding it where that can be helped. Exact where the
    /// set as a whole is not: one side of an OR that holds decides it, whatever the other.
    pub fn contains(&self, ecl: &Ecl, concept: u64) -> Result<bool, Unsupported> {
        self.has(&ecl.expr, concept)
    }

    pub(super) fn set(&self, expr: &Expr, absent: Absent) -> Result<ConceptSet, Unsupported> {
        let none = || ConceptSet::none(self.concepts());
        match &expr.node {
            Node::Any => Ok(self.active_only(ConceptSet::all(self.concepts()))),
            Node::Concept { id, .. } => {
                let mut set = none();
                match self.rank(*id) {
                    Some(rank) => set.insert(rank),
                    None if !sctid::fits(*id) => return Err(Unsupported::CheckDigit(*id)),
                    None if absent == Absent::Refused => return Err(Unsupported::AbsentConcept(*id)),
                    None => {}
                }
                Ok(set)
            }
            Node::Alternate { .. } => Err(Unsupported::AlternateIdentifier),
            Node::Hierarchy(operator, operand) => {
                let of = self.set(operand, Absent::Refused)?;
                Ok(self.related(*operator, of))
            }
            Node::MemberOf(membership) => self.members_of(membership),
            Node::And(items) => {
                let mut sets = items.iter().map(|item| self.set(item, absent));
                let first = sets.next().unwrap_or_else(|| Ok(none()))?;
                sets.try_fold(first, |mut all, set| {
                    all.intersect(&set?);
                    Ok(all)
                })
            }
            Node::Or(items) => {
                let mut all = none();
                for item in items {
                    match &item.node {
                        // Long enumerations: no set for each.
                        Node::Concept { id, .. } => match self.rank(*id) {
                            Some(rank) => all.insert(rank),
                            None if !sctid::fits(*id) => return Err(Unsupported::CheckDigit(*id)),
                            None if absent == Absent::Refused => return Err(Unsupported::AbsentConcept(*id)),
                            None => {}
                        },
                        _ => all.union(&self.set(item, absent)?),
                    }
                }
                Ok(all)
            }
            Node::Minus(left, right) => {
                let mut set = self.set(left, absent)?;
                set.subtract(&self.set(right, absent)?);
                Ok(set)
            }
            Node::Refined(focus, refinement) => {
                let mut set = self.set(focus, absent)?;
                let compiled = Compiled::new(self, refinement)?;
                set.retain(|rank| compiled.holds(self, rank));
                Ok(set)
            }
            Node::Dotted(focus, attribute) => {
                let sources = self.set(focus, Absent::Refused)?;
                let types = self.attribute_types(attribute)?;
                let mut set = none();
                for source in sources.ranks() {
                    let rows = self.relationships(source);
                    for at in 0..rows.len() / 3 {
                        if types.get(rows.get(at * 3) as usize) == Some(&true) {
                            // Numbers and text are no concepts: see `Index::values`.
                            if rows.get(at * 3 + 2) & 1 == 0 {
                                set.insert(rows.get(at * 3 + 1));
                            }
                        }
                    }
                }
                Ok(set)
            }
            Node::Filtered(focus, FilterBlock::Members(list)) => {
                let mut set = self.set(focus, absent)?;
                set.intersect(&self.members_anywhere(list)?);
                Ok(set)
            }
            Node::Filtered(focus, block) => {
                let of_all = matches!(focus.node, Node::Any) && block.asks_active();
                let mut set = if of_all { ConceptSet::all(self.concepts()) } else { self.set(focus, absent)? };
                let mut plan = FilterPlan::new(self, block)?;
                set.retain(|rank| plan.holds(self, rank));
                Ok(set)
            }
            Node::History(focus, history) => {
                let mut set = self.set(focus, absent)?;
                let kinds = self.history_refsets(history)?;
                let mut more = none();
                for (source, kind, target) in self.associations(None) {
                    if kinds.contains(&kind) && self.rank(target).is_some_and(|rank| set.has(rank)) {
                        more.insert(source);
                    }
                }
                set.union(&more);
                Ok(set)
            }
        }
    }

    /// Without inactive concepts.
    fn active_only(&self, mut set: ConceptSet) -> ConceptSet {
        set.retain(|rank| self.state(rank).0);
        set
    }

    /// What stands in a relation to any concept of a set, inactive ones aside.
    fn related(&self, operator: Hierarchy, of: ConceptSet) -> ConceptSet {
        self.active_only(self.around(operator, of))
    }

    fn around(&self, operator: Hierarchy, of: ConceptSet) -> ConceptSet {
        let mut set = ConceptSet::none(self.concepts());
        match operator {
            Hierarchy::DescendantsOrSelf => {
                for rank in of.ranks() {
                    let runs = self.below(rank);
                    (0..runs.len() / 2).for_each(|at| set.insert_run(runs.get(at * 2), runs.get(at * 2 + 1)));
                }
            }
            Hierarchy::Descendants => {
                for rank in of.ranks() {
                    // The first run that holds the concept itself starts with it or lies around it.
                    let runs = self.below(rank);
                    for at in 0..runs.len() / 2 {
                        let (from, to) = (runs.get(at * 2), runs.get(at * 2 + 1));
                        if (from..to).contains(&rank) {
                            set.insert_run(from, rank);
                            set.insert_run(rank + 1, to);
                        } else {
                            set.insert_run(from, to);
                        }
                    }
                }
            }
            Hierarchy::Children | Hierarchy::ChildrenOrSelf => {
                for rank in of.ranks() {
                    self.children(rank).iter().for_each(|child| set.insert(child));
                }
            }
            Hierarchy::Parents | Hierarchy::ParentsOrSelf => {
                for rank in of.ranks() {
                    self.parents(rank).iter().for_each(|parent| set.insert(parent));
                }
            }
            Hierarchy::Ancestors | Hierarchy::AncestorsOrSelf => set = self.above(of.ranks()),
            Hierarchy::Top => {
                let below = self.around(Hierarchy::Descendants, of.clone());
                set = of.clone();
                set.subtract(&below);
            }
            Hierarchy::Bottom => {
                let above = self.above(of.ranks());
                set = of.clone();
                set.subtract(&above);
            }
        }
        if matches!(operator, Hierarchy::ChildrenOrSelf | Hierarchy::ParentsOrSelf | Hierarchy::AncestorsOrSelf) {
            set.union(&of);
        }
        set
    }

    /// Proper ancestors of any of these.
    pub(super) fn above(&self, ranks: impl Iterator<Item = u32>) -> ConceptSet {
        let mut set = ConceptSet::none(self.concepts());
        let mut stack: Vec<u32> = Vec::new();
        for rank in ranks {
            stack.push(rank);
            while let Some(at) = stack.pop() {
                for parent in self.parents(at).iter() {
                    if !set.has(parent) {
                        set.insert(parent);
                        stack.push(parent);
                    }
                }
            }
        }
        set
    }

    /// The refsets an operand of `^` names: those it lists, and of computed sets those that are refsets.
    pub(super) fn refsets_named(&self, expr: &Expr) -> Result<Vec<u64>, Unsupported> {
        match &expr.node {
            Node::Concept { id, .. } => Ok(vec![*id]),
            Node::Any => Ok(self.refsets().collect()),
            Node::Or(items) => {
                let mut all = Vec::new();
                for item in items {
                    all.extend(self.refsets_named(item)?);
                }
                Ok(all)
            }
            _ => {
                let set = self.set(expr, Absent::Refused)?;
                Ok(self.refsets().filter(|id| self.holds(&set, *id)).collect())
            }
        }
    }

    pub(super) fn history_refsets(&self, history: &History) -> Result<Vec<u64>, Unsupported> {
        Ok(match history {
            History::Min => vec![ids::SAME_AS],
            History::Mod => vec![ids::SAME_AS, ids::REPLACED_BY, ids::WAS_A, ids::PARTIALLY_EQUIVALENT_TO],
            History::Default | History::Max => {
                let mut all: Vec<u64> = ids::ASSOCIATIONS.iter().map(|(id, _)| *id).collect();
                if let Some(top) = self.rank(ids::HISTORICAL_ASSOCIATION) {
                    let mut set = ConceptSet::none(self.concepts());
                    set.insert(top);
                    all.extend(self.codes(&self.related(Hierarchy::Descendants, set)));
                }
                all
            }
            History::Of(refsets) => self.refsets_named(refsets)?,
        })
    }

    /// Which of the relationship types of the release an attribute name stands for.
    pub(super) fn attribute_types(&self, name: &Expr) -> Result<Vec<bool>, Unsupported> {
        let types: Vec<u64> = self.attributes().collect();
        let mut found = self.matching(name, &types, Absent::Refused)?;
        for (found, id) in found.iter_mut().zip(&types) {
            if *id == ids::IS_A {
                if matches!(name.node, Node::Concept { .. }) && *found {
                    return Err(Unsupported::IsAAttribute);
                }
                *found = false;
            }
        }
        Ok(found)
    }

    /// Which of some identifiers, concepts of the release or not, satisfy an expression.
    pub(super) fn matching(&self, expr: &Expr, of: &[u64], absent: Absent) -> Result<Vec<bool>, Unsupported> {
        let combine = |items: &[Expr], both: fn(bool, bool) -> bool| {
            let mut all: Option<Vec<bool>> = None;
            for item in items {
                let next = self.matching(item, of, absent)?;
                all = Some(match all {
                    None => next,
                    Some(all) => all.into_iter().zip(next).map(|(a, b)| both(a, b)).collect(),
                });
            }
            Ok(all.unwrap_or_default())
        };
        match &expr.node {
            Node::Any => Ok(vec![true; of.len()]),
            Node::Concept { id, .. } => {
                if absent == Absent::Refused && !of.contains(id) && self.rank(*id).is_none() {
                    return Err(absent_concept(*id));
                }
                Ok(of.iter().map(|candidate| candidate == id).collect())
            }
            Node::And(items) => combine(items, |a, b| a && b),
            Node::Or(items) => combine(items, |a, b| a || b),
            Node::Minus(left, right) => {
                let left = self.matching(left, of, absent)?;
                let right = self.matching(right, of, absent)?;
                Ok(left.into_iter().zip(right).map(|(a, b)| a && !b).collect())
            }
            _ => {
                let set = self.set(expr, absent)?;
                Ok(of.iter().map(|id| self.holds(&set, *id)).collect())
            }
        }
    }
}

/// Why a refset without members cannot be asked.
pub(super) fn absent_refset(id: u64) -> Unsupported {
    if sctid::fits(id) { Unsupported::AbsentRefset(id) } else { Unsupported::CheckDigit(id) }
}

/// Why a concept that the release lacks cannot be asked.
pub(super) fn absent_concept(id: u64) -> Unsupported {
    if sctid::fits(id) { Unsupported::AbsentConcept(id) } else { Unsupported::CheckDigit(id) }
}
