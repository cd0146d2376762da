//! What data quality costs: the share of recording in checking, and the memory of ten million patient keys.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hallmark::bench::tally::{KeyKind, KeyRow, RunOutcome};
use hallmark::finding::Finding;
use hallmark::record::{Record, RecordBuilder, RecordOptions, Scope, Spill, key_shares};
use hallmark::session::{Hallmark, Observer, Unreadable};
use hallmark::settings::Date;

#[path = "../tests/inside/year/maker.rs"]
mod maker;
#[path = "support/measure.rs"]
mod measure;
#[path = "support/record.rs"]
mod record;

const KEY: &[u8] = b"a key for figures and nothing else";

/// Takes findings and pseudonyms into a record, or drops them.
struct Taking(Option<RecordBuilder>);

impl Observer for Taking {
    fn finding(&mut self, finding: &Finding) {
        if let Some(record) = &mut self.0 {
            record.finding(finding);
        }
    }

    fn quality(&self) -> bool {
        self.0.is_some()
    }

    fn unreadable(&mut self, what: &Unreadable) {
        panic!("{}", what.why);
    }

    fn keys(&mut self, rows: &[KeyRow]) {
        if let Some(record) = &mut self.0 {
            record.keys(rows).expect("keys");
        }
    }
}

struct Station {
    hallmark: Hallmark,
}

impl Station {
    fn new() -> Self {
        let day = Date::parse("2027-01-15").expect("a day");
        Self { hallmark: Hallmark::builder().today(day).best_practice("warning").key(KEY).build().expect("packs") }
    }

    /// Checks paths and, when asked, makes and writes their record.
    fn once(&self, paths: &[PathBuf], recording: bool) -> Duration {
        let mut taking = Taking(recording.then(|| self.hallmark.recorder("", None)));
        let start = Instant::now();
        let outcome = self.hallmark.run(paths, 1, &mut taking);
        if let Some(record) = taking.0 {
            let record = record.finish(&outcome).expect("a record");
            record.write(std::io::sink()).expect("written");
        }
        start.elapsed()
    }
}

/// The median share of recording over several rounds. Each round sets two runs side by side, in turn the one and the other
/// first: a machine that is slower for a second is slower for both.
fn share(name: &str, station: &Station, paths: &[PathBuf], rounds: u32) {
    let mut shares: Vec<f64> = Vec::new();
    let (mut plain, mut recording) = (Duration::MAX, Duration::MAX);
    station.once(paths, true);
    for round in 0..rounds {
        let first = station.once(paths, round % 2 == 0);
        let second = station.once(paths, round % 2 != 0);
        let (with, without) = if round % 2 == 0 { (first, second) } else { (second, first) };
        plain = plain.min(without);
        recording = recording.min(with);
        shares.push(with.as_secs_f64() / without.as_secs_f64() - 1.0);
    }
    shares.sort_by(f64::total_cmp);
    let middle = shares[shares.len() / 2] * 100.0;
    println!("{name}: {middle:.1}% more with a record, the median of {rounds} (target: below 15%)");
    println!("  least times: {plain:.1?} alone, {recording:.1?} with a record");
    // One message a file, or one a line; some of the year are cut short.
    let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text);
    let mut texts: Vec<String> = Vec::new();
    for entry in paths.iter().flat_map(|path| walkdir::WalkDir::new(path).into_iter().flatten()) {
        match std::fs::read_to_string(entry.path()) {
            Ok(text) if parsed(&text).is_ok() => texts.push(text),
            Ok(text) => texts.extend(text.lines().map(str::to_owned)),
            Err(_) => assert!(entry.file_type().is_dir(), "{}", entry.path().display()),
        }
    }
    let yard = measure::best(5, || texts.iter().for_each(|text| drop(std::hint::black_box(parsed(text)))));
    let of = |time: Duration| yard.as_secs_f64() / time.as_secs_f64();
    println!("  of serde_json's speed over the same bytes: {:.2} alone, {:.2} with a record", of(plain), of(recording));
}

/// How often each message of the year is sent: a month of a feed holds more than a dozen.
const TIMES: usize = 10;

fn recording(folder: &Path) {
    let station = Station::new();
    let path = folder.join("record.json");
    std::fs::write(&path, record::record(200)).expect("written");
    share("one structured record with 200 medications and problems", &station, &[path], 101);
    let feeds = folder.join("year");
    std::fs::create_dir(&feeds).expect("a folder");
    let year = maker::year();
    for month in &year.months {
        let name = format!("{}-{}.ndjson", maker::PARTNERS[month.partner].ods, month.period);
        std::fs::write(feeds.join(name), month.ndjson().repeat(TIMES)).expect("written");
    }
    let messages = year.messages() * TIMES;
    share(&format!("{messages} small messages of three partners and twelve months"), &station, &[feeds], 11);
}

/// Largest memory of this process so far, in megabytes; nothing where the system does not say.
fn peak() -> Option<u64> {
    let status =
        if cfg!(target_os = "linux") { std::fs::read_to_string("/proc/self/status").ok()? } else { return None };
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

/// Pseudonyms are evenly spread numbers; these are (Sebastiano Vigna, "SplitMix64").
fn spread(n: u64) -> [u8; 16] {
    let mix = |n: u64| {
        let mut z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let mut out = [0; 16];
    out[..8].copy_from_slice(&mix(n).to_le_bytes());
    out[8..].copy_from_slice(&mix(!n).to_le_bytes());
    out
}

/// Ten million sightings of nine million patients, one in a thousand with a second birth date.
fn keys(folder: &Path) {
    const SIGHTINGS: u64 = 10_000_000;
    const PATIENTS: u64 = 9_000_000;
    let start = Instant::now();
    let unknown = || "unknown".to_owned();
    let scope = Scope {
        partner: unknown(),
        product: unknown(),
        interface: unknown(),
        environment: "test".to_owned(),
        period: "2026-11".to_owned(),
    };
    let options = RecordOptions {
        scope,
        shard: "one".to_owned(),
        collected: "2026-11-21".to_owned(),
        spill: Some(Spill::new(&folder.join("runs"))),
        ..RecordOptions::default()
    };
    let mut builder = RecordBuilder::new(options);
    let mut rows = Vec::with_capacity(65_536);
    for n in 0..SIGHTINGS {
        let (patient, again) = (n % PATIENTS, n / PATIENTS);
        let fact = if again > 0 && patient % 1000 == 0 { again } else { 0 };
        rows.push(KeyRow { kind: KeyKind::BirthDate, key: spread(patient), fact: spread(fact), count: 1 });
        if rows.len() == rows.capacity() {
            builder.keys(&rows).expect("kept");
            rows.clear();
        }
    }
    builder.keys(&rows).expect("kept");
    let made = builder.finish(&RunOutcome::default()).expect("a record");
    let path = folder.join("keys.json");
    made.write(std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"))).expect("written");
    let written = start.elapsed();
    drop(made);
    let start = Instant::now();
    let spill = Spill::new(&folder.join("again"));
    let file = std::io::BufReader::new(std::fs::File::open(&path).expect("a file"));
    let read = Record::read_from("keys.json", file, Some(&spill)).expect("read").expect("a record");
    let part = read.parts.values().next().expect("a part");
    let share = key_shares(&part.keys).expect("read")[&KeyKind::BirthDate];
    assert_eq!((share.numerator, share.denominator), (PATIENTS - SIGHTINGS.saturating_sub(PATIENTS) / 1000, PATIENTS));
    let size = std::fs::metadata(&path).map_or(0, |m| m.len()) / 1_000_000;
    let memory = peak().map_or("not known here".to_owned(), |mb| format!("{mb} MB"));
    println!(
        "{SIGHTINGS} patient keys: sorted and written in {written:.1?} ({size} MB), read and counted in {:.1?}; largest memory of the process {memory} (target: below 500 MB)",
        start.elapsed()
    );
}

fn main() {
    // `cargo bench` says so; as a test, a bench only has to be sound.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    recording(folder.path());
    keys(folder.path());
}
