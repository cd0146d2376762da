//! Evaluates `{{ M ... }}`, filters over the rows of refsets, and `^ [field]`, their columns.

use super::ast::*;
use super::attributes::concrete_matches;
use super::evaluate::{Absent, Unsupported, absent_refset};
use super::filters::{text_matches, time_holds};
use crate::terminology::snomed::index::{ConceptSet, Index, MemberView};

impl Index {
    /// Concepts that have a row in a refset which satisfies the filters of a `^`.
    pub(super) fn members_of(&self, membership: &Membership) -> Result<ConceptSet, Unsupported> {
        let mut set = ConceptSet::none(self.concepts());
        let fields = match &membership.fields {
            None => None,
            Some(Fields::All) => Some(None),
            Some(Fields::Named(names)) if names.iter().all(|n| n.eq_ignore_ascii_case(COMPONENT)) => None,
            Some(Fields::Named(names)) => Some(Some(names)),
        };
        for refset in self.refsets_named(&membership.of)? {
            let members = self.members(refset).ok_or_else(|| absent_refset(refset))?;
            if membership.filters.is_empty() && fields.is_none() {
                members.iter().for_each(|rank| set.insert(rank));
                continue;
            }
            let rows = self.member_rows(refset, None);
            self.known_columns(refset, &membership.filters)?;
            for row in rows {
                if !self.member_passes(row, &membership.filters)? {
                    continue;
                }
                match fields {
                    None => set.insert(row.rank()),
                    // Of columns, those that hold concepts of the release are concepts; text is no concept.
                    Some(names) => {
                        for (name, cell) in row.cells() {
                            if names.is_none_or(|names| names.iter().any(|n| n.eq_ignore_ascii_case(name))) {
                                cell.parse().ok().and_then(|id| self.rank(id)).into_iter().for_each(|r| set.insert(r));
                            }
                        }
                    }
                }
            }
        }
        Ok(set)
    }

    /// Whether one concept has such a row.
    pub(super) fn is_member(&self, membership: &Membership, refset: u64, concept: u64) -> Result<bool, Unsupported> {
        let listed = self.member_of(refset, concept).ok_or_else(|| absent_refset(refset))?;
        let Some(rank) = self.rank(concept) else { return Ok(false) };
        if membership.filters.is_empty() {
            return Ok(listed);
        }
        self.known_columns(refset, &membership.filters)?;
        for row in self.member_rows(refset, Some(rank)) {
            if self.member_passes(row, &membership.filters)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Concepts that have a row in any refset which satisfies filters: `X {{ M ... }}` without a `^`.
    pub(super) fn members_anywhere(&self, filters: &Vec<Filter>) -> Result<ConceptSet, Unsupported> {
        let mut set = ConceptSet::none(self.concepts());
        let filters = std::slice::from_ref(filters);
        for refset in self.refsets().collect::<Vec<_>>() {
            if self.known_columns(refset, filters).is_err() {
                continue;
            }
            for row in self.member_rows(refset, None) {
                if self.member_passes(row, filters)? {
                    set.insert(row.rank());
                }
            }
        }
        Ok(set)
    }

    /// The values that an expression gives beside concepts: columns of refset rows, or numbers and text at the end of a
    /// dotted expression. Empty where it gives concepts alone.
    pub fn values(&self, ecl: &super::Ecl) -> Result<Vec<String>, Unsupported> {
        let mut found = Vec::new();
        match &ecl.expr.node {
            Node::MemberOf(membership) => {
                let Some(fields) = &membership.fields else { return Ok(found) };
                for refset in self.refsets_named(&membership.of)? {
                    self.known_columns(refset, &membership.filters)?;
                    for row in self.member_rows(refset, None) {
                        if self.member_passes(row, &membership.filters)? {
                            found.extend(row_text(self, row, fields));
                        }
                    }
                }
            }
            Node::Dotted(focus, attribute) => {
                let types = self.attribute_types(attribute)?;
                for source in self.set(focus, Absent::Refused)?.ranks() {
                    let rows = self.relationships(source);
                    for at in 0..rows.len() / 3 {
                        if types.get(rows.get(at * 3) as usize) == Some(&true) && rows.get(at * 3 + 2) & 1 == 1 {
                            found.push(self.value(rows.get(at * 3 + 1)).to_owned());
                        }
                    }
                }
            }
            _ => {}
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Whether a refset has every column that filters ask about.
    fn known_columns(&self, refset: u64, filters: &[Vec<Filter>]) -> Result<(), Unsupported> {
        let asked = filters.iter().flatten().filter_map(|filter| match filter {
            Filter::Field { name, .. } if !name.eq_ignore_ascii_case(COMPONENT) => Some(name),
            _ => None,
        });
        for name in asked {
            if !self.columns(refset).any(|column| column.eq_ignore_ascii_case(name)) {
                return Err(Unsupported::MemberField(refset, name.clone()));
            }
        }
        Ok(())
    }

    fn member_passes(&self, row: MemberView<'_>, blocks: &[Vec<Filter>]) -> Result<bool, Unsupported> {
        let asks_active = blocks.iter().flatten().any(|filter| matches!(filter, Filter::Active { .. }));
        if !asks_active && !row.active() {
            return Ok(false);
        }
        for filter in blocks.iter().flatten() {
            let passes = match filter {
                Filter::Active { negated, value } => (row.active() == *value) != *negated,
                Filter::Module { negated, value } => {
                    (self.matching(value, &[row.module()], Absent::Nothing)? == [true]) != *negated
                }
                Filter::EffectiveTime { compare, dates } => time_holds(*compare, dates, row.time()),
                Filter::Field { name, comparison } => {
                    let id = self.id_of(row.rank()).to_string();
                    let own = name.eq_ignore_ascii_case(COMPONENT).then_some(id.as_str());
                    let cell = own.or_else(|| row.cells().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, c)| c));
                    match cell {
                        Some(cell) => self.cell_passes(cell, comparison)?,
                        None => false,
                    }
                }
                _ => false,
            };
            if !passes {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn cell_passes(&self, cell: &str, comparison: &Comparison) -> Result<bool, Unsupported> {
        Ok(match comparison {
            Comparison::Concepts { negated, value } => {
                let Ok(id) = cell.parse::<u64>() else { return Ok(false) };
                (self.matching(value, &[id], Absent::Nothing)? == [true]) != *negated
            }
            Comparison::Text { negated, terms } => {
                terms.iter().any(|term| text_matches(cell, term, Search::Match)) != *negated
            }
            Comparison::Number(..) => concrete_matches(&format!("#{cell}"), comparison),
            Comparison::Bool { negated, value } => {
                let truth = match cell {
                    "1" | "true" => Some(true),
                    "0" | "false" => Some(false),
                    _ => None,
                };
                truth.is_some_and(|truth| (truth == *value) != *negated)
            }
        })
    }
}

/// The column that all refsets have: the concept itself.
const COMPONENT: &str = "referencedComponentId";

/// The columns of a row that are asked for, apart by tabs.
fn row_text(index: &Index, row: MemberView<'_>, fields: &Fields) -> Option<String> {
    let id = index.id_of(row.rank()).to_string();
    let cells: Vec<&str> = match fields {
        Fields::All => std::iter::once(id.as_str()).chain(row.cells().map(|(_, cell)| cell)).collect(),
        Fields::Named(names) => names
            .iter()
            .filter_map(|name| {
                let own = name.eq_ignore_ascii_case(COMPONENT).then_some(id.as_str());
                own.or_else(|| row.cells().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, cell)| cell))
            })
            .collect(),
    };
    (!cells.is_empty()).then(|| cells.join("\t"))
}
