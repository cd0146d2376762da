//! Laws of a run, on the fixture feed and on what chance makes of it: JSON and XML agree, workers do not matter, damage
//! never stops a run, counts add up, shards merge to the whole.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

#[path = "laws/json.rs"]
mod json;
#[path = "../inside/examples/xml.rs"]
mod xml;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, LazyLock};

use hallmark::pack::catalogue::Catalogue;
use hallmark::pack::model::Release;
use hallmark::plan::Plans;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

/// Rules about the bytes of one format, or about what only one of the two can say.
const ONE_FORMAT: &[&str] = &["HM0006", "HM0007", "HM0008", "HM0010", "HM0013", "HM0102", "HM0103", "HM0104", "HM0303"];

/// Single messages of the fixture feed: NDJSON files give one a line.
static MESSAGES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let feed = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds");
    let mut messages = Vec::new();
    for entry in walkdir::WalkDir::new(feed).sort_by_file_name() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let bytes = || fs::read(entry.path()).unwrap();
        if name.ends_with(".json") || name.ends_with(".xml") {
            messages.push((name, bytes()));
        } else if let Some(stem) = name.strip_suffix(".ndjson") {
            for (number, line) in String::from_utf8(bytes()).unwrap().lines().enumerate() {
                messages.push((format!("{stem}-{:02}.json", number + 1), line.as_bytes().to_vec()));
            }
        }
    }
    messages
});

/// Resources of the STU3 messages of the fixture feed, those of Bundles one by one.
static RESOURCES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut resources = Vec::new();
    for (_, bytes) in MESSAGES.iter().filter(|(_, bytes)| !holds(bytes, "UKCore-")) {
        let Ok(message) = serde_json::from_slice::<Value>(bytes) else { continue };
        match message["entry"].as_array() {
            Some(entries) => resources.extend(entries.iter().map(|entry| entry["resource"].clone())),
            None => resources.push(message),
        }
    }
    resources.retain(Value::is_object);
    resources
});

static PLANS: LazyLock<Plans> = LazyLock::new(|| Plans::new(Arc::new(Catalogue::new(&[]).unwrap())));

/// The same cases on every run; PROPTEST_RNG_SEED gives others.
fn config(cases: u32) -> ProptestConfig {
    let given = std::env::var_os("PROPTEST_RNG_SEED").is_some();
    let default = ProptestConfig::default();
    let rng_seed = if given { default.rng_seed } else { RngSeed::Fixed(20_261_121) };
    ProptestConfig { cases, rng_seed, failure_persistence: None, max_shrink_iters: 60, ..default }
}

fn hallmark(folder: &Path, args: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_hallmark")).current_dir(folder).args(args).output().unwrap();
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(!says.contains("panicked"), "hallmark {}: {says}", args.join(" "));
    assert!(output.status.code().is_some_and(|code| code < 5), "hallmark {}: {says}", args.join(" "));
    output
}

fn checked(folder: &Path, more: &[&str]) -> Vec<u8> {
    let mut args = vec!["check", ".", "--no-config", "--today", "2026-11-21", "--format", "ndjson"];
    args.extend(more);
    hallmark(folder, &args).stdout
}

fn lines(stdout: &[u8]) -> Vec<Value> {
    std::str::from_utf8(stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Rule, path and severity of a finding.
type Verdict = (String, String, String);

/// Verdicts on each file, by its name without the ending.
fn verdicts(stdout: &[u8]) -> BTreeMap<String, Vec<Verdict>> {
    let mut all: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for line in lines(stdout).iter().filter(|line| line["type"] == "finding") {
        let text = |key: &str| line[key].as_str().unwrap().to_owned();
        if !ONE_FORMAT.contains(&text("rule").as_str()) {
            let stem = Path::new(&text("source")).file_stem().unwrap().to_string_lossy().into_owned();
            all.entry(stem).or_default().push((text("rule"), text("path"), text("severity")));
        }
    }
    all.values_mut().for_each(|found| found.sort());
    all
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    fs::write(folder.join(name), bytes).unwrap();
}

/// A JSON message and the same as XML, or an XML message and the same as JSON; nothing when it cannot be printed.
fn other_format(name: &str, bytes: &[u8]) -> Option<(String, String)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let release = if text.contains("UKCore-") { Release::R4 } else { Release::Stu3 };
    match name.strip_suffix(".json") {
        Some(stem) => xml::printed(text, &PLANS, release).map(|xml| (format!("{stem}.xml"), xml)),
        None => {
            let stem = name.strip_suffix(".xml").unwrap();
            json::printed(text, &PLANS, release).map(|json| (format!("{stem}.json"), json))
        }
    }
}

/// Checks messages in both formats and says where they differ.
fn differences(messages: &[(String, Vec<u8>)]) -> Vec<String> {
    let (written, printed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (name, bytes) in messages {
        if let Some((other, text)) = other_format(name, bytes) {
            put(written.path(), name, bytes);
            put(printed.path(), &other, text.as_bytes());
        }
    }
    let (written, printed) = (verdicts(&checked(written.path(), &[])), verdicts(&checked(printed.path(), &[])));
    let names: BTreeSet<&String> = written.keys().chain(printed.keys()).collect();
    let nothing = Vec::new();
    names
        .into_iter()
        .filter_map(|name| {
            let (a, b) = (written.get(name).unwrap_or(&nothing), printed.get(name).unwrap_or(&nothing));
            (a != b).then(|| {
                let only = |a: &[Verdict], b: &[Verdict]| -> String {
                    a.iter().filter(|f| !b.contains(f)).map(|f| format!("\n    {f:?}")).collect()
                };
                format!("{name}\n  only as written:{}\n  only as printed:{}", only(a, b), only(b, a))
            })
        })
        .collect()
}

#[test]
fn json_and_xml_of_a_message_have_the_same_findings() {
    let printable = MESSAGES.iter().filter(|(name, bytes)| other_format(name, bytes).is_some()).count();
    assert!(printable * 10 >= MESSAGES.len() * 8, "only {printable} of {} messages are compared", MESSAGES.len());
    let differences = differences(&MESSAGES);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// For corpora: HALLMARK_LAWS=FOLDER cargo test --test door laws -- --ignored
#[test]
#[ignore = "takes a folder of messages"]
fn json_and_xml_of_a_folder_have_the_same_findings() {
    let Some(folder) = std::env::var_os("HALLMARK_LAWS") else { return };
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let messages: Vec<(String, Vec<u8>)> = files
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "json" || e == "xml"))
        .enumerate()
        .map(|(number, entry)| {
            let name = entry.file_name().to_string_lossy().replace(['.', ' '], "_");
            let ending = entry.path().extension().unwrap().to_string_lossy().into_owned();
            (format!("{number:05}-{name}.{ending}"), fs::read(entry.path()).unwrap())
        })
        .collect();
    let differences = differences(&messages);
    assert!(differences.is_empty(), "{} of {} differ\n{}", differences.len(), messages.len(), differences.join("\n"));
}

/// A change to a message that both formats can carry.
#[derive(Clone, Debug)]
enum Change {
    Drop(prop::sample::Index),
    Text(prop::sample::Index, &'static str),
    Twice(prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let text =
        prop::sample::select(vec!["x", "2026-02-30", "Patient/none", " edge ", "été", "http://example.org/x", "1"]);
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Change::Drop),
        (any::<prop::sample::Index>(), text).prop_map(|(at, text)| Change::Text(at, text)),
        any::<prop::sample::Index>().prop_map(Change::Twice),
    ]
}

/// JSON pointers of everything below the root but `resourceType`.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members.iter().filter(|(name, _)| *name != "resourceType") {
                out.push(format!("{at}/{name}"));
                pointers(inner, &format!("{at}/{name}"), out);
            }
        }
        Value::Array(items) => {
            for (number, inner) in items.iter().enumerate() {
                out.push(format!("{at}/{number}"));
                pointers(inner, &format!("{at}/{number}"), out);
            }
        }
        _ => {}
    }
}

/// An XML message with one of its primitive elements dropped, given another value, or there twice.
fn changed_xml(bytes: &[u8], change: &Change) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines: Vec<&str> = text.lines().collect();
    let values: Vec<usize> = (0..lines.len()).filter(|n| lines[*n].trim_end().ends_with("\"/>")).collect();
    let (Change::Drop(index) | Change::Text(index, _) | Change::Twice(index)) = change;
    let at = *index.get(&values);
    let other;
    match change {
        Change::Drop(_) => drop(lines.remove(at)),
        Change::Text(_, text) => {
            let (start, _) = lines[at].split_once("value=\"")?;
            other = format!("{start}value=\"{text}\"/>");
            lines[at] = &other;
        }
        Change::Twice(_) => lines.insert(at, lines[at]),
    }
    Some(lines.join("\n").into_bytes())
}

fn changed(name: &str, bytes: &[u8], change: &Change) -> Option<Vec<u8>> {
    if name.ends_with(".xml") {
        return changed_xml(bytes, change);
    }
    let mut value: Value = serde_json::from_slice(bytes).ok()?;
    let mut all = Vec::new();
    pointers(&value, "", &mut all);
    let (Change::Drop(index) | Change::Text(index, _) | Change::Twice(index)) = change;
    let pointer = index.get(&all);
    let (parent, last) = pointer.rsplit_once('/')?;
    match change {
        Change::Drop(_) => match value.pointer_mut(parent)? {
            Value::Object(members) => drop(members.shift_remove(last)),
            Value::Array(items) => drop(items.remove(last.parse().ok()?)),
            _ => return None,
        },
        Change::Text(_, text) => {
            let at = value.pointer_mut(pointer)?;
            // Narrative must stay markup, or the XML is no XML.
            if last == "div" || !at.is_string() {
                return None;
            }
            *at = (*text).into();
        }
        Change::Twice(_) => {
            let at = value.pointer_mut(parent)?.as_array_mut()?;
            let item = at.get(last.parse::<usize>().ok()?)?.clone();
            at.push(item);
        }
    }
    serde_json::to_vec_pretty(&value).ok()
}

/// Damage to the bytes of a message.
#[derive(Clone, Debug)]
enum Damage {
    Cut(prop::sample::Index),
    Byte(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    let telling = prop::sample::select(vec![
        b"\"".to_vec(),
        b"{".to_vec(),
        b"]".to_vec(),
        b"<".to_vec(),
        b"/>".to_vec(),
        b"&#0;".to_vec(),
        b"\\ud800".to_vec(),
        b"null".to_vec(),
        b"\n".to_vec(),
        b"\xff\xfe".to_vec(),
        b"\xe2\x80".to_vec(),
        b"1e999999999".to_vec(),
        b"99999999999999999999999999".to_vec(),
        b"<![CDATA[x]]>".to_vec(),
        "\u{202e}\u{0}".as_bytes().to_vec(),
    ]);
    prop_oneof![
        at().prop_map(Damage::Cut),
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        (at(), telling).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        (at(), 1..60_usize).prop_map(|(at, length)| Damage::Remove(at, length)),
        (at(), 1..400_usize).prop_map(|(at, length)| Damage::Repeat(at, length)),
    ]
}

fn damaged(bytes: &[u8], damage: &Damage) -> Vec<u8> {
    let mut out = bytes.to_vec();
    if out.is_empty() {
        return out;
    }
    match damage {
        Damage::Cut(at) => out.truncate(at.index(bytes.len())),
        Damage::Byte(at, byte) => out[at.index(bytes.len())] = *byte,
        Damage::Insert(at, more) => {
            drop(out.splice(at.index(bytes.len())..at.index(bytes.len()), more.iter().copied()))
        }
        Damage::Remove(at, length) => {
            let at = at.index(bytes.len());
            out.drain(at..bytes.len().min(at + length));
        }
        Damage::Repeat(at, length) => {
            let at = at.index(bytes.len());
            let part = bytes[at..bytes.len().min(at + length)].to_vec();
            out.splice(at..at, part);
        }
    }
    out
}

/// Any message of the feed.
fn message() -> impl Strategy<Value = &'static (String, Vec<u8>)> {
    prop::sample::select(MESSAGES.iter().collect::<Vec<_>>())
}

/// The numbers of a summary: given, read, failed, skipped.
fn counts(stdout: &[u8]) -> [u64; 4] {
    let summary = lines(stdout).pop().unwrap();
    assert_eq!(summary["type"], "summary");
    ["given", "read", "failed", "skipped"].map(|key| summary["payloads"][key].as_u64().unwrap())
}

/// One NDJSON line of a message: JSON without its line breaks.
fn one_line(bytes: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    Some(value.to_string())
}

/// A record without what names its run.
fn nameless(path: &Path) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|key, _| !matches!(key.as_str(), "shards" | "shard" | "sources" | "examples"));
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    strip(&mut value);
    value
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn json_and_xml_agree_on_changed_messages(changes in prop::collection::vec((message(), change()), 60..120)) {
        let messages: Vec<(String, Vec<u8>)> = changes
            .iter()
            .enumerate()
            .filter_map(|(number, ((name, bytes), change))| {
                Some((format!("{number:03}-{name}"), changed(name, bytes, change)?))
            })
            .collect();
        let differences = differences(&messages);
        prop_assert!(differences.is_empty(), "{}", differences.join("\n"));
    }

    #[test]
    fn damage_never_stops_a_run(damages in prop::collection::vec((message(), prop::collection::vec(damage(), 1..4)), 150..250)) {
        let folder = tempfile::tempdir().unwrap();
        for (number, ((name, bytes), damages)) in damages.iter().enumerate() {
            let bytes = damages.iter().fold(bytes.clone(), |bytes, damage| damaged(&bytes, damage));
            put(folder.path(), &format!("{number:03}-{name}"), &bytes);
        }
        let [given, read, failed, skipped] = counts(&checked(folder.path(), &[]));
        prop_assert_eq!(given, damages.len() as u64);
        prop_assert_eq!(given, read + failed + skipped);
    }

    #[test]
    fn every_line_of_a_feed_is_counted(
        rows in prop::collection::vec((message(), prop::option::of(damage()), 0..3_usize), 60..120),
        jobs in 1..5_usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut feed = Vec::new();
        let mut given = 0;
        for ((_, bytes), damage, blank) in &rows {
            let Some(line) = one_line(bytes) else { continue };
            let line = damage.as_ref().map_or_else(|| line.as_bytes().to_vec(), |damage| damaged(line.as_bytes(), damage));
            given += line.split(|b| *b == b'\n').filter(|part| !part.trim_ascii().is_empty()).count() as u64;
            feed.extend(line);
            feed.extend(b"\n".repeat(1 + blank));
        }
        put(folder.path(), "feed.ndjson", &feed);
        let counts = counts(&checked(folder.path(), &["--jobs", &jobs.to_string()]));
        prop_assert_eq!(counts[0], given);
        prop_assert_eq!(counts[0], counts[1] + counts[2] + counts[3]);
    }

    #[test]
    fn any_number_of_workers_gives_the_same_bytes(
        rows in prop::collection::vec(message(), 100..200),
        jobs in 2..9_usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut feed = String::new();
        for (number, (name, bytes)) in rows.iter().enumerate() {
            if number % 3 == 0 {
                put(folder.path(), &format!("{number:03}-{name}"), bytes);
            } else if let Some(line) = one_line(bytes) {
                feed.push_str(&line);
                feed.push('\n');
            }
        }
        put(folder.path(), "feed.ndjson", feed.as_bytes());
        let alone = checked(folder.path(), &["--jobs", "1"]);
        let many = checked(folder.path(), &["--jobs", &jobs.to_string()]);
        prop_assert!(alone == many, "1 and {jobs} workers differ");
    }

    #[test]
    fn any_number_of_workers_checks_a_large_bundle_alike(
        rows in prop::collection::vec(prop::sample::select(RESOURCES.iter().collect::<Vec<_>>()), 520..900),
        jobs in 2..5_usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let entries: Vec<Value> = rows.iter().map(|resource| serde_json::json!({ "resource": resource })).collect();
        let bundle = serde_json::json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
        put(folder.path(), "bundle.json", bundle.to_string().as_bytes());
        let alone = checked(folder.path(), &["--jobs", "1", "--fhir-version", "3.0"]);
        let many = checked(folder.path(), &["--jobs", &jobs.to_string(), "--fhir-version", "3.0"]);
        prop_assert!(lines(&alone).len() > rows.len() / 4, "the bundle has hardly a finding");
        prop_assert!(alone == many, "1 and {jobs} workers differ");
        // What is checked ahead knows of rules in shadow too: with all of them there, every profile is met.
        let record = folder.path().join("record");
        let shadow = ["--fhir-version", "3.0", "--shadow", "fhir", "--fail-on", "never", "--record"];
        checked(folder.path(), &[&shadow[..], &[record.to_str().unwrap()]].concat());
        let record: Value = serde_json::from_slice(&fs::read(&record).unwrap()).unwrap();
        let profiles = record["parts"][0]["profiles"].as_array().unwrap();
        prop_assert!(profiles.iter().all(|p| p["resources"] == p["clean"]), "{profiles:?}");
    }

    #[test]
    fn shards_merge_to_the_whole(rows in prop::collection::vec((message(), 0..3_usize), 40..80)) {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        let mut shards = vec![String::new(); 3];
        // Records of one release only: see the test below.
        for (_, bytes) in rows.iter().map(|(message, _)| message).filter(|(_, bytes)| !holds(bytes, "UKCore-")).take(3) {
            shards.iter_mut().for_each(|shard| shard.extend(one_line(bytes).map(|line| line + "\n")));
        }
        for ((_, bytes), shard) in rows.iter().filter(|((_, bytes), _)| !holds(bytes, "UKCore-")) {
            if let Some(line) = one_line(bytes) {
                shards[*shard].push_str(&line);
                shards[*shard].push('\n');
            }
        }
        put(here, "whole.ndjson", shards.concat().as_bytes());
        let record = |feed: &str, to: &str| {
            let args = ["check", feed, "--no-config", "--today", "2026-11-21", "--record", to, "--format", "ndjson"];
            hallmark(here, &args);
        };
        record("whole.ndjson", "whole.record");
        let mut names = Vec::new();
        for (number, shard) in shards.iter().enumerate() {
            put(here, &format!("{number}.ndjson"), shard.as_bytes());
            record(&format!("{number}.ndjson"), &format!("{number}.record"));
            names.push(format!("{number}.record"));
        }
        let merge = |parts: &[&str], to: &str| {
            let mut args = vec!["merge"];
            args.extend(parts);
            args.extend(["-o", to]);
            let output = hallmark(here, &args);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        merge(&["0.record", "1.record", "2.record"], "a.record");
        merge(&["2.record", "0.record", "1.record"], "b.record");
        merge(&["1.record", "2.record"], "c.part");
        merge(&["c.part", "0.record"], "c.record");
        prop_assert_eq!(fs::read(here.join("a.record")).unwrap(), fs::read(here.join("b.record")).unwrap());
        prop_assert_eq!(fs::read(here.join("a.record")).unwrap(), fs::read(here.join("c.record")).unwrap());
        prop_assert_eq!(nameless(&here.join("a.record")), nameless(&here.join("whole.record")));
    }
}

fn holds(bytes: &[u8], part: &str) -> bool {
    String::from_utf8_lossy(bytes).contains(part)
}
