//! The id of a run: the same payloads under the same label, in any order and from any workers, give the same id.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::tally::PayloadSum;

/// Adds up keyed MACs of payloads and seals the sum with the label of the run.
#[derive(Clone)]
pub struct ShardDigest {
    key: Hmac<Sha256>,
    sum: PayloadSum,
}

impl std::fmt::Debug for ShardDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShardDigest(..)")
    }
}

impl ShardDigest {
    /// An empty sum under a key.
    pub fn new(key: &[u8]) -> Option<Self> {
        let key = <Hmac<Sha256> as KeyInit>::new_from_slice(key).ok()?;
        Some(Self { key, sum: PayloadSum::default() })
    }

    /// Adds the digest or pseudonym of one payload.
    pub fn add(&mut self, payload: &[u8]) {
        let mut mac = self.key.clone();
        mac.update(b"hallmark/v1/payload");
        mac.update(payload);
        self.sum.add(&mac.finalize().into_bytes().into());
    }

    /// Adds the sum of another worker under the same key.
    pub fn add_all(&mut self, other: &Self) {
        self.sum.join(other.sum);
    }

    /// The id: 32 hex digits; nothing of a run without a payload, which adds nothing and may be merged any number of times.
    pub fn id(&self, label: &str) -> Option<String> {
        if self.sum.is_empty() {
            return None;
        }
        let mut mac = self.key.clone();
        mac.update(b"hallmark/v2/shard");
        mac.update(&self.sum.to_bytes());
        mac.update(label.as_bytes());
        Some(hex::encode(&mac.finalize().into_bytes()[..16]))
    }
}

/// Rounds of the seal without a key: some milliseconds a run, and as many for each guess of a whole feed.
const ROUNDS: u32 = 20_000;
/// Bytes kept of it: too few to say which of many guesses was right, enough to tell the runs of a record apart (two of 400
/// runs share an id once in three thousand million records).
const KEPT: usize = 6;

/// The id of a run without a key: PBKDF2 with HMAC-SHA-256 (RFC 8018, 5.2) over the sum and the label, cut short. Who
/// holds the record cannot get from it to a payload, and can hardly confirm a guess.
pub fn keyless_id(sum: PayloadSum, label: &str) -> Option<String> {
    if sum.is_empty() {
        return None;
    }
    let salt = [b"hallmark/v2/run", label.as_bytes()].concat();
    let mut sealed = [0u8; 32];
    pbkdf2::pbkdf2_hmac::<Sha256>(&sum.to_bytes(), &salt, ROUNDS, &mut sealed);
    Some(hex::encode(&sealed[..KEPT]))
}

/// The id that is printed of a key: the first eight hex digits of its MAC over a fixed word.
pub fn key_id(key: &[u8]) -> String {
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key) else { return String::new() };
    mac.update(b"hallmark/v1/key-id");
    hex::encode(&mac.finalize().into_bytes()[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_workers_do_not_matter_and_labels_do() {
        let digests: Vec<[u8; 32]> = (0..9u8).map(|n| [n.wrapping_mul(37); 32]).collect();
        let mut one = ShardDigest::new(b"key").unwrap();
        digests.iter().for_each(|d| one.add(d));
        let mut left = ShardDigest::new(b"key").unwrap();
        let mut right = ShardDigest::new(b"key").unwrap();
        digests[..4].iter().rev().for_each(|d| right.add(d));
        digests[4..].iter().rev().for_each(|d| left.add(d));
        left.add_all(&right);
        assert!(one.id("a").is_some());
        assert_eq!(one.id("a"), left.id("a"));
        assert_ne!(one.id("a"), one.id("b"));
        let mut other = ShardDigest::new(b"other").unwrap();
        digests.iter().for_each(|d| other.add(d));
        assert_ne!(one.id(""), other.id(""));
        assert_eq!(ShardDigest::new(b"key").unwrap().id("May"), None);
        assert_eq!(key_id(b"key").len(), 8);
    }

    #[test]
    fn without_a_key_the_same_payloads_under_the_same_label_are_one_run() {
        let (mut one, mut same, mut more) = (PayloadSum::default(), PayloadSum::default(), PayloadSum::default());
        [1, 2].iter().for_each(|n| one.add(&[*n; 32]));
        [2, 1].iter().for_each(|n| same.add(&[*n; 32]));
        [2, 1, 1].iter().for_each(|n| more.add(&[*n; 32]));
        let id = keyless_id(one, "feed").unwrap();
        assert_eq!(id.len(), 2 * KEPT);
        assert_eq!(keyless_id(same, "feed"), Some(id.clone()));
        assert_ne!(keyless_id(more, "feed"), Some(id.clone()));
        assert_ne!(keyless_id(one, "other"), Some(id));
        assert_eq!(keyless_id(PayloadSum::default(), "feed"), None);
    }
}
