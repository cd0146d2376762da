//! One sample of findings through every format of the table: equal counts, parses back, hides values, passes the last
//! gate, matches its snapshot. `HALLMARK_UPDATE=1` writes the snapshots anew.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::io::Read;
use std::path::PathBuf;

use hallmark::finding::Finding;
use hallmark::report::gap::ReportFormat;
use hallmark::report::{FORMATS, Format, Masking, WriteOptions, sample, write};
use hallmark::tally::RunOutcome;
use hallmark::text::Disclosure;
use serde_json::Value;

fn options() -> WriteOptions {
    WriteOptions { version: "0.0.0-test".into(), width: 100, ..WriteOptions::default() }
}

fn format(name: &str) -> &'static Format {
    Format::named(name).unwrap()
}

fn bytes(format: &Format, outcome: &RunOutcome, options: &WriteOptions) -> Vec<u8> {
    let mut out = Vec::new();
    write(format, outcome, options, &mut out).unwrap();
    out
}

fn text(name: &str) -> String {
    String::from_utf8(bytes(format(name), &sample::outcome(), &options())).unwrap()
}

/// What people read of a file: the text, or the cells of a workbook, a line for each.
fn readable(format: &Format, bytes: &[u8]) -> String {
    if format.masking == Masking::Gate {
        return String::from_utf8(bytes.to_vec()).unwrap();
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).unwrap();
        all.push_str(&format!("{}\n", part.name().unwrap()));
        part.read_to_string(&mut all).unwrap();
        all.push('\n');
    }
    all.replace("><", ">\n<")
}

/// Set `HALLMARK_UPDATE=1` to write the snapshots anew.
fn matches_snapshot(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(name);
    if std::env::var_os("HALLMARK_UPDATE").is_some() {
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
fn formats_match_their_snapshots() {
    for format in &FORMATS {
        let written = bytes(format, &sample::outcome(), &options());
        matches_snapshot(&format!("{}.snap", format.name), &readable(format, &written));
    }
}

#[test]
fn entries_are_whole_and_names_differ() {
    let mut names: Vec<&str> = FORMATS.iter().map(|f| f.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FORMATS.len());
    assert!(Format::named(Format::TEXT).is_some());
    for f in &FORMATS {
        assert!(f.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", f.name);
        assert!(!f.about.is_empty() && !f.extension.is_empty() && f.media_type.contains('/'), "{}", f.name);
        assert!(!f.about.contains('|') && !f.about.ends_with('.'), "{}", f.name);
    }
}

/// Findings that no format may fold into one another: each of another rule, and few enough for every limit.
fn distinct() -> (RunOutcome, Vec<String>) {
    let mut outcome = sample::outcome();
    let mut rules = std::collections::BTreeSet::new();
    outcome.findings.retain(|f: &Finding| f.counts() && rules.insert(f.meta.id));
    let markers = ["one", "two", "three", "four", "five", "six", "seven"].map(|n| format!("marker-{n}"));
    let markers = markers[..outcome.findings.len()].to_vec();
    for (finding, marker) in outcome.findings.iter_mut().zip(&markers) {
        finding.says = marker.clone();
    }
    (outcome, markers)
}

/// Whatever the format, each finding is in it, and once: so it is for a format that was added today.
#[test]
fn no_format_loses_a_finding() {
    let (outcome, markers) = distinct();
    assert!(markers.len() >= 4);
    for format in &FORMATS {
        let text = readable(format, &bytes(format, &outcome, &options()));
        for marker in &markers {
            assert_eq!(text.matches(marker.as_str()).count(), 1, "{} {marker}:\n{text}", format.name);
        }
    }
}

/// A number that passes modulus 11 in every text that a writer is given.
fn planted() -> (RunOutcome, WriteOptions) {
    let number = "9990000018";
    let mut outcome = sample::outcome();
    for finding in &mut outcome.findings {
        for text in [&mut finding.says, &mut finding.path, &mut finding.profile, &mut finding.element] {
            text.push_str(&format!(" {number}"));
        }
        finding.source = format!("{}/{number}", finding.source).into();
        finding.notes.push(number.into());
        finding.waived = finding.waived.take().map(|reason| format!("{reason} {number}"));
    }
    outcome.not_assessed.iter_mut().for_each(|(what, _)| {
        what.canonical = crate::text::Canonical::of_definition(&format!("{} {number}", what.canonical))
    });
    outcome.sources.iter_mut().for_each(|source| source.name = format!("{}/{number}", source.name).into());
    outcome.packs.iter_mut().for_each(|pack| pack.source = number.into());
    outcome.profiles.iter_mut().for_each(|profile| profile.canonical.push_str(&format!(" {number}")));
    outcome.rules_digest = number.into();
    (outcome, WriteOptions { partner: number.into(), version: number.into(), ..options() })
}

/// No writer is opened without the last gate unless values may be shown, and then the gate is away.
#[test]
fn the_last_gate_stands_before_every_format() {
    let (outcome, masked) = planted();
    let shown = WriteOptions { disclosure: Disclosure::Shown, ..masked.clone() };
    for format in &FORMATS {
        let text = readable(format, &bytes(format, &outcome, &masked));
        assert!(!text.contains("9990000018"), "{}", format.name);
        let text = readable(format, &bytes(format, &outcome, &shown));
        assert!(text.contains("9990000018"), "{}: nothing was planted", format.name);
    }
}

/// The one call of a writer's maker is in `open`, and `open` puts the gate before it.
#[test]
fn writers_are_made_in_one_place() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut calls = Vec::new();
    for entry in walkdir::WalkDir::new(&folder) {
        let entry = entry.unwrap();
        if entry.path().extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            calls.extend(text.match_indices(".writer)(").map(|_| entry.path().to_owned()));
        }
    }
    assert_eq!(calls, [folder.join("report/format.rs")]);
}

/// The page of formats is written from the table.
#[test]
fn the_page_of_formats_is_current() {
    let mut page = "# Formats\n\n`hallmark check --format FORMAT[=FILE]`, as often as there are outputs. All formats are \
                    projections of `ndjson`. Unless\nvalues may be shown, numbers that pass the NHS check digit are hidden in \
                    all of them. This page is written by\n`HALLMARK_UPDATE=1 cargo test --lib formats`.\n\n\
                    | format | what it is | file | media type | findings are written |\n|---|---|---|---|---|\n"
        .to_owned();
    for f in &FORMATS {
        let (name, about, extension) = (f.name, f.about, f.extension);
        page.push_str(&format!("| {name} | {about} | .{extension} | {} | {} |\n", f.media_type, f.flow.as_str()));
    }
    page.push_str("\n`hallmark report --format FORMAT[=FILE]`:\n\n| format | what it is |\n|---|---|\n");
    for f in ReportFormat::ALL {
        page.push_str(&format!("| {} | {} |\n", f.as_str(), f.about()));
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    if std::env::var_os("HALLMARK_UPDATE").is_some() {
        std::fs::write(&path, page).unwrap();
        return;
    }
    let current = std::fs::read_to_string(&path).unwrap_or_default() == page;
    assert!(current, "docs/formats.md is stale: HALLMARK_UPDATE=1 cargo test --lib formats");
}

/// The configuration schema takes the formats of the table, and says so.
#[test]
fn the_configuration_schema_knows_every_format() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas/config.schema.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let names: Vec<&str> = FORMATS.iter().map(|f| f.name).collect();
    let current: String = text
        .split_inclusive('\n')
        .map(|line| {
            let indent = &line[..line.len() - line.trim_start().len()];
            if line.contains("\"pattern\": \"^(text|") {
                format!("{indent}\"pattern\": \"^({})(=.+)?$\"\n", names.join("|"))
            } else if line.contains("\"description\": \"One of text, ") {
                format!("{indent}\"description\": \"One of {}, with =FILE or without\",\n", names.join(", "))
            } else {
                line.to_owned()
            }
        })
        .collect();
    assert_eq!(text.matches("^(text|").count(), 1);
    if std::env::var_os("HALLMARK_UPDATE").is_some() {
        std::fs::write(&path, current).unwrap();
        return;
    }
    assert!(text == current, "schemas/config.schema.json is stale: HALLMARK_UPDATE=1 cargo test --lib formats");
}

#[test]
fn every_format_counts_alike() {
    let outcome = sample::outcome();
    let all = outcome.findings.len();
    for format in &FORMATS {
        let name = format.name;
        let count = match name {
            "text" => {
                let text = text(name);
                let single = text.lines().filter(|l| l.contains(" HM90") && !l.starts_with(' ')).count();
                // One of them stands for five.
                assert!(text.contains("seen 5 times, in 5 of 14 payloads"), "{text}");
                single + 4
            }
            "compact" => text(name).lines().filter(|l| l.contains(" HM90")).count(),
            "json" => {
                let value: Value = serde_json::from_str(&text(name)).unwrap();
                assert_eq!(value["summary"]["findings"]["error"], 2);
                value["findings"].as_array().unwrap().len()
            }
            "ndjson" => text(name).lines().filter(|l| l.starts_with("{\"type\":\"finding\"")).count(),
            "sarif" => {
                let value: Value = serde_json::from_str(&text(name)).unwrap();
                value["runs"][0]["results"].as_array().unwrap().len()
            }
            "junit" => sum_attributes(&text(name), "property", "value"),
            "github" => {
                let text = text(name);
                text.lines().filter(|l| l.starts_with("::")).count()
            }
            "gitlab" => serde_json::from_str::<Value>(&text(name)).unwrap().as_array().unwrap().len(),
            "azure" => text(name).lines().filter(|l| l.starts_with("##vso[task.logissue ")).count(),
            "checkstyle" => text(name).matches("<error ").count(),
            "operation-outcome" => {
                let value: Value = serde_json::from_str(&text(name)).unwrap();
                let entries = value["entry"].as_array().unwrap();
                assert_eq!(entries.len(), outcome.sources.len());
                entries
                    .iter()
                    .flat_map(|e| e["resource"]["issue"].as_array().unwrap())
                    .filter(|i| i["details"]["coding"][0]["code"].is_string())
                    .count()
            }
            "csv" => text(name).matches("\r\n").count() - 1,
            "xlsx" => rows_of_sheet(&bytes(format, &outcome, &options()), 2) - 1,
            "markdown" => text(name).lines().filter(|l| l.contains(" HM90")).map(|l| nth_cell(l, 5)).sum::<usize>(),
            // `no_format_loses_a_finding` counts in every format; here is what some say of their own counts.
            _ => continue,
        };
        assert_eq!(count, all, "{name}");
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
                let value = e
                    .try_get_attribute(attribute)
                    .unwrap()
                    .unwrap()
                    .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                    .unwrap();
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
    let first = text("ndjson").lines().next().unwrap().to_string();
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
    for format in &FORMATS {
        let hay = readable(format, &bytes(format, &outcome, &options()));
        for canary in ["SMITH", "Smith", "9990000018"] {
            assert!(!hay.contains(canary), "{} holds {canary}", format.name);
        }
    }
}

#[test]
fn shown_output_holds_the_source_line() {
    let options = WriteOptions { disclosure: Disclosure::Shown, ..options() };
    let text = String::from_utf8(bytes(format("text"), &sample::outcome(), &options)).unwrap();
    assert!(text.contains("\"value\": \"SMITH 9990000018\","), "{text}");
}

#[test]
fn output_is_the_same_on_every_run() {
    for format in &FORMATS {
        let outcome = sample::outcome();
        assert_eq!(bytes(format, &outcome, &options()), bytes(format, &outcome, &options()), "{}", format.name);
    }
}

#[test]
fn sarif_keeps_the_constraints_relied_on() {
    let schema: Value = serde_json::from_str(include_str!("../formats/sarif.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let with_baseline = WriteOptions { baseline: true, ..options() };
    for options in [options(), with_baseline] {
        let value: Value = serde_json::from_slice(&bytes(format("sarif"), &sample::outcome(), &options)).unwrap();
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
        let value: Value = serde_json::from_slice(&bytes(format("sarif"), outcome, &options())).unwrap();
        let results = value["runs"][0]["results"].as_array().unwrap();
        results.iter().map(|r| r["partialFingerprints"].clone()).collect()
    };
    assert_eq!(prints(&sample::outcome()), prints(&moved));
}

#[test]
fn junit_counts_what_it_holds_and_names_are_unique() {
    // A case for each payload; the waived finding and the one of a rule in shadow are skipped.
    let text = junit(false, (14, 2, 1, 2));
    assert!(text.contains("name=\"payload 11\"/>") && text.contains("name=\"feed/d.json\"/>"), "{text}");
    // Five cases of the base, one per rule; three conformance rules asked of one profile; the waived finding shares
    // its case with one that fails, and the rule in shadow is skipped.
    let text = junit(true, (10, 2, 1, 1));
    assert!(text.contains("HM9006 sample-silent\"/>"), "{text}");
}

/// The text, once its cases are counted: cases, failures, errors, skipped.
fn junit(junit_by_rule: bool, expected: (usize, usize, usize, usize)) -> String {
    let options = WriteOptions { junit_by_rule, ..options() };
    let text = String::from_utf8(bytes(format("junit"), &sample::outcome(), &options)).unwrap();
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
                    let name: Vec<String> = e
                        .attributes()
                        .map(|a| a.unwrap().normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned())
                        .collect();
                    assert!(names.insert(name));
                }
                b"failure" => failures += 1,
                b"error" => errors += 1,
                b"skipped" => skipped += 1,
                b"testsuites" => {
                    head = Some(["tests", "failures", "errors"].map(|n| {
                        e.try_get_attribute(n)
                            .unwrap()
                            .unwrap()
                            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                            .unwrap()
                            .parse::<usize>()
                            .unwrap()
                    }));
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(head, Some([cases, failures, errors]));
    assert_eq!((cases, failures, errors, skipped), expected);
    text
}

#[test]
fn new_only_leaves_out_what_the_baseline_knows() {
    let options = WriteOptions { new_only: true, baseline: true, ..options() };
    let text = String::from_utf8(bytes(format("ndjson"), &sample::outcome(), &options)).unwrap();
    assert_eq!(text.lines().filter(|l| l.contains("\"type\":\"finding\"")).count(), 7);
}

#[test]
fn one_source_without_findings_is_one_operation_outcome() {
    let mut outcome = sample::repeated(0);
    let value: Value = serde_json::from_slice(&bytes(format("operation-outcome"), &outcome, &options())).unwrap();
    assert_eq!(value["resourceType"], "OperationOutcome");
    assert_eq!(value["issue"][0]["severity"], "information");
    outcome.sources.clear();
    let value: Value = serde_json::from_slice(&bytes(format("operation-outcome"), &outcome, &options())).unwrap();
    assert_eq!(value["resourceType"], "OperationOutcome");
}

#[test]
fn csv_reads_back() {
    let text = text("csv");
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
