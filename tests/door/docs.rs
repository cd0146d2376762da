//! The pages of docs/: their commands run and end as they say, their links lead somewhere, and the list of rules is
//! current (HALLMARK_UPDATE=1 writes it again).
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> =
        fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|page| page.extension().is_some_and(|e| e == "md"));
    pages.sort();
    assert!(pages.len() >= 4);
    pages
}

fn hallmark(folder: &Path, args: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hallmark")).current_dir(folder).args(args).output().unwrap()
}

/// Words of a command line; double quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn copy(fixture: &str, to: &Path) {
    let from = root().join(fixture);
    for entry in walkdir::WalkDir::new(&from) {
        let entry = entry.unwrap();
        let to = to.join(entry.path().strip_prefix(&from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).unwrap();
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Files of the project that a page names are there, so that a control that it relies on is too.
#[test]
fn files_that_pages_name_are_there() {
    let mut named = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for word in text
            .split('`')
            .filter(|w| ["tests/", "src/", "benches/", "fixtures/", "schemas/"].iter().any(|s| w.starts_with(s)))
        {
            assert!(!word.contains(' ') && root().join(word).exists(), "{}: {word}", page.display());
            named += 1;
        }
    }
    assert!(named > 20, "{named}");
}

/// Each page has a folder with a copy of the fixture feed, and runs from top to bottom.
#[test]
fn commands_end_as_the_pages_say() {
    let mut run = 0;
    for page in pages() {
        let folder = tempfile::tempdir().unwrap();
        copy("fixtures/feeds/riverside", &folder.path().join("feed"));
        if fs::read_to_string(&page).unwrap().contains("$ hallmark report kite-mark/") {
            copy("fixtures/kite-mark", &folder.path().join("kite-mark"));
        }
        for line in fs::read_to_string(&page).unwrap().lines().filter_map(|line| line.strip_prefix("$ hallmark ")) {
            let (command, exit) = line.split_once("# exit ").unwrap_or((line, "0"));
            let output = hallmark(folder.path(), &words(command));
            let code = output.status.code().map(|code| code.to_string());
            let says = String::from_utf8_lossy(&output.stderr);
            assert_eq!(code.as_deref(), Some(exit.trim()), "{}: hallmark {command}\n{says}", page.display());
            run += 1;
        }
    }
    assert!(run > 15, "{run}");
}

#[test]
fn links_lead_somewhere() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split(')').next().unwrap();
            if !target.contains("://") {
                let file = target.split('#').next().unwrap();
                assert!(page.parent().unwrap().join(file).exists(), "{}: {target}", page.display());
            }
        }
    }
}

#[test]
fn the_list_of_rules_is_current() {
    let output = hallmark(root(), &["rules".into(), "--format".into(), "markdown".into()]);
    let table = String::from_utf8(output.stdout).unwrap();
    let page = format!(
        "# Rules\n\n`hallmark explain HM0001` says why a rule matters, what to do, and shows examples. This page is written \
         by\n`HALLMARK_UPDATE=1 cargo test --test door docs`.\n\n{table}"
    );
    let path = root().join("docs/rules.md");
    if std::env::var_os("HALLMARK_UPDATE").is_some() {
        fs::write(&path, page).unwrap();
        return;
    }
    let current = fs::read_to_string(&path).unwrap_or_default() == page;
    assert!(current, "docs/rules.md is stale: HALLMARK_UPDATE=1 cargo test --test door docs");
}

/// What CONTRIBUTING says under a head, up to the next.
fn contributing(head: &str) -> String {
    let text = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let (_, rest) = text.split_once(&format!("* **{head}**")).unwrap();
    rest.split("\n* **").next().unwrap().to_owned()
}

/// Paths between backticks, with NAME for any name.
fn paths(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).filter(|word| word.contains('/')).collect()
}

/// Whether a path is one that CONTRIBUTING names.
fn is_named(path: &str, named: &[&str]) -> bool {
    named.iter().any(|n| match n.split_once("NAME") {
        Some((before, after)) => path.starts_with(before) && path.ends_with(after),
        None => path == *n || (n.ends_with('/') && path.starts_with(n)),
    })
}

/// Texts of the project that a change might have to touch, by path; packs and generated examples are not written by hand.
fn texts(folders: &[&str]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for folder in folders {
        let files = walkdir::WalkDir::new(root().join(folder)).sort_by_file_name();
        for entry in files.into_iter().filter_entry(|e| e.file_name() != "packs").map(Result::unwrap) {
            let path = entry.path().strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            if entry.file_type().is_file()
                && let Ok(text) = fs::read_to_string(entry.path())
            {
                all.push((path, text));
            }
        }
    }
    all
}

/// Who adds a format touches what CONTRIBUTING says: no other file lists them.
#[test]
fn formats_are_listed_where_contributing_says() {
    let bullet = contributing("A format");
    let named = paths(&bullet);
    assert!(named.len() >= 5, "{named:?}");
    let lists = |text: &str| {
        let words: std::collections::BTreeSet<&str> =
            text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').collect();
        hallmark::report::FORMATS.iter().filter(|f| words.contains(f.name)).count()
            > hallmark::report::FORMATS.len() / 2
    };
    let mut found = 0;
    for (path, text) in texts(&["src", "schemas", "tests", "benches"]) {
        // Cases of the command line use formats; they need not know all.
        if !path.ends_with(".toml") && lists(&text) {
            found += 1;
            assert!(is_named(&path, &named), "{path} lists formats, and CONTRIBUTING does not say so");
        }
    }
    assert!(found >= 3, "{found}");
    for f in &hallmark::report::FORMATS {
        assert!(root().join(format!("tests/formats/{}.snap", f.name)).exists(), "{} has no snapshot", f.name);
    }
}

/// Who adds a criterion touches a file of criteria: code names none, but for rules, which say what they are evidence for.
#[test]
fn criteria_stand_where_contributing_says() {
    let bullet = contributing("A criterion");
    let folder = paths(&bullet)[0];
    assert_eq!(folder, "schemas/criteria/");
    let mut ids = std::collections::BTreeSet::new();
    for (_, text) in texts(&[folder]) {
        let value: toml::Table = text.parse().unwrap();
        for table in ["criterion", "indicator", "milestone"] {
            let entries = value.get(table).and_then(toml::Value::as_array).into_iter().flatten();
            ids.extend(entries.map(|e| e["id"].as_str().unwrap().to_owned()));
        }
    }
    assert!(ids.len() > 40, "{}", ids.len());
    for (path, text) in texts(&["src"]).into_iter().filter(|(path, _)| path.ends_with(".rs")) {
        let product = text.split("#[cfg(test)]").next().unwrap();
        for line in product.lines().filter(|l| !l.contains("criterion: \"") && !l.trim_start().starts_with("//")) {
            let quoted = line.split('"').skip(1).step_by(2).find(|word| ids.contains(*word));
            assert_eq!(quoted, None, "{path}: {line}");
        }
    }
}
