//! What only pooled counts can show: doubles and contradictions across messages, and hours that stayed silent.

use std::collections::{BTreeMap, HashSet};
use std::io;

use super::model::{Part, Share};
use super::runs::Keys;
use crate::finding::Dimension;
use crate::tally::{KeyKind, MeasureKey};
use crate::text::Date;

/// Adds the shares that pooled counts show to those that the walk counted. What cannot be read of temporary files is
/// not assessed, and said.
pub fn derive(part: &mut Part) {
    match key_shares(&part.keys) {
        Ok(shares) => {
            for (kind, share) in shares {
                part.measures.entry((kind.measure().to_owned(), MeasureKey::default())).or_insert(share);
            }
        }
        Err(error) => {
            *part.not_assessed.entry(("key-runs".to_owned(), error.kind().to_string())).or_default() += 1;
        }
    }
    if let Some(share) = available_minutes(part) {
        part.measures.entry(("available-minutes".to_owned(), MeasureKey::default())).or_insert(share);
    }
}

/// What the pseudonyms of one kind come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyTotals {
    /// How often any was seen.
    pub sightings: u64,
    /// Distinct keys.
    pub keys: u64,
    /// Keys that were seen with more than one fact.
    pub contradicted: u64,
}

impl KeyTotals {
    /// Of a kind without facts: distinct keys of all sightings. Of a kind with facts: keys that were only ever seen with one fact, of
    /// all keys.
    fn share(self, kind: KeyKind) -> Share {
        let (numerator, denominator) = match kind.has_facts() {
            true => (self.keys.saturating_sub(self.contradicted), self.keys),
            false => (self.keys, self.sightings),
        };
        Share { dimension: kind.dimension(), numerator, denominator }
    }
}

impl Part {
    /// Takes what somebody else made of all pseudonyms of a kind (an engine that groups them): the share stands where pooling the
    /// pseudonyms of this part would have put it. Nothing may be merged to it afterwards that was not among them. False where there
    /// is no such kind.
    pub fn take_pooled(&mut self, kind: &str, totals: KeyTotals) -> bool {
        let Some(kind) = KeyKind::parse(kind) else { return false };
        self.measures.insert((kind.measure().to_owned(), MeasureKey::default()), totals.share(kind));
        true
    }
}

/// Shares that pseudonyms show. Exact, since equal keys of all shards are added up.
///
/// # Errors
/// When a temporary file cannot be read.
pub fn key_shares(keys: &Keys) -> io::Result<BTreeMap<KeyKind, Share>> {
    let mut totals: BTreeMap<KeyKind, KeyTotals> = BTreeMap::new();
    let mut last: Option<(KeyKind, [u8; 16], u64)> = None;
    for row in keys.rows()? {
        let row = row?;
        let of_kind = totals.entry(row.kind).or_default();
        of_kind.sightings += row.count;
        // Rows are sorted, so the facts of one key stand together.
        let seen = match last {
            Some((kind, key, seen)) if kind == row.kind && key == row.key => seen + 1,
            _ => {
                of_kind.keys += 1;
                1
            }
        };
        if seen == 2 {
            of_kind.contradicted += 1;
        }
        last = Some((row.kind, row.key, seen));
    }
    Ok(totals.into_iter().map(|(kind, totals)| (kind, totals.share(kind))).collect())
}

/// Weeks that an hour of the week must have been seen in, of four, before it is expected.
const REGULAR: (u64, u64) = (3, 4);
/// Weeks that a feed must run before anything is expected of it.
const LEAST_WEEKS: i64 = 4;

/// Minutes of hours in which messages came, of the hours in which they regularly come: an hour of the week is expected
/// when messages came in it in at least three quarters of the weeks from the first day to the last.
fn available_minutes(part: &Part) -> Option<Share> {
    let mut slots: HashSet<(i64, u8)> = HashSet::new();
    for ((name, _, bucket), count) in &part.tallies {
        if name == "activity" && *count > 0 {
            let (day, hour) = bucket.split_once('T')?;
            slots.insert((Date::parse(day)?.days(), hour.parse().ok()?));
        }
    }
    let (first, last) = (slots.iter().map(|s| s.0).min()?, slots.iter().map(|s| s.0).max()?);
    if last - first + 1 < LEAST_WEEKS * 7 {
        return None;
    }
    let mut seen = vec![0u64; 7 * 24];
    let slot = |day: i64, hour: u8| day.rem_euclid(7) as usize * 24 + hour as usize;
    for (day, hour) in &slots {
        seen[slot(*day, *hour)] += 1;
    }
    let (mut came, mut expected) = (0, 0);
    for weekday in 0..7 {
        let days = (first..=last).filter(|d| d.rem_euclid(7) == weekday).count() as u64;
        for hour in 0..24u8 {
            let times = seen[slot(weekday, hour)];
            if days > 0 && times * REGULAR.1 >= days * REGULAR.0 {
                came += times;
                expected += days;
            }
        }
    }
    let minutes = |hours: u64| hours * 60;
    (expected > 0).then_some(Share {
        dimension: Dimension::Timeliness,
        numerator: minutes(came),
        denominator: minutes(expected),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::KeyRow;

    #[test]
    fn doubles_and_contradictions_are_counted_once() {
        let rows = [
            (KeyKind::Payload, 1, 0, 1),
            (KeyKind::Payload, 2, 0, 3),
            (KeyKind::BirthDate, 1, 7, 2),
            (KeyKind::BirthDate, 1, 8, 1),
            (KeyKind::BirthDate, 1, 9, 1),
            (KeyKind::BirthDate, 2, 7, 5),
        ]
        .map(|(kind, key, fact, count)| KeyRow { kind, key: [key; 16], fact: [fact; 16], count });
        let shares = key_shares(&Keys::of(rows.to_vec())).unwrap();
        let shown: Vec<_> = shares.into_iter().map(|(k, s)| (k.measure(), s.numerator, s.denominator)).collect();
        assert_eq!(shown, [("payload-unique", 2, 4), ("patient-birth-date-consistent", 1, 2)]);
    }

    #[test]
    fn only_hours_that_are_regular_are_expected() {
        let mut part = Part::default();
        let monday = Date::parse("2026-03-02").unwrap().days();
        for week in 0..8 {
            // Each Monday at nine but one; once on a Wednesday.
            let mut days = if week == 5 { vec![] } else { vec![monday + week * 7] };
            if week == 2 {
                days.push(monday + 16);
            }
            for day in days {
                let bucket = format!("{}T09", Date::from_days(day));
                part.tallies.insert(("activity".into(), MeasureKey::default(), bucket), 3);
            }
        }
        let share = available_minutes(&part).unwrap();
        assert_eq!((share.numerator, share.denominator), (7 * 60, 8 * 60));
        part.tallies.retain(|(_, _, bucket), _| bucket.as_str() < "2026-03-20");
        assert!(available_minutes(&part).is_none());
    }
}
