//! Layers only point down; files are small, and each opens with one line saying what it is.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// Layers from the bottom; those in one row do not see each other.
const LAYERS: &[&[&str]] = &[
    &["text", "output"],
    &["tree"],
    &["finding"],
    &["schema", "feed"],
    &["read"],
    &["pack"],
    &["terminology"],
    &["uk", "fhirpath"],
    &["plan", "settings"],
    &["message"],
    &["tally"],
    &["conform", "rules", "measure"],
    &["engine"],
    &["record"],
    &["kitemark"],
    // The door names the criteria set that ships in records, and writes nothing.
    &["report", "session"],
    &["cli"],
];

fn level(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Modules that a file names through `crate::`.
fn named(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for line in text.lines().filter(|l| !l.trim_start().starts_with("//")) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + 7..];
            if let Some(list) = rest.strip_prefix('{') {
                out.extend(list.trim_end_matches(['}', ';']).split(',').map(|p| word(p.trim())));
            } else {
                out.push(word(rest));
            }
        }
    }
    out
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[test]
fn every_edge_goes_down() {
    let root = root();
    let mut wrong = Vec::new();
    let mut edges = 0;
    for path in sources(&root) {
        let inside = path.strip_prefix(&root).unwrap();
        let module = inside.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
        let Some(own) = level(&module) else { continue };
        for target in named(&fs::read_to_string(&path).unwrap()) {
            let Some(theirs) = level(&target) else { continue };
            edges += 1;
            if target != module && theirs >= own {
                wrong.push(format!("{}: {module} must not use {target}", inside.display()));
            }
        }
    }
    assert!(edges > 300, "only {edges} edges were found: the reading of `use` lines has broken");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_layer() {
    let text = fs::read_to_string(root().join("lib.rs")).unwrap();
    let modules: Vec<&str> = text
        .lines()
        .filter_map(|l| l.strip_prefix("pub mod ").or_else(|| l.strip_prefix("pub(crate) mod ")))
        .map(|l| l.trim_end_matches(';'))
        .filter(|m| *m != "bench")
        .collect();
    assert!(modules.len() >= LAYERS.iter().map(|row| row.len()).sum(), "modules were not found: {modules:?}");
    let missing: Vec<&str> = modules.into_iter().filter(|m| level(m).is_none()).collect();
    assert!(missing.is_empty(), "no layer: {missing:?}");
}

#[test]
fn files_are_small_and_say_what_they_are() {
    let mut wrong = Vec::new();
    for path in sources(&root()) {
        let text = fs::read_to_string(&path).unwrap();
        if !text.starts_with("//! ") {
            wrong.push(format!("{}: no first line", path.display()));
        }
        let lines = text.lines().count();
        if lines > 800 {
            wrong.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn calls_of_one_system_stand_behind_cfg() {
    const SYSTEMS: &[&str] = &["std::os::unix", "std::os::windows", "std::os::linux", "libc::"];
    let mut wrong = Vec::new();
    for path in sources(&root()) {
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            if !SYSTEMS.iter().any(|system| line.contains(system)) || line.trim_start().starts_with("//") {
                continue;
            }
            let before = &lines[number.saturating_sub(4)..=number];
            if !before
                .iter()
                .any(|l| l.contains("cfg(unix)") || l.contains("cfg(windows)") || l.contains("cfg(target_os"))
            {
                wrong.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "these calls need a cfg: {wrong:?}");
}

/// What makes or changes files stands in the one writer, in what keeps temporary files, and in the generator of made-up releases.
#[test]
fn one_writer_writes() {
    const WRITERS: &[&str] = &["output.rs", "record/runs.rs", "terminology/snomed/generate.rs"];
    const CALLS: &[&str] = &[
        "File::create",
        "fs::write(",
        "fs::rename(",
        "fs::copy(",
        "create_new(",
        ".truncate(true)",
        "OpenOptions",
        "fs::remove_",
    ];
    let root = root();
    let mut wrong = Vec::new();
    for path in sources(&root) {
        let inside = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        let writes = CALLS.iter().any(|call| code.contains(call));
        if writes && !WRITERS.contains(&inside.as_str()) && !inside.ends_with("tests.rs") {
            wrong.push(inside);
        }
    }
    assert!(wrong.is_empty(), "these write files past the one writer: {wrong:?}");
}

#[test]
fn only_doors_touch_the_file_system() {
    const DOORS: &[&str] =
        &["output.rs", "feed/", "pack/", "cli/", "terminology/snomed/", "settings/", "record/runs.rs"];
    let root = root();
    let mut wrong = Vec::new();
    for path in sources(&root) {
        let inside = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        let touches = code.contains("std::fs::") || code.contains("use std::fs");
        if touches && !DOORS.iter().any(|d| inside.starts_with(d)) && !inside.ends_with("tests.rs") {
            wrong.push(inside);
        }
    }
    assert!(wrong.is_empty(), "these read or write files: {wrong:?}");
}

/// What UK things are called is said in `uk` alone. Prose and examples of rule metadata, tests and comments may name them; so may a
/// sentence, but for the hosts, which are part of a system or of a URL wherever they stand.
#[test]
fn only_uk_names_what_is_of_the_uk() {
    const HOSTS: &[&str] = &[
        "fhir.nhs.uk",
        "fhir.nhs.net",
        "hl7.org.uk",
        "dmd.nhs.uk",
        "read.info",
        "2.16.840.1.113883.2.1",
        "1.2.826.0.1285",
    ];
    const NAMES: &[&str] = &["CareConnect-", "GPConnect-", "UKCore-", "ITK-", "snomed.info/sct", "nhs-uk:addressing"];
    // The layer below defines the two systems that it decides.
    const BELOW: &[&str] = &["terminology/clinical.rs", "terminology/sets.rs"];
    let root = root();
    let mut wrong = Vec::new();
    let mut literals = 0;
    for path in sources(&root) {
        let inside = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        if inside.starts_with("uk/") || BELOW.contains(&inside.as_str()) || inside.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let mut metadata = false;
        for (number, line) in text.lines().enumerate().take_while(|(_, l)| !l.starts_with("#[cfg(test)]")) {
            metadata |= line.contains(": Meta = Meta {");
            if metadata || line.trim_start().starts_with("//") {
                metadata &= !line.starts_with("};");
                continue;
            }
            for literal in line.split('"').skip(1).step_by(2) {
                literals += 1;
                let names = !literal.contains(' ') && NAMES.iter().any(|n| literal.contains(n));
                if names || HOSTS.iter().any(|h| literal.contains(h)) {
                    wrong.push(format!("{inside}:{}: {literal}", number + 1));
                }
            }
        }
    }
    assert!(literals > 5_000, "only {literals} literals were found: the reading of them has broken");
    assert!(wrong.is_empty(), "these belong in src/uk:\n{}", wrong.join("\n"));
}
