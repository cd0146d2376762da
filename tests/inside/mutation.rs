//! Evidence that faults are found: every clean message, one fault at a time, and the rule that must say so, where it is.
//! Kinds of fault that are not found stand in fixtures/mutation-known.tsv with the reason, and may only become fewer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "functions that tests share"
)]

use super::definitions;
#[path = "mutation/places.rs"]
mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hallmark::finding::{Finding, Verdict};
use hallmark::pack::catalogue::Catalogue;
use hallmark::pack::model::Release;
use hallmark::plan::Plans;
use hallmark::session::{Hallmark, State, rules};
use hallmark::settings::Date;
use places::{Mutation, mutations};
use serde_json::Value;

const KNOWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/mutation-known.tsv");

/// What checks, with every option on, for each release that may be given.
struct Checker {
    /// To find places to mutate.
    plans: Plans,
    told: Hallmark,
    stu3: Hallmark,
    r4: Hallmark,
}

impl Checker {
    fn new() -> Self {
        let day = Date::parse("2026-11-21").unwrap();
        let builder = || Hallmark::builder().today(day).best_practice("warning").security_checks(true);
        let told = builder().build().unwrap();
        let of = |release: Release| builder().fhir_version(release.as_str()).sharing(&told).build().unwrap();
        Self {
            stu3: of(Release::Stu3),
            r4: of(Release::R4),
            plans: Plans::new(Catalogue::new(&[]).unwrap().into()),
            told,
        }
    }

    fn check(&self, text: &str, release: Option<Release>) -> (State, Vec<Finding>) {
        let hallmark = match release {
            None => &self.told,
            Some(Release::Stu3) => &self.stu3,
            Some(Release::R4) => &self.r4,
        };
        let checked = hallmark.check(text.as_bytes());
        (checked.state, checked.findings)
    }
}

/// A message to mutate.
struct Message {
    release: Release,
    value: Value,
}

fn message(text: &[u8], release: Release) -> Option<Message> {
    let value: Value = serde_json::from_slice(text).ok()?;
    value["resourceType"].is_string().then_some(Message { release, value })
}

/// Clean messages of the fixtures, and what rules show as sound.
fn own() -> Vec<Message> {
    let mut all = Vec::new();
    let feeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds");
    for entry in walkdir::WalkDir::new(feeds).sort_by_file_name() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with("json") {
            continue;
        }
        for line in
            if name.ends_with(".ndjson") { split(entry.path()) } else { vec![std::fs::read(entry.path()).unwrap()] }
        {
            let release = if String::from_utf8_lossy(&line).contains("UKCore") { Release::R4 } else { Release::Stu3 };
            all.extend(message(&line, release));
        }
    }
    for meta in rules() {
        let sound = meta.examples.iter().filter(|e| e.verdict == Verdict::Silent && e.input.starts_with('{'));
        for example in sound.filter(|e| e.profile.is_empty()) {
            all.extend(message(example.input.as_bytes(), Release::parse(example.release).unwrap()));
        }
    }
    all
}

fn split(path: &Path) -> Vec<Vec<u8>> {
    std::fs::read(path).unwrap().split(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
}

/// Rule and path of each finding, with how often.
fn said(findings: &[Finding]) -> BTreeMap<(String, String), u32> {
    let mut all = BTreeMap::new();
    for finding in findings {
        *all.entry((finding.meta.id.to_owned(), finding.path.clone())).or_default() += 1;
        // A finding that another explains is a note of that one.
        for note in finding.notes.iter().filter_map(|n| n.strip_prefix("for this reason also ")) {
            let id = note.split(' ').next().unwrap_or_default();
            *all.entry((id.to_owned(), finding.path.clone())).or_default() += 1;
        }
    }
    all
}

/// Whether one of the expected rules says something new at the element, at its parent, or below it.
fn detected(mutation: &Mutation, before: &BTreeMap<(String, String), u32>, after: &[Finding]) -> bool {
    let parent = mutation.path.rsplit_once('.').map_or("", |(parent, _)| parent);
    let parent = if mutation.path.ends_with(')') { parent.rsplit_once('.').map_or(parent, |(p, _)| p) } else { parent };
    said(after).into_iter().any(|((rule, path), count)| {
        let here = path.starts_with(&mutation.path) || path == parent || mutation.path.starts_with(&format!("{path}."));
        // Nothing but the fault of form is left of what can no longer be read.
        let new = count > before.get(&(rule.clone(), path.clone())).copied().unwrap_or(0);
        let expected = mutation.expected.contains(&rule.as_str());
        new && expected && (here || path.is_empty())
    })
}

/// Found and given, by kind; and what was not found: kind and definition, with the rules that spoke instead.
#[derive(Default)]
struct Tally {
    kinds: BTreeMap<&'static str, (u64, u64)>,
    missed: BTreeMap<(&'static str, String), BTreeSet<String>>,
    silent: BTreeMap<&'static str, u64>,
}

/// Mutates messages, each place of a definition at most `each` times a kind.
fn run(messages: &[Message], each: u32) -> Tally {
    // One kind alone: HALLMARK_MUTATION="display of another code".
    let only = std::env::vars().find(|(name, _)| name == "HALLMARK_MUTATION").map(|(_, kind)| kind);
    let checker = Checker::new();
    let mut tally = Tally::default();
    let mut done: BTreeMap<(&'static str, &'static str, String), u32> = BTreeMap::new();
    for message in messages {
        let (state, clean) = checker.check(&message.value.to_string(), Some(message.release));
        if state != State::Read {
            continue;
        }
        let before = said(&clean);
        for mutation in mutations(&message.value, &checker.plans, message.release) {
            if only.as_ref().is_some_and(|kind| kind != mutation.kind) {
                continue;
            }
            let times = done.entry((mutation.kind, message.release.as_str(), mutation.definition.clone())).or_default();
            *times += 1;
            if *times > each {
                continue;
            }
            // What is at fault already shows nothing.
            let reference = mutation.path.strip_suffix(".reference");
            let at_fault = |(rule, path): &(String, String)| {
                mutation.expected.contains(&rule.as_str())
                    && (*path == mutation.path || Some(path.as_str()) == reference)
            };
            let claims = format!("{}.meta.profile", mutation.path);
            let claimed = before.keys().any(|(rule, path)| rule == "HM0134" && path.starts_with(&claims));
            if before.keys().any(at_fault) || (mutation.expected.contains(&"HM0134") && claimed) {
                continue;
            }
            let Some(text) = mutation.apply(&message.value) else { continue };
            let (_, after) = checker.check(&text, Some(message.release));
            let kind = tally.kinds.entry(mutation.kind).or_default();
            kind.1 += 1;
            if detected(&mutation, &before, &after) {
                kind.0 += 1;
                continue;
            }
            let more = said(&after).into_iter().filter(|(what, n)| *n > before.get(what).copied().unwrap_or(0));
            let instead: BTreeSet<String> = more.map(|((rule, _), _)| rule).collect();
            *tally.silent.entry(mutation.kind).or_default() += u64::from(instead.is_empty());
            tally.missed.entry((mutation.kind, mutation.definition.clone())).or_default().extend(instead);
        }
    }
    tally
}

impl Tally {
    fn print(&self) {
        let (mut found, mut given) = (0, 0);
        for (kind, (f, g)) in &self.kinds {
            let silent = self.silent.get(kind).copied().unwrap_or(0);
            println!("{:6.2} %  {f:6} of {g:6}  {silent:4} passed in silence  {kind}", *f as f64 * 100.0 / *g as f64);
            found += f;
            given += g;
        }
        println!("{:6.2} %  {found:6} of {given:6}  all", found as f64 * 100.0 / given.max(1) as f64);
    }
}

/// Known misses: kind, definition (an ending, or * for any), reason.
fn known() -> Vec<(String, String, String)> {
    let text = std::fs::read_to_string(KNOWN).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(|line| {
        let mut cells = line.split('\t').map(str::to_owned);
        let mut next = || cells.next().unwrap_or_else(|| panic!("three columns: {line}"));
        (next(), next(), next())
    })
    .collect()
}

/// Compares what was missed with what is known to be, and says what is new and what is no longer so.
fn settle(tally: &Tally, whole: bool) {
    let known = known();
    let holds = |row: &(String, String, String), miss: &(&str, String)| {
        row.0 == miss.0 && (row.1 == "*" || miss.1 == row.1 || miss.1.ends_with(&format!(".{}", row.1)))
    };
    let new: Vec<String> = tally
        .missed
        .iter()
        .filter(|(miss, _)| !known.iter().any(|row| holds(row, miss)))
        .map(|((kind, definition), instead)| format!("{kind}\t{definition}\t{instead:?}"))
        .collect();
    tally.print();
    assert!(new.is_empty(), "{} faults are not found and not known:\n{}", new.len(), new.join("\n"));
    if whole {
        let gone = known.iter().filter(|row| !tally.missed.keys().any(|miss| holds(row, miss)));
        let gone: Vec<String> = gone.map(|(kind, definition, _)| format!("{kind}\t{definition}")).collect();
        assert!(gone.is_empty(), "these are found now, so strike them:\n{}", gone.join("\n"));
    }
}

#[test]
fn faults_in_own_messages_are_found() {
    settle(&run(&own(), 1), false);
}

/// Every message of the corpora: cargo test --release --lib mutation -- --ignored --nocapture
#[test]
#[ignore = "takes minutes in a release build"]
fn faults_in_official_messages_are_found() {
    let mut messages = own();
    for (name, release) in [
        ("careconnect-stu3", Release::Stu3),
        ("gpconnect-stu3", Release::Stu3),
        ("transferofcare-stu3", Release::Stu3),
        ("ukcore-r4", Release::R4),
        ("uk-other-r4", Release::R4),
        ("hl7-r4-examples", Release::R4),
        ("hl7-r3-examples", Release::Stu3),
    ] {
        let Some(bytes) = definitions::shared(&format!("corpora/{name}.tgz")) else {
            println!("SKIPPED: ../shared/corpora/{name}.tgz is not here");
            return;
        };
        let files = definitions::unpack(&bytes, |name| name.ends_with(".json"));
        messages.extend(files.iter().filter(|(_, b)| b.len() < 60_000).filter_map(|(_, b)| message(b, release)));
    }
    println!("{} messages", messages.len());
    let whole = !std::env::vars().any(|(name, _)| name == "HALLMARK_MUTATION");
    settle(&run(&messages, 1), whole);
}
