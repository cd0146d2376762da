//! Typed views of mapped bytes. Out of range reads give a harmless value, never a panic.

/// Little-endian u32 values.
#[derive(Clone, Copy)]
pub(in crate::terminology::snomed) struct U32s<'i>(pub(super) &'i [u8]);

impl<'i> U32s<'i> {
    pub(in crate::terminology::snomed) fn len(self) -> usize {
        self.0.len() / 4
    }

    /// The value at a place; `u32::MAX` past the end.
    #[inline]
    pub(in crate::terminology::snomed) fn get(self, at: usize) -> u32 {
        match self.0.get(at * 4..at * 4 + 4) {
            Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
            _ => u32::MAX,
        }
    }

    pub(in crate::terminology::snomed) fn range(self, from: usize, to: usize) -> U32s<'i> {
        U32s(self.0.get(from * 4..to * 4).unwrap_or(&[]))
    }

    pub(in crate::terminology::snomed) fn iter(self) -> impl Iterator<Item = u32> + 'i {
        let values = self.0.chunks_exact(4);
        values.map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    /// The list of `items` that this array of starts gives a concept, each item `width` values wide.
    #[inline]
    pub(in crate::terminology::snomed) fn list<'l>(self, list: u32, items: U32s<'l>, width: usize) -> U32s<'l> {
        let (from, to) = (self.get(list as usize) as usize, self.get(list as usize + 1) as usize);
        items.range(from * width, to * width)
    }

    /// First place in an ascending array of `width` values each whose first value is not below `value`.
    #[inline]
    pub(in crate::terminology::snomed) fn lower_bound(self, value: u32, width: usize) -> usize {
        let (mut low, mut high) = (0, self.len() / width);
        while low < high {
            let middle = (low + high) / 2;
            if self.get(middle * width) < value { low = middle + 1 } else { high = middle }
        }
        low
    }
}

/// Little-endian u64 values.
#[derive(Clone, Copy)]
pub(in crate::terminology::snomed) struct U64s<'i>(pub(super) &'i [u8]);

impl<'i> U64s<'i> {
    pub(in crate::terminology::snomed) fn len(self) -> usize {
        self.0.len() / 8
    }

    /// The value at a place; 0 past the end.
    #[inline]
    pub(in crate::terminology::snomed) fn get(self, at: usize) -> u64 {
        match self.0.get(at * 8..at * 8 + 8) {
            Some(&[a, b, c, d, e, f, g, h]) => u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            _ => 0,
        }
    }

    pub(in crate::terminology::snomed) fn iter(self) -> impl Iterator<Item = u64> + 'i {
        let values = self.0.chunks_exact(8);
        values.map(|b| u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]))
    }

    /// Place of a value in an ascending array.
    #[inline]
    pub(in crate::terminology::snomed) fn search(self, value: u64) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = (low + high) / 2;
            let there = self.get(middle);
            if there == value {
                return Some(middle);
            }
            if there < value { low = middle + 1 } else { high = middle }
        }
        None
    }
}
