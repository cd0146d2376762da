//! Codes of a value set or code system as a page: what the definition says they are, then system, code and display of those that
//! packages list.

use std::fmt::Write as _;

use crate::pack::catalogue::Catalogue;
use crate::pack::model::{Include, Release, ValueSet};
use crate::pack::source::EntryKind;
use crate::terminology::{Listed, Sets};
use crate::text::counted;

/// Codes of one page.
const MOST: usize = 20_000;

/// The canonical and the page of the value set or code system that is called `name`: its canonical, with or without a
/// version, its name, or the last part of its canonical.
pub(super) fn page(sets: &Sets, catalogue: &Catalogue, release: Release, name: &str) -> Option<(String, String)> {
    let value_set = |url: &str| catalogue.value_set(release, url).map(|set| value_set_page(sets, &set, release, url));
    let system = |url: &str| system_page(catalogue, release, url);
    if name.contains(':') {
        return value_set(name).or_else(|| system(name)).map(|text| (name.to_owned(), text));
    }
    let canonical = |kind| called(catalogue, release, kind, name);
    if let Some(url) = canonical(EntryKind::ValueSet) {
        return value_set(&url).map(|text| (url, text));
    }
    let url = canonical(EntryKind::CodeSystem)?;
    system(&url).map(|text| (url, text))
}

/// The canonical of a definition by its name or the last part of its canonical.
fn called(catalogue: &Catalogue, release: Release, kind: EntryKind, name: &str) -> Option<String> {
    let packs = catalogue.packs().into_iter().filter(|pack| pack.release.is_none_or(|own| own == release));
    packs.into_iter().find_map(|pack| {
        let all = catalogue.definitions_of(&pack.name, kind).ok()?;
        all.into_iter().find(|d| d.name == name || d.url.rsplit('/').next() == Some(name)).map(|d| d.url)
    })
}

fn heading(name: &str, url: &str, version: &str, release: Release) -> String {
    let version = if version.is_empty() { String::new() } else { format!("|{version}") };
    format!("{name}\n  {url}{version}\n  FHIR {}\n\n", release.as_str())
}

fn value_set_page(sets: &Sets, set: &ValueSet, release: Release, url: &str) -> String {
    let mut out = heading(&set.name, &set.url, &set.version, release);
    set.include.iter().for_each(|include| _ = writeln!(out, "{}", outline(include)));
    set.exclude.iter().for_each(|exclude| _ = writeln!(out, "but not {}", outline(exclude)));
    let codes = sets.codes(release, url, MOST);
    let mut system = None;
    for code in &codes {
        if system != Some(&code.system) {
            system = Some(&code.system);
            let _ = writeln!(out, "\n{}", code.system);
        }
        line(&mut out, code);
    }
    let _ = writeln!(out, "\n{} listed", counted(codes.len() as u64, "code"));
    if codes.is_empty() {
        let _ =
            writeln!(out, "no package that is held lists its codes; `hallmark snomed expand` lists those of SNOMED CT");
    }
    out
}

fn system_page(catalogue: &Catalogue, release: Release, url: &str) -> Option<String> {
    let system = catalogue.code_system(release, url)?;
    let mut out = heading(&system.name, &system.url, &system.version, release);
    for concept in &system.concepts {
        let (code, display) = (concept.code.clone(), concept.display.clone());
        line(&mut out, &Listed { system: String::new(), code, display });
    }
    let _ = writeln!(out, "\n{} listed", counted(system.concepts.len() as u64, "code"));
    if system.content != "complete" {
        let _ = writeln!(out, "the system has more: its package says that its content is {}", system.content);
    }
    Some(out)
}

fn line(out: &mut String, code: &Listed) {
    let _ = writeln!(out, "{}", format!("  {:<20}  {}", code.code, code.display).trim_end());
}

/// A part in a line: its system, what its concepts must satisfy, and the value sets that must have them.
fn outline(include: &Include) -> String {
    let filters: Vec<String> = include.filters.iter().map(|(p, op, v)| format!("{p} {op} {v}")).collect();
    let mut out = match (include.system.as_str(), include.concepts.len(), filters.as_slice()) {
        ("", ..) => String::new(),
        (system, 0, []) => format!("all of {system}"),
        (system, 0, filters) => format!("those of {system} where {}", filters.join(" and ")),
        (system, n, _) => format!("{} of {system}", counted(n as u64, "code")),
    };
    for url in &include.value_sets {
        out += if out.is_empty() { "those in " } else { " in " };
        out += url;
    }
    out
}
