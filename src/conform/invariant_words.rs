//! Our own plain wording of the commonest invariants, read from `schemas/invariants.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

static WORDS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let text = include_str!("../../schemas/invariants.tsv");
    text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t')).collect()
});

/// What the invariant asks, in words; `None` for those without wording.
pub fn words(key: &str) -> Option<&'static str> {
    WORDS.get(key).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_invariants_have_words() {
        assert!(WORDS.len() >= 100, "{}", WORDS.len());
        for (key, words) in WORDS.iter() {
            assert!(words.len() < 110 && !words.ends_with('.'), "{key}");
        }
    }
}
