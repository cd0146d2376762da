//! Laws of a run, on the fixture feed and on what chance makes of it: workers do not matter, damage never stops a run, counts add
//! up, shards merge to the whole.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

#[path = "../inside/feed.rs"]
mod feed;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use feed::{MESSAGES, config, message};
use proptest::prelude::*;
use serde_json::Value;

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

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    fs::write(folder.join(name), bytes).unwrap();
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
                members
                    .retain(|key, _| !matches!(key.as_str(), "shards" | "shard" | "sources" | "examples" | "digest"));
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
