//! The fixture feed against its manifest: what was planted is found, on its line, and nothing else is.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

const FEED: &str = "fixtures/feeds/riverside";

#[derive(Deserialize)]
struct Manifest {
    planted: Vec<Planted>,
    #[serde(default)]
    disputed: Vec<Disputed>,
}

#[derive(Deserialize)]
struct Planted {
    source: String,
    payload: u64,
    line: u64,
    rule: String,
    fault: String,
}

/// Findings of a rule in a payload that should not be there.
#[derive(Deserialize)]
struct Disputed {
    source: String,
    payload: u64,
    rule: String,
    because: String,
}

/// Where a finding stands, and of which rule: source, payload, line, rule.
type Mark = (String, u64, u64, String);

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    payload: u64,
    #[serde(default)]
    line: u64,
    #[serde(default)]
    rule: String,
    payloads: Option<Payloads>,
    #[serde(default)]
    clean: u64,
}

#[derive(Deserialize)]
struct Payloads {
    given: u64,
    read: u64,
    failed: u64,
    skipped: u64,
}

fn lines() -> Vec<Line> {
    let output = Command::new(env!("CARGO_BIN_EXE_hallmark"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["check", FEED, "--format", "ndjson", "--environment", "test", "--today", "2026-11-21", "--no-config"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn manifest() -> Manifest {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FEED).join("manifest.toml");
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn list(marks: &BTreeSet<Mark>) -> String {
    marks
        .iter()
        .map(|(source, payload, line, rule)| format!("\n  {source} payload {payload} line {line}: {rule}"))
        .collect()
}

#[test]
fn findings_are_what_was_planted() {
    let manifest = manifest();
    let mut expected = BTreeSet::new();
    let mut disputed = BTreeSet::new();
    for planted in manifest.planted {
        assert!(!planted.fault.is_empty() && Path::new(FEED).join(&planted.source).is_file(), "{}", planted.source);
        if hallmark::session::rule(&planted.rule).is_none() {
            println!("{}: rule {} does not exist, so its fault is not expected", planted.source, planted.rule);
            continue;
        }
        let mark = (planted.source, planted.payload, planted.line, planted.rule);
        assert!(!expected.contains(&mark), "twice in the manifest: {mark:?}");
        expected.insert(mark);
    }
    for row in manifest.disputed {
        assert!(!row.because.is_empty(), "{}: a disputed finding needs a reason", row.source);
        disputed.insert((row.source, row.payload, row.rule));
    }
    let mut found: BTreeSet<Mark> = lines()
        .into_iter()
        .filter(|line| line.kind == "finding" && line.severity != "information")
        .map(|f| (f.source.trim_start_matches(&format!("{FEED}/")).to_owned(), f.payload, f.line, f.rule))
        .collect();
    let mut mended = disputed.clone();
    found.retain(|mark @ (source, payload, _, rule)| {
        let doubt = (source.clone(), *payload, rule.clone());
        mended.remove(&doubt);
        expected.contains(mark) || !disputed.contains(&doubt)
    });
    let missed: BTreeSet<Mark> = expected.difference(&found).cloned().collect();
    let surplus: BTreeSet<Mark> = found.difference(&expected).cloned().collect();
    assert!(missed.is_empty(), "planted and not found:{}", list(&missed));
    assert!(surplus.is_empty(), "found and not planted:{}", list(&surplus));
    assert!(mended.is_empty(), "disputed and no longer found, so strike them from the manifest: {mended:?}");
}

#[test]
fn half_the_feed_is_clean_and_counts_add_up() {
    let summary = lines().pop().unwrap();
    assert_eq!(summary.kind, "summary");
    let payloads = summary.payloads.unwrap();
    assert_eq!(payloads.given, payloads.read + payloads.failed + payloads.skipped);
    assert_eq!((payloads.failed, payloads.skipped), (2, 0));
    assert!(summary.clean * 5 >= payloads.given * 2, "{} of {} payloads are clean", summary.clean, payloads.given);
}

/// Every NHS number of the feed is from the block for made-up numbers, whatever its check digit.
#[test]
fn nhs_numbers_are_made_up() {
    let ten = regex::Regex::new(r"\b\d{3} ?\d{3} ?\d{4}\b").unwrap();
    for entry in walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join(FEED)) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            for number in ten.find_iter(&text) {
                assert!(number.as_str().starts_with("999"), "{}: {}", entry.path().display(), number.as_str());
            }
        }
    }
}
