//! Many records into one: commutative, associative, exact; refuses what must not be pooled.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use thiserror::Error;

use super::build::keep_first;
use super::model::{Counts, Part, Record, Share};

/// Why records cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MergeError {
    /// There was nothing to merge.
    #[error("no record was given")]
    Nothing,
    /// The same run is in two of them.
    #[error("run {0} is in more than one record; give each record once")]
    SameShard(String),
    /// They were made with different things, so that their counts do not mean the same.
    #[error(
        "the records differ in {what}: {one} and {other}; check both feeds again with one version of hallmark and one set of packages"
    )]
    Differ {
        /// What differs.
        what: &'static str,
        /// What one record says.
        one: String,
        /// What another says.
        other: String,
    },
}

/// One record of many. The order does not matter, nor does merging some first.
///
/// # Errors
/// Nothing given, the same run twice, or records of different rules, criteria, packages or keys.
pub fn merge(records: impl IntoIterator<Item = Record>) -> Result<Record, MergeError> {
    let mut records = records.into_iter();
    let mut whole = records.next().ok_or(MergeError::Nothing)?;
    for record in records {
        add(&mut whole, record)?;
    }
    Ok(whole)
}

fn add(whole: &mut Record, record: Record) -> Result<(), MergeError> {
    comparable(whole, &record)?;
    let held = |id: &str| whole.parts.values().any(|p| p.shards.contains(id));
    if let Some(twice) = record.parts.values().flat_map(|p| &p.shards).find(|id| held(id)) {
        return Err(MergeError::SameShard(twice.clone()));
    }
    for (id, facts) in record.rules {
        match whole.rules.entry(id) {
            Entry::Vacant(slot) => {
                slot.insert(facts);
            }
            // The record that found something has the wording.
            Entry::Occupied(mut slot) => {
                if slot.get().title.is_empty() {
                    slot.insert(facts);
                }
            }
        }
    }
    for (scope, part) in record.parts {
        match whole.parts.entry(scope) {
            Entry::Vacant(slot) => {
                slot.insert(part);
            }
            Entry::Occupied(mut slot) => add_part(slot.get_mut(), part),
        }
    }
    Ok(())
}

/// Whether two records were made with the same rules, criteria, packages and key, so that their counts add up.
///
/// # Errors
/// The first thing in which they differ.
pub fn comparable(a: &Record, b: &Record) -> Result<(), MergeError> {
    let digests = |r: &Record| {
        r.header.packs.iter().map(|p| format!("{}@{} {}", p.name, p.version, p.digest)).collect::<Vec<_>>().join(", ")
    };
    let pairs = [
        ("the version of hallmark", a.header.tool.clone(), b.header.tool.clone()),
        ("the rules digest", a.header.rules_digest.clone(), b.header.rules_digest.clone()),
        ("the criteria digest", a.header.criteria_digest.clone(), b.header.criteria_digest.clone()),
        ("the packages", digests(a), digests(b)),
        ("the key of pseudonyms", a.header.key_id.clone(), b.header.key_id.clone()),
    ];
    for (what, one, other) in pairs {
        if one != other {
            let (one, other) = if one <= other { (one, other) } else { (other, one) };
            return Err(MergeError::Differ { what, one, other });
        }
    }
    Ok(())
}

/// Adds the counts of one part to another of the same scope.
pub fn add_part(into: &mut Part, part: Part) {
    into.shards.extend(part.shards);
    into.collected = std::mem::take(&mut into.collected).max(part.collected);
    add_counts(&mut into.counts, part.counts);
    for (id, more) in part.by_rule {
        let counts = into.by_rule.entry(id).or_default();
        counts.findings += more.findings;
        counts.payloads += more.payloads;
        counts.waived += more.waived;
        counts.failing += more.failing;
    }
    for (key, more) in part.findings {
        let counts = into.findings.entry(key).or_default();
        counts.findings += more.findings;
        counts.payloads += more.payloads;
        counts.waived += more.waived;
        for example in more.examples {
            keep_first(&mut counts.examples, example);
        }
    }
    for (canonical, (resources, clean)) in part.profiles {
        let counts = into.profiles.entry(canonical).or_default();
        counts.0 += resources;
        counts.1 += clean;
    }
    sum(&mut into.not_assessed, part.not_assessed);
    sum(&mut into.tallies, part.tallies);
    into.keys.add(part.keys);
    for (key, more) in part.measures {
        let share = into.measures.entry(key).or_insert(Share { numerator: 0, denominator: 0, ..more });
        share.numerator += more.numerator;
        share.denominator += more.denominator;
    }
}

fn add_counts(into: &mut Counts, more: Counts) {
    into.sources += more.sources;
    into.unreadable += more.unreadable;
    into.given += more.given;
    into.read += more.read;
    into.failed += more.failed;
    into.skipped += more.skipped;
    into.clean += more.clean;
    into.release_assumed += more.release_assumed;
    into.unclaimed += more.unclaimed;
    into.waived += more.waived;
    into.shadow += more.shadow;
    into.interrupted += more.interrupted;
    sum(&mut into.releases, more.releases);
    sum(&mut into.resources, more.resources);
    sum(&mut into.severities, more.severities);
}

fn sum<K: Ord>(into: &mut BTreeMap<K, u64>, more: BTreeMap<K, u64>) {
    for (key, count) in more {
        *into.entry(key).or_default() += count;
    }
}
