//! What the UK rules add to conformance alone: one structured record of our own, checked with `fhir` and with all rules.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use measure::Setting;

#[path = "support/measure.rs"]
mod measure;
#[path = "support/record.rs"]
mod record;
use record::record;

fn bench(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("record.json");
    let text = record(200);
    std::fs::write(&path, &text).expect("written");
    let setting = Setting::new();
    let mut group = c.benchmark_group("rules");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("serde_json to Value", |b| {
        b.iter(|| serde_json::from_str::<serde_json::Value>(&text).expect("JSON"));
    });
    for (name, words) in [("conformance alone", Some("fhir")), ("whole catalogue", None)] {
        group.bench_function(name, |b| b.iter(|| setting.run(words, 1, &path).1));
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
