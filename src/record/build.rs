//! From findings, one by one, and the outcome of a run to its record.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

use super::model::{
    Counts, EXAMPLES, Example, FindingCounts, FindingKey, Header, Part, Record, RuleCounts, RuleFacts, Scope, Share,
};
use super::runs::{KeySorter, Spill};
use super::shard::{ShardDigest, keyless_id};
use crate::finding::{Finding, Meta, Severity, definition_path};
use crate::tally::{KeyKind, KeyRow, Measure, MeasureKey, RunOutcome};

/// What a record says besides what the run counted.
#[derive(Clone, Debug, Default)]
pub struct RecordOptions {
    /// Version of hallmark.
    pub tool: String,
    /// Digest of the criteria set that ships, or empty.
    pub criteria_digest: String,
    /// Whose feed, through what, when.
    pub scope: Scope,
    /// Id of this run where no digest of its payloads makes one: random.
    pub shard: String,
    /// What the caller calls this part of a feed, or empty: in the seal of the id, and nowhere else. The same payloads under
    /// another label are another run.
    pub label: String,
    /// Sum of payloads under the key, still empty: gives the id of the run. Without it, the outcome's own sum does.
    pub shard_key: Option<ShardDigest>,
    /// Where pseudonyms go that do not fit into memory; without it they are all held.
    pub spill: Option<Spill>,
    /// The day of the run, `YYYY-MM-DD`.
    pub collected: String,
}

/// Takes findings in output order and then the outcome.
#[derive(Debug)]
pub struct RecordBuilder {
    options: RecordOptions,
    found: HashMap<FindingKey, (FindingCounts, At)>,
    by_rule: HashMap<&'static str, (RuleCounts, At, At)>,
    metas: BTreeMap<&'static str, &'static Meta>,
    waived: u64,
    shadow: u64,
    keys: KeySorter,
}

/// Pseudonyms that are held before they are written: 48 MB.
const HELD: usize = 1_000_000;

/// The payload that was counted last.
type At = Option<(usize, u64)>;

impl RecordBuilder {
    /// A builder for one run.
    pub fn new(options: RecordOptions) -> Self {
        Self {
            keys: KeySorter::new(options.spill.clone(), HELD),
            options,
            found: HashMap::new(),
            by_rule: HashMap::new(),
            metas: BTreeMap::new(),
            waived: 0,
            shadow: 0,
        }
    }

    /// Adds pseudonyms.
    ///
    /// # Errors
    /// When they cannot be written to a temporary file.
    pub fn keys(&mut self, rows: &[KeyRow]) -> io::Result<()> {
        if let Some(shard) = &mut self.options.shard_key {
            for row in rows.iter().filter(|r| r.kind == KeyKind::Payload) {
                (0..row.count).for_each(|_| shard.add(&row.key));
            }
        }
        self.keys.add(rows)
    }

    /// Counts one finding. Findings of one payload come together.
    pub fn finding(&mut self, f: &Finding) {
        let at = Some((f.source_index, f.payload));
        self.metas.insert(f.meta.id, f.meta);
        let waived = u64::from(f.waived.is_some());
        if f.shadow {
            self.shadow += 1;
        } else {
            self.waived += waived;
        }

        let (rule, last, last_failing) = self.by_rule.entry(f.meta.id).or_default();
        rule.findings += 1;
        rule.waived += waived;
        if *last != at {
            *last = at;
            rule.payloads += 1;
        }
        if f.severity.reaches(Severity::Error) && !f.shadow && *last_failing != at {
            *last_failing = at;
            rule.failing += 1;
        }

        let key = FindingKey {
            rule: f.meta.id.to_string(),
            severity: Some(f.severity),
            profile: f.profile.clone(),
            path: definition_path(&f.path),
            resource: f.resource.clone(),
        };
        let (counts, last) = self.found.entry(key).or_default();
        counts.findings += 1;
        counts.waived += waived;
        if *last != at {
            *last = at;
            counts.payloads += 1;
        }
        let example = Example {
            source: f.source.to_string(),
            payload: f.payload,
            line: f.line,
            column: f.column,
            path: f.path.clone(),
            says: f.says.clone(),
        };
        keep_first(&mut counts.examples, example);
    }

    /// The record of the run.
    ///
    /// # Errors
    /// When pseudonyms cannot be written to a temporary file.
    pub fn finish(mut self, outcome: &RunOutcome) -> io::Result<Record> {
        self.keys(&outcome.keys.rows)?;
        let s = &outcome.summary;
        let counts = Counts {
            sources: s.sources,
            unreadable: s.unreadable,
            given: s.payloads.given,
            read: s.payloads.read,
            failed: s.payloads.failed,
            skipped: s.payloads.skipped,
            clean: s.clean,
            release_assumed: s.release_assumed,
            unclaimed: s.unclaimed,
            waived: self.waived,
            shadow: self.shadow,
            interrupted: u64::from(s.interrupted),
            releases: s.releases.clone(),
            resources: s.resources.clone(),
            severities: s.severities.clone(),
        };
        let label = &self.options.label;
        let shard = match &self.options.shard_key {
            Some(sum) => sum.id(label),
            // A run that was counted by hand has no digests of payloads: its caller names it.
            None if outcome.payload_sum.is_empty() => (counts.given > 0).then_some(self.options.shard),
            None => keyless_id(outcome.payload_sum, label),
        };
        let mut part = Part {
            shards: shard.into_iter().collect(),
            collected: self.options.collected,
            counts,
            by_rule: self.by_rule.into_iter().map(|(id, (counts, _, _))| (id.to_string(), counts)).collect(),
            findings: self.found.into_iter().map(|(key, (counts, _))| (key, counts)).collect(),
            profiles: outcome.profiles.iter().map(|p| (p.canonical.clone(), (p.resources, p.clean))).collect(),
            ..Part::default()
        };
        for (what, count) in &outcome.not_assessed {
            *part.not_assessed.entry((what.what.to_string(), what.canonical.to_string())).or_default() += count;
        }
        part.measures = shares(&outcome.measures);
        for t in &outcome.tallies {
            *part.tallies.entry((t.name.clone(), t.key.clone(), t.bucket.clone())).or_default() += t.count;
        }
        part.keys = self.keys.finish();
        let mut rules: BTreeMap<String, RuleFacts> =
            outcome.rules.iter().map(|meta| (meta.id.to_string(), facts(meta, false))).collect();
        rules.extend(self.metas.values().map(|meta| (meta.id.to_string(), facts(meta, true))));
        for id in &outcome.shadow {
            if let Some(facts) = rules.get_mut(*id) {
                facts.shadow = true;
            }
        }
        Ok(Record {
            header: Header {
                tool: self.options.tool,
                rules_digest: outcome.rules_digest.clone(),
                criteria_digest: self.options.criteria_digest,
                key_id: outcome.keys.key_id.clone(),
                packs: outcome.packs.clone(),
            },
            rules,
            parts: BTreeMap::from([(self.options.scope, part)]),
        })
    }
}

/// Adds an example and keeps the first three, whatever the order they come in.
pub(super) fn keep_first(examples: &mut BTreeSet<Example>, example: Example) {
    if examples.len() == EXAMPLES && examples.last().is_some_and(|last| *last <= example) {
        return;
    }
    examples.insert(example);
    if examples.len() > EXAMPLES {
        examples.pop_last();
    }
}

fn facts(meta: &Meta, wording: bool) -> RuleFacts {
    let text = |text: &str| if wording { text.to_string() } else { String::new() };
    RuleFacts {
        name: meta.name.to_string(),
        family: meta.family.as_str().to_string(),
        dimension: meta.dimension.as_str().to_string(),
        criterion: meta.criterion.to_string(),
        title: text(meta.title),
        why: text(meta.why),
        remedy: text(meta.remedy),
        basis: text(meta.basis),
        shadow: false,
    }
}

/// Shares by name and key, those about the same added up. A run hands them on sorted, and a map is built faster from what is.
fn shares(measures: &[Measure]) -> BTreeMap<(String, MeasureKey), Share> {
    let row = |m: &Measure| {
        let share = Share { dimension: m.dimension, numerator: m.numerator, denominator: m.denominator };
        ((m.name.clone(), m.key.clone()), share)
    };
    let mut rows: Vec<_> = measures.iter().map(row).collect();
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    rows.dedup_by(|(next, more), (kept, share)| {
        let same = next == kept;
        if same {
            share.numerator += more.numerator;
            share.denominator += more.denominator;
        }
        same
    });
    rows.into_iter().collect()
}
