//! Rows of refsets with their own columns: map targets, associations, values.

use super::format::Section;
use super::open::Index;

/// Numbers of one row: rank, effective time, module and active bit, layout, first cell.
pub(super) const ROW: usize = 5;

/// One row of a refset.
#[derive(Clone, Copy)]
pub(in crate::terminology::snomed) struct MemberView<'i> {
    index: &'i Index,
    /// Place among all rows.
    at: usize,
}

impl<'i> MemberView<'i> {
    fn get(self, column: usize) -> u32 {
        self.index.u32s(Section::MemberRows).get(self.at * ROW + column)
    }

    /// The concept.
    pub(in crate::terminology::snomed) fn rank(self) -> u32 {
        self.get(0)
    }

    /// Effective time, YYYYMMDD.
    pub(in crate::terminology::snomed) fn time(self) -> u32 {
        self.get(1)
    }

    /// Module.
    pub(in crate::terminology::snomed) fn module(self) -> u64 {
        self.index.u64s(Section::Modules).get((self.get(2) >> 1) as usize)
    }

    /// Whether the row is active.
    pub(in crate::terminology::snomed) fn active(self) -> bool {
        self.get(2) & 1 == 1
    }

    /// Names and texts of the columns beyond those that all refsets have.
    pub(in crate::terminology::snomed) fn cells(self) -> impl Iterator<Item = (&'i str, &'i str)> {
        let (layout, first) = (self.get(3), self.get(4));
        let index = self.index;
        let numbers = index.u32s(Section::Cells);
        let names = index.layout(layout);
        names.enumerate().map(move |(at, name)| (name, index.cell(numbers.get(first as usize + at))))
    }
}

impl Index {
    /// Names of the columns of a layout.
    fn layout(&self, layout: u32) -> impl Iterator<Item = &str> {
        let text = std::str::from_utf8(self.bytes(Section::Layouts)).unwrap_or("");
        text.split('\n').nth(layout as usize).unwrap_or("").split('\t').filter(|name| !name.is_empty())
    }

    fn cell(&self, number: u32) -> &str {
        let at = self.u32s(Section::CellTextsAt);
        let (from, to) = (at.get(number as usize) as usize, at.get(number as usize + 1) as usize);
        self.bytes(Section::CellTexts).get(from..to).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
    }

    /// Rows of a refset, active or not, of one concept or of all.
    pub(in crate::terminology::snomed) fn member_rows(
        &self,
        refset: u64,
        rank: Option<u32>,
    ) -> impl Iterator<Item = MemberView<'_>> {
        let starts = self.u32s(Section::MemberRowsAt);
        let (from, to) = self
            .u64s(Section::Refsets)
            .search(refset)
            .map_or((0, 0), |at| (starts.get(at) as usize, starts.get(at + 1) as usize));
        let rows = self.u32s(Section::MemberRows);
        let from = match rank {
            None => from,
            Some(rank) => from + rows.range(from * ROW, to * ROW).lower_bound(rank, ROW),
        };
        let all = rows.len() / ROW;
        (from..to.min(all))
            .map(move |at| MemberView { index: self, at })
            .take_while(move |row| rank.is_none_or(|rank| row.rank() == rank))
    }

    /// Active rows of one concept in a refset: names and texts of its own columns.
    pub fn rows_of(&self, refset: u64, concept: u64) -> Vec<Vec<(&str, &str)>> {
        let Some(rank) = self.rank(concept) else { return Vec::new() };
        self.member_rows(refset, Some(rank)).filter(|row| row.active()).map(|row| row.cells().collect()).collect()
    }

    /// Names of the columns that the rows of a refset have.
    pub(in crate::terminology::snomed) fn columns(&self, refset: u64) -> impl Iterator<Item = &str> {
        let first = self.member_rows(refset, None).next();
        first.into_iter().flat_map(|row| row.cells().map(|(name, _)| name))
    }
}
