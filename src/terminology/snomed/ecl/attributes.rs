//! Evaluates refinements: attributes, role groups, cardinalities, reversal and concrete values.
//!
//! Without braces every attribute row of a concept counts, grouped or not. Braces look at the numbered role groups
//! one by one; rows of group 0 are ungrouped and in no group. Nothing written means at least one.

use super::ast::*;
use super::evaluate::{Absent, Unsupported};
use super::filters::text_matches;
use super::membership::decide;
use crate::terminology::snomed::index::{ConceptSet, Index, U32s};
use std::cmp::Ordering;

/// A refinement with its operands evaluated, for asking about many concepts.
pub(super) enum Compiled<'e> {
    And(Vec<Compiled<'e>>),
    Or(Vec<Compiled<'e>>),
    Group(Cardinality, Box<Compiled<'e>>),
    Forward {
        cardinality: Cardinality,
        types: Vec<bool>,
        test: Test<'e>,
    },
    /// How often each rank is the value.
    Reverse {
        cardinality: Cardinality,
        counts: Vec<u32>,
    },
}

/// What is asked of a value.
pub(super) enum Test<'e> {
    Concepts { set: ConceptSet, negated: bool },
    Concrete(&'e Comparison),
}

impl<'e> Compiled<'e> {
    pub(super) fn new(index: &Index, refinement: &'e Refinement) -> Result<Self, Unsupported> {
        Self::inside(index, refinement, false)
    }

    fn inside(index: &Index, refinement: &'e Refinement, in_group: bool) -> Result<Self, Unsupported> {
        let all = |items: &'e [Refinement]| -> Result<Vec<Self>, Unsupported> {
            items.iter().map(|item| Self::inside(index, item, in_group)).collect()
        };
        Ok(match refinement {
            Refinement::And(items) => Self::And(all(items)?),
            Refinement::Or(items) => Self::Or(all(items)?),
            Refinement::Group { cardinality, within } => {
                Self::Group(cardinality.unwrap_or(Cardinality::SOME), Box::new(Self::inside(index, within, true)?))
            }
            Refinement::Attribute(attribute) => {
                let cardinality = attribute.cardinality.unwrap_or(Cardinality::SOME);
                if attribute.reverse && in_group {
                    return Err(Unsupported::ReverseInGroup);
                }
                if attribute.reverse {
                    return Ok(Self::Reverse { cardinality, counts: reverse_counts(index, attribute)? });
                }
                let types = index.attribute_types(&attribute.name)?;
                let test = match &attribute.comparison {
                    Comparison::Concepts { negated, value } => {
                        Test::Concepts { set: index.set(value, Absent::Refused)?, negated: *negated }
                    }
                    concrete => Test::Concrete(concrete),
                };
                Self::Forward { cardinality, types, test }
            }
        })
    }

    /// Whether a concept satisfies it.
    pub(super) fn holds(&self, index: &Index, rank: u32) -> bool {
        self.holds_in(index, rank, index.relationships(rank))
    }

    fn holds_in(&self, index: &Index, rank: u32, rows: U32s<'_>) -> bool {
        match self {
            Self::And(items) => items.iter().all(|item| item.holds_in(index, rank, rows)),
            Self::Or(items) => items.iter().any(|item| item.holds_in(index, rank, rows)),
            Self::Group(cardinality, within) => {
                let matching = groups(rows).filter(|group| within.holds_in(index, rank, *group)).count();
                cardinality.admits(matching as u32)
            }
            Self::Reverse { cardinality, counts } => {
                cardinality.admits(counts.get(rank as usize).copied().unwrap_or(0))
            }
            Self::Forward { cardinality, types, test } => {
                let matching = triples(rows).filter(|[kind, value, group]| {
                    types.get(*kind as usize) == Some(&true)
                        && match test {
                            Test::Concepts { set, negated } => group & 1 == 0 && set.has(*value) != *negated,
                            Test::Concrete(comparison) => {
                                group & 1 == 1 && concrete_matches(index.value(*value), comparison)
                            }
                        }
                });
                cardinality.admits(matching.count() as u32)
            }
        }
    }
}

fn triples(rows: U32s<'_>) -> impl Iterator<Item = [u32; 3]> + '_ {
    (0..rows.len() / 3).map(move |at| [rows.get(at * 3), rows.get(at * 3 + 1), rows.get(at * 3 + 2)])
}

/// The numbered role groups; rows are in the order of groups.
fn groups(rows: U32s<'_>) -> impl Iterator<Item = U32s<'_>> {
    let count = rows.len() / 3;
    let group = move |at: usize| rows.get(at * 3 + 2) >> 1;
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < count && group(at) == 0 {
            at += 1;
        }
        if at >= count {
            return None;
        }
        let from = at;
        while at < count && group(at) == group(from) {
            at += 1;
        }
        Some(rows.range(from * 3, at * 3))
    })
}

/// How often each concept is the value of the attribute on a source that satisfies (or, negated, does not) the
/// operand.
fn reverse_counts(index: &Index, attribute: &Attribute) -> Result<Vec<u32>, Unsupported> {
    let Comparison::Concepts { negated, value } = &attribute.comparison else {
        return Err(Unsupported::ReverseConcrete);
    };
    let types = index.attribute_types(&attribute.name)?;
    let mut sources = index.set(value, Absent::Refused)?;
    if *negated {
        let inside = sources;
        sources = ConceptSet::all(index.concepts());
        sources.subtract(&inside);
    }
    let mut counts = vec![0u32; index.concepts() as usize];
    for source in sources.ranks() {
        for [kind, value, group] in triples(index.relationships(source)) {
            if group & 1 == 0
                && types.get(kind as usize) == Some(&true)
                && let Some(count) = counts.get_mut(value as usize)
            {
                *count += 1;
            }
        }
    }
    Ok(counts)
}

/// The same question for one concept: values are asked about one by one instead of expanding the operands.
pub(super) fn holds_for(index: &Index, refinement: &Refinement, rank: u32) -> Result<bool, Unsupported> {
    holds_for_rows(index, refinement, rank, index.relationships(rank), false)
}

fn holds_for_rows(
    index: &Index,
    refinement: &Refinement,
    rank: u32,
    rows: U32s<'_>,
    in_group: bool,
) -> Result<bool, Unsupported> {
    match refinement {
        Refinement::And(items) => {
            decide(items.iter().map(|item| holds_for_rows(index, item, rank, rows, in_group)), false)
        }
        Refinement::Or(items) => {
            decide(items.iter().map(|item| holds_for_rows(index, item, rank, rows, in_group)), true)
        }
        Refinement::Group { cardinality, within } => {
            let mut matching = 0;
            for group in groups(rows) {
                matching += u32::from(holds_for_rows(index, within, rank, group, true)?);
            }
            Ok(cardinality.unwrap_or(Cardinality::SOME).admits(matching))
        }
        Refinement::Attribute(attribute) => {
            let cardinality = attribute.cardinality.unwrap_or(Cardinality::SOME);
            if attribute.reverse && in_group {
                return Err(Unsupported::ReverseInGroup);
            }
            if attribute.reverse {
                let counts = reverse_counts(index, attribute)?;
                return Ok(cardinality.admits(counts.get(rank as usize).copied().unwrap_or(0)));
            }
            let types = index.attribute_types(&attribute.name)?;
            let mut matching = 0;
            for [kind, value, group] in triples(rows) {
                if types.get(kind as usize) != Some(&true) {
                    continue;
                }
                matching += u32::from(match &attribute.comparison {
                    Comparison::Concepts { negated, value: operand } => {
                        group & 1 == 0 && index.has_known(operand, index.id_of(value))? != *negated
                    }
                    concrete => group & 1 == 1 && concrete_matches(index.value(value), concrete),
                });
            }
            Ok(cardinality.admits(matching))
        }
    }
}

impl Index {
    /// Like `has`, but an enumerated concept that the release lacks is not passed over.
    fn has_known(&self, operand: &Expr, concept: u64) -> Result<bool, Unsupported> {
        match &operand.node {
            Node::Concept { id, .. } if self.rank(*id).is_none() => Err(super::evaluate::absent_concept(*id)),
            Node::And(items) => decide(items.iter().map(|item| self.has_known(item, concept)), false),
            Node::Or(items) => decide(items.iter().map(|item| self.has_known(item, concept)), true),
            _ => self.has(operand, concept),
        }
    }
}

/// Whether a concrete value (`#10`, `"text"`, `true`) satisfies a comparison of its own kind.
pub(super) fn concrete_matches(value: &str, comparison: &Comparison) -> bool {
    match comparison {
        Comparison::Number(compare, operand) => value
            .strip_prefix('#')
            .and_then(|number| decimal_order(number, operand))
            .is_some_and(|ordering| compare.holds(ordering)),
        Comparison::Text { negated, terms } => {
            let text = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            text.is_some_and(|text| terms.iter().any(|term| text_matches(text, term, Search::Exact)) != *negated)
        }
        Comparison::Bool { negated, value: operand } => {
            let word = value.trim_start_matches('#').trim_matches('"');
            let truth = if word.eq_ignore_ascii_case("true") {
                Some(true)
            } else if word.eq_ignore_ascii_case("false") {
                Some(false)
            } else {
                None
            };
            truth.is_some_and(|truth| (truth == *operand) != *negated)
        }
        Comparison::Concepts { .. } => false,
    }
}

/// Orders two decimals by their digits, without floating point. `None` when either is none.
fn decimal_order(left: &str, right: &str) -> Option<Ordering> {
    fn parts(text: &str) -> Option<(bool, &str, &str)> {
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let good = !whole.is_empty() && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let zero = whole.is_empty() && fraction.is_empty();
        good.then_some((negative && !zero, whole, fraction))
    }
    let (left_negative, left_whole, left_fraction) = parts(left)?;
    let (right_negative, right_whole, right_fraction) = parts(right)?;
    let size = left_whole
        .len()
        .cmp(&right_whole.len())
        .then_with(|| left_whole.cmp(right_whole))
        .then_with(|| left_fraction.cmp(right_fraction));
    Some(match (left_negative, right_negative) {
        (false, false) => size,
        (true, true) => size.reverse(),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        for (left, right, expected) in [
            ("10", "9", Ordering::Greater),
            ("0010", "10.0", Ordering::Equal),
            ("-0", "0", Ordering::Equal),
            ("-2", "-10", Ordering::Greater),
            ("-2", "1", Ordering::Less),
            ("0.5", "0.25", Ordering::Greater),
            ("0.05", "0.5", Ordering::Less),
            ("+1", "1", Ordering::Equal),
            ("123456789012345678901234567890.1", "123456789012345678901234567890.2", Ordering::Less),
        ] {
            assert_eq!(decimal_order(left, right), Some(expected), "{left} {right}");
        }
        assert_eq!(decimal_order("1e5", "1"), None);
    }
}
