//! Opens an index file, checks it, and answers the elementary questions.

use super::format::{Entry, FORMAT, Fault, PAGE, SECTIONS, Section, digest, read_header};
use super::map::Mapped;
use super::set::ConceptSet;
use super::slices::{U32s, U64s};
use super::view::{ConceptView, DescriptionView};
use crate::terminology::SNOMED;
use crate::terminology::snomed::rf2::Release;
use crate::terminology::snomed::{SnomedError, fold};
use std::fmt;
use std::path::{Path, PathBuf};

/// What an index was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseInfo {
    /// Latest effective time of any row, YYYYMMDD.
    pub effective_time: u32,
    /// Module that stands for the edition, as far as it can be told: UK Edition, UK Clinical, UK Drug, International.
    pub edition: u64,
    /// Made from a full release.
    pub full: bool,
    /// Concepts, active or not.
    pub concepts: u64,
    /// Active concepts.
    pub active_concepts: u64,
    /// Descriptions, active or not.
    pub descriptions: u64,
    /// Attribute relationships.
    pub attributes: u64,
    /// Refsets with concepts in them.
    pub refsets: u64,
    /// Concepts in refsets, counted once a refset.
    pub members: u64,
    /// Warnings of the build.
    pub warnings: u64,
    /// SHA-256 (hex) that stands for the whole index.
    pub digest: String,
}

impl ReleaseInfo {
    /// `http://snomed.info/sct/{edition}/version/{effective time}`
    pub fn version_uri(&self) -> String {
        format!("{SNOMED}/{}/version/{}", self.edition, self.effective_time)
    }
}

/// An open SNOMED CT index. Cheap to share between threads; every answer is read from the mapped file.
pub struct Index {
    map: Mapped,
    path: PathBuf,
    sections: [Entry; SECTIONS],
    sum: [u8; 32],
    count: u32,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("concepts", &self.count).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens an index and checks its header, length and layout, but not the contents: see [`Index::verify`].
    pub fn open(path: &Path) -> Result<Self, SnomedError> {
        let there = std::fs::metadata(path).map_err(SnomedError::io(path))?;
        if there.is_dir() {
            return Err(match Release::find(&[path]) {
                Ok(_) => SnomedError::Release(path.to_owned()),
                Err(_) => SnomedError::Folder(path.to_owned()),
            });
        }
        if there.len() == 0 {
            return Err(SnomedError::NotAnIndex(path.to_owned()));
        }
        let map = Mapped::open(path).map_err(SnomedError::io(path))?;
        let found = map.bytes().len() as u64;
        let path = path.to_owned();
        let (sections, sum) = match read_header(map.bytes()) {
            Ok(header) => header,
            Err(Fault::Magic) if Release::find(&[&path]).is_ok() => return Err(SnomedError::Release(path)),
            Err(Fault::Magic) => return Err(SnomedError::NotAnIndex(path)),
            Err(Fault::Version(found)) => return Err(SnomedError::Version { path, found, expected: FORMAT }),
            Err(Fault::Length(expected)) => return Err(SnomedError::Length { path, found, expected }),
            Err(Fault::Damaged(what)) => return Err(SnomedError::Damaged { path, what }),
        };
        let mut index = Self { map, path, sections, sum, count: 0 };
        index.count = index.ids().len() as u32;
        index.check_layout()?;
        Ok(index)
    }

    /// Opens an index and checks every byte of it.
    pub fn open_verified(path: &Path) -> Result<Self, SnomedError> {
        let index = Self::open(path)?;
        index.verify()?;
        Ok(index)
    }

    /// Checks the contents against the digests in the header. Takes a pass over the file at the speed of memory, on
    /// all cores.
    pub fn verify(&self) -> Result<(), SnomedError> {
        use rayon::prelude::*;
        let mut end = PAGE as u64;
        for entry in self.sections {
            if !self.raw(Entry { start: end, length: entry.start - end, digest: 0 }).iter().all(|byte| *byte == 0) {
                return Err(self.damaged("padding"));
            }
            end = entry.start + entry.length;
        }
        if end != self.map.bytes().len() as u64 {
            return Err(self.damaged("padding"));
        }
        let mut order: Vec<usize> = (0..SECTIONS).collect();
        order.sort_by_key(|at| std::cmp::Reverse(self.sections[*at].length));
        // Largest first, one at a time to whichever worker is free.
        let good = order.into_par_iter().with_max_len(1).all(|at| {
            let entry = self.sections[at];
            digest(self.raw(entry)) == entry.digest
        });
        if good { Ok(()) } else { Err(self.damaged("contents")) }
    }

    fn damaged(&self, what: &'static str) -> SnomedError {
        SnomedError::Damaged { path: self.path.clone(), what }
    }

    /// Whether lengths of sections that belong together agree.
    fn check_layout(&self) -> Result<(), SnomedError> {
        let n = self.count as usize;
        let per_concept = [
            (Section::Ranks, n),
            (Section::Time, n),
            (Section::State, n),
            (Section::ParentsAt, n + 1),
            (Section::ChildrenAt, n + 1),
            (Section::BelowAt, n + 1),
            (Section::DescriptionsAt, n + 1),
            (Section::RefsetsOfAt, n + 1),
            (Section::RelationshipsAt, n + 1),
            (Section::Names, 2 * n),
            (Section::IdOf, 2 * n),
        ];
        let m = self.u64s(Section::DescriptionIds).len();
        let per_description = [
            (Section::DescriptionTimes, m),
            (Section::DescriptionProfiles, m),
            (Section::DescriptionOrder, m),
            (Section::TermOrder, m),
            (Section::TermsAt, m + 1),
        ];
        let good =
            per_concept.iter().chain(&per_description).all(|(section, length)| self.u32s(*section).len() == *length);
        if good { Ok(()) } else { Err(self.damaged("layout")) }
    }

    fn raw(&self, entry: Entry) -> &[u8] {
        self.map.bytes().get(entry.start as usize..(entry.start + entry.length) as usize).unwrap_or(&[])
    }

    pub(super) fn bytes(&self, section: Section) -> &[u8] {
        self.raw(self.sections[section as usize])
    }

    #[inline]
    pub(super) fn u32s(&self, section: Section) -> U32s<'_> {
        U32s(self.bytes(section))
    }

    #[inline]
    pub(super) fn u64s(&self, section: Section) -> U64s<'_> {
        U64s(self.bytes(section))
    }

    fn ids(&self) -> U64s<'_> {
        self.u64s(Section::Ids)
    }

    /// Identifiers of all concepts, active or not, ascending.
    pub fn all_concepts(&self) -> impl Iterator<Item = u64> + '_ {
        self.ids().iter()
    }

    /// Number of concepts.
    pub fn concepts(&self) -> u32 {
        self.count
    }

    /// What the index was made of.
    pub fn release(&self) -> ReleaseInfo {
        let text = std::str::from_utf8(self.bytes(Section::Info)).unwrap_or("");
        let value = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
            line.and_then(|value| value.parse::<u64>().ok()).unwrap_or(0)
        };
        ReleaseInfo {
            effective_time: value("effective-time") as u32,
            edition: value("edition"),
            full: text.lines().any(|line| line == "kind full"),
            concepts: value("concepts"),
            active_concepts: value("active-concepts"),
            descriptions: value("descriptions"),
            attributes: value("attributes"),
            refsets: value("refsets"),
            members: value("members"),
            warnings: value("warnings"),
            digest: hex::encode(self.sum),
        }
    }

    /// Rank of a concept by identifier.
    #[inline]
    pub(in crate::terminology::snomed) fn rank(&self, id: u64) -> Option<u32> {
        self.ids().search(id).map(|at| self.u32s(Section::Ranks).get(at))
    }

    /// Identifier of a rank.
    #[inline]
    pub(in crate::terminology::snomed) fn id_of(&self, rank: u32) -> u64 {
        self.u64s(Section::IdOf).get(rank as usize)
    }

    /// Everything about a concept; `None` when the release lacks it.
    #[inline]
    pub fn lookup(&self, id: u64) -> Option<ConceptView<'_>> {
        self.rank(id).map(|rank| ConceptView { index: self, rank })
    }

    #[cfg(any(test, feature = "bench"))]
    /// The same for a code as written: digits only, nothing trimmed.
    pub fn lookup_code(&self, code: &str) -> Option<ConceptView<'_>> {
        let plain = code.len() <= 18 && !code.starts_with('0') && code.bytes().all(|b| b.is_ascii_digit());
        if plain { self.lookup(code.parse().ok()?) } else { None }
    }

    /// Whether `descendant` is `ancestor` or below it; `None` when the release lacks either.
    #[inline]
    pub fn subsumes(&self, ancestor: u64, descendant: u64) -> Option<bool> {
        Some(self.is_below(self.rank(ancestor)?, self.rank(descendant)?))
    }

    /// Whether `rank` is `ancestor` or below it.
    #[inline]
    pub(in crate::terminology::snomed) fn is_below(&self, ancestor: u32, rank: u32) -> bool {
        let runs = self.below(ancestor);
        // The run that starts last at or before the rank.
        let after = runs.lower_bound(rank + 1, 2);
        after > 0 && rank < runs.get((after - 1) * 2 + 1)
    }

    /// Pairs of rank: the runs below a rank, itself included.
    #[inline]
    pub(in crate::terminology::snomed) fn below(&self, rank: u32) -> U32s<'_> {
        self.u32s(Section::BelowAt).list(rank, self.u32s(Section::Below), 2)
    }

    pub(in crate::terminology::snomed) fn parents(&self, rank: u32) -> U32s<'_> {
        self.u32s(Section::ParentsAt).list(rank, self.u32s(Section::Parents), 1)
    }

    pub(in crate::terminology::snomed) fn children(&self, rank: u32) -> U32s<'_> {
        self.u32s(Section::ChildrenAt).list(rank, self.u32s(Section::Children), 1)
    }

    /// Threes: attribute number, value, group and concrete bit.
    pub(in crate::terminology::snomed) fn relationships(&self, rank: u32) -> U32s<'_> {
        self.u32s(Section::RelationshipsAt).list(rank, self.u32s(Section::Relationships), 3)
    }

    /// Identifiers of the relationship types, by attribute number.
    pub(in crate::terminology::snomed) fn attributes(&self) -> impl Iterator<Item = u64> + '_ {
        self.u64s(Section::Attributes).iter()
    }

    /// A concrete value: `#10` or `"text"`, as in the release.
    pub(in crate::terminology::snomed) fn value(&self, number: u32) -> &str {
        let at = self.u32s(Section::ValuesAt);
        let (from, to) = (at.get(number as usize) as usize, at.get(number as usize + 1) as usize);
        self.bytes(Section::Values).get(from..to).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
    }

    /// Active, definition status (1 primitive, 2 defined, 0 other), module and effective time of a rank.
    pub(in crate::terminology::snomed) fn state(&self, rank: u32) -> (bool, u8, u64, u32) {
        let state = self.u32s(Section::State).get(rank as usize);
        let module = self.u64s(Section::Modules).get((state >> 8) as usize);
        let time = self.u32s(Section::Time).get(rank as usize);
        (state & 1 == 1, (state >> 1 & 3) as u8, module, time)
    }

    /// Identifiers of the description types of the release.
    pub(in crate::terminology::snomed) fn description_types(&self) -> impl Iterator<Item = u64> + '_ {
        self.u64s(Section::Types).iter()
    }

    /// Identifiers of the language refsets of the release.
    pub(in crate::terminology::snomed) fn language_refsets(&self) -> impl Iterator<Item = u64> + '_ {
        self.u64s(Section::LanguageRefsets).iter()
    }

    /// Identifiers of the modules of the release.
    pub(in crate::terminology::snomed) fn modules(&self) -> impl Iterator<Item = u64> + '_ {
        self.u64s(Section::Modules).iter()
    }

    /// Identifiers of all refsets that hold concepts, ascending.
    pub fn refsets(&self) -> impl Iterator<Item = u64> + '_ {
        self.u64s(Section::Refsets).iter()
    }

    /// Members of a refset as ranks; `None` when the release has no active member row of it.
    pub(in crate::terminology::snomed) fn members(&self, refset: u64) -> Option<U32s<'_>> {
        let at = self.u64s(Section::Refsets).search(refset)?;
        Some(self.u32s(Section::MembersAt).list(at as u32, self.u32s(Section::Members), 1))
    }

    /// Numbers of the refsets a rank is in.
    pub(in crate::terminology::snomed) fn refsets_of(&self, rank: u32) -> U32s<'_> {
        self.u32s(Section::RefsetsOfAt).list(rank, self.u32s(Section::RefsetsOf), 1)
    }

    /// Identifier of a refset number.
    pub(in crate::terminology::snomed) fn refset_id(&self, number: u32) -> u64 {
        self.u64s(Section::Refsets).get(number as usize)
    }

    /// Whether a concept is an active member of a refset; `None` when the release has no member of that refset,
    /// so that nothing can be said. A concept the release lacks is no member.
    pub fn member_of(&self, refset: u64, concept: u64) -> Option<bool> {
        let at = self.u64s(Section::Refsets).search(refset)? as u32;
        let Some(rank) = self.rank(concept) else { return Some(false) };
        Some(self.refsets_of(rank).iter().any(|number| number == at))
    }

    /// A description by identifier.
    pub fn description(&self, id: u64) -> Option<DescriptionView<'_>> {
        let order = self.u32s(Section::DescriptionOrder);
        let ids = self.u64s(Section::DescriptionIds);
        let (mut low, mut high) = (0, order.len());
        while low < high {
            let middle = (low + high) / 2;
            let at = order.get(middle);
            let there = ids.get(at as usize);
            if there == id {
                return Some(DescriptionView { index: self, at });
            }
            if there < id { low = middle + 1 } else { high = middle }
        }
        None
    }

    /// Descriptions whose folded term starts with a folded text, in the order of their folded terms.
    pub fn descriptions_starting(&self, folded: &str) -> impl Iterator<Item = DescriptionView<'_>> {
        let order = self.u32s(Section::TermOrder);
        let view = move |place: usize| DescriptionView { index: self, at: order.get(place) };
        let (mut low, mut high) = (0, order.len());
        while low < high {
            let middle = (low + high) / 2;
            if fold(view(middle).term()).as_str() < folded { low = middle + 1 } else { high = middle }
        }
        let folded = folded.to_owned();
        (low..order.len()).map(view).take_while(move |description| fold(description.term()).starts_with(&folded))
    }

    /// Up to `most` active concepts that have a text for an active description; case, accents and blanks around count
    /// for nothing.
    pub fn concepts_named(&self, term: &str, most: usize) -> Vec<u64> {
        let folded = fold(term.trim());
        let mut found: Vec<u64> = Vec::new();
        if folded.is_empty() {
            return found;
        }
        // The terms that are no longer than the text come first.
        for description in self.descriptions_starting(&folded).take_while(|d| fold(d.term()) == folded) {
            let concept = description.concept();
            if description.active() && concept.active() && !found.contains(&concept.id()) {
                found.push(concept.id());
                if found.len() == most {
                    break;
                }
            }
        }
        found
    }

    /// Identifiers of a set, ascending.
    pub fn codes(&self, set: &ConceptSet) -> Vec<u64> {
        let mut codes: Vec<u64> = set.ranks().map(|rank| self.id_of(rank)).collect();
        codes.sort_unstable();
        codes
    }

    /// Whether a set holds a concept.
    pub fn holds(&self, set: &ConceptSet, concept: u64) -> bool {
        self.rank(concept).is_some_and(|rank| set.has(rank))
    }

    /// Rows of four: rank, association, low and high half of the target; for one rank or, with `None`, for all.
    pub(in crate::terminology::snomed) fn associations(
        &self,
        rank: Option<u32>,
    ) -> impl Iterator<Item = (u32, u64, u64)> + '_ {
        let rows = self.u32s(Section::Associations);
        let kinds = self.u64s(Section::AssociationKinds);
        let from = rank.map_or(0, |rank| rows.lower_bound(rank, 4));
        (from..rows.len() / 4)
            .map(move |at| {
                let target = u64::from(rows.get(at * 4 + 2)) | u64::from(rows.get(at * 4 + 3)) << 32;
                (rows.get(at * 4), kinds.get(rows.get(at * 4 + 1) as usize), target)
            })
            .take_while(move |(source, _, _)| rank.is_none_or(|rank| rank == *source))
    }
}
