//! Files of one module do not use each other in a circle, but for those listed, and the list may only shrink.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Circles that stand today: files of one circle in one row. A part that is split over files for its size counts as one, too.
const KNOWN: &str = include_str!("circles.tsv");

/// Uses of files by module path: `conform::slice`.
type Uses = BTreeMap<String, BTreeSet<String>>;

fn modules(root: &Path) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let inside = path.strip_prefix(root).unwrap().with_extension("");
                let name = inside.iter().map(|p| p.to_str().unwrap()).collect::<Vec<_>>().join("::");
                let name = name.strip_suffix("::mod").unwrap_or(&name).to_owned();
                out.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    out
}

/// Paths that a file names from `crate` or `super`, braces opened.
fn named(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = code.lines().map(|l| l.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut out = Vec::new();
    for root in ["crate::", "super::"] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            open(&code[at..], String::new(), &mut out);
        }
    }
    out
}

/// Reads one path; returns how far it went.
fn open(text: &str, so_far: String, out: &mut Vec<String>) -> usize {
    let plain = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(text.len());
    let path = format!("{so_far}{}", &text[..plain]);
    if !text[plain..].starts_with('{') || !path.ends_with("::") {
        out.push(path.trim_end_matches(':').to_owned());
        return plain;
    }
    let mut at = plain + 1;
    while at < text.len() && !text[at..].starts_with('}') {
        let skipped = text[at..].find(|c: char| !c.is_whitespace() && c != ',').unwrap_or(text.len() - at);
        at += skipped;
        if text[at..].starts_with('}') {
            break;
        }
        let read = open(&text[at..], path.clone(), out);
        // `self`, a rename or a glob: on to the next name.
        at += read.max(1);
        at += text[at..].find([',', '}', '{']).unwrap_or(text.len() - at);
    }
    at + 1
}

fn uses() -> Uses {
    let files = modules(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let mut out = Uses::new();
    for (module, text) in &files {
        let own: Vec<&str> = module.split("::").collect();
        let edges = out.entry(module.clone()).or_default();
        for path in named(text) {
            let mut parts: Vec<&str> = path.split("::").collect();
            let mut base = own.clone();
            if parts[0] == "crate" {
                base.clear();
                parts.remove(0);
            }
            while parts.first() == Some(&"super") {
                base.pop();
                parts.remove(0);
            }
            base.extend(parts);
            let hit = (1..=base.len()).rev().map(|n| base[..n].join("::")).find(|name| files.contains_key(name));
            // A file and the one that declares it belong together.
            if let Some(hit) = hit.filter(|hit| hit != module && !module.starts_with(&format!("{hit}::"))) {
                edges.insert(hit);
            }
        }
    }
    out
}

/// What can be reached from a file.
fn reached<'u>(uses: &'u Uses, from: &str) -> BTreeSet<&'u str> {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&str> = uses[from].iter().map(String::as_str).collect();
    while let Some(next) = waiting.pop() {
        if seen.insert(next) {
            waiting.extend(uses[next].iter().map(String::as_str));
        }
    }
    seen
}

#[test]
fn files_do_not_use_each_other_in_a_circle() {
    let uses = uses();
    assert!(uses.values().map(BTreeSet::len).sum::<usize>() > 500, "the reading of `use` lines has broken");
    let all: BTreeMap<&str, BTreeSet<&str>> = uses.keys().map(|m| (m.as_str(), reached(&uses, m))).collect();
    let mut circles = BTreeSet::new();
    for (module, reach) in &all {
        if reach.contains(module) {
            let circle: Vec<&str> = reach.iter().copied().filter(|other| all[other].contains(module)).collect();
            circles.insert(circle.join("\t"));
        }
    }
    let known: BTreeSet<String> = KNOWN.lines().filter(|l| !l.starts_with('#')).map(str::to_owned).collect();
    if std::env::var_os("HALLMARK_UPDATE").is_some() && circles.len() < known.len() {
        let head = KNOWN.lines().take_while(|l| l.starts_with('#'));
        let lines: Vec<&str> = head.chain(circles.iter().map(String::as_str)).collect();
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inside/circles.tsv"), lines.join("\n") + "\n")
            .unwrap();
        return;
    }
    let new: Vec<&String> = circles.difference(&known).collect();
    assert!(new.is_empty(), "new circles of files: {new:#?}");
    let gone: Vec<&String> = known.difference(&circles).collect();
    assert!(gone.is_empty(), "mended: take these off the list: {gone:#?}");
}
