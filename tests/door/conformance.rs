//! Recorded verdicts of the HL7 reference validator: every run agrees in its number of errors, but for those listed in
//! `fixtures/conformance-known.tsv`, each with its reason; the list may only shrink.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // Tests say what they skipped and what they counted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use quick_xml::events::Event;
use serde_json::Value;

const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/oracle");
const KNOWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/conformance-known.tsv");

/// One run: the arguments of `check`, and how many errors were recorded.
struct Run {
    name: String,
    mode: String,
    arguments: Vec<String>,
    expected: usize,
}

fn read_json(path: &Path) -> Option<Value> {
    let text = std::fs::read_to_string(path).ok()?;
    serde_json::from_str(text.trim_start_matches('\u{FEFF}')).ok()
}

fn errors(outcome: &Value) -> usize {
    let issues = outcome["issue"].as_array().map(Vec::as_slice).unwrap_or_default();
    issues.iter().filter(|i| matches!(i["severity"].as_str(), Some("error" | "fatal"))).count()
}

/// Canonical of a definition file.
fn canonical(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    if let Some(json) = read_json(path) {
        return json["url"].as_str().map(str::to_owned);
    }
    // The url of the definition itself, not of what it contains.
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut depth = 0;
    loop {
        let (tag, opens) = match reader.read_event().ok()? {
            Event::Start(tag) => (tag, true),
            Event::Empty(tag) => (tag, false),
            Event::End(_) => {
                depth -= 1;
                continue;
            }
            Event::Eof => return None,
            _ => continue,
        };
        if depth == 1 && tag.local_name().as_ref() == b"url" {
            let value = tag.try_get_attribute("value").ok()??;
            return Some(String::from_utf8_lossy(&value.value).into_owned());
        }
        depth += i32::from(opens);
    }
}

fn list(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

fn arguments(cases: &Path, test: &Value, mode: &str) -> Option<Vec<String>> {
    let file = cases.join(test["file"].as_str()?);
    let release = if test["version"].as_str().is_some_and(|v| v.starts_with('3')) { "3.0" } else { "4.0" };
    let mut out: Vec<String> = ["check", file.to_str()?, "--fhir-version", release].map(str::to_owned).into();
    out.extend(["--rules", "fhir", "--format", "operation-outcome", "--no-config"].map(str::to_owned));
    out.extend(["--best-practice", "ignore", "--quiet"].map(str::to_owned));
    let mut definitions = list(&test["supporting"]);
    definitions.extend(list(&test["profiles"]));
    if mode == "profile" {
        let source = test["profile"]["source"].as_str().or(test["profile"].as_str());
        definitions.extend(list(&test["profile"]["supporting"]));
        if let Some(source) = source {
            let held = cases.join(source);
            let url = if held.is_file() { canonical(&held) } else { Some(source.to_owned()) };
            definitions.push(source.to_owned());
            if let Some(url) = url {
                out.extend(["--profile".to_owned(), url]);
            }
        }
    }
    let mut given = Vec::new();
    for definition in definitions {
        let path = cases.join(&definition);
        if path.exists() && !given.contains(&definition) {
            out.extend(["--package".to_owned(), path.to_str()?.to_owned()]);
            given.push(definition);
        }
    }
    for domain in list(&test["allowed-extension-domain"]) {
        out.extend(["--extension-domain".to_owned(), domain]);
    }
    let set = |name: &str| !matches!(test[name], Value::Null | Value::Bool(false));
    for (name, option) in [
        ("validateReference", "--check-references"),
        ("assumeValidRestReferences", "--assume-valid-rest-references"),
        ("security-checks", "--security-checks"),
    ] {
        if set(name) {
            out.push(option.to_owned());
        }
    }
    Some(out)
}

fn runs(cases: &Path) -> Vec<Run> {
    let manifest = read_json(&cases.join("manifest.json")).unwrap();
    let tests: BTreeMap<&str, &Value> = manifest["test-cases"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|t| t["version"].as_str().is_some_and(|v| v.starts_with(['3', '4'])))
        .filter_map(|t| Some((t["name"].as_str()?, t)))
        .collect();
    let table = std::fs::read_to_string(Path::new(ORACLE).join("runs.tsv")).unwrap();
    let run = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let (name, mode, population, outcome) = (*cells.first()?, *cells.get(1)?, *cells.get(7)?, *cells.get(8)?);
        if population != "P" || !matches!(mode, "base" | "profile") {
            return None;
        }
        let test = tests.get(name)?;
        let recorded = read_json(&cases.join("outcomes/java").join(outcome))?;
        let arguments = arguments(cases, test, mode).filter(|a| Path::new(&a[1]).is_file())?;
        Some(Run { name: name.to_owned(), mode: mode.to_owned(), arguments, expected: errors(&recorded) })
    };
    table.lines().skip(1).filter_map(run).collect()
}

/// Errors that `check` finds; `None` when it crashed.
fn found(run: &Run) -> Option<usize> {
    let output = Command::new(env!("CARGO_BIN_EXE_hallmark")).args(&run.arguments).output().ok()?;
    let mut outcome: Value = serde_json::from_slice(&output.stdout).ok()?;
    if outcome["resourceType"] == "Bundle" {
        outcome = outcome["entry"][0]["resource"].clone();
    }
    (outcome["resourceType"] == "OperationOutcome").then(|| errors(&outcome))
}

fn unpacked() -> Option<PathBuf> {
    let archive = Path::new(ORACLE).join("validator-test-cases.tgz");
    let Ok(bytes) = std::fs::read(&archive) else {
        println!("SKIPPED: ../shared/oracle/validator-test-cases.tgz is not here");
        return None;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance");
    tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice())).unpack(&folder).unwrap();
    Some(folder.join("validator"))
}

#[test]
fn recorded_verdicts_are_met() {
    let Some(cases) = unpacked() else { return };
    let runs = runs(&cases);
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(run) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    results.lock().unwrap().insert((run.name.as_str(), run.mode.as_str()), (run.expected, found(run)));
                }
            });
        }
    });
    let results = results.into_inner().unwrap();
    let table = std::fs::read_to_string(KNOWN).unwrap_or_default();
    let mut known: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for line in table.lines().filter(|l| !l.starts_with('#')) {
        let [name, mode, expected, found, reason] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not five cells: {line}")
        };
        assert!(!reason.is_empty(), "{name} has no reason");
        known.insert((name, mode), (expected.parse().unwrap(), found.parse().unwrap()));
    }
    let mut faults = Vec::new();
    for (key, (expected, found)) in &results {
        let (name, mode) = key;
        let Some(found) = found else {
            faults.push(format!("{name}\t{mode}: no OperationOutcome came out"));
            continue;
        };
        match known.get(key) {
            None if expected != found => faults.push(format!("{name}\t{mode}\t{expected}\t{found}\tnew difference")),
            Some(_) if expected == found => faults.push(format!("{name}\t{mode}: met now, take it off the list")),
            Some(held) if *held != (*expected, *found) => {
                faults.push(format!("{name}\t{mode}\t{expected}\t{found}\tlisted as {held:?}"));
            }
            _ => {}
        }
    }
    let verdicts = results.values().filter(|(e, f)| f.is_some_and(|f| (*e > 0) == (f > 0))).count();
    let counts = results.values().filter(|(e, f)| *f == Some(*e)).count();
    println!("{} runs: {verdicts} verdicts and {counts} counts agree", results.len());
    assert!(results.len() > 300, "{} runs", results.len());
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
