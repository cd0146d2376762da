//! Checks months of the year in this process, with one set of plans, and makes their records.
#![allow(clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use hallmark::conform::{BestPractice, Options};
use hallmark::engine::{Check, Observer, Run, run};
use hallmark::feed::{Receipts, Unreadable};
use hallmark::finding::{Environment, Finding, KeyRow, RunOutcome};
use hallmark::measure::Pseudonyms;
use hallmark::pack::catalogue::Catalogue;
use hallmark::plan::Plans;
use hallmark::read::Limits;
use hallmark::record::{Record, RecordBuilder, RecordOptions, Scope, ShardDigest, key_id};
use hallmark::settings::{Date, RuleSelection, Severities, Waivers};
use hallmark::terminology::Sets;

use super::maker::{Month, PARTNERS};

/// A key of our own; real ones come from a file or the environment.
pub const KEY: &[u8] = b"a key for a year that never was..";

/// Everything that outlives one run.
pub struct Station {
    plans: Plans,
    sets: Sets,
    selection: RuleSelection,
    severities: Severities,
}

struct Taking {
    findings: Vec<Finding>,
    record: RecordBuilder,
}

impl Observer for Taking {
    fn finding(&mut self, finding: &Finding) {
        self.record.finding(finding);
        self.findings.push(finding.clone());
    }

    fn payload(&mut self, _: u64, _: u64) {}

    fn keys(&mut self, rows: &[KeyRow]) {
        self.record.keys(rows).unwrap();
    }

    fn unreadable(&mut self, what: &Unreadable) {
        panic!("{}: {}", what.name, what.why);
    }
}

impl Station {
    pub fn new() -> Self {
        let catalogue = Arc::new(Catalogue::new(&[]).unwrap());
        Self {
            plans: Plans::new(Arc::clone(&catalogue)),
            sets: Sets::new(catalogue),
            selection: RuleSelection::parse(None),
            severities: Severities::default(),
        }
    }

    /// Checks one month as one NDJSON file.
    pub fn check(&self, month: &Month) -> (RunOutcome, Record) {
        self.check_some(month, |_| true)
    }

    /// Checks the messages of a month that are chosen by their number.
    pub fn check_some(&self, month: &Month, chosen: impl Fn(usize) -> bool) -> (RunOutcome, Record) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("{}.ndjson", month.period));
        let (mut text, mut received) = (String::new(), HashMap::new());
        for (_, sent) in month.sent.iter().enumerate().filter(|(i, _)| chosen(*i)) {
            text.push_str(&format!("{}\n", sent.text));
            let payload = received.len() as u64 + 1;
            received.insert((format!("{}.ndjson", month.period), payload), Date::moment(&sent.received).unwrap());
        }
        std::fs::write(&path, text).unwrap();
        let partner = PARTNERS[month.partner];
        let options = Options {
            today: "2027-01-15".to_owned(),
            best_practice: BestPractice::Ignore,
            partner: partner.ods.to_owned(),
            received: Receipts::Listed(received),
            ..Options::default()
        };
        let interrupted = AtomicBool::new(false);
        let run_of = Run {
            check: Check {
                plans: &self.plans,
                sets: &self.sets,
                options: &options,
                limits: Limits::default(),
                release: None,
                selection: &self.selection,
                severities: &self.severities,
                dispatch: Check::dispatch(&self.selection, &self.severities),
                environment: Environment::Test,
                observe: true,
                pseudonyms: Pseudonyms::new(KEY),
            },
            jobs: 1,
            interrupted: &interrupted,
            baseline: None,
        };
        let today = Date::parse("2027-01-15").unwrap();
        let mut waivers = Waivers::new(Vec::new(), None, "unknown", today).unwrap();
        let options = RecordOptions {
            tool: "0.0.0-test".into(),
            criteria_digest: String::new(),
            scope: Scope {
                partner: partner.ods.into(),
                product: partner.product.into(),
                interface: partner.interface.into(),
                environment: "test".into(),
                period: month.period.clone(),
            },
            shard_key: ShardDigest::new(KEY),
            collected: format!("{}-28", month.period),
            ..RecordOptions::default()
        };
        let mut taking = Taking { findings: Vec::new(), record: RecordBuilder::new(options) };
        let mut outcome = run(&run_of, &[path], &mut waivers, &mut taking);
        outcome.keys.key_id = key_id(KEY);
        let record = taking.record.finish(&outcome).unwrap();
        outcome.findings = taking.findings;
        (outcome, record)
    }
}
