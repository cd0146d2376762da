//! Doubles and contradictions across messages, counted from keyed pseudonyms once all records are together.

use std::collections::BTreeMap;

use super::model::{Part, Share};
use crate::finding::{Dimension, MeasureKey};

/// Shares that pseudonyms show. Of a kind whose rows carry no fact, `KIND-unique`: distinct keys of all sightings. Of
/// a kind with facts, `KIND-consistent`: keys that were only ever seen with one fact, of all keys. Exact, since equal
/// keys of all shards have been added up.
pub fn key_measures(part: &Part) -> BTreeMap<(String, MeasureKey), Share> {
    #[derive(Default)]
    struct Totals {
        sightings: u64,
        keys: u64,
        contradicted: u64,
        facts: bool,
    }
    let mut totals: BTreeMap<&str, Totals> = BTreeMap::new();
    let mut last: Option<(&str, &[u8; 16], u64)> = None;
    for ((kind, key, fact), count) in &part.keys {
        let kind_totals = totals.entry(kind).or_default();
        kind_totals.sightings += count;
        kind_totals.facts |= *fact != [0; 16];
        // Rows are sorted, so the facts of one key stand together.
        let seen = match last {
            Some((k, other, seen)) if k == kind && other == key => seen + 1,
            _ => {
                kind_totals.keys += 1;
                1
            }
        };
        if seen == 2 {
            kind_totals.contradicted += 1;
        }
        last = Some((kind, key, seen));
    }
    totals
        .into_iter()
        .filter(|(_, t)| t.keys > 0)
        .map(|(kind, t)| {
            let (name, dimension, numerator, denominator) = match t.facts {
                false => (format!("{kind}-unique"), Dimension::Uniqueness, t.keys, t.sightings),
                true => (format!("{kind}-consistent"), Dimension::Consistency, t.keys - t.contradicted, t.keys),
            };
            ((name, MeasureKey::default()), Share { dimension, numerator, denominator })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_and_contradictions_are_counted_once() {
        let mut part = Part::default();
        for (kind, key, fact, count) in [
            ("payload", 1, 0, 1),
            ("payload", 2, 0, 3),
            ("patient-birth-date", 1, 7, 2),
            ("patient-birth-date", 1, 8, 1),
            ("patient-birth-date", 1, 9, 1),
            ("patient-birth-date", 2, 7, 5),
        ] {
            part.keys.insert((kind.into(), [key; 16], [fact; 16]), count);
        }
        let shares: Vec<(String, u64, u64)> =
            key_measures(&part).into_iter().map(|((n, _), s)| (n, s.numerator, s.denominator)).collect();
        assert_eq!(shares, [("patient-birth-date-consistent".into(), 1, 2), ("payload-unique".into(), 2, 4)]);
    }
}
