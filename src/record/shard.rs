//! The id of a run: the same payloads, in any order and from any workers, give the same id.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Adds up keyed MACs of payload digests as numbers modulo 2^256, which no order changes, and seals the sum.
#[derive(Clone)]
pub struct ShardDigest {
    key: Hmac<Sha256>,
    sum: [u64; 4],
    count: u64,
}

impl std::fmt::Debug for ShardDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ShardDigest({} payloads)", self.count)
    }
}

impl ShardDigest {
    /// An empty sum under a key.
    pub fn new(key: &[u8]) -> Option<Self> {
        let key = <Hmac<Sha256> as Mac>::new_from_slice(key).ok()?;
        Some(Self { key, sum: [0; 4], count: 0 })
    }

    /// Adds the digest or pseudonym of one payload.
    pub fn add(&mut self, payload: &[u8]) {
        let mut mac = self.key.clone();
        mac.update(b"hallmark/v1/payload");
        mac.update(payload);
        let bytes = mac.finalize().into_bytes();
        let mut more = [0u64; 4];
        for (limb, chunk) in more.iter_mut().zip(bytes.chunks_exact(8)) {
            *limb = chunk.iter().fold(0, |n, b| n << 8 | u64::from(*b));
        }
        self.join(more, 1);
    }

    /// Adds the sum of another worker under the same key.
    pub fn add_all(&mut self, other: &Self) {
        self.join(other.sum, other.count);
    }

    fn join(&mut self, more: [u64; 4], count: u64) {
        let mut carry = false;
        for (limb, more) in self.sum.iter_mut().zip(more) {
            let (sum, over) = limb.overflowing_add(more);
            let (sum, over_too) = sum.overflowing_add(u64::from(carry));
            *limb = sum;
            carry = over || over_too;
        }
        self.count += count;
    }

    /// The id: 32 hex digits. A run without a payload is told from another by its `scope`.
    pub fn id(&self, scope: &str) -> String {
        let mut mac = self.key.clone();
        mac.update(b"hallmark/v1/shard");
        mac.update(&self.count.to_be_bytes());
        if self.count == 0 {
            mac.update(scope.as_bytes());
        }
        for limb in self.sum {
            mac.update(&limb.to_be_bytes());
        }
        hex::encode(&mac.finalize().into_bytes()[..16])
    }
}

/// The id that is printed of a key: the first eight hex digits of its MAC over a fixed word.
pub fn key_id(key: &[u8]) -> String {
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else { return String::new() };
    mac.update(b"hallmark/v1/key-id");
    hex::encode(&mac.finalize().into_bytes()[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_workers_do_not_matter() {
        let digests: Vec<[u8; 32]> = (0..9u8).map(|n| [n.wrapping_mul(37); 32]).collect();
        let mut one = ShardDigest::new(b"key").unwrap();
        digests.iter().for_each(|d| one.add(d));
        let mut left = ShardDigest::new(b"key").unwrap();
        let mut right = ShardDigest::new(b"key").unwrap();
        digests[..4].iter().rev().for_each(|d| right.add(d));
        digests[4..].iter().rev().for_each(|d| left.add(d));
        left.add_all(&right);
        assert_eq!(one.id("a"), left.id("b"));
        let mut other = ShardDigest::new(b"other").unwrap();
        digests.iter().for_each(|d| other.add(d));
        assert_ne!(one.id(""), other.id(""));
        let empty = ShardDigest::new(b"key").unwrap();
        assert_ne!(empty.id("May"), empty.id("June"));
        assert_eq!(key_id(b"key").len(), 8);
    }
}
