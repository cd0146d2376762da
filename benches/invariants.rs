//! What all invariants of a message cost beside reading and walking it: a UK Core patient and a GP Connect record.
#![allow(missing_docs, clippy::expect_used, clippy::print_stdout)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hallmark::bench::conform::{Checker, Context, Message, Options, Plans, Sets, release_of};
use hallmark::bench::pack::Catalogue;
use hallmark::bench::read::{Limits, read};

#[path = "support/patient.rs"]
mod patient;
#[path = "support/record.rs"]
mod record;

/// The least of many rounds: what the work costs when nothing else runs.
fn least(mut work: impl FnMut()) -> Duration {
    let once = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    let first = once(&mut work);
    let rounds = (Duration::from_secs(2).as_nanos() / first.as_nanos().max(1)).clamp(20, 20_000);
    (0..rounds).map(|_| once(&mut work)).min().unwrap_or(first)
}

fn main() {
    let catalogue = Arc::new(Catalogue::new(&[]).expect("packs"));
    let (plans, sets) = (Plans::new(Arc::clone(&catalogue)), Sets::new(catalogue));
    let options = |skip_invariants| Options { today: "2026-11-21".into(), skip_invariants, ..Options::default() };
    let (with, without) = (options(false), options(true));
    let record = record::record(200);
    println!(
        "{:32} {:>12} {:>12} {:>12} {:>12} {:>10}",
        "message", "serde_json", "read", "read + walk", "invariants", "ratio"
    );
    for (name, text) in [("UK Core Patient", patient::PATIENT), ("GP Connect record, 603 entries", record.as_str())] {
        let yardstick = least(|| drop(black_box(serde_json::from_str::<serde_json::Value>(text))));
        let reading = least(|| drop(black_box(read(text, &Limits::default()))));
        let check = |options: &Options| {
            let (mut tree, _) = read(text, &Limits::default());
            let (release, ..) = release_of(&mut tree, &plans, None);
            let message = Message::new(&tree, release);
            let context = Context { plans: &plans, sets: &sets, options };
            let mut checker = Checker::new(&context, &message);
            checker.check();
            black_box(checker.out.len());
        };
        let walked = least(|| check(&without));
        let all = least(|| check(&with));
        let invariants = all.saturating_sub(walked);
        println!(
            "{name:32} {yardstick:>12.1?} {reading:>12.1?} {walked:>12.1?} {invariants:>12.1?} {:>10.2}",
            invariants.as_secs_f64() / walked.as_secs_f64()
        );
    }
}
