//! The definitions of a run: user packages first, then the embedded packs; read and completed one by one, when asked.

use super::error::PackError;
use super::import::{CORE, read_definition};
use super::import_terms::{read_code_system, read_value_set};
use super::model::{CodeSystem, Release, Structure, ValueSet};
use super::snapshot::{self, Definitions, Found};
use super::source::{Entry, EntryKind, Package, open};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

/// What a report says of one pack or package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackInfo {
    /// Package name.
    pub name: String,
    /// Package version, or empty.
    pub version: String,
    /// File or folder it was made from.
    pub source: String,
    /// Licence, or `none stated`.
    pub licence: String,
    /// SHA-256, hexadecimal: of an embedded pack's facts, of a user package's input.
    pub digest: String,
    /// FHIR release, when one is stated.
    pub release: Option<Release>,
    /// Whether it is part of the program.
    pub embedded: bool,
}

type Cache<T> = RwLock<HashMap<(Release, String), Option<Arc<T>>>>;

/// All definitions of a run, shared by its workers.
#[derive(Debug, Default)]
pub struct Catalogue {
    packages: Vec<Package>,
    /// Where user packages define a canonical: package and entry, the strongest first.
    by_url: HashMap<String, Vec<(usize, usize)>>,
    structures: Cache<Structure>,
    value_sets: Cache<ValueSet>,
    code_systems: Cache<CodeSystem>,
}

impl Catalogue {
    /// Opens the user packages; of several that define one canonical the first given wins, in a folder of packages the
    /// last by name.
    ///
    /// # Errors
    /// When a package cannot be read, holds nothing or is not well formed.
    pub fn new(user_packages: &[PathBuf]) -> Result<Self, PackError> {
        let mut catalogue = Self::default();
        for path in user_packages {
            let mut opened = open(path)?;
            opened.reverse();
            catalogue.packages.append(&mut opened);
        }
        for (package, held) in catalogue.packages.iter().enumerate() {
            for (entry, definition) in held.entries.iter().enumerate() {
                catalogue.by_url.entry(definition.url.clone()).or_default().push((package, entry));
            }
        }
        Ok(catalogue)
    }

    /// The structure of a canonical; `|version` must match exactly.
    pub fn structure(&self, release: Release, canonical: &str) -> Option<Arc<Structure>> {
        Session::new(self, release).structure(canonical)
    }

    /// The definition of a base type by its name.
    pub fn type_structure(&self, release: Release, name: &str) -> Option<Arc<Structure>> {
        self.structure(release, &format!("{CORE}{name}"))
    }

    /// The user entry of a canonical.
    fn entry(&self, kind: EntryKind, release: Release, canonical: &str) -> Option<&Entry> {
        let (url, version) = canonical.split_once('|').unwrap_or((canonical, ""));
        let fits = |entry: &&Entry| {
            entry.kind == kind
                && entry.release.is_none_or(|own| own == release)
                && (version.is_empty() || entry.version == version)
        };
        let places = self.by_url.get(url)?.iter();
        places.filter_map(|(package, entry)| self.packages.get(*package)?.entries.get(*entry)).find(fits)
    }

    /// The value set of a canonical; `|version` must match exactly.
    pub fn value_set(&self, release: Release, canonical: &str) -> Option<Arc<ValueSet>> {
        cached(&self.value_sets, release, canonical, || {
            let entry = self.entry(EntryKind::ValueSet, release, canonical)?;
            Some(Arc::new(read_value_set(&*entry.datum().ok()?)))
        })
    }

    /// The code system of a canonical; `|version` must match exactly.
    pub fn code_system(&self, release: Release, canonical: &str) -> Option<Arc<CodeSystem>> {
        cached(&self.code_systems, release, canonical, || {
            let entry = self.entry(EntryKind::CodeSystem, release, canonical)?;
            Some(Arc::new(read_code_system(&*entry.datum().ok()?)))
        })
    }
}

fn peek<T>(cache: &Cache<T>, release: Release, canonical: &str) -> Option<Option<Arc<T>>> {
    let held = cache.read().unwrap_or_else(PoisonError::into_inner);
    held.get(&(release, canonical.to_owned())).cloned()
}

fn keep<T>(cache: &Cache<T>, release: Release, canonical: &str, value: Option<Arc<T>>) {
    cache.write().unwrap_or_else(PoisonError::into_inner).insert((release, canonical.to_owned()), value);
}

/// Looks into the cache, else finds and keeps; what is absent is kept too.
fn cached<T>(
    cache: &Cache<T>,
    release: Release,
    canonical: &str,
    find: impl FnOnce() -> Option<Arc<T>>,
) -> Option<Arc<T>> {
    if let Some(held) = peek(cache, release, canonical) {
        return held;
    }
    let found = find();
    keep(cache, release, canonical, found.clone());
    found
}

/// One look-up and all it leads to.
struct Session<'a> {
    catalogue: &'a Catalogue,
    release: Release,
    /// Canonicals whose snapshots are being made.
    stack: RefCell<Vec<String>>,
    /// Lowest place in the stack that a circle came back to: what lies above it saw less than there is, and is not kept.
    lowest: Cell<usize>,
}

impl<'a> Session<'a> {
    fn new(catalogue: &'a Catalogue, release: Release) -> Self {
        Self { catalogue, release, stack: RefCell::default(), lowest: Cell::new(usize::MAX) }
    }

    fn structure(&self, canonical: &str) -> Option<Arc<Structure>> {
        match self.find(canonical) {
            Found::Here(structure) => Some(structure),
            Found::Circular | Found::Missing => None,
        }
    }

    fn make(&self, canonical: &str, url: &str) -> Option<Arc<Structure>> {
        let entry = self.catalogue.entry(EntryKind::Structure, self.release, canonical)?;
        let datum = entry.datum().ok()?;
        self.stack.borrow_mut().push(url.to_owned());
        let structure = snapshot::complete(&read_definition(&datum), self);
        self.stack.borrow_mut().pop();
        Some(Arc::new(structure))
    }
}

impl Definitions for Session<'_> {
    fn release(&self) -> Release {
        self.release
    }

    fn find(&self, canonical: &str) -> Found {
        if let Some(held) = peek(&self.catalogue.structures, self.release, canonical) {
            return held.map_or(Found::Missing, Found::Here);
        }
        let url = canonical.split('|').next().unwrap_or_default();
        let depth = self.stack.borrow().len();
        let place = self.stack.borrow().iter().position(|held| held == url);
        if let Some(place) = place {
            self.lowest.set(self.lowest.get().min(place));
            return Found::Circular;
        }
        let outer = self.lowest.replace(usize::MAX);
        let made = self.make(canonical, url);
        if self.lowest.get() >= depth {
            self.lowest.set(outer);
            keep(&self.catalogue.structures, self.release, canonical, made.clone());
        } else {
            self.lowest.set(self.lowest.get().min(outer));
        }
        made.map_or(Found::Missing, Found::Here)
    }
}
impl Catalogue {
    /// TEMP
    pub fn packs(&self) -> Vec<PackInfo> {
        Vec::new()
    }
}
