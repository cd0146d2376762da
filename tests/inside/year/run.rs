//! Checks months of the year in this process, with one set of plans, and makes their records.
#![allow(clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashMap;

use hallmark::finding::Finding;
use hallmark::record::{Record, RecordBuilder, RecordOptions, Scope, ShardDigest};
use hallmark::session::{Hallmark, Observer, Receipts, Unreadable};
use hallmark::session::{KeyRow, RunOutcome};
use hallmark::settings::Date;

use super::maker::{Month, PARTNERS};

/// A key of our own; real ones come from a file or the environment.
pub const KEY: &[u8] = b"a key for a year that never was..";

/// What outlives one run.
pub struct Station(Hallmark);

struct Taking {
    findings: Vec<Finding>,
    record: RecordBuilder,
}

impl Observer for Taking {
    fn finding(&mut self, finding: &Finding) {
        self.record.finding(finding);
        self.findings.push(finding.clone());
    }

    fn quality(&self) -> bool {
        true
    }

    fn keys(&mut self, rows: &[KeyRow]) {
        self.record.keys(rows).unwrap();
    }

    fn unreadable(&mut self, what: &Unreadable) {
        panic!("{}: {}", what.name, what.why);
    }
}

impl Station {
    pub fn new() -> Self {
        Self(Hallmark::builder().today(today()).build().unwrap())
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
        // A partner that sent nothing sent no file either.
        let given = if text.is_empty() { Vec::new() } else { vec![path.clone()] };
        std::fs::write(&path, text).unwrap();
        let partner = PARTNERS[month.partner];
        let builder = Hallmark::builder().sharing(&self.0).today(today()).best_practice("ignore");
        let builder = builder.partner(partner.ods).received(Receipts::Listed(received)).key(KEY);
        let hallmark = builder.build().unwrap();
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
        let mut outcome = hallmark.run(&given, 1, &mut taking);
        let record = taking.record.finish(&outcome).unwrap();
        outcome.findings = taking.findings;
        (outcome, record)
    }
}

fn today() -> Date {
    Date::parse("2027-01-15").unwrap()
}
