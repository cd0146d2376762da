//! One sample of findings through every format: equal counts, parses back, hides values, matches its snapshot.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::io::Read;
use std::path::PathBuf;

use hallmark::finding::RunOutcome;
use hallmark::report::{Format, LeakGate, WriteOptions, sample, write};
use hallmark::text::Disclosure;
use serde_json::Value;

fn options() -> WriteOptions {
    WriteOptions { version: "0.0.0-test".into(), width: 100, ..WriteOptions::default() }
}

fn bytes(format: Format, outcome: &RunOutcome, options: &WriteOptions) -> Vec<u8> {
    let mut out = Vec::new();
    write(format, outcome, options, &mut out).unwrap();
    out
}

fn text(format: Format) -> String {
    String::from_utf8(bytes(format, &sample::outcome(), &options())).unwrap()
}

/// Set `HALLMARK_UPDATE=1` to write the snapshots anew.
fn matches_snapshot(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(name);
    if std::env::vars().any(|(key, value)| key == "HALLMARK_UPDATE" && value == "1") {
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    for (i, (a, e)) in actual.lines().zip(expected.lines()).enumerate() {
        assert_eq!(a, e, "{name} line {}", i + 1);
    }
    assert_eq!(actual.lines().count(), expected.lines().count(), "{name}: number of lines");
    assert_eq!(actual, expected, "{name}: line ends");
}

#[test]
fn text_formats_match_their_snapshots() {
    for format in Format::ALL {
        if format != Format::Xlsx {
            matches_snapshot(&format!("{}.snap", format.as_str()), &text(format));
        }
    }
}

#[test]
fn every_format_counts_alike() {
    let outcome = sample::outcome();
    let all = outcome.findings.len();
    for format in Format::ALL {
        let count = match format {
            Format::Text => {
                let text = text(format);
                let single = text.lines().filter(|l| l.contains(" HM90") && !l.starts_with(' ')).count();
                // One of them stands for five.
                assert!(text.contains("seen 5 times, in 5 of 14 payloads"), "{text}");
                single + 4
            }
            Format::Compact => text(format).lines().filter(|l| l.contains(" HM90")).count(),
            Format::Json => {
                let value: Value = serde_json::from_str(&text(format)).unwrap();
                assert_eq!(value["summary"]["findings"]["error"], 2);
                value["findings"].as_array().unwrap().len()
            }
            Format::Ndjson => text(format).lines().filter(|l| l.starts_with("{\"type\":\"finding\"")).count(),
            Format::Sarif => {
                let value: Value = serde_json::from_str(&text(format)).unwrap();
                value["runs"][0]["results"].as_array().unwrap().len()
            }
            Format::Junit => sum_attributes(&text(format), "property", "value"),
            Format::Github => {
                let text = text(format);
                text.lines().filter(|l| l.starts_with("::")).count()
            }
            Format::Gitlab => serde_json::from_str::<Value>(&text(format)).unwrap().as_array().unwrap().len(),
            Format::Azure => text(format).lines().filter(|l| l.starts_with("##vso[task.logissue ")).count(),
            Format::Checkstyle => text(format).matches("<error ").count(),
            Format::OperationOutcome => {
                let value: Value = serde_json::from_str(&text(format)).unwrap();
                let entries = value["entry"].as_array().unwrap();
                assert_eq!(entries.len(), outcome.sources.len());
                entries
                    .iter()
                    .flat_map(|e| e["resource"]["issue"].as_array().unwrap())
                    .filter(|i| i["details"]["coding"][0]["code"].is_string())
                    .count()
            }
            Format::Csv => text(format).matches("\r\n").count() - 1,
            Format::Xlsx => rows_of_sheet(&bytes(format, &outcome, &options()), 2) - 1,
            Format::Markdown => {
                text(format).lines().filter(|l| l.contains(" HM90")).map(|l| nth_cell(l, 5)).sum::<usize>()
            }
        };
        assert_eq!(count, all, "{}", format.as_str());
    }
}

fn nth_cell(row: &str, n: usize) -> usize {
    row.replace("\\|", "").split('|').nth(n).and_then(|c| c.trim().parse().ok()).unwrap()
}

fn sum_attributes(xml: &str, element: &str, attribute: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut sum = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Empty(e) if e.name().as_ref() == element.as_bytes() => {
                let value = e.try_get_attribute(attribute).unwrap().unwrap().unescape_value().unwrap();
                sum += value.parse::<usize>().unwrap();
            }
            quick_xml::events::Event::Eof => return sum,
            _ => {}
        }
    }
}

fn sheet(book: &[u8], n: usize) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut text = String::new();
    archive.by_name(&format!("xl/worksheets/sheet{n}.xml")).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn rows_of_sheet(book: &[u8], n: usize) -> usize {
    sheet(book, n).matches("<row ").count()
}

#[test]
fn ndjson_keys_stand_in_the_published_order() {
    let first = text(Format::Ndjson).lines().next().unwrap().to_string();
    let value: Value = serde_json::from_str(&first).unwrap();
    let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "type",
            "rule",
            "name",
            "severity",
            "source",
            "payload",
            "line",
            "column",
            "path",
            "profile",
            "element",
            "origin",
            "says",
            "fingerprint",
            "waived"
        ]
    );
}

#[test]
fn masked_output_holds_no_value() {
    let outcome = sample::outcome();
    for format in Format::ALL {
        let mut out = Vec::new();
        let mut gate = LeakGate::new(&mut out);
        write(format, &outcome, &options(), &mut gate).unwrap();
        drop(gate);
        let mut hay = String::from_utf8_lossy(&out).into_owned();
        if format == Format::Xlsx {
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(out)).unwrap();
            for i in 0..archive.len() {
                archive.by_index(i).unwrap().read_to_string(&mut hay).unwrap();
            }
        }
        for canary in ["SMITH", "Smith", "9990000018"] {
            assert!(!hay.contains(canary), "{} holds {canary}", format.as_str());
        }
    }
}

#[test]
fn shown_output_holds_the_source_line() {
    let options = WriteOptions { disclosure: Disclosure::Shown, ..options() };
    let text = String::from_utf8(bytes(Format::Text, &sample::outcome(), &options)).unwrap();
    assert!(text.contains("\"value\": \"SMITH 9990000018\","), "{text}");
}

#[test]
fn output_is_the_same_on_every_run() {
    for format in Format::ALL {
        let outcome = sample::outcome();
        assert_eq!(bytes(format, &outcome, &options()), bytes(format, &outcome, &options()), "{}", format.as_str());
    }
}

#[test]
fn sarif_keeps_the_constraints_relied_on() {
    let schema: Value = serde_json::from_str(include_str!("formats/sarif.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let with_baseline = WriteOptions { baseline: true, ..options() };
    for options in [options(), with_baseline] {
        let value: Value = serde_json::from_slice(&bytes(Format::Sarif, &sample::outcome(), &options)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path)).collect();
        assert_eq!(errors, [] as [String; 0]);
        let run = &value["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let mut prints = std::collections::HashSet::new();
        for result in run["results"].as_array().unwrap() {
            let at = result["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(rules[at]["id"], result["ruleId"]);
            assert!(prints.insert(result["partialFingerprints"]["primaryLocationLineHash"].to_string()));
        }
    }
}

#[test]
fn sarif_fingerprints_do_not_depend_on_lines() {
    let mut moved = sample::outcome();
    for finding in &mut moved.findings {
        finding.line += 7;
    }
    let prints = |outcome: &RunOutcome| -> Vec<Value> {
        let value: Value = serde_json::from_slice(&bytes(Format::Sarif, outcome, &options())).unwrap();
        let results = value["runs"][0]["results"].as_array().unwrap();
        results.iter().map(|r| r["partialFingerprints"].clone()).collect()
    };
    assert_eq!(prints(&sample::outcome()), prints(&moved));
}

#[test]
fn junit_counts_what_it_holds_and_names_are_unique() {
    let text = text(Format::Junit);
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut names = std::collections::HashSet::new();
    let (mut failures, mut errors, mut skipped, mut cases) = (0, 0, 0, 0);
    let mut head = None;
    loop {
        use quick_xml::events::Event;
        match reader.read_event().unwrap() {
            Event::Start(e) | Event::Empty(e) => match e.name().as_ref() {
                b"testcase" => {
                    cases += 1;
                    let name: Vec<String> =
                        e.attributes().map(|a| a.unwrap().unescape_value().unwrap().into_owned()).collect();
                    assert!(names.insert(name));
                }
                b"failure" => failures += 1,
                b"error" => errors += 1,
                b"skipped" => skipped += 1,
                b"testsuites" => {
                    head = Some(["tests", "failures", "errors"].map(|n| {
                        e.try_get_attribute(n).unwrap().unwrap().unescape_value().unwrap().parse::<usize>().unwrap()
                    }));
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(head, Some([cases, failures, errors]));
    // Five cases of the base, one per rule; three conformance rules asked of one profile; the waived finding shares
    // its case with one that fails, and the rule in shadow is skipped.
    assert_eq!((cases, failures, errors, skipped), (10, 2, 1, 1));
    assert!(text.contains("HM9006 sample-silent\"/>"), "{text}");
}

#[test]
fn new_only_leaves_out_what_the_baseline_knows() {
    let options = WriteOptions { new_only: true, baseline: true, ..options() };
    let text = String::from_utf8(bytes(Format::Ndjson, &sample::outcome(), &options)).unwrap();
    assert_eq!(text.lines().filter(|l| l.contains("\"type\":\"finding\"")).count(), 7);
}

#[test]
fn one_source_without_findings_is_one_operation_outcome() {
    let mut outcome = sample::repeated(0);
    let value: Value = serde_json::from_slice(&bytes(Format::OperationOutcome, &outcome, &options())).unwrap();
    assert_eq!(value["resourceType"], "OperationOutcome");
    assert_eq!(value["issue"][0]["severity"], "information");
    outcome.sources.clear();
    let value: Value = serde_json::from_slice(&bytes(Format::OperationOutcome, &outcome, &options())).unwrap();
    assert_eq!(value["resourceType"], "OperationOutcome");
}

#[test]
fn csv_reads_back() {
    let text = text(Format::Csv);
    assert!(text.starts_with('\u{FEFF}'));
    assert!(text.contains("\"At least 1 `Patient.name` is needed; found 0, \"\"none\"\" <of> it & 100%|: slice"));
    let columns = text.lines().next().unwrap().split(',').count();
    assert_eq!(columns, 15);
}

#[test]
fn absolute_sources_become_relative() {
    let options = WriteOptions { base: "/builds/x/".into(), ..options() };
    assert_eq!(options.relative("/builds/x/feed/a.json"), "feed/a.json");
    assert_eq!(options.relative("/builds/xy/a.json"), "/builds/xy/a.json");
    assert_eq!(options.relative("./feed\\a.json"), "feed/a.json");
}
