//! Codes of a value set or code system as a page: system, code, display, as far as packages that are held tell.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::pack::catalogue::Catalogue;
use crate::pack::model::{Include, Release, ValueSet};
use crate::pack::source::EntryKind;
use crate::text::counted;

/// Value sets within value sets that are listed.
const DEPTH: u32 = 8;

/// The canonical and the page of the value set or code system that is called `name`: its canonical, with or without a
/// version, its name, or the last part of its canonical.
pub(super) fn page(catalogue: &Catalogue, release: Release, name: &str) -> Option<(String, String)> {
    let value_set = |url: &str| catalogue.value_set(release, url).map(|set| value_set_page(catalogue, release, &set));
    let system = |url: &str| catalogue.code_system(release, url).map(|_| system_page(catalogue, release, url));
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

fn heading(out: &mut String, name: &str, url: &str, version: &str, release: Release) {
    let version = if version.is_empty() { String::new() } else { format!("|{version}") };
    let _ = writeln!(out, "{name}\n  {url}{version}\n  FHIR {}\n", release.as_str());
}

fn value_set_page(catalogue: &Catalogue, release: Release, set: &Arc<ValueSet>) -> String {
    let mut out = String::new();
    heading(&mut out, &set.name, &set.url, &set.version, release);
    let mut listing = Listing { catalogue, release, out, codes: 0 };
    listing.value_set(set, 0);
    let total = counted(listing.codes, "code");
    let mut out = listing.out;
    let _ = writeln!(out, "\n{total} listed");
    out
}

fn system_page(catalogue: &Catalogue, release: Release, url: &str) -> String {
    let mut out = String::new();
    if let Some(system) = catalogue.code_system(release, url) {
        heading(&mut out, &system.name, &system.url, &system.version, release);
    }
    let mut listing = Listing { catalogue, release, out, codes: 0 };
    listing.whole(url);
    let total = counted(listing.codes, "code");
    let mut out = listing.out;
    let _ = writeln!(out, "\n{total} listed");
    out
}

struct Listing<'a> {
    catalogue: &'a Catalogue,
    release: Release,
    out: String,
    codes: u64,
}

impl Listing<'_> {
    fn value_set(&mut self, set: &ValueSet, depth: u32) {
        if set.include.is_empty()
            && let Some(expansion) = &set.expansion
        {
            let mut system = "";
            for entry in expansion {
                if entry.system != system {
                    system = &entry.system;
                    let _ = writeln!(self.out, "from {system}");
                }
                self.code(&entry.code, &entry.display);
            }
            return;
        }
        for include in &set.include {
            self.part(include, depth);
        }
        for exclude in &set.exclude {
            let _ = writeln!(self.out, "but without {}", outline(exclude));
            for (code, display) in &exclude.concepts {
                self.line(code, display);
            }
        }
    }

    fn part(&mut self, include: &Include, depth: u32) {
        if !include.system.is_empty() {
            if !include.concepts.is_empty() {
                let _ = writeln!(self.out, "from {}", include.system);
                for (code, display) in &include.concepts {
                    let held = display.is_empty().then(|| self.display(&include.system, code)).flatten();
                    self.code(code, held.as_deref().unwrap_or(display));
                }
            } else if include.filters.is_empty() {
                let _ = writeln!(self.out, "all of {}", include.system);
                self.whole(&include.system);
            } else {
                let _ = writeln!(self.out, "from {}", outline(include));
            }
        }
        for url in &include.value_sets {
            let _ = writeln!(self.out, "in {url}");
            match self.catalogue.value_set(self.release, url) {
                Some(set) if depth < DEPTH => self.value_set(&set, depth + 1),
                Some(_) => {}
                None => _ = writeln!(self.out, "  not held: load the package that defines it with --package"),
            }
        }
    }

    fn whole(&mut self, url: &str) {
        match self.catalogue.code_system(self.release, url) {
            Some(system) if !system.concepts.is_empty() => {
                for concept in &system.concepts {
                    self.code(&concept.code, &concept.display);
                }
                if system.content != "complete" {
                    let _ = writeln!(self.out, "  ({}: it has more)", system.content);
                }
            }
            _ => _ = writeln!(self.out, "  its codes are not held"),
        }
    }

    fn display(&self, system: &str, code: &str) -> Option<String> {
        let system = self.catalogue.code_system(self.release, system)?;
        system.concepts.iter().find(|concept| concept.code == code).map(|concept| concept.display.clone())
    }

    fn code(&mut self, code: &str, display: &str) {
        self.codes += 1;
        self.line(code, display);
    }

    fn line(&mut self, code: &str, display: &str) {
        let _ = writeln!(self.out, "{}", format!("  {code:<20}  {display}").trim_end());
    }
}

/// A part in a line: its system and what its concepts must satisfy.
fn outline(include: &Include) -> String {
    let filters: Vec<String> = include.filters.iter().map(|(p, op, v)| format!("{p} {op} {v}")).collect();
    let filters = if filters.is_empty() { String::new() } else { format!(" where {}", filters.join(" and ")) };
    let sets = if include.value_sets.is_empty() { String::new() } else { include.value_sets.join(", ") };
    match include.system.as_str() {
        "" => sets,
        system => format!("{system}{filters}"),
    }
}
