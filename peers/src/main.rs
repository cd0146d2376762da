//! hallmark and the fastest open peer, octofhir, over the same R4 resources in the same run: one thread each, turn by turn.
//!
//! `bench-peers [--unbundle] [NDJSON...]`. Without a file the fixtures of R4 are multiplied to 5 MB. The peer does not
//! look into resources of a Bundle; with `--unbundle` both are given those one by one.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

#[path = "../../benches/support/measure.rs"]
mod measure;
mod octofhir;

use std::path::Path;
use std::time::{Duration, Instant};

use hallmark::session::Release;
use measure::{Setting, fixtures, peak_memory, rate};
use octofhir::{Octofhir, Verdict};
use serde_json::Value;

/// Rounds that count; one goes before them, so that what is prepared once is prepared.
const ROUNDS: usize = 7;

/// Bytes of the corpus made from fixtures.
const BYTES: usize = 5_000_000;

fn main() {
    let (flags, files): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|word| word.starts_with("--"));
    if let Some(flag) = flags.iter().find(|flag| *flag != "--unbundle") {
        eprintln!("{flag}: only --unbundle is known");
        std::process::exit(2);
    }
    let mut texts = if files.is_empty() { multiplied(&fixtures(true)) } else { given(&files) };
    if !flags.is_empty() {
        texts = texts.iter().flat_map(|text| apart(parse(text))).map(|value| value.to_string()).collect();
    }
    if texts.is_empty() {
        eprintln!("no resource to check");
        std::process::exit(2);
    }
    describe(&texts);

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("feed.ndjson");
    std::fs::write(&path, texts.join("\n")).expect("written");
    let setting = Setting::of("4.0");
    let peer = Octofhir::new();
    compare(&texts, &setting, &peer, &path);
}

/// What is compared, in the order it is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Contender {
    Parse,
    Octofhir,
    Conformance,
    All,
}

impl Contender {
    const EACH: [Self; 4] = [Self::Parse, Self::Octofhir, Self::Conformance, Self::All];

    fn label(self) -> &'static str {
        match self {
            Self::Parse => "serde_json to Value",
            Self::Octofhir => "octofhir",
            Self::Conformance => "hallmark, conformance",
            Self::All => "hallmark, all rules",
        }
    }

    fn checks(self) -> &'static str {
        match self {
            Self::Parse => "JSON syntax",
            Self::Octofhir => {
                "base R4 types and cardinalities, slicing, invariants of the resource and its elements, values of known \
                 extensions; no claimed profile, no terminology, nothing inside Bundle entries and contained resources"
            }
            Self::Conformance => {
                "base R4 and claimed UK Core profiles, slicing, bindings, invariants, references, Bundle entries and \
                 contained resources; lines and columns"
            }
            Self::All => "the same, and every UK rule",
        }
    }
}

/// Lets each have its turn, the order turned about every round, and prints what came of it.
fn compare(texts: &[String], setting: &Setting, peer: &Octofhir, path: &Path) {
    let mut times: [Vec<Duration>; 4] = Default::default();
    let mut verdict = Verdict::default();
    let mut findings = [0; 4];
    let mut ticks = [0; 4];
    for round in 0..=ROUNDS {
        let mut turns = Contender::EACH;
        if round % 2 == 1 {
            turns.reverse();
        }
        for turn in turns {
            let before = processor_ticks();
            let time = match turn {
                Contender::Parse => {
                    let begun = Instant::now();
                    for text in texts {
                        std::hint::black_box(parse(text));
                    }
                    begun.elapsed()
                }
                Contender::Octofhir => {
                    let begun = Instant::now();
                    verdict = peer.check(texts);
                    begun.elapsed()
                }
                Contender::Conformance | Contender::All => {
                    let rules = (turn == Contender::Conformance).then_some("fhir");
                    let (time, found) = setting.run(rules, 1, path);
                    findings[turn as usize] = found;
                    time
                }
            };
            if round > 0 {
                times[turn as usize].push(time);
                ticks[turn as usize] += processor_ticks() - before;
            }
        }
    }

    let bytes = texts.iter().map(String::len).sum();
    println!("{:<24} {:>12} {:>8} {:>12} {:>12}", "", "resources/s", "MB/s", "x octofhir", "x serde_json");
    for turn in Contender::EACH {
        let mine = &times[turn as usize];
        let time = Duration::from_secs_f64(median(mine.iter().map(Duration::as_secs_f64)));
        // Of each round, not of the medians: what slows the machine slows both of a round.
        let times_of = |other: Contender| {
            let pairs = mine.iter().zip(&times[other as usize]);
            median(pairs.map(|(mine, other)| other.as_secs_f64() / mine.as_secs_f64().max(1e-9)))
        };
        println!(
            "{:<24} {:>12.0} {:>8.1} {:>12.2} {:>12.2}",
            turn.label(),
            texts.len() as f64 / time.as_secs_f64().max(1e-9),
            rate(bytes, time),
            times_of(Contender::Octofhir),
            times_of(Contender::Parse),
        );
    }
    let pairs = times[Contender::All as usize].iter().zip(&times[Contender::Octofhir as usize]);
    let ratios: Vec<f64> = pairs.map(|(ours, peer)| peer.as_secs_f64() / ours.as_secs_f64().max(1e-9)).collect();
    let (low, high) = ratios.iter().fold((f64::MAX, f64::MIN), |(low, high), r| (low.min(*r), high.max(*r)));
    println!("all rules to octofhir: {:.2}, rounds from {low:.2} to {high:.2}", median(ratios.into_iter()));
    if ticks[Contender::All as usize] > 0 {
        // What other programs do to the clock does not count here.
        let ours = |turn: Contender| ticks[Contender::Octofhir as usize] as f64 / ticks[turn as usize].max(1) as f64;
        let (all, conformance) = (ours(Contender::All), ours(Contender::Conformance));
        println!("by processor time: all rules {all:.2}, conformance {conformance:.2}");
    }
    println!("\nwhat each checks");
    for turn in Contender::EACH {
        println!("  {}: {}", turn.label(), turn.checks());
    }
    println!(
        "\noctofhir: {} errors in {} resources, {} of them of invariants; hallmark: {} findings of conformance, {} of all rules",
        verdict.errors,
        verdict.resources,
        verdict.invariants,
        findings[Contender::Conformance as usize],
        findings[Contender::All as usize]
    );
    println!("peak memory of all together {:.0} MB", peak_memory().unwrap_or_default());
}

/// Processor time of this process and its threads in ticks of the system; 0 where it does not tell.
fn processor_ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields = after_name.split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// The middle of some figures.
fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Says what the corpus holds, and how much of it the peer does not see.
fn describe(texts: &[String]) {
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut types: Vec<String> = texts.iter().map(|text| kind(&parse(text)).to_owned()).collect();
    let unseen: usize = texts.iter().map(|text| within(&parse(text)).to_string().len()).sum();
    types.sort();
    types.dedup();
    println!(
        "{} resources of {} types, {:.1} MB, of which {:.1} MB stand within other resources; {ROUNDS} rounds, one thread",
        texts.len(),
        types.len(),
        bytes as f64 / 1e6,
        unseen as f64 / 1e6,
    );
}

/// The resources directly within another: entries and contained ones.
fn within(value: &Value) -> Value {
    let entries = value["entry"].as_array().into_iter().flatten().map(|entry| &entry["resource"]);
    let contained = value["contained"].as_array().into_iter().flatten();
    entries.chain(contained).filter(|inner| inner.is_object()).cloned().collect()
}

fn kind(value: &Value) -> &str {
    value["resourceType"].as_str().unwrap_or_default()
}

/// The resources of files, a line each; what is none is left out for both, and counted aloud.
fn given(files: &[String]) -> Vec<String> {
    let mut texts = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| {
            eprintln!("{file}: {error}");
            std::process::exit(3);
        });
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let resource = |line: &&str| serde_json::from_str::<Value>(line).is_ok_and(|value| !kind(&value).is_empty());
        let (kept, dropped): (Vec<&str>, Vec<&str>) = lines.partition(resource);
        if !dropped.is_empty() {
            println!("{file}: {} lines are no resource and left out", dropped.len());
        }
        texts.extend(kept.into_iter().map(str::to_owned));
    }
    texts
}

/// Fixtures over and over. Ids, references and days differ from copy to copy: identical texts would be decided once.
fn multiplied(texts: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    let mut length = 0;
    for copy in 0.. {
        if length >= BYTES || texts.is_empty() {
            break;
        }
        let day = format!("2026-10-{:02}", copy % 19 + 1);
        for text in texts {
            let text = text.replace("rv-uk-", &format!("rv{copy}-uk-")).replace("2026-10-19", &day);
            length += text.len();
            out.push(text);
        }
    }
    out
}

/// A Bundle's resources, and theirs; any other resource alone.
fn apart(value: Value) -> Vec<Value> {
    if kind(&value) != "Bundle" {
        return vec![value];
    }
    let Value::Array(entries) = value["entry"].clone() else { return Vec::new() };
    let resources = entries.into_iter().filter_map(|mut entry| entry.get_mut("resource").map(Value::take));
    resources.filter(|inner| !kind(inner).is_empty()).flat_map(apart).collect()
}
