//! The worked example: three made-up partners over four quarters, from their feeds to the reports that people read.
//! `HALLMARK_UPDATE=1` writes records and reports again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

#[path = "../inside/year/maker.rs"]
mod maker;
#[path = "../inside/year/run.rs"]
mod run;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hallmark::record::{Example, Record, merge};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kite-mark")
}

fn update() -> bool {
    std::env::var_os("HALLMARK_UPDATE").is_some()
}

/// Runs hallmark in a folder.
fn hallmark(at: &Path, args: &[&str]) -> (i32, Vec<u8>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_hallmark")).current_dir(at).args(args).output().unwrap();
    (output.status.code().unwrap(), output.stdout, String::from_utf8(output.stderr).unwrap())
}

/// Records by partner and quarter, in order.
fn records() -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> = fs::read_dir(folder().join("records"))
        .unwrap()
        .map(|e| PathBuf::from("records").join(e.unwrap().file_name()))
        .collect();
    names.sort();
    names
}

/// Checks the feeds of the year and merges each quarter into one record.
fn make_records() {
    let station = run::Station::new();
    let mut quarters: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for month in maker::year().months {
        let partner = maker::PARTNERS[month.partner];
        let name = format!("{}-{}-q{}.json", partner.ods, maker::YEAR, (month.month - 1) / 3 + 1);
        let (_, mut record) = station.check(&month);
        // The folder in which the feed was made for this run is no part of it.
        let source = format!("{}/{}.ndjson", partner.ods, month.period);
        for counts in record.parts.values_mut().flat_map(|p| p.findings.values_mut()) {
            let renamed = |e: Example| Example { source: source.clone(), ..e };
            counts.examples = std::mem::take(&mut counts.examples).into_iter().map(renamed).collect();
        }
        quarters.entry(name).or_default().push(record);
    }
    fs::create_dir_all(folder().join("records")).unwrap();
    for (name, months) in quarters {
        let mut bytes = Vec::new();
        merge(months).unwrap().write(&mut bytes).unwrap();
        fs::write(folder().join("records").join(name), bytes).unwrap();
    }
}

/// The report of a day, in a format, as a partner portfolio.
fn report(day: &str, quarters: &[&str], more: &[&str]) -> Vec<u8> {
    report_in(&folder(), day, quarters, more)
}

fn report_in(at: &Path, day: &str, quarters: &[&str], more: &[&str]) -> Vec<u8> {
    let names: Vec<String> = records()
        .iter()
        .map(|p| p.display().to_string())
        .filter(|p| quarters.iter().any(|q| p.ends_with(&format!("{q}.json"))))
        .collect();
    assert_eq!(names.len(), 3 * quarters.len());
    let mut args = vec!["report"];
    args.extend(names.iter().map(String::as_str));
    args.extend(["--attestations", "statements", "--today", day]);
    args.extend(more);
    let (code, out, says) = hallmark(at, &args);
    assert_eq!(code, 0, "{says}");
    out
}

const QUARTERS: [&str; 4] = ["q1", "q2", "q3", "q4"];

/// Compares with the file that is kept, or writes it.
fn kept(name: &str, bytes: &[u8]) {
    let path = folder().join("reports").join(name);
    if update() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        return;
    }
    let held = fs::read(&path).unwrap();
    if held != bytes {
        let (held, new) = (String::from_utf8_lossy(&held), String::from_utf8_lossy(bytes));
        let line = held.lines().zip(new.lines()).position(|(a, b)| a != b).map_or(0, |at| at + 1);
        panic!("{name} is another from line {line} on: look at what changed, and run once with HALLMARK_UPDATE=1");
    }
}

#[test]
fn the_reports_are_as_kept() {
    if update() {
        make_records();
    }
    // The report of the third quarter is what that of the fourth is compared with.
    let before = report("2026-10-15", &QUARTERS[..3], &["--format", "json"]);
    // A copy, so that the report before stands beside and its name is that of every run.
    let folder = tempfile::tempdir().unwrap();
    for name in ["records", "statements", "evidence"] {
        fs::create_dir(folder.path().join(name)).unwrap();
        for entry in fs::read_dir(self::folder().join(name)).unwrap() {
            let from = entry.unwrap().path();
            fs::copy(&from, folder.path().join(name).join(from.file_name().unwrap())).unwrap();
        }
    }
    fs::write(folder.path().join("2026-q3.json"), &before).unwrap();
    let previous = ["--previous", "2026-q3.json"];
    let formats = [("html", "2026-q4.html"), ("markdown", "2026-q4.md"), ("csv", "2026-q4.csv")];
    let files: Vec<String> = formats
        .iter()
        .map(|(format, name)| format!("--format={format}={}", folder.path().join(name).display()))
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let json =
        report_in(folder.path(), "2027-01-15", &QUARTERS, &[&previous[..], &files, &["--format", "json"]].concat());
    for (_, name) in formats {
        kept(name, &fs::read(folder.path().join(name)).unwrap());
    }
    let text = String::from_utf8(json).unwrap();
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../schemas/report.schema.json")).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let faults: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&value).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    // Measures month by month are most of the file, and say nothing that the year's tests do not.
    let (start, rest) = text.split_once("\"measures\": [").unwrap();
    let (_, end) = rest.split_once("\n],\n").unwrap();
    kept("2026-q4-without-measures.json", format!("{start}{end}").as_bytes());
    let letter = report("2027-01-15", &QUARTERS, &["--template", "board-letter.html"]);
    kept("board-letter.html", &letter);
}

#[test]
fn the_example_shows_what_it_is_meant_to_show() {
    let out = report("2027-01-15", &QUARTERS, &["--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let rows = |key: &str| value[key].as_array().unwrap().clone();
    let status = |partner: &str, id: &str| -> String {
        let all = rows("criteria");
        let row = all.iter().find(|c| c["partner"] == partner && c["id"] == id).unwrap();
        row["status"].as_str().unwrap().to_string()
    };
    for (partner, id, expected) in [
        // A sound SMART configuration and a coded service; a scan with TLS 1.3 and client certificates.
        ("Y9N1A", "INT-6", "met"),
        ("Y9N1A", "CYB-3", "met"),
        ("Y9N1A", "IG-4", "waived"),
        ("Y9N1A", "INT-4", "not-applicable"),
        // An agreement that lapsed, an endpoint that still offers TLS 1.0, an answered list that is only a start.
        ("Y9N2B", "IG-6", "not-assessed"),
        ("Y9N2B", "CYB-3", "not-met"),
        // A certificate that ends within thirty days.
        ("Y9N3C", "CYB-3", "not-assessed"),
        ("Y9N3C", "MAT-1", "attested"),
    ] {
        assert_eq!(status(partner, id), expected, "{partner} {id}");
    }
    assert!(rows("capability").iter().any(|r| r["partner"] == "Y9N1A" && r["set"] == "careconnect-api"));
    assert!(rows("capability").iter().any(|r| r["partner"] == "Y9N3C" && r["set"] == "uk-core"));
    assert!(rows("evidence").iter().all(|f| f["sha256"].as_str().unwrap().len() == 64));
    assert!(rows("indicators").iter().any(|i| i["partner"] == "Y9N3C" && i["bearing"] == "supports"));
    assert_eq!(rows("milestones").len(), 4);
    assert!(rows("sharedGaps").iter().any(|g| g["raises"].as_u64().unwrap() > 0));
}

#[test]
fn every_reader_gets_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for reader in ["developer", "dq-officer", "design-authority"] {
        let files =
            ["html", "json", "markdown", "xlsx", "csv"].map(|f| (f, folder.path().join(format!("{reader}.{f}"))));
        let formats: Vec<String> = files.iter().map(|(f, path)| format!("--format={f}={}", path.display())).collect();
        let mut more = vec!["--for", reader, "--disclosure", "nhs"];
        more.extend(formats.iter().map(String::as_str));
        report("2027-01-15", &QUARTERS, &more);
        for (format, path) in files {
            let bytes = fs::metadata(path).unwrap().len();
            let most = if format == "html" { 2_000_000 } else { 5_000_000 };
            assert!(bytes > 1000 && bytes < most, "{reader} {format}: {bytes}");
        }
    }
}
