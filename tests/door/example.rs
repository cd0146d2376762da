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

/// Runs hallmark in the folder of the example.
fn hallmark(args: &[&str]) -> (i32, Vec<u8>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_hallmark")).current_dir(folder()).args(args).output().unwrap();
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
    let (code, out, says) = hallmark(&args);
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
    let folder = tempfile::tempdir().unwrap();
    let previous = folder.path().join("before.json");
    fs::write(&previous, &before).unwrap();
    let previous = ["--previous", previous.to_str().unwrap()];
    let formats = [("html", "2026-q4.html"), ("markdown", "2026-q4.md"), ("csv", "2026-q4.csv")];
    let files: Vec<String> = formats
        .iter()
        .map(|(format, name)| format!("--format={format}={}", folder.path().join(name).display()))
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let json = report("2027-01-15", &QUARTERS, &[&previous[..], &files, &["--format", "json"]].concat());
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

/// From a report to a signed decision, and to a copy of it in which one file was touched.
#[test]
fn a_decision_is_signed_and_what_was_touched_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let text = |name: &str| at(name).display().to_string();
    fs::create_dir_all(at("out")).unwrap();
    fs::copy(self::folder().join("evidence/northmere-testssl.json"), at("scan.json")).unwrap();
    report("2027-01-15", &QUARTERS, &["--format", &format!("json={}", text("out/report.json"))]);
    let decision = text("out/determination.json");
    let new = ["evidence", "new", &text("out/report.json"), "--evidence", &text("scan.json"), "-o", &decision];
    assert_eq!(hallmark(&new).0, 0);
    let mut value: serde_json::Value = serde_json::from_slice(&fs::read(&decision).unwrap()).unwrap();
    let named: Vec<&str> = value["evidence"].as_array().unwrap().iter().map(|p| p["file"].as_str().unwrap()).collect();
    assert_eq!(named, ["report.json", "../scan.json"], "from the folder of the determination");
    value["decision"] = "deferred".into();
    value["signatories"] = serde_json::json!([{"role": "chair of the design authority", "on": "2027-01-20"}]);
    // Verification uses the day of the machine, so the last day is far away.
    value["validUntil"] = "2999-12-31".into();
    for piece in value["evidence"].as_array_mut().unwrap() {
        piece.as_object_mut().unwrap().remove("validUntil");
    }
    fs::write(&decision, value.to_string()).unwrap();
    assert_eq!(hallmark(&["evidence", "sign", &decision, "--key-file", &text("key")]).0, 0);
    let verify = || {
        let (code, out, _) = hallmark(&["evidence", "verify", &decision]);
        (code, String::from_utf8(out).unwrap())
    };
    let (code, says) = verify();
    assert_eq!(code, 0, "{says}");
    for (name, fault) in [
        ("scan.json", "../scan.json was changed"),
        ("out/report.json", "report.json was changed"),
        ("out/determination.json", "the determination was changed"),
        ("out/determination.json.sig", "the signature file was changed"),
    ] {
        let held = fs::read(at(name)).unwrap();
        let mut touched = held.clone();
        // A digit in the middle of a value, so that the file stays well formed.
        let from = String::from_utf8_lossy(&held).find(if name.ends_with(".sig") { "\"signature\": \"" } else { "20" });
        let place = held.iter().enumerate().skip(from.unwrap() + 14).find(|(_, b)| b.is_ascii_digit()).unwrap().0;
        touched[place] ^= 1;
        fs::write(at(name), &touched).unwrap();
        let (code, says) = verify();
        assert!(code == 1 && says.contains(fault), "{name}: {code} {says}");
        fs::write(at(name), &held).unwrap();
    }
    assert_eq!(verify().0, 0);
}
