//! A set of concepts of one index: one bit per rank.

/// Concepts of the index that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConceptSet {
    words: Vec<u64>,
    universe: u32,
}

impl ConceptSet {
    /// No concept of `universe` ranks.
    pub(in crate::terminology::snomed) fn none(universe: u32) -> Self {
        Self { words: vec![0; (universe as usize).div_ceil(64)], universe }
    }

    /// Every rank.
    pub(in crate::terminology::snomed) fn all(universe: u32) -> Self {
        let mut set = Self::none(universe);
        set.insert_run(0, universe);
        set
    }

    pub(in crate::terminology::snomed) fn insert(&mut self, rank: u32) {
        if rank < self.universe {
            self.words[rank as usize / 64] |= 1 << (rank % 64);
        }
    }

    /// Adds the ranks `from..to`.
    pub(in crate::terminology::snomed) fn insert_run(&mut self, from: u32, to: u32) {
        let to = to.min(self.universe);
        if from >= to {
            return;
        }
        let (first, last) = (from as usize / 64, (to - 1) as usize / 64);
        let head = u64::MAX << (from % 64);
        let tail = u64::MAX >> (63 - (to - 1) % 64);
        if first == last {
            self.words[first] |= head & tail;
            return;
        }
        self.words[first] |= head;
        self.words[first + 1..last].fill(u64::MAX);
        self.words[last] |= tail;
    }

    /// Whether a rank is in it.
    #[inline]
    pub(in crate::terminology::snomed) fn has(&self, rank: u32) -> bool {
        self.words.get(rank as usize / 64).is_some_and(|word| word >> (rank % 64) & 1 == 1)
    }

    #[cfg(any(test, feature = "bench"))]
    /// How many concepts.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Adds what is in the other.
    pub fn union(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    /// Keeps what is in both.
    pub fn intersect(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// Drops what is in the other.
    pub fn subtract(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    /// The ranks in it, ascending.
    pub(in crate::terminology::snomed) fn ranks(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let bit = left.trailing_zeros();
                left &= left - 1;
                Some(at as u32 * 64 + bit)
            })
        })
    }

    /// Keeps the ranks that pass.
    pub(in crate::terminology::snomed) fn retain(&mut self, mut keep: impl FnMut(u32) -> bool) {
        for (at, word) in self.words.iter_mut().enumerate() {
            let mut left = *word;
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                if !keep(at as u32 * 64 + bit) {
                    *word &= !(1 << bit);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_at_word_borders() {
        for (from, to) in [(0, 0), (0, 1), (0, 64), (63, 64), (63, 65), (1, 200), (64, 128), (199, 200), (150, 999)] {
            let mut set = ConceptSet::none(200);
            set.insert_run(from, to);
            assert_eq!(set.ranks().collect::<Vec<_>>(), (from..to.min(200)).collect::<Vec<_>>(), "{from}..{to}");
            assert_eq!(set.len(), (from..to.min(200)).len());
        }
        let mut set = ConceptSet::all(130);
        set.retain(|rank| rank % 3 == 0);
        assert_eq!(set.len(), 44);
        assert!(!set.has(128) && set.has(129) && !set.has(5000));
    }
}
