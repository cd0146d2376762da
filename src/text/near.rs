//! Words that nearly are others: edit distance, and "did you mean".

/// The nearest of `known` to `word`, case aside, if it is near enough to be a slip: at most a third of its letters differ.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase();
    let limit = word.chars().count().div_ceil(3).max(1);
    known
        .into_iter()
        .map(|k| (distance(&word, &k.to_lowercase(), limit), k))
        .filter(|(d, _)| *d <= limit)
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| k)
}

/// Edit distance between two words, in characters (Damerau-Levenshtein without long-range moves); above `limit` it is
/// `limit + 1`.
pub fn distance(a: &str, b: &str, limit: usize) -> usize {
    // A character has one to four bytes, so lengths alone settle most pairs.
    if a.len().abs_diff(b.len()) > 4 * limit {
        return limit + 1;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        // Neither this row nor the one before can lead back below the limit.
        if row.iter().chain(&last).all(|d| *d > limit) {
            return limit + 1;
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()].min(limit + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, limit, expected) in [
            ("Practioner", "Practitioner", 3, 2),
            ("Patient", "Pateint", 3, 1),
            ("a", "abcdefgh", 3, 4),
            ("", "", 2, 0),
            ("kitten", "sitting", 5, 3),
        ] {
            assert_eq!(distance(a, b, limit), expected, "{a} {b}");
        }
    }

    #[test]
    fn slips_are_seen_and_strangers_are_not() {
        let known = ["packages", "partner", "fail-on", "waiver"];
        for (word, expected) in
            [("pakcages", Some("packages")), ("fail_on", Some("fail-on")), ("Waivers", Some("waiver")), ("zzz", None)]
        {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }
}
