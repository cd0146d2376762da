//! The official examples of HL7: no error beyond those of `fixtures/official-examples-known.tsv`, each judged against the
//! checks of the reference validator and listed with its reason; the list may only shrink.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // Tests say what they skipped and what they counted.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const CORPORA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpora");
const KNOWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/official-examples-known.tsv");

/// `Bundle.entry[2].resource` to `Bundle.entry.resource`.
fn without_indices(path: &str) -> String {
    let mut parts = path.split(['[', ']']);
    let first = parts.next().unwrap_or("").to_owned();
    parts.skip(1).step_by(2).fold(first, |out, part| out + part)
}

/// Errors by release, file, rule and path: how often, and what is said.
fn errors(release: &str, archive: &Path, out: &mut BTreeMap<[String; 4], (usize, String)>) -> usize {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("official-examples-{release}"));
    let bytes = std::fs::read(archive).unwrap();
    tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice())).unpack(&folder).unwrap();
    let version = if release == "R3" { "3.0" } else { "4.0" };
    let run = Command::new(env!("CARGO_BIN_EXE_hallmark"))
        .arg("check")
        .arg(&folder)
        .args(["--fhir-version", version, "--rules", "fhir", "--best-practice", "ignore", "--no-config", "--quiet"])
        .args(["--format", "ndjson"])
        .output()
        .unwrap();
    let mut payloads = 0;
    for line in String::from_utf8(run.stdout).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["type"] == "summary" {
            payloads = line["payloads"]["read"].as_u64().unwrap() as usize;
            assert_eq!(line["payloads"]["given"], line["payloads"]["read"], "every example can be read");
        }
        if line["type"] != "finding" || !matches!(line["severity"].as_str(), Some("error" | "fatal")) {
            continue;
        }
        let text = |member: &str| line[member].as_str().unwrap().to_owned();
        let file = text("source").rsplit('/').next().unwrap().to_owned();
        let key = [release.to_owned(), file, text("rule"), without_indices(&text("path"))];
        out.entry(key).or_insert_with(|| (0, text("says"))).0 += 1;
    }
    payloads
}

#[test]
fn official_examples_have_no_error_but_those_listed() {
    let mut found = BTreeMap::new();
    let mut payloads = 0;
    for (release, name) in [("R3", "hl7-r3-examples.tgz"), ("R4", "hl7-r4-examples.tgz")] {
        let archive = Path::new(CORPORA).join(name);
        if !archive.is_file() {
            println!("SKIPPED: ../shared/corpora/{name} is not here");
            return;
        }
        payloads += errors(release, &archive, &mut found);
    }
    let table = std::fs::read_to_string(KNOWN).unwrap();
    let mut known: BTreeMap<[String; 4], usize> = BTreeMap::new();
    for line in table.lines().filter(|l| !l.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        assert!(cells.len() == 6 && !cells[5].is_empty(), "six cells, the last a reason: {line}");
        known.insert(std::array::from_fn(|i| cells[i].to_owned()), cells[4].parse().unwrap());
    }
    let total: usize = found.values().map(|(count, _)| count).sum();
    println!("official examples: {payloads} payloads, {total} errors in {} places", found.len());
    let mut faults = Vec::new();
    for (key, (count, says)) in &found {
        if known.remove(key) != Some(*count) {
            faults.push(format!("{}\t{count}\t(new: {says})", key.join("\t")));
        }
    }
    faults.extend(known.keys().map(|key| format!("{}: met now, take it off the list", key.join("\t"))));
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
