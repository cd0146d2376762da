//! Checks months of the year in this process, with one set of plans, and makes their records.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use hallmark::conform::{BestPractice, Options};
use hallmark::engine::{Check, Observer, Run, run};
use hallmark::feed::Unreadable;
use hallmark::finding::{Environment, Finding, RunOutcome};
use hallmark::measure::Pseudonyms;
use hallmark::pack::catalogue::Catalogue;
use hallmark::plan::Plans;
use hallmark::read::Limits;
use hallmark::record::{Record, RecordBuilder, RecordOptions, Scope, key_id};
use hallmark::settings::{Date, RuleSelection, Severities, Waivers};
use hallmark::terminology::Sets;

use crate::maker::{Month, PARTNERS};

/// A key of our own; real ones come from a file or the environment.
pub const KEY: &[u8] = b"a key for a year that never was..";

/// Everything that outlives one run.
pub struct Station {
    plans: Plans,
    sets: Sets,
    options: Options,
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
            options: Options {
                today: "2027-01-15".to_owned(),
                best_practice: BestPractice::Ignore,
                ..Options::default()
            },
            selection: RuleSelection::parse(None),
            severities: Severities::default(),
        }
    }

    /// Checks one month as one NDJSON file.
    pub fn check(&self, month: &Month) -> (RunOutcome, Record) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("{}.ndjson", month.period));
        std::fs::write(&path, month.ndjson()).unwrap();
        let interrupted = AtomicBool::new(false);
        let run_of = Run {
            check: Check {
                plans: &self.plans,
                sets: &self.sets,
                options: &self.options,
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
        let partner = PARTNERS[month.partner];
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
            shard: format!("{}-{}", partner.ods, month.period),
            collected: format!("{}-28", month.period),
        };
        let mut taking = Taking { findings: Vec::new(), record: RecordBuilder::new(options) };
        let mut outcome = run(&run_of, &[path], &mut waivers, &mut taking);
        outcome.keys.key_id = key_id(KEY);
        let record = taking.record.finish(&outcome);
        outcome.findings = taking.findings;
        (outcome, record)
    }
}
