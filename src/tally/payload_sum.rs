//! What tells one run from another: the digests of its payloads, added up, so that neither order nor workers matter.

/// Digests of payloads as numbers, added modulo 2^256, and how many. It lives as long as the run, and is in no file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PayloadSum {
    sum: [u64; 4],
    count: u64,
}

impl PayloadSum {
    /// Adds the digest of one payload.
    pub fn add(&mut self, digest: &[u8; 32]) {
        let mut more = [0u64; 4];
        for (limb, chunk) in more.iter_mut().zip(digest.chunks_exact(8)) {
            *limb = chunk.iter().fold(0, |n, b| n << 8 | u64::from(*b));
        }
        self.join(Self { sum: more, count: 1 });
    }

    /// Adds another sum.
    pub fn join(&mut self, other: Self) {
        let mut carry = false;
        for (limb, more) in self.sum.iter_mut().zip(other.sum) {
            let (sum, over) = limb.overflowing_add(more);
            let (sum, over_too) = sum.overflowing_add(u64::from(carry));
            *limb = sum;
            carry = over || over_too;
        }
        self.count += other.count;
    }

    /// Whether there was no payload.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Count and sum as bytes.
    pub fn to_bytes(self) -> [u8; 40] {
        let mut bytes = [0; 40];
        let numbers = std::iter::once(self.count).chain(self.sum);
        for (chunk, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            chunk.copy_from_slice(&number.to_be_bytes());
        }
        bytes
    }
}
