//! One concept or description of an index, read when asked.

use super::format::Section;
use super::open::Index;
use crate::terminology::snomed::ids;

/// A concept of an index.
#[derive(Clone, Copy, Debug)]
pub struct ConceptView<'i> {
    pub(super) index: &'i Index,
    pub(super) rank: u32,
}

/// A description of an index.
#[derive(Clone, Copy, Debug)]
pub struct DescriptionView<'i> {
    pub(super) index: &'i Index,
    pub(super) at: u32,
}

/// Description types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DescriptionKind {
    /// Fully specified name, with its semantic tag.
    FullySpecifiedName,
    /// Synonym; the preferred term is one.
    Synonym,
    /// Text definition.
    Definition,
    /// Some other type.
    Other(u64),
}

/// A historical association of an inactive concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The association refset.
    pub association: u64,
    /// Its published name (`SAME AS`), when it is one that is known.
    pub name: Option<&'static str>,
    /// The concept it points to.
    pub target: u64,
}

impl Replacement {
    /// Whether the target can stand in for the concept without a choice: SAME AS and REPLACED BY.
    pub fn is_exact(&self) -> bool {
        matches!(self.association, ids::SAME_AS | ids::REPLACED_BY)
    }
}

impl<'i> ConceptView<'i> {
    /// Identifier.
    pub fn id(self) -> u64 {
        self.index.id_of(self.rank)
    }

    /// Whether its latest row is active.
    pub fn active(self) -> bool {
        self.index.state(self.rank).0
    }

    /// Module of its latest row.
    pub fn module(self) -> u64 {
        self.index.state(self.rank).2
    }

    /// Effective time of its latest row, YYYYMMDD: for an inactive concept, since when it is.
    pub fn effective_time(self) -> u32 {
        self.index.state(self.rank).3
    }

    /// Whether it is sufficiently defined (`Some(false)`: primitive); `None` when the release says something else.
    pub fn defined(self) -> Option<bool> {
        match self.index.state(self.rank).1 {
            1 => Some(false),
            2 => Some(true),
            _ => None,
        }
    }

    fn name(self, which: usize) -> Option<DescriptionView<'i>> {
        let at = self.index.u32s(Section::Names).get(self.rank as usize * 2 + which);
        (at != u32::MAX).then_some(DescriptionView { index: self.index, at })
    }

    /// Preferred term: in the NHS realm clinical refset, else pharmacy, else Great Britain English, else any.
    /// Empty when there is no description at all.
    pub fn preferred_term(self) -> &'i str {
        self.preferred().map_or("", DescriptionView::term)
    }

    /// The description behind [`ConceptView::preferred_term`].
    pub fn preferred(self) -> Option<DescriptionView<'i>> {
        self.name(0)
    }

    /// Fully specified name.
    pub fn fsn(self) -> Option<&'i str> {
        self.name(1).map(DescriptionView::term)
    }

    /// All descriptions, active or not, in the order of identifiers.
    pub fn descriptions(self) -> impl Iterator<Item = DescriptionView<'i>> {
        let starts = self.index.u32s(Section::DescriptionsAt);
        // The bound only matters for a damaged index that nobody verified.
        let all = self.index.u64s(Section::DescriptionIds).len() as u32;
        let (from, to) = (starts.get(self.rank as usize), starts.get(self.rank as usize + 1).min(all));
        (from..to).map(move |at| DescriptionView { index: self.index, at })
    }

    /// Direct parents.
    pub fn parents(self) -> impl Iterator<Item = ConceptView<'i>> {
        self.index.parents(self.rank).iter().map(move |rank| ConceptView { index: self.index, rank })
    }

    /// Direct children.
    pub fn children(self) -> impl Iterator<Item = ConceptView<'i>> {
        self.index.children(self.rank).iter().map(move |rank| ConceptView { index: self.index, rank })
    }

    /// Identifiers of the refsets it is an active member of, ascending.
    pub fn refsets(self) -> impl Iterator<Item = u64> {
        self.index.refsets_of(self.rank).iter().map(move |number| self.index.refset_id(number))
    }

    /// Why it was made inactive: a concept of the inactivation values.
    pub fn inactivation_reason(self) -> Option<u64> {
        let reasons = self.index.u32s(Section::Reasons);
        let at = reasons.lower_bound(self.rank, 2);
        let found = reasons.get(at * 2) == self.rank && at * 2 < reasons.len();
        found.then(|| self.index.u64s(Section::ReasonIds).get(reasons.get(at * 2 + 1) as usize))
    }

    /// Its historical associations, in the order in which a replacement is to be offered.
    pub fn replacements(self) -> Vec<Replacement> {
        let place = |id: u64| ids::ASSOCIATIONS.iter().position(|(known, _)| *known == id);
        let mut found: Vec<Replacement> = self
            .index
            .associations(Some(self.rank))
            .map(|(_, association, target)| {
                let name = place(association).map(|at| ids::ASSOCIATIONS[at].1);
                Replacement { association, name, target }
            })
            .collect();
        found.sort_by_key(|r| (place(r.association).unwrap_or(usize::MAX), r.association, r.target));
        found
    }

    /// Attribute relationships: type, value (a concept, or text such as `#10`) and role group (0: ungrouped).
    pub fn attributes(self) -> Vec<(u64, Result<u64, &'i str>, u32)> {
        let rows = self.index.relationships(self.rank);
        let types: Vec<u64> = self.index.attributes().collect();
        (0..rows.len() / 3)
            .map(|at| {
                let (kind, value, group) = (rows.get(at * 3), rows.get(at * 3 + 1), rows.get(at * 3 + 2));
                let value = if group & 1 == 1 { Err(self.index.value(value)) } else { Ok(self.index.id_of(value)) };
                (types.get(kind as usize).copied().unwrap_or(0), value, group >> 1)
            })
            .collect()
    }
}

impl<'i> DescriptionView<'i> {
    /// Identifier.
    pub fn id(self) -> u64 {
        self.index.u64s(Section::DescriptionIds).get(self.at as usize)
    }

    /// The text.
    pub fn term(self) -> &'i str {
        let starts = self.index.u32s(Section::TermsAt);
        let (from, to) = (starts.get(self.at as usize) as usize, starts.get(self.at as usize + 1) as usize);
        self.index.bytes(Section::Terms).get(from..to).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
    }

    /// Type and active bit, language, module, preference.
    fn profile(self, column: usize) -> u32 {
        let profile = self.index.u32s(Section::DescriptionProfiles).get(self.at as usize) as usize;
        self.index.u32s(Section::Profiles).get(profile.saturating_mul(4).saturating_add(column))
    }

    /// A number that is the same for descriptions of the same type, status, language, module and preferences.
    pub(in crate::terminology::snomed) fn profile_number(self) -> u32 {
        self.index.u32s(Section::DescriptionProfiles).get(self.at as usize)
    }

    /// Whether its latest row is active.
    pub fn active(self) -> bool {
        self.profile(0) & 1 == 1
    }

    /// Identifier of its type.
    pub fn type_id(self) -> u64 {
        self.index.u64s(Section::Types).get((self.profile(0) >> 1) as usize)
    }

    /// Its type.
    pub fn kind(self) -> DescriptionKind {
        match self.type_id() {
            ids::FSN => DescriptionKind::FullySpecifiedName,
            ids::SYNONYM => DescriptionKind::Synonym,
            ids::DEFINITION => DescriptionKind::Definition,
            other => DescriptionKind::Other(other),
        }
    }

    /// Language code, lower case.
    pub fn language(self) -> &'i str {
        let text = std::str::from_utf8(self.index.bytes(Section::Languages)).unwrap_or("");
        text.split('\n').nth(self.profile(1) as usize).unwrap_or("")
    }

    /// Module of its latest row.
    pub fn module(self) -> u64 {
        self.index.u64s(Section::Modules).get(self.profile(2) as usize)
    }

    /// Effective time of its latest row, YYYYMMDD.
    pub fn effective_time(self) -> u32 {
        self.index.u32s(Section::DescriptionTimes).get(self.at as usize)
    }

    /// Language refsets that hold it, and whether it is preferred there (`Some(false)`: acceptable).
    pub fn preferences(self) -> impl Iterator<Item = (u64, Option<bool>)> + 'i {
        let rows =
            self.index.u32s(Section::PreferencesAt).list(self.profile(3), self.index.u32s(Section::Preferences), 2);
        let refsets = self.index.u64s(Section::LanguageRefsets);
        (0..rows.len() / 2).map(move |at| {
            let how = match rows.get(at * 2 + 1) {
                2 => Some(true),
                1 => Some(false),
                _ => None,
            };
            (refsets.get(rows.get(at * 2) as usize), how)
        })
    }

    /// The concept it describes.
    pub fn concept(self) -> ConceptView<'i> {
        // The last concept whose descriptions start at or before this one.
        let starts = self.index.u32s(Section::DescriptionsAt);
        let (mut low, mut high) = (0, starts.len());
        while low < high {
            let middle = (low + high) / 2;
            if starts.get(middle) <= self.at { low = middle + 1 } else { high = middle }
        }
        ConceptView { index: self.index, rank: (low as u32).saturating_sub(1) }
    }
}
