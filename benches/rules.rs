//! What the UK rules add to conformance alone: one structured record of our own, checked with `fhir` and with all rules.
#![allow(missing_docs, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hallmark::conform::Options;
use hallmark::engine::{Check, Observer, Run, run};
use hallmark::feed::Unreadable;
use hallmark::finding::{Environment, Finding};
use hallmark::pack::catalogue::Catalogue;
use hallmark::plan::Plans;
use hallmark::read::Limits;
use hallmark::settings::{Date, RuleSelection, Severities, Waivers};
use hallmark::terminology::Sets;

#[path = "support/record.rs"]
mod record;
use record::record;

/// Counts findings and drops them.
struct Count(u64);

impl Observer for Count {
    fn finding(&mut self, _: &Finding) {
        self.0 += 1;
    }

    fn payload(&mut self, _: u64, _: u64) {}

    fn unreadable(&mut self, what: &Unreadable) {
        panic!("{}", what.why);
    }
}

fn bench(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("record.json");
    let text = record(200);
    std::fs::write(&path, &text).expect("written");
    let catalogue = Arc::new(Catalogue::new(&[]).expect("packs"));
    let (plans, sets) = (Plans::new(Arc::clone(&catalogue)), Sets::new(catalogue));
    let options = Options { today: "2026-11-21".to_owned(), ..Options::default() };
    let severities = Severities::default();
    let interrupted = AtomicBool::new(false);
    let mut group = c.benchmark_group("rules");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("serde_json to Value", |b| {
        b.iter(|| serde_json::from_str::<serde_json::Value>(&text).expect("JSON"));
    });
    for (name, words) in [("conformance alone", Some("fhir")), ("whole catalogue", None)] {
        let selection = RuleSelection::parse(words);
        let settled = Run {
            check: Check {
                plans: &plans,
                sets: &sets,
                options: &options,
                limits: Limits::default(),
                release: None,
                selection: &selection,
                severities: &severities,
                dispatch: Check::dispatch(&selection, &severities),
                environment: Environment::Test,
                observe: false,
                pseudonyms: None,
            },
            jobs: 1,
            interrupted: &interrupted,
            baseline: None,
        };
        group.bench_function(name, |b| {
            b.iter(|| {
                let today = Date::parse("2026-11-21").expect("a day");
                let mut waivers = Waivers::new(Vec::new(), None, "unknown", today).expect("no waivers");
                let mut count = Count(0);
                run(&settled, std::slice::from_ref(&path), &mut waivers, &mut count);
                count.0
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
