//! Run records: read back what was written, hold no values, merge exactly.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::collections::{BTreeMap, BTreeSet};

use hallmark::finding::{Dimension, Finding, NotAssessed, Severity};
use hallmark::record::{MergeError, Record, RecordBuilder, RecordOptions, Scope, key_shares, merge};
use hallmark::report::sample;
use hallmark::tally::{KeyKind, KeyRow, Measure, MeasureKey, PayloadCounts, ProfileFacts, RunOutcome, Summary, Tally};
use proptest::prelude::*;

fn options(shard: &str) -> RecordOptions {
    RecordOptions {
        tool: "0.0.0-test".into(),
        criteria_digest: "sha256:22".into(),
        scope: Scope {
            partner: "X26".into(),
            product: "p".into(),
            interface: "i".into(),
            environment: "test".into(),
            period: "2026-11".into(),
        },
        shard: shard.into(),
        collected: "2026-11-21".into(),
        ..RecordOptions::default()
    }
}

fn record_of(outcome: &RunOutcome, options: RecordOptions) -> Record {
    let mut builder = RecordBuilder::new(options);
    for finding in &outcome.findings {
        builder.finding(finding);
    }
    builder.finish(outcome).unwrap()
}

fn text_of(record: &Record) -> String {
    let mut out = Vec::new();
    record.write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn what_is_written_reads_back() {
    let record = record_of(&sample::outcome(), options("s1"));
    let text = text_of(&record);
    assert_eq!(Record::read("r.json", &text).unwrap(), record);
    for canary in ["SMITH", "Smith", "9990000018"] {
        assert!(!text.contains(canary));
    }
    let part = record.parts.values().next().unwrap();
    assert_eq!(
        (part.by_rule["HM9003"].findings, part.by_rule["HM9003"].payloads, part.by_rule["HM9003"].waived),
        (2, 2, 1)
    );
    assert_eq!(part.by_rule["HM9004"].failing, 0);
    assert_eq!(part.findings.len(), 6, "one row for five placeholders and one for both check digits");
    assert!(record.rules["HM9006"].title.is_empty() && !record.rules["HM9003"].title.is_empty());
}

#[test]
fn a_record_that_does_not_add_up_is_refused_with_its_place() {
    let text = text_of(&record_of(&sample::outcome(), options("s1")));
    for (from, to, says) in [
        ("\"given\":14", "\"given\":15", "do not add up"),
        ("\"numerator\":10", "\"numerator\":13", "above one"),
        ("\"version\":1", "\"version\":2", "version"),
        ("\"read\":12", "\"read\":-1", "read"),
        ("\"tool\":", "\"tolo\":", "Did you mean `tool`?"),
    ] {
        let broken = text.replacen(from, to, 1);
        assert_ne!(broken, text, "{from}");
        let fault = Record::read("r.json", &broken).unwrap_err().to_string();
        assert!(fault.contains(says) && fault.contains("r.json:"), "{fault}");
    }
}

#[test]
fn merging_refuses_doubles_and_mixtures() {
    let one = record_of(&sample::outcome(), options("s1"));
    assert_eq!(merge([]).unwrap_err(), MergeError::Nothing);
    assert_eq!(merge([one.clone(), one.clone()]).unwrap_err(), MergeError::SameShard("s1".into()));
    let mut other = record_of(&sample::outcome(), options("s2"));
    other.header.rules_digest = "sha256:99".into();
    assert!(merge([one.clone(), other]).unwrap_err().to_string().contains("the rules digest"));
    let mut other = record_of(&sample::outcome(), options("s2"));
    other.header.packs[0].digest = "sha256:99".into();
    assert!(merge([one.clone(), other]).unwrap_err().to_string().contains("the packages"));
    // Another month stands beside the first.
    let mut later = options("s2");
    later.scope.period = "2026-12".into();
    let both = merge([one, record_of(&sample::outcome(), later)]).unwrap();
    assert_eq!(both.parts.len(), 2);
}

/// One payload of a made-up feed: which findings of the sample it holds, and what it adds to the measures.
#[derive(Clone, Debug)]
struct Payload {
    findings: Vec<usize>,
    read: bool,
    numerator: u64,
    extra: u64,
    /// What the pseudonyms are of, which key and which fact.
    keys: Vec<(usize, u8, u8)>,
    /// Sender, month and element of its measures.
    about: u8,
}

fn payload() -> impl Strategy<Value = Payload> {
    let keys = proptest::collection::vec((0..KeyKind::ALL.len(), 0u8..4, 0u8..3), 0..5);
    (proptest::collection::vec(0usize..10, 0..4), any::<bool>(), 0u64..5, 0u64..5, keys, 0u8..6).prop_map(
        |(mut findings, read, numerator, extra, keys, about)| {
            findings.sort_unstable();
            Payload { findings, read, numerator, extra, keys, about }
        },
    )
}

/// The key of a payload's measures.
fn key_of(payload: &Payload) -> MeasureKey {
    MeasureKey {
        sender: ["RR8", ""][usize::from(payload.about % 2)].into(),
        period: ["2026-10", "2026-11", ""][usize::from(payload.about % 3)].into(),
        resource: "Patient".into(),
        profile: "https://a.test/p".into(),
        element: format!("Patient.{}", payload.about),
        ..MeasureKey::default()
    }
}

fn run(feed: &[Payload], chosen: impl Fn(usize) -> bool, shard: &str) -> Record {
    let sample = sample::outcome();
    let mut outcome = RunOutcome { rules: sample.rules.clone(), packs: sample.packs.clone(), ..RunOutcome::default() };
    outcome.rules_digest = "sha256:11".into();
    outcome.keys.key_id = "0011aabb".into();
    let mut summary = Summary::default();
    let mut measures: BTreeMap<(&str, MeasureKey), (u64, u64)> = BTreeMap::new();
    let mut tallies: BTreeMap<(MeasureKey, String), u64> = BTreeMap::new();
    let mut profiles: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut open: BTreeMap<NotAssessed, u64> = BTreeMap::new();
    for (i, payload) in feed.iter().enumerate().filter(|(i, _)| chosen(*i)) {
        let counts = &mut summary.payloads;
        *counts = PayloadCounts {
            given: counts.given + 1,
            read: counts.read + u64::from(payload.read),
            failed: counts.failed + u64::from(!payload.read),
            skipped: 0,
        };
        for at in &payload.findings {
            let mut finding: Finding = sample.findings[*at].clone();
            finding.source = format!("feed/{:02}.json", i % 3).into();
            finding.source_index = i % 3;
            finding.payload = i as u64 + 1;
            finding.line = i as u64 + 1;
            if finding.waived.is_none() {
                *summary.severities.entry(finding.severity).or_default() += 1;
            }
            outcome.findings.push(finding);
        }
        let clean = !payload.findings.iter().any(|at| sample.findings[*at].severity.reaches(Severity::Error));
        summary.clean += u64::from(payload.read && clean);
        *summary.resources.entry("Patient".into()).or_default() += payload.extra;
        summary.unclaimed += payload.extra;
        for name in ["populated-mandatory", "metadata-complete"] {
            let share = measures.entry((name, key_of(payload))).or_default();
            share.0 += payload.numerator;
            share.1 += payload.numerator + payload.extra;
        }
        *tallies.entry((key_of(payload), format!("{}T09", payload.about + 1))).or_default() += 1;
        let profile = profiles.entry(format!("https://a.test/{}", payload.about)).or_default();
        profile.0 += 1;
        profile.1 += u64::from(clean);
        *open
            .entry(NotAssessed {
                what: "value-set",
                canonical: crate::text::Canonical::of_definition(&format!("v{}", payload.about)),
            })
            .or_default() += 1;
        for (kind, key, fact) in &payload.keys {
            let kind = KeyKind::ALL[*kind];
            let fact = if kind.has_facts() { [*fact; 16] } else { [0; 16] };
            outcome.keys.rows.push(KeyRow { kind, key: [*key; 16], fact, count: 1 });
        }
    }
    outcome.findings.sort_by_key(|f| (f.source_index, f.payload, f.meta.id));
    outcome.summary = summary;
    let measure = |((name, key), (numerator, denominator)): ((&str, MeasureKey), (u64, u64))| Measure {
        name: name.into(),
        dimension: Dimension::Completeness,
        key,
        numerator,
        denominator,
    };
    outcome.measures = measures.into_iter().map(measure).collect();
    let tally = |((key, bucket), count)| Tally { name: "volume".into(), key, bucket, count };
    outcome.tallies = tallies.into_iter().map(tally).collect();
    outcome.not_assessed = open.into_iter().collect();
    let facts = |(canonical, (resources, clean))| ProfileFacts { canonical, resources, clean };
    outcome.profiles = profiles.into_iter().map(facts).collect();
    record_of(&outcome, options(shard))
}

/// Shard ids and zero counts differ by how a feed was cut; nothing else may.
fn without_shards(mut record: Record) -> Record {
    for part in record.parts.values_mut() {
        part.shards = BTreeSet::new();
        part.counts.resources.retain(|_, n| *n > 0);
    }
    // The wording of a rule is there when any run found something.
    record
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn shards_merge_to_the_whole_run(
        feed in proptest::collection::vec((payload(), 0usize..4), 0..24),
        order in Just(vec![0usize, 1, 2, 3]).prop_shuffle(),
        early in 1usize..4,
    ) {
        let (payloads, shards): (Vec<Payload>, Vec<usize>) = feed.into_iter().unzip();
        let whole = run(&payloads, |_| true, "whole");
        let cut: Vec<Record> = order.iter().map(|s| run(&payloads, |i| shards[i] == *s, &format!("s{s}"))).collect();
        let flat = merge(cut.clone()).unwrap();
        // Some merged first, and the other way round.
        let nested = merge([merge(cut[early..].to_vec()).unwrap(), merge(cut[..early].to_vec()).unwrap()]).unwrap();
        prop_assert_eq!(text_of(&flat), text_of(&nested));
        let text = text_of(&flat);
        prop_assert_eq!(&Record::read("r.json", &text).unwrap(), &flat);
        // Carried to a system that ends lines otherwise it is the same; written anew by another program it is not.
        prop_assert_eq!(&Record::read("r.json", &text.replace('\n', "\r\n")).unwrap(), &flat);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert!(Record::read("r.json", &value.to_string()).is_err());
        let shares = |record: &Record| record.parts.values().map(|p| key_shares(&p.keys).unwrap()).collect::<Vec<_>>();
        prop_assert_eq!(shares(&flat), shares(&whole));
        prop_assert_eq!(without_shards(flat), without_shards(whole));
    }
}
