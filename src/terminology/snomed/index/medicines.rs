//! Products of dm+d and translations of Read codes, where an index was made with them.

use super::format::Section;
use super::open::Index;
use crate::terminology::snomed::products::Kind;
use crate::terminology::snomed::rf2::{KINDS, Link, flags};

/// One entry of dm+d.
#[derive(Clone, Copy, Debug)]
pub struct MedicineView<'i> {
    index: &'i Index,
    at: usize,
}

impl<'i> MedicineView<'i> {
    fn state(self) -> u32 {
        self.index.u32s(Section::MedicineRows).get(self.at)
    }

    /// Identifier.
    pub fn id(self) -> u64 {
        self.index.u64s(Section::MedicineIds).get(self.at)
    }

    /// Its kind; `None` for a form, a route or a unit.
    pub fn kind(self) -> Option<Kind> {
        KINDS.get((self.state() & 0xff) as usize).copied().flatten()
    }

    /// Whether dm+d has withdrawn the entry.
    pub fn is_invalid(self) -> bool {
        self.state() >> 8 & flags::INVALID != 0
    }

    /// Whether the pack is discontinued, or the product not available.
    pub fn is_discontinued(self) -> bool {
        self.state() >> 8 & flags::DISCONTINUED != 0
    }

    /// Its name.
    pub fn name(self) -> &'i str {
        let starts = self.index.u32s(Section::MedicineNamesAt);
        let (from, to) = (starts.get(self.at) as usize, starts.get(self.at + 1) as usize);
        self.index.bytes(Section::MedicineNames).get(from..to).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
    }

    /// What it is joined to in one way.
    pub fn links(self, link: Link) -> impl Iterator<Item = u64> {
        let starts = self.index.u32s(Section::MedicineLinksAt);
        let pairs = self.index.u64s(Section::MedicineLinks);
        (starts.get(self.at) as usize..(starts.get(self.at + 1) as usize).min(pairs.len() / 2))
            .filter(move |at| pairs.get(at * 2) == link as u64)
            .map(move |at| pairs.get(at * 2 + 1))
    }

    /// The virtual product that it is, or is of.
    pub fn virtual_product(self) -> Option<MedicineView<'i>> {
        match self.kind()? {
            Kind::Vmp => Some(self),
            Kind::Amp | Kind::Vmpp => self.links(Link::Above).next().and_then(|id| self.index.medicine(id)),
            Kind::Ampp => {
                let pack = self.links(Link::Above).next().and_then(|id| self.index.medicine(id))?;
                pack.links(Link::Above).next().and_then(|id| self.index.medicine(id))
            }
            _ => None,
        }
    }
}

impl Index {
    /// An entry of dm+d.
    pub fn medicine(&self, id: u64) -> Option<MedicineView<'_>> {
        let at = self.u64s(Section::MedicineIds).search(id)?;
        Some(MedicineView { index: self, at })
    }

    /// Whether the index was made with a release of dm+d.
    pub fn holds_dmd(&self) -> bool {
        self.u64s(Section::MedicineIds).len() > 0
    }

    /// The id that took the place of a former one.
    pub fn current_medicine(&self, former: u64) -> Option<u64> {
        let pairs = self.u64s(Section::FormerIds);
        let (mut low, mut high) = (0, pairs.len() / 2);
        while low < high {
            let middle = (low + high) / 2;
            if pairs.get(middle * 2) < former { low = middle + 1 } else { high = middle }
        }
        (low < pairs.len() / 2 && pairs.get(low * 2) == former).then(|| pairs.get(low * 2 + 1))
    }

    /// Concepts that a Read code (`2` or `3` before its five characters) was translated to; `None` when the index was made
    /// without the maps.
    pub fn translations(&self, key: &str) -> Option<Vec<u64>> {
        let starts = self.u32s(Section::ReadKeysAt);
        let targets = self.u64s(Section::ReadTargets);
        if targets.len() == 0 {
            return None;
        }
        let bytes = self.bytes(Section::ReadKeys);
        let text = |at: usize| bytes.get(starts.get(at) as usize..starts.get(at + 1) as usize).unwrap_or(&[]);
        let (mut low, mut high) = (0, targets.len());
        while low < high {
            let middle = (low + high) / 2;
            if text(middle) < key.as_bytes() { low = middle + 1 } else { high = middle }
        }
        let found = (low..targets.len()).take_while(|at| text(*at) == key.as_bytes());
        Some(found.map(|at| targets.get(at)).collect())
    }
}
