//! The definitions of a run: user packages first, then the embedded packs; read and completed one by one, when asked.

use super::cache::Cache;
use super::embedded::{Embedded, Place};
use super::error::PackError;
use super::facts;
use super::import::{CORE, read_definition};
use super::import_terms::{read_code_system, read_value_set};
use super::known::{Kind, Known, Structural};
use super::model::{CodeSystem, Datum, Release, Structure, ValueSet};
use super::snapshot::{self, Definitions, Found};
use super::source::{Entry, EntryKind, Package, open};
use crate::tree::names;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

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

/// All definitions of a run, shared by its workers.
#[derive(Debug)]
pub struct Catalogue {
    packages: Vec<Package>,
    /// Where user packages define a canonical: package and entry, the strongest first.
    by_url: HashMap<String, Vec<(usize, usize)>>,
    embedded: Embedded,
    /// Embedded packs that are not looked at.
    hidden: Vec<usize>,
    structures: Cache<Structure>,
    later_structures: Cache<Structure>,
    value_sets: Cache<ValueSet>,
    code_systems: Cache<CodeSystem>,
    message_definitions: OnceLock<Vec<(Option<Release>, Arc<Datum>)>>,
    known: OnceLock<Known>,
}

/// Name of one definition, for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Canonical.
    pub url: String,
    /// Business version, or empty.
    pub version: String,
    /// Computable name; the resource type for other definitions.
    pub name: String,
}

fn key_kind(kind: EntryKind) -> u8 {
    match kind {
        EntryKind::Structure => b's',
        EntryKind::ValueSet => b'v',
        EntryKind::CodeSystem => b'c',
        EntryKind::Other => b'o',
    }
}

const KINDS: [EntryKind; 4] = [EntryKind::Structure, EntryKind::ValueSet, EntryKind::CodeSystem, EntryKind::Other];

impl Catalogue {
    /// Opens the embedded packs and the user packages. Of several definitions of one canonical, for one release: those
    /// of another version than `|version` asks for are out; a user package beats an embedded pack, of user packages the
    /// first given wins, in a folder of packages the last by name; of embedded packs the foundation wins over what is
    /// built on it. Codes that only a later edition has are looked for there (`later_code_system`, `later_value_set`).
    ///
    /// # Errors
    /// When a package cannot be read, holds nothing or is not well formed, or the embedded packs are damaged.
    pub fn new(user_packages: &[PathBuf]) -> Result<Self, PackError> {
        names::when_crowded(intern_every_name);
        let mut packages = Vec::new();
        for path in user_packages {
            let mut opened = open(path)?;
            opened.reverse();
            packages.append(&mut opened);
        }
        let mut by_url: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (package, held) in packages.iter().enumerate() {
            for (entry, definition) in held.entries.iter().enumerate() {
                by_url.entry(definition.url.clone()).or_default().push((package, entry));
            }
        }
        Ok(Self {
            packages,
            by_url,
            embedded: Embedded::open()?,
            hidden: Vec::new(),
            structures: Cache::default(),
            later_structures: Cache::default(),
            value_sets: Cache::default(),
            code_systems: Cache::default(),
            message_definitions: OnceLock::new(),
            known: OnceLock::new(),
        })
    }

    /// Looks only at the embedded packs named; to be called before the first look-up.
    pub fn only(&mut self, names: &[&str]) {
        let packs = self.embedded.packs.iter().enumerate();
        self.hidden = packs.filter(|(_, pack)| !names.contains(&pack.name.as_str())).map(|(index, _)| index).collect();
    }

    /// The user packages, the strongest first.
    pub fn user_packages(&self) -> &[Package] {
        &self.packages
    }

    /// All packs and packages, user packages first.
    pub fn packs(&self) -> Vec<PackInfo> {
        let user = self.packages.iter().map(|package| PackInfo {
            name: package.name.clone(),
            version: package.version.clone(),
            source: package.source.clone(),
            licence: package.licence.clone(),
            digest: package.digest.clone(),
            release: package.release,
            embedded: false,
        });
        let embedded = self.embedded.packs.iter().map(|pack| PackInfo {
            name: pack.name.clone(),
            version: pack.version.clone(),
            source: pack.source.clone(),
            licence: pack.licence.clone(),
            digest: pack.digest.clone(),
            release: pack.release,
            embedded: true,
        });
        user.chain(embedded).collect()
    }

    /// Definitions of one kind in the pack or package `name`, in the order of their canonicals for embedded packs.
    ///
    /// # Errors
    /// When an embedded pack is damaged.
    pub fn definitions_of(&self, name: &str, kind: EntryKind) -> Result<Vec<Named>, PackError> {
        let mut out = Vec::new();
        for package in self.packages.iter().filter(|package| package.name == name) {
            out.extend(package.entries.iter().filter(|entry| entry.kind == kind).map(|entry| Named {
                url: entry.url.clone(),
                version: entry.version.clone(),
                name: if kind == EntryKind::Other { entry.resource_type.clone() } else { entry.name.clone() },
            }));
        }
        for (index, _) in self.embedded.packs.iter().enumerate().filter(|(_, pack)| pack.name == name) {
            for place in self.embedded.all(index, key_kind(kind)) {
                out.push(self.embedded.text(place, |text| {
                    let (_, url, version, name) = facts::heading(text);
                    Named { url, version, name }
                })?);
            }
        }
        Ok(out)
    }

    /// Profiles (constraints on resources and data types, extensions left out) of the pack or package `name`.
    ///
    /// # Errors
    /// When an embedded pack is damaged.
    pub fn profiles_of(&self, name: &str) -> Result<Vec<Arc<Structure>>, PackError> {
        let release = self.packs().into_iter().find(|pack| pack.name == name).and_then(|pack| pack.release);
        let named = self.definitions_of(name, EntryKind::Structure)?;
        let found = named.iter().filter_map(|named| self.structure(release.unwrap_or(Release::R4), &named.url));
        Ok(found.filter(|structure| structure.constraint && structure.ty != "Extension").collect())
    }

    /// The structure of a canonical; `|version` must match exactly.
    pub fn structure(&self, release: Release, canonical: &str) -> Option<Arc<Structure>> {
        Session::new(self, release).structure(canonical)
    }

    /// The definition of a base type by its name.
    pub fn type_structure(&self, release: Release, name: &str) -> Option<Arc<Structure>> {
        self.structure(release, &format!("{CORE}{name}"))
    }

    /// The structure with this computable name, id or last part of the canonical, in that order of preference; user
    /// packages first.
    pub fn structure_by_name(&self, release: Release, name: &str) -> Option<Arc<Structure>> {
        let fits = |entry: &&Entry| {
            entry.kind == EntryKind::Structure && entry.release.is_none_or(|own| own == release) && {
                entry.name == name || entry.id == name || entry.url.rsplit('/').next() == Some(name)
            }
        };
        if let Some(entry) = self.packages.iter().flat_map(|package| &package.entries).find(fits) {
            return self.structure(release, &entry.url);
        }
        let word = facts::name_word(name);
        let mut places = self.embedded.find(b'n', &word).chain(self.embedded.find(b'i', &word));
        let place = places.find(|place| self.serves(place.pack, release))?;
        let url = self.embedded.text(place, |text| facts::heading(text).1).ok()?;
        self.structure(release, &url)
    }

    /// The names of all structures, read when first asked for: what a URL that nobody holds may have meant.
    pub fn known(&self) -> &Known {
        self.known.get_or_init(|| {
            let mut held = Vec::new();
            for package in &self.packages {
                for entry in package.entries.iter().filter(|entry| entry.kind == EntryKind::Structure) {
                    let ty = entry.datum().ok().and_then(|datum| datum.str("type").map(str::to_owned));
                    let kind = if ty.as_deref() == Some("Extension") { Kind::Extension } else { Kind::Profile };
                    let (url, pack) = (entry.url.clone(), package.name.clone());
                    held.push(Structural { url, release: entry.release, pack, kind });
                }
            }
            for (pack, mark, url) in self.embedded.names().unwrap_or_default() {
                let Some(header) = self.embedded.packs.get(pack).filter(|_| !self.hidden.contains(&pack)) else {
                    continue;
                };
                let kind = match mark {
                    b't' => Kind::Type,
                    b'e' => Kind::Extension,
                    _ => Kind::Profile,
                };
                held.push(Structural { url, release: header.release, pack: header.name.clone(), kind });
            }
            Known::new(held)
        })
    }

    /// Whether any definition of any kind has this canonical (`|version` must match).
    pub fn resource_known(&self, release: Release, canonical: &str) -> bool {
        KINDS.iter().any(|kind| {
            self.entry(*kind, release, canonical).is_some() || self.place(*kind, release, canonical).is_some()
        })
    }

    /// The user entry of a canonical. A few published canonicals hold a `|` themselves.
    fn entry(&self, kind: EntryKind, release: Release, canonical: &str) -> Option<&Entry> {
        let parts = canonical.rsplit_once('|').filter(|_| !self.by_url.contains_key(canonical));
        let (url, version) = parts.unwrap_or((canonical, ""));
        let fits = |entry: &&Entry| {
            entry.kind == kind
                && entry.release.is_none_or(|own| own == release)
                && (version.is_empty() || entry.version == version)
        };
        let places = self.by_url.get(url)?.iter();
        let mut held = places.filter_map(|(package, entry)| self.packages.get(*package)?.entries.get(*entry));
        // `|0.2` asks for any 0.2.x when there is no 0.2 itself.
        let within = |entry: &&Entry| {
            entry.kind == kind
                && entry.release.is_none_or(|own| own == release)
                && entry.version.strip_prefix(version).is_some_and(|rest| rest.starts_with('.'))
        };
        held.clone().find(fits).or_else(|| held.find(within).filter(|_| !version.is_empty()))
    }

    fn serves(&self, pack: usize, release: Release) -> bool {
        let own = self.embedded.packs.get(pack).and_then(|pack| pack.release);
        !self.hidden.contains(&pack) && own.is_none_or(|own| own == release)
    }

    /// The embedded place of a canonical.
    fn place(&self, kind: EntryKind, release: Release, canonical: &str) -> Option<Place> {
        let exact = |url: &str, version: &str| {
            let mut places = self.embedded.find(key_kind(kind), &Embedded::key(url));
            places.find(|place| {
                let fits = |text: &str| {
                    let (_, held, own, _) = facts::heading(text);
                    held == url && (version.is_empty() || own == version)
                };
                self.serves(place.pack, release) && self.embedded.text(*place, fits).unwrap_or(false)
            })
        };
        let versioned = || canonical.rsplit_once('|').and_then(|(url, version)| exact(url, version));
        exact(canonical, "").or_else(versioned)
    }

    /// The embedded place of a later edition: what a further pack holds of a canonical whose version nobody asked for.
    fn later_place(&self, kind: EntryKind, release: Release, url: &str) -> Option<Place> {
        if self.entry(kind, release, url).is_some() {
            return None;
        }
        let mut first = None;
        let mut places = self.embedded.find(key_kind(kind), &Embedded::key(url));
        places.find(|place| {
            let holds = self.serves(place.pack, release)
                && self.embedded.text(*place, |text| facts::heading(text).1 == url).unwrap_or(false);
            holds && *first.get_or_insert(place.pack) != place.pack
        })
    }

    /// The later edition of a code system: the one of a further embedded pack. A user package has the last word.
    pub fn later_code_system(&self, release: Release, url: &str) -> Option<Arc<CodeSystem>> {
        let place = self.later_place(EntryKind::CodeSystem, release, url)?;
        self.embedded.text(place, facts::terms::read_code_system).ok()?.ok().map(Arc::new)
    }

    /// The later edition of a definition, in the same way.
    pub fn later_structure(&self, release: Release, url: &str) -> Option<Arc<Structure>> {
        self.later_structures.get(release, url, || {
            let place = self.later_place(EntryKind::Structure, release, url)?;
            self.embedded.text(place, facts::structures::read).ok()?.ok().map(Arc::new)
        })
    }

    /// The later edition of a value set, in the same way.
    pub fn later_value_set(&self, release: Release, url: &str) -> Option<Arc<ValueSet>> {
        let place = self.later_place(EntryKind::ValueSet, release, url)?;
        self.embedded.text(place, facts::terms::read_value_set).ok()?.ok().map(Arc::new)
    }

    /// Reads the embedded definition of a canonical.
    fn embedded<T>(
        &self,
        kind: EntryKind,
        release: Release,
        canonical: &str,
        read: impl FnOnce(&str) -> Result<T, PackError>,
    ) -> Option<T> {
        let place = self.place(kind, release, canonical)?;
        self.embedded.text(place, read).ok()?.ok()
    }

    /// The value set of a canonical; `|version` must match exactly.
    pub fn value_set(&self, release: Release, canonical: &str) -> Option<Arc<ValueSet>> {
        self.value_sets.get(release, canonical, || {
            let found = match self.entry(EntryKind::ValueSet, release, canonical) {
                Some(entry) => read_value_set(&*entry.datum().ok()?),
                None => self.embedded(EntryKind::ValueSet, release, canonical, facts::terms::read_value_set)?,
            };
            Some(Arc::new(found))
        })
    }

    /// MessageDefinitions of user packages with their releases, read once.
    pub fn message_definitions(&self) -> &[(Option<Release>, Arc<Datum>)] {
        self.message_definitions.get_or_init(|| {
            let entries = self.packages.iter().flat_map(|package| &package.entries);
            let held = entries.filter(|entry| entry.resource_type == "MessageDefinition");
            held.filter_map(|entry| Some((entry.release, entry.datum().ok()?))).collect()
        })
    }

    /// Code systems of user packages that add designations to the system of a canonical.
    pub fn supplements(&self, release: Release, canonical: &str) -> Vec<Arc<CodeSystem>> {
        let url = canonical.split('|').next().unwrap_or(canonical);
        let entries = self.packages.iter().flat_map(|package| &package.entries);
        let adds = |entry: &&Entry| {
            let (to, version) = entry.supplements.split_once('|').unwrap_or((&entry.supplements, ""));
            let fits = version.is_empty() || canonical == url || entry.supplements == canonical;
            entry.kind == EntryKind::CodeSystem && to == url && fits && entry.release.is_none_or(|own| own == release)
        };
        let read = |entry: &Entry| Some(read_code_system(&*entry.datum().ok()?));
        entries.filter(adds).filter_map(|entry| read(entry).map(Arc::new)).collect()
    }

    /// The code system of a canonical; `|version` must match exactly.
    pub fn code_system(&self, release: Release, canonical: &str) -> Option<Arc<CodeSystem>> {
        self.code_systems.get(release, canonical, || {
            let found = match self.entry(EntryKind::CodeSystem, release, canonical) {
                Some(entry) => read_code_system(&*entry.datum().ok()?),
                None => self.embedded(EntryKind::CodeSystem, release, canonical, facts::terms::read_code_system)?,
            };
            Some(Arc::new(found))
        })
    }
}

/// Interns the names that elements and types of the embedded base definitions have in messages.
fn intern_every_name() {
    let Ok(catalogue) = Catalogue::new(&[]) else { return };
    for pack in catalogue.packs() {
        let Some(release) = pack.release else { continue };
        for named in catalogue.definitions_of(&pack.name, EntryKind::Structure).unwrap_or_default() {
            let Some(structure) = catalogue.structure(release, &named.url).filter(|s| !s.constraint) else { continue };
            names::intern_defined(&structure.ty);
            for element in &structure.elements {
                let last = element.path.rsplit('.').next().unwrap_or("");
                let stem = last.trim_end_matches("[x]");
                names::intern_defined(stem);
                for ty in element.types.iter().filter(|_| stem.len() < last.len()) {
                    let (first, rest) = ty.code.split_at_checked(1).unwrap_or_default();
                    names::intern_defined(&format!("{stem}{}{rest}", first.to_ascii_uppercase()));
                }
            }
        }
    }
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
        let (catalogue, kind) = (self.catalogue, EntryKind::Structure);
        let Some(entry) = catalogue.entry(kind, self.release, canonical) else {
            return catalogue.embedded(kind, self.release, canonical, facts::structures::read).map(Arc::new);
        };
        let datum = match entry.datum() {
            Ok(datum) => datum,
            // It is there and cannot be read: whoever asks must hear of it.
            Err(error) => {
                let (url, faults) = (entry.url.clone(), vec![error.to_string()]);
                return Some(Arc::new(Structure { url, faults, constraint: true, ..Structure::default() }));
            }
        };
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
        if let Some(held) = self.catalogue.structures.peek(self.release, canonical) {
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
        let mut made = self.make(canonical, url);
        if self.lowest.get() >= depth {
            self.lowest.set(outer);
            made = self.catalogue.structures.keep(self.release, canonical, made);
        } else {
            self.lowest.set(self.lowest.get().min(outer));
        }
        made.map_or(Found::Missing, Found::Here)
    }
}
