//! Figures for the SNOMED CT index on a generated release of 500,000 concepts and 1.5 million descriptions:
//! build, size, opening, lookup, subsumption, expansion. `cargo bench --features bench --bench snomed`.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench prints its figures and has nobody to report to")]

use hallmark::bench::snomed::{Dice, Spec, identifier, write_release};
use hallmark::bench::snomed::{Ecl, Index, Stage, build};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Peak resident memory of this process in MB, where the system tells.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).map_or(0, |kb| kb / 1024)
}

fn sink<T>(value: T) {
    black_box(value);
}

fn each(count: usize, mut action: impl FnMut(usize)) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        (0..count).for_each(&mut action);
        best = best.min(start.elapsed() / count as u32);
    }
    best
}

/// Bytes a second at which serde_json parses the largest file's first lines, each a string of one array.
fn yardstick(release: &std::path::Path) -> f64 {
    let files = walkdir::WalkDir::new(release).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let largest = files.max_by_key(|entry| entry.metadata().map_or(0, |meta| meta.len())).expect("a file");
    let text = std::fs::read_to_string(largest.path()).expect("text");
    let json = serde_json::to_string(&text.lines().take(200_000).collect::<Vec<_>>()).expect("JSON");
    let time = each(1, |_| sink(serde_json::from_str::<serde_json::Value>(&json).expect("JSON")));
    json.len() as f64 / time.as_secs_f64()
}

fn main() {
    let small = std::env::args().any(|arg| arg == "--test");
    let concepts = if small { 2_000 } else { 500_000 };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let release = folder.path().join("release");
    let start = Instant::now();
    let made = write_release(&release, &Spec::new(7, concepts)).expect("a release");
    let bytes: u64 = walkdir::WalkDir::new(&release)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.metadata().ok())
        .filter(|meta| meta.is_file())
        .map(|meta| meta.len())
        .sum();
    println!(
        "release: {} concepts, {} descriptions, {} MB of RF2, generated in {:.1?}",
        concepts,
        made.descriptions,
        bytes / 1_000_000,
        start.elapsed()
    );

    let out = folder.path().join("index");
    let stages = std::cell::RefCell::new(Vec::<(Stage, Instant)>::new());
    let start = Instant::now();
    let report = build(&release, &out, &|progress| {
        let mut stages = stages.borrow_mut();
        if stages.last().is_none_or(|(stage, _)| *stage != progress.stage) {
            stages.push((progress.stage, Instant::now()));
        }
    })
    .expect("a build");
    let took = start.elapsed();
    println!("build: {took:.2?} (<= 60 s), peak memory {} MB (<= 2,000)", peak());
    for (i, (stage, from)) in stages.borrow().iter().enumerate() {
        let to = stages.borrow().get(i + 1).map_or(start + took, |(_, next)| *next);
        println!("  {stage:?}: {:.2?}", to - *from);
    }
    let yard = yardstick(&release);
    let share = bytes as f64 / took.as_secs_f64() / yard;
    println!(
        "serde_json parses its lines as strings at {:.0} MB/s; the build reads RF2 at {share:.2} of that",
        yard / 1e6
    );
    println!("index: {} MB (<= 400)", report.index_bytes / 1_000_000);
    println!(
        "  {} is-a, {} attributes, {} memberships, {} warnings",
        report.parents,
        report.attributes,
        report.members,
        report.warnings.len()
    );

    println!("open: {:.2?} (<= 10 ms)", each(10, |_| drop(black_box(Index::open(&out).expect("an index")))));
    let index = Index::open(&out).expect("an index");
    println!("verify all: {:.2?}", each(3, |_| index.verify().expect("a good index")));

    let mut dice = Dice(3);
    let ids: Vec<u64> = (0..100_000).map(|_| made.active[dice.below(made.active.len())]).collect();
    let n = ids.len();
    println!("lookup: {:.0?} (<= 1 us)", each(n, |i| sink(index.lookup(ids[i]).map(|c| c.active()))));
    let named = each(n, |i| sink(index.lookup(ids[i]).map(|c| c.preferred_term().len())));
    println!("lookup with preferred term: {named:.0?}");
    println!("subsumes: {:.0?} (<= 1 us)", each(n, |i| sink(index.subsumes(ids[i], ids[n - 1 - i]))));
    let under = each(n, |i| sink(index.subsumes(made.tops[i % 5], ids[i])));
    println!("subsumes under a top: {under:.0?}");
    let member = each(n, |i| sink(index.member_of(made.refsets[i % 8], ids[i])));
    println!("member_of: {member:.0?}");
    let described = each(n, |i| {
        let id = identifier(1 + i as u64 * 13, 11);
        sink(index.description(id).map(|d| d.concept().id()));
    });
    println!("description: {described:.0?}");

    let mut largest = made.tops.iter().map(|top| (below(&index, *top), *top)).collect::<Vec<_>>();
    largest.sort_unstable();
    let top = largest.last().map_or(0, |(_, top)| *top);
    for (what, text) in [
        ("<< X to codes (<= 20 ms for 100,000)", format!("<< {top}")),
        ("<< root to codes", "<< 138875005".to_owned()),
        ("^ refset", format!("^ {}", made.refsets[0])),
        ("all with an attribute", format!("* : {} = *", made.attributes[1])),
        (
            "group refinement",
            format!("<< {top} : {{ {} = << {}, {} = * }}", made.attributes[1], made.tops[1], made.attributes[2]),
        ),
        ("reverse", format!("* : R {} = << {top}", made.attributes[2])),
        ("term filter over everything", "* {{ term = \"bakoba\" }}".to_owned()),
    ] {
        let ecl = Ecl::parse(&text).expect("good ECL");
        let mut found = 0;
        let took = each(1, |_| found = index.codes(&index.evaluate(&ecl).expect("an answer")).len());
        println!("{what}: {found} concepts in {took:.2?}");
    }
    let ecl =
        Ecl::parse(&format!("(<< {top} MINUS << {}) OR ^ {}", made.active[20], made.refsets[2])).expect("good ECL");
    println!("contains, compound: {:.0?}", each(n, |i| sink(index.contains(&ecl, ids[i]))));
    println!("parse: {:.0?}", each(10_000, |_| drop(black_box(Ecl::parse(&ecl.to_string())))));
}

fn below(index: &Index, top: u64) -> usize {
    Ecl::parse(&format!("<< {top}")).ok().and_then(|ecl| index.evaluate(&ecl).ok()).map_or(0, |set| set.len())
}
