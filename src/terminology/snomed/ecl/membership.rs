//! Whether one concept satisfies an expression: no sets where a direct question will do.

use super::ast::*;
use super::attributes::holds_for;
use super::evaluate::{Absent, Unsupported, absent_concept};
use super::filters::FilterPlan;
use crate::terminology::snomed::index::Index;
use crate::terminology::snomed::sctid;

impl Index {
    pub(super) fn has(&self, expr: &Expr, concept: u64) -> Result<bool, Unsupported> {
        match &expr.node {
            Node::Any => Ok(self.is_active(concept)),
            Node::Concept { id, .. } if !sctid::fits(*id) && self.rank(*id).is_none() => {
                Err(Unsupported::CheckDigit(*id))
            }
            Node::Concept { id, .. } => Ok(*id == concept),
            Node::Alternate { .. } => Err(Unsupported::AlternateIdentifier),
            Node::And(items) => decide(items.iter().map(|item| self.has(item, concept)), false),
            Node::Or(items) => decide(items.iter().map(|item| self.has(item, concept)), true),
            Node::Minus(left, right) => {
                let without = self.has(right, concept).map(|has| !has);
                decide([self.has(left, concept), without].into_iter(), false)
            }
            Node::Hierarchy(operator, operand) => {
                if let Node::Concept { id, .. } = operand.node {
                    return self.is_related(*operator, id, concept);
                }
                let Some(rank) = self.rank(concept) else { return Ok(false) };
                Ok(self.set(expr, Absent::Nothing)?.has(rank))
            }
            Node::MemberOf(membership) => {
                if matches!(&membership.fields, Some(fields) if *fields != Fields::Named(vec!["referencedComponentId".into()]))
                {
                    let Some(rank) = self.rank(concept) else { return Ok(false) };
                    return Ok(self.members_of(membership)?.has(rank));
                }
                let refsets = self.refsets_named(&membership.of)?;
                let answer = |refset| self.is_member(membership, refset, concept);
                decide(refsets.into_iter().map(answer), true)
            }
            Node::Refined(focus, refinement) => {
                let Some(rank) = self.rank(concept) else { return Ok(false) };
                let answers = [false, true]
                    .into_iter()
                    .map(|second| if second { holds_for(self, refinement, rank) } else { self.has(focus, concept) });
                decide(answers, false)
            }
            Node::Dotted(..) => {
                let Some(rank) = self.rank(concept) else { return Ok(false) };
                Ok(self.set(expr, Absent::Nothing)?.has(rank))
            }
            Node::Filtered(focus, block) => {
                let Some(rank) = self.rank(concept) else { return Ok(false) };
                let of_all = matches!(focus.node, Node::Any) && block.asks_active();
                let answers = [false, true].into_iter().map(|second| match block {
                    FilterBlock::Members(list) if second => Ok(self.members_anywhere(list)?.has(rank)),
                    _ if second => Ok(FilterPlan::new(self, block)?.holds(self, rank)),
                    _ if of_all => Ok(true),
                    _ => self.has(focus, concept),
                });
                decide(answers, false)
            }
            Node::History(focus, history) => {
                let by_history = || {
                    let Some(rank) = self.rank(concept) else { return Ok(false) };
                    let kinds = self.history_refsets(history)?;
                    // A target that the release lacks is in no set that the release gives.
                    let targets = self
                        .associations(Some(rank))
                        .filter(|(_, kind, target)| kinds.contains(kind) && self.rank(*target).is_some());
                    decide(targets.map(|(_, _, target)| self.has(focus, target)), true)
                };
                decide(
                    [false, true]
                        .into_iter()
                        .map(|second| if second { by_history() } else { self.has(focus, concept) }),
                    true,
                )
            }
        }
    }

    fn is_active(&self, concept: u64) -> bool {
        self.rank(concept).is_some_and(|rank| self.state(rank).0)
    }

    fn is_related(&self, operator: Hierarchy, id: u64, concept: u64) -> Result<bool, Unsupported> {
        let of = self.rank(id).ok_or_else(|| absent_concept(id))?;
        let Some(rank) = self.rank(concept) else { return Ok(false) };
        if !self.state(rank).0 {
            return Ok(false);
        }
        let same = of == rank;
        Ok(match operator {
            Hierarchy::Descendants => !same && self.is_below(of, rank),
            Hierarchy::DescendantsOrSelf => self.is_below(of, rank),
            Hierarchy::Ancestors => !same && self.is_below(rank, of),
            Hierarchy::AncestorsOrSelf => self.is_below(rank, of),
            Hierarchy::Children => self.parents(rank).iter().any(|parent| parent == of),
            Hierarchy::ChildrenOrSelf => same || self.parents(rank).iter().any(|parent| parent == of),
            Hierarchy::Parents => self.parents(of).iter().any(|parent| parent == rank),
            Hierarchy::ParentsOrSelf => same || self.parents(of).iter().any(|parent| parent == rank),
            Hierarchy::Top | Hierarchy::Bottom => same,
        })
    }
}

/// Three-valued OR (`wanted` true) or AND (false): an answer that decides wins over one that is not known.
pub(super) fn decide(
    answers: impl Iterator<Item = Result<bool, Unsupported>>,
    wanted: bool,
) -> Result<bool, Unsupported> {
    let mut unknown = None;
    for answer in answers {
        match answer {
            Ok(answer) if answer == wanted => return Ok(wanted),
            Ok(_) => {}
            Err(reason) => unknown = unknown.or(Some(reason)),
        }
    }
    unknown.map_or(Ok(!wanted), Err)
}
