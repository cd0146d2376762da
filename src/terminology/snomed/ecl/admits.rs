//! Whether an expression constraint admits a post-coordinated expression.
//!
//! An expression is a kind of each of its focus concepts, and has the attributes that it states beside those of its
//! foci. What only a classifier could tell is left open: that a sufficiently defined concept stands above it, or that
//! it is the same as another concept.

use super::Ecl;
use super::ast::*;
use super::membership::decide;
use crate::terminology::snomed::expression::{Content, Expression, Value};
use crate::terminology::snomed::ids;
use crate::terminology::snomed::index::Index;

/// Whether something holds; `None` when that cannot be told.
type Tri = Option<bool>;

fn all(answers: impl Iterator<Item = Tri>) -> Tri {
    let mut known = Some(true);
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            None => known = None,
            Some(true) => {}
        }
    }
    known
}

fn any(answers: impl Iterator<Item = Tri>) -> Tri {
    all(answers.map(|answer| answer.map(|yes| !yes))).map(|none| !none)
}

impl Index {
    /// Whether `ecl` admits `expression`; `None` when only a classifier, or a concept that the release lacks, could tell.
    pub fn admits(&self, ecl: &Ecl, expression: &Expression) -> Tri {
        self.admitted(&ecl.expr, &expression.content)
    }

    fn admitted(&self, expr: &Expr, of: &Content) -> Tri {
        // One concept with its term is that concept.
        if let ([one], false) = (&of.focus[..], of.is_post_coordinated()) {
            return self.has(expr, one.id).ok();
        }
        match &expr.node {
            // An expression stands for a concept, whichever it is.
            Node::Any => Some(true),
            // Codes are listed or counted as members by their ids, and an expression has none.
            Node::Concept { .. } | Node::MemberOf(_) => Some(false),
            Node::And(items) => all(items.iter().map(|item| self.admitted(item, of))),
            Node::Or(items) => any(items.iter().map(|item| self.admitted(item, of))),
            Node::Minus(left, right) => {
                all([self.admitted(left, of), self.admitted(right, of).map(|yes| !yes)].into_iter())
            }
            Node::Hierarchy(Hierarchy::Descendants | Hierarchy::DescendantsOrSelf, operand) => {
                self.below_any(operand, of)
            }
            Node::Refined(focus, refinement) => {
                all([self.admitted(focus, of), self.refined(refinement, of)].into_iter())
            }
            _ => None,
        }
    }

    /// Whether an expression stands below a concept of `operand`.
    fn below_any(&self, operand: &Expr, of: &Content) -> Tri {
        match &operand.node {
            Node::Concept { id, .. } => self.below_one(*id, of),
            Node::Any => Some(true),
            Node::Or(items) => any(items.iter().map(|item| self.below_any(item, of))),
            _ => None,
        }
    }

    fn below_one(&self, top: u64, of: &Content) -> Tri {
        let foci = || of.focus.iter().map(|focus| self.subsumes(top, focus.id));
        if foci().any(|below| below == Some(true)) {
            return Some(true);
        }
        let known = foci().all(|below| below.is_some());
        // Nothing is inferred to be a kind of a primitive concept but by what it is said to be.
        let primitive = self.lookup(top).is_some_and(|concept| concept.active() && concept.defined() == Some(false));
        if known && (primitive || of.focus.iter().all(|focus| self.apart(top, focus.id))) {
            return Some(false);
        }
        None
    }

    /// Whether two concepts stand below no child of the root in common.
    fn apart(&self, a: u64, b: u64) -> bool {
        let Some(root) = self.lookup(ids::ROOT) else { return false };
        let tops = |id: u64| -> Vec<u64> {
            root.children().map(|top| top.id()).filter(|top| self.subsumes(*top, id) == Some(true)).collect()
        };
        let (a, b) = (tops(a), tops(b));
        !a.is_empty() && !b.is_empty() && !a.iter().any(|top| b.contains(top))
    }

    fn refined(&self, refinement: &Refinement, of: &Content) -> Tri {
        match refinement {
            Refinement::And(items) => all(items.iter().map(|item| self.refined(item, of))),
            Refinement::Or(items) => any(items.iter().map(|item| self.refined(item, of))),
            Refinement::Group { .. } => None,
            Refinement::Attribute(attribute) => {
                let Comparison::Concepts { negated: false, value } = &attribute.comparison else { return None };
                if attribute.reverse || attribute.cardinality.is_some_and(|c| c != Cardinality::SOME) {
                    return None;
                }
                let stated = of.ungrouped.iter().chain(of.groups.iter().flatten()).any(|one| {
                    self.has(&attribute.name, one.attribute.id) == Ok(true)
                        && match &one.value {
                            Value::Concept(concept) => self.has(value, concept.id) == Ok(true),
                            Value::Nested(content) => self.admitted(value, content) == Some(true),
                            _ => false,
                        }
                });
                // A focus brings its attributes; a stated one may only narrow them.
                let brought = || {
                    let foci = of.focus.iter().filter_map(|focus| self.rank(focus.id));
                    decide(foci.map(|rank| super::attributes::holds_for(self, refinement, rank)), true) == Ok(true)
                };
                (stated || brought()).then_some(true)
            }
        }
    }
}
