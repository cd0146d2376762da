//! Evaluates `{{ ... }}` filters of concepts and descriptions.

use super::ast::*;
use super::evaluate::{Absent, Unsupported};
use super::fold::{fold, fold_into, wild, words};
use crate::terminology::snomed::ids;
use crate::terminology::snomed::index::{DescriptionView, Index};

/// A filter block with its operands evaluated, for asking about many concepts.
pub(super) enum FilterPlan<'e> {
    Concepts(Vec<Step<'e>>),
    Descriptions {
        steps: Vec<Step<'e>>,
        /// Whether inactive descriptions are looked at: only where `active` is asked about.
        inactive: bool,
        /// Answers of the steps that depend on the profile alone, by profile.
        known: Vec<Option<bool>>,
        folded: String,
    },
}

/// One filter. Lists of identifiers are those that satisfy the operand.
pub(super) enum Step<'e> {
    Term { negated: bool, terms: Vec<Needle<'e>> },
    Language { negated: bool, codes: &'e [Box<str>] },
    Type { negated: bool, ids: Vec<u64> },
    Dialect { negated: bool, any: Vec<Wanted> },
    Module { negated: bool, value: &'e Expr, known: std::cell::RefCell<Vec<(u64, bool)>> },
    Time { compare: Compare, dates: &'e [u32] },
    Active { wanted: bool },
    Id { negated: bool, ids: &'e [u64] },
    Status { negated: bool, any: Vec<u8> },
}

/// Language refsets, and whether preferred and acceptable will do (`None`: anything).
type Wanted = (Vec<u64>, Option<(bool, bool)>);

/// A search term, prepared.
pub(super) enum Needle<'e> {
    Words(Vec<String>),
    Wild(Vec<char>),
    Exact(&'e str),
}

impl<'e> Needle<'e> {
    fn new(term: &'e SearchTerm, default: Search) -> Self {
        match term.how.unwrap_or(default) {
            Search::Match => Self::Words(words(&fold(&term.text)).map(str::to_owned).collect()),
            Search::Wild => Self::Wild(fold(&term.text).chars().collect()),
            Search::Exact => Self::Exact(&term.text),
        }
    }

    fn finds(&self, text: &str, folded: &str) -> bool {
        match self {
            Self::Words(needles) => {
                !needles.is_empty() && needles.iter().all(|n| words(folded).any(|word| word.starts_with(n.as_str())))
            }
            Self::Wild(pattern) => wild(pattern, &folded.chars().collect::<Vec<_>>()),
            Self::Exact(exact) => text == *exact,
        }
    }
}

/// Whether a text matches a search term; `default` is how when the term does not say.
pub(super) fn text_matches(text: &str, term: &SearchTerm, default: Search) -> bool {
    Needle::new(term, default).finds(text, &fold(text))
}

impl<'e> FilterPlan<'e> {
    pub(super) fn new(index: &Index, block: &'e FilterBlock) -> Result<Self, Unsupported> {
        let steps = |list: &'e [Filter]| -> Result<Vec<Step<'e>>, Unsupported> {
            list.iter().map(|filter| Step::new(index, filter)).collect()
        };
        Ok(match block {
            FilterBlock::Concepts(list) | FilterBlock::Members(list) => Self::Concepts(steps(list)?),
            FilterBlock::Descriptions(list) => Self::Descriptions {
                steps: steps(list)?,
                inactive: list.iter().any(|filter| matches!(filter, Filter::Active { .. })),
                known: Vec::new(),
                folded: String::new(),
            },
        })
    }

    /// Whether a concept satisfies all filters: for descriptions, one description all of them.
    pub(super) fn holds(&mut self, index: &Index, rank: u32) -> bool {
        match self {
            Self::Concepts(steps) => {
                let (active, status, module, time) = index.state(rank);
                steps.iter().all(|step| match step {
                    Step::Active { wanted } => active == *wanted,
                    Step::Status { negated, any } => any.contains(&status) != *negated,
                    Step::Module { .. } => step.module_holds(index, module),
                    Step::Time { compare, dates } => time_holds(*compare, dates, time),
                    _ => false,
                })
            }
            Self::Descriptions { steps, inactive, known, folded } => {
                let Some(concept) = index.lookup(index.id_of(rank)) else { return false };
                concept.descriptions().any(|description| {
                    let profile = description.profile_number() as usize;
                    if known.len() <= profile && profile < 1 << 24 {
                        known.resize(profile + 1, None);
                    }
                    let by_profile = known.get(profile).copied().flatten().unwrap_or_else(|| {
                        let answer = (*inactive || description.active())
                            && steps.iter().all(|step| step.profile_holds(index, description).unwrap_or(true));
                        if let Some(slot) = known.get_mut(profile) {
                            *slot = Some(answer);
                        }
                        answer
                    });
                    by_profile && steps.iter().all(|step| step.own_holds(description, folded))
                })
            }
        }
    }
}

impl<'e> Step<'e> {
    fn new(index: &Index, filter: &'e Filter) -> Result<Self, Unsupported> {
        let among = |value: &Expr, of: &[u64]| -> Result<Vec<u64>, Unsupported> {
            let found = index.matching(value, of, Absent::Nothing)?;
            Ok(of.iter().zip(found).filter(|(_, found)| *found).map(|(id, _)| *id).collect())
        };
        Ok(match filter {
            Filter::Term { negated, terms } => {
                let terms = terms.iter().map(|term| Needle::new(term, Search::Match)).collect();
                Self::Term { negated: *negated, terms }
            }
            Filter::Language { negated, codes } => Self::Language { negated: *negated, codes },
            Filter::Type { negated, types } => {
                let id = |kind: &DescriptionType| match kind {
                    DescriptionType::Synonym => ids::SYNONYM,
                    DescriptionType::FullySpecifiedName => ids::FSN,
                    DescriptionType::Definition => ids::DEFINITION,
                };
                Self::Type { negated: *negated, ids: types.iter().map(id).collect() }
            }
            Filter::TypeId { negated, value } => {
                let types: Vec<u64> = index.description_types().collect();
                Self::Type { negated: *negated, ids: among(value, &types)? }
            }
            Filter::Dialect { negated, dialects, acceptability } => {
                let refsets: Vec<u64> = index.language_refsets().collect();
                let mut any = Vec::new();
                for dialect in dialects {
                    let of = match &dialect.which {
                        DialectName::Alias(alias) => {
                            let known = ids::DIALECTS.iter().find(|(known, _)| *known == &**alias);
                            let known = known.ok_or(Unsupported::DialectAlias)?.1;
                            if !refsets.contains(&known) && index.lookup(known).is_none() {
                                return Err(Unsupported::AbsentRefset(known));
                            }
                            vec![known]
                        }
                        DialectName::Id(expr) => among(expr, &refsets)?,
                    };
                    let own = if dialect.acceptability.is_empty() { acceptability } else { &dialect.acceptability };
                    any.push((of, accepted(own)?));
                }
                Self::Dialect { negated: *negated, any }
            }
            Filter::Module { negated, value } => {
                // Operands that cannot be evaluated are refused now, not at the first concept.
                index.matching(value, &[], Absent::Nothing)?;
                Self::Module { negated: *negated, value, known: Default::default() }
            }
            Filter::EffectiveTime { compare, dates } => Self::Time { compare: *compare, dates },
            Filter::Active { negated, value } => Self::Active { wanted: value != negated },
            Filter::Id { negated, ids } => Self::Id { negated: *negated, ids },
            Filter::DefinitionStatus { negated, values } => {
                let number = |status: &DefinitionStatus| match status {
                    DefinitionStatus::Primitive => 1,
                    DefinitionStatus::Defined => 2,
                };
                Self::Status { negated: *negated, any: values.iter().map(number).collect() }
            }
            Filter::DefinitionStatusId { negated, value } => {
                let found = index.matching(value, &[ids::PRIMITIVE, ids::DEFINED], Absent::Nothing)?;
                let any = found.iter().zip([1, 2]).filter(|(found, _)| **found).map(|(_, number)| number).collect();
                Self::Status { negated: *negated, any }
            }
            Filter::Field { name, .. } => return Err(Unsupported::MemberField(0, name.clone())),
        })
    }

    fn module_holds(&self, index: &Index, module: u64) -> bool {
        let Self::Module { negated, value, known } = self else { return true };
        let mut known = known.borrow_mut();
        let found = known.iter().find(|(id, _)| *id == module).map(|(_, answer)| *answer);
        let found = found.unwrap_or_else(|| {
            let answer = index.matching(value, &[module], Absent::Nothing).is_ok_and(|found| found == [true]);
            known.push((module, answer));
            answer
        });
        found != *negated
    }

    /// The answer, when it depends on the profile of a description alone.
    fn profile_holds(&self, index: &Index, description: DescriptionView<'_>) -> Option<bool> {
        Some(match self {
            Self::Language { negated, codes } => codes.iter().any(|code| **code == *description.language()) != *negated,
            Self::Type { negated, ids } => ids.contains(&description.type_id()) != *negated,
            Self::Dialect { negated, any } => {
                let fits = |(refsets, how): &Wanted| {
                    description.preferences().any(|(refset, preferred)| {
                        refsets.contains(&refset)
                            && match (how, preferred) {
                                (None, _) => true,
                                (Some((prefer, _)), Some(true)) => *prefer,
                                (Some((_, accept)), Some(false)) => *accept,
                                (Some(_), None) => false,
                            }
                    })
                };
                any.iter().any(fits) != *negated
            }
            Self::Module { .. } => self.module_holds(index, description.module()),
            Self::Active { wanted } => description.active() == *wanted,
            Self::Status { .. } => false,
            Self::Term { .. } | Self::Time { .. } | Self::Id { .. } => return None,
        })
    }

    /// The answer of the other steps; true for those of the profile.
    fn own_holds(&self, description: DescriptionView<'_>, folded: &mut String) -> bool {
        match self {
            Self::Term { negated, terms } => {
                fold_into(description.term(), folded);
                terms.iter().any(|needle| needle.finds(description.term(), folded)) != *negated
            }
            Self::Time { compare, dates } => time_holds(*compare, dates, description.effective_time()),
            Self::Id { negated, ids } => ids.contains(&description.id()) != *negated,
            _ => true,
        }
    }
}

/// Whether preferred and acceptable are asked for; `None` when anything will do.
fn accepted(list: &[Acceptability]) -> Result<Option<(bool, bool)>, Unsupported> {
    if list.is_empty() {
        return Ok(None);
    }
    let (mut prefer, mut accept) = (false, false);
    for item in list {
        match item {
            Acceptability::Preferred | Acceptability::Id(ids::PREFERRED) => prefer = true,
            Acceptability::Acceptable | Acceptability::Id(ids::ACCEPTABLE) => accept = true,
            Acceptability::Id(other) => return Err(Unsupported::Acceptability(*other)),
        }
    }
    Ok(Some((prefer, accept)))
}

/// `!=` asks that a time differs from all dates, everything else that it fits one.
pub(super) fn time_holds(compare: Compare, dates: &[u32], time: u32) -> bool {
    if compare == Compare::NotEqual {
        return dates.iter().all(|date| *date != time);
    }
    dates.iter().any(|date| compare.holds(time.cmp(date)))
}
