//! Law: JSON and XML of the same message have the same findings, on the fixture feed and on what chance makes of it.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

#[path = "two_formats/json.rs"]
mod json;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use hallmark::finding::Finding;
use hallmark::pack::catalogue::Catalogue;
use hallmark::pack::model::Release;
use hallmark::plan::Plans;
use hallmark::session::{Hallmark, Observer, Unreadable};
use hallmark::settings::Date;
use proptest::prelude::*;
use serde_json::Value;

use super::examples::xml;
use super::feed::{MESSAGES, config, message};

/// Rules about the bytes of one format, or about what only one of the two can say.
const ONE_FORMAT: &[&str] = &["HM0006", "HM0007", "HM0008", "HM0010", "HM0013", "HM0102", "HM0103", "HM0104", "HM0303"];

static PLANS: LazyLock<Plans> = LazyLock::new(|| Plans::new(Arc::new(Catalogue::new(&[]).unwrap())));

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Observer for Findings {
    fn finding(&mut self, finding: &Finding) {
        self.0.push(finding.clone());
    }

    fn unreadable(&mut self, what: &Unreadable) {
        panic!("{}: {}", what.name, what.why);
    }
}

static HALLMARK: LazyLock<Hallmark> =
    LazyLock::new(|| Hallmark::builder().today(Date::parse("2026-11-21").unwrap()).build().unwrap());

/// Findings of a folder of messages.
fn checked(folder: &Path) -> Vec<Finding> {
    let mut found = Findings::default();
    HALLMARK.run(&[folder.to_owned()], 2, &mut found);
    found.0
}

/// Rule, path and severity of a finding.
type Verdict = (&'static str, String, &'static str);

/// Verdicts on each file, by its name without the ending.
fn verdicts(findings: &[Finding]) -> BTreeMap<String, Vec<Verdict>> {
    let mut all: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for finding in findings.iter().filter(|f| !ONE_FORMAT.contains(&f.meta.id)) {
        let stem = Path::new(&*finding.source).file_stem().unwrap().to_string_lossy().into_owned();
        all.entry(stem).or_default().push((finding.meta.id, finding.path.clone(), finding.severity.as_str()));
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
    let (written, printed) = (verdicts(&checked(written.path())), verdicts(&checked(printed.path())));
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

/// For corpora: HALLMARK_LAWS=FOLDER cargo test --lib two_formats -- --ignored
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
}
