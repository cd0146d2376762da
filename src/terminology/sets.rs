//! Membership in value sets and code systems of the packs, compiled once into compact sets.

use std::collections::HashMap;
use std::sync::Arc;

use super::answers::Answers;
use super::clinical::{self, SNOMED};
use super::notes::Notes;
use super::shapes;
use super::snomed::{Composed, Held, Index, Standing, Universe};
use crate::pack::Cache;
use crate::pack::catalogue::Catalogue;
use crate::pack::model::{CodeSystem, Include, Release, ValueSet};
use crate::text::{TextMap, TextSet};

/// A code with the system it names; `None` where the element has no system (type `code`).
#[derive(Clone, Copy, Debug)]
pub struct Coded<'v> {
    /// System, empty when the coding has none.
    pub system: Option<&'v str>,
    /// Code.
    pub code: &'v str,
}

/// Whether a code is in a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is.
    In,
    /// It is in the latest edition that is held, and not yet in the one that the release brought.
    InLater,
    /// It is not.
    Out,
    /// It cannot be decided: what is missing, and its canonical.
    Unknown(&'static str, String),
}

/// What a code system says of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The system is not held, or none of its codes are.
    NotHeld,
    /// The system is held in part, and the code is not in that part.
    Fragment,
    /// The system is complete and has no such code.
    NoCode,
    /// Its displays.
    Found(Displays),
}

/// Displays of one code, the preferred one first.
#[derive(Clone, Debug)]
pub enum Displays {
    /// Of this concept of a system.
    Of(Arc<System>, u32),
    /// These.
    Listed(Vec<String>),
}

impl PartialEq for Displays {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Displays {}

impl Displays {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let (held, listed) = match self {
            Self::Of(system, at) => (Some(system.displays(*at)), &[][..]),
            Self::Listed(texts) => (None, texts.as_slice()),
        };
        held.into_iter().flatten().chain(listed.iter().map(String::as_str))
    }
}

/// Codes of one include.
#[derive(Debug)]
enum Codes {
    /// All of a complete system.
    All(Arc<System>),
    /// These.
    Some(TextSet<Box<str>>),
    /// Concepts of SNOMED CT, or medicinal products.
    Composed(Composed),
    /// Cannot be listed: what is missing.
    Unknown(&'static str, String),
}

/// One include or exclude: a system's codes, cut down by further value sets.
#[derive(Debug)]
struct Part {
    system: String,
    codes: Codes,
    /// All of these must hold the code as well.
    sets: Vec<String>,
}

#[derive(Debug)]
struct Compiled {
    include: Vec<Part>,
    exclude: Vec<Part>,
}

/// A code system with an index.
#[derive(Debug)]
pub struct System {
    definition: Arc<CodeSystem>,
    by_code: TextMap<String, u32>,
    /// Displays and designations that supplements add, by concept.
    added: HashMap<u32, Vec<String>>,
}

impl System {
    fn new(definition: Arc<CodeSystem>) -> Self {
        let fold = |code: &str| if definition.case_sensitive { code.to_owned() } else { code.to_lowercase() };
        let by_code = definition.concepts.iter().enumerate().map(|(i, c)| (fold(&c.code), i as u32)).collect();
        Self { definition, by_code, added: HashMap::new() }
    }

    fn with(mut self, supplements: &[Arc<CodeSystem>]) -> Self {
        for concept in supplements.iter().flat_map(|s| &s.concepts) {
            let Some(at) = self.find(&concept.code) else { continue };
            let display = Some(&concept.display).filter(|d| !d.is_empty());
            let texts = display.into_iter().chain(concept.designations.iter().map(|(_, text)| text));
            self.added.entry(at).or_default().extend(texts.cloned());
        }
        self
    }

    fn find(&self, code: &str) -> Option<u32> {
        if self.definition.case_sensitive {
            self.by_code.get(code).copied()
        } else {
            self.by_code.get(&code.to_lowercase()).copied()
        }
    }

    /// The declared type of a concept property.
    pub fn property_type(&self, code: &str) -> Option<&str> {
        self.definition.property_types.iter().find(|(name, _)| name == code).map(|(_, ty)| ty.as_str())
    }

    fn displays(&self, at: u32) -> impl Iterator<Item = &str> {
        let concept = &self.definition.concepts[at as usize];
        let first = std::iter::once(&concept.display).filter(|d| !d.is_empty());
        let own = first.chain(concept.designations.iter().map(|(_, text)| text));
        own.chain(self.added.get(&at).into_iter().flatten()).map(String::as_str)
    }

    fn complete(&self) -> bool {
        self.definition.content == "complete"
    }

    /// Whether concept `at` is below (or is) `ancestor`, by nesting or by a `parent` property.
    fn is_a(&self, at: u32, ancestor: u32, depth: u32) -> bool {
        if at == ancestor {
            return true;
        }
        if depth > 64 {
            return false;
        }
        let concept = &self.definition.concepts[at as usize];
        let named = concept.properties.iter().filter(|(name, _)| name == "parent" || name == "subsumedBy");
        concept.parent.is_some_and(|p| self.is_a(p, ancestor, depth + 1))
            || named.filter_map(|(_, code)| self.find(code)).any(|p| self.is_a(p, ancestor, depth + 1))
    }
}

/// Which edition of value sets and code systems is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edition {
    /// The one that the release brought.
    Pinned,
    /// The latest one held.
    Latest,
}

/// Value sets and code systems of a run, compiled at first use.
pub struct Sets {
    pub(super) catalogue: Arc<Catalogue>,
    compiled: Cache<Compiled>,
    systems: Cache<System>,
    /// The same with the latest editions.
    compiled_latest: Cache<Compiled>,
    later_systems: Cache<System>,
    snomed: Option<Arc<Index>>,
    notes: Option<Notes>,
    answers: Answers,
}

impl std::fmt::Debug for Sets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sets")
    }
}

/// What an index may lack to decide a code, each said with the value set that asks for it.
const REASONS: &[&str] =
    &["snomed-concept", "snomed-expression", "snomed-inactive", "snomed-refset", "snomed-version", "value-set-filter"];

/// The system of the dictionary of medicines and devices.
pub const DMD: &str = "https://dmd.nhs.uk";

/// Systems whose codes are a grammar or too large for any package; they are decided elsewhere or not at all.
const OPEN_SYSTEMS: &[&str] = &[
    super::SNOMED,
    "http://loinc.org",
    "http://unitsofmeasure.org",
    "urn:ietf:bcp:47",
    "urn:ietf:bcp:13",
    "urn:iso:std:iso:3166",
    DMD,
];

impl Sets {
    /// Sets over a catalogue.
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self {
            catalogue,
            compiled: Cache::default(),
            systems: Cache::default(),
            compiled_latest: Cache::default(),
            later_systems: Cache::default(),
            snomed: None,
            notes: None,
            answers: Answers::default(),
        }
    }

    /// With a SNOMED CT index.
    #[must_use]
    pub fn with_snomed(self, index: Option<Arc<Index>>) -> Self {
        Self { snomed: index, ..self }
    }

    /// With what a terminology server answered, and with notes of codes where they are wanted.
    #[must_use]
    pub fn with_answers(self, answers: Answers, notes: bool) -> Self {
        Self { answers, notes: notes.then(Notes::default), ..self }
    }

    /// Where codes are noted, if they are wanted.
    pub fn notes(&self) -> Option<&Notes> {
        self.notes.as_ref()
    }

    /// What a terminology server answered.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The SNOMED CT index, if one was given.
    pub fn snomed(&self) -> Option<&Index> {
        self.snomed.as_deref()
    }

    /// A code system by canonical.
    pub fn system(&self, release: Release, url: &str) -> Option<Arc<System>> {
        self.systems.get(release, url, || {
            let system = System::new(self.catalogue.code_system(release, url)?);
            Some(Arc::new(system.with(&self.catalogue.supplements(release, url))))
        })
    }

    /// The later edition of a code system, where another pack holds one.
    pub fn later_system(&self, release: Release, url: &str) -> Option<Arc<System>> {
        self.later_systems.get(release, url, || {
            self.catalogue.later_code_system(release, url).map(|system| Arc::new(System::new(system)))
        })
    }

    /// Displays of a code in the later edition of its system.
    pub fn later_display(&self, release: Release, url: &str, code: &str) -> Option<Displays> {
        let later = self.later_system(release, url)?;
        later.find(code).map(|at| Displays::Of(later, at))
    }

    /// What the system says of a code, in the edition of the release or else in a later one.
    pub fn display_of(&self, release: Release, url: &str, code: &str) -> Lookup {
        if url == SNOMED {
            return clinical::lookup(self.snomed(), code);
        }
        let Some(system) = self.system(release, url) else { return Lookup::NotHeld };
        let nothing =
            |system: &System| system.definition.concepts.is_empty() || system.definition.content == "not-present";
        let first = match system.find(code) {
            Some(at) => return Lookup::Found(Displays::Of(system, at)),
            None if nothing(&system) => Lookup::NotHeld,
            None if system.complete() => Lookup::NoCode,
            None => Lookup::Fragment,
        };
        let Some(later) = self.later_system(release, url).filter(|later| !nothing(later)) else { return first };
        match later.find(code) {
            Some(at) => Lookup::Found(Displays::Of(later, at)),
            None if later.complete() => Lookup::NoCode,
            None => Lookup::Fragment,
        }
    }

    /// Whether `version` of a code system that is held is not the one held: what it says of a code cannot be told then.
    pub fn of_other_version(&self, release: Release, url: &str, version: &str) -> bool {
        if let (SNOMED, Some(index)) = (url, self.snomed()) {
            return index.standing(version) != Standing::Same;
        }
        self.system(release, url).is_some_and(|s| !s.definition.version.is_empty() && s.definition.version != version)
    }

    /// The system under which a value set lists `code`, when it does.
    pub fn system_in(&self, release: Release, url: &str, code: &str) -> Option<String> {
        self.system_within(release, url, code, 0)
    }

    fn system_within(&self, release: Release, url: &str, code: &str, depth: u32) -> Option<String> {
        let set = (depth <= 16).then(|| self.compiled(release, url, Edition::Pinned))??;
        set.include.iter().find_map(|part| {
            let lists = match &part.codes {
                Codes::All(system) => system.find(code).is_some(),
                Codes::Some(codes) => codes.contains(code),
                Codes::Composed(_) | Codes::Unknown(..) => false,
            };
            if part.system.is_empty() {
                part.sets.iter().find_map(|inner| self.system_within(release, inner, code, depth + 1))
            } else {
                lists.then(|| part.system.clone())
            }
        })
    }

    /// How the system has withdrawn a code it still holds: its concept property, as `inactive` or `deprecated`.
    pub fn withdrawn(&self, release: Release, url: &str, code: &str) -> Option<&'static str> {
        let mut system = self.system(release, url)?;
        if system.find(code).is_none() {
            system = self.later_system(release, url)?;
        }
        let concept = &system.definition.concepts[system.find(code)? as usize];
        concept.properties.iter().find_map(|(property, value)| match (property.as_str(), value.as_str()) {
            ("inactive", "true") | ("status", "inactive") => Some("inactive"),
            ("status", "retired") => Some("retired"),
            ("deprecated", value) if value != "false" => Some("deprecated"),
            ("status", "deprecated") => Some("deprecated"),
            _ => None,
        })
    }

    /// Whether a kind of [`Answer::Unknown`] says in words what an index lacks, value set first, and not a URL.
    pub fn is_reason(what: &str) -> bool {
        REASONS.contains(&what)
    }

    /// Whether `coded` is in the value set `url`.
    pub fn contains(&self, release: Release, url: &str, coded: Coded<'_>) -> Answer {
        match self.contains_within(release, url, coded, 0, Edition::Pinned) {
            Answer::Out if self.contains_within(release, url, coded, 0, Edition::Latest) == Answer::In => {
                Answer::InLater
            }
            // What a server was asked, it has answered by the code system and value set that it holds.
            Answer::Unknown(..) if self.answered(url, coded) == Some(true) => Answer::In,
            Answer::Unknown(..) if self.answered(url, coded) == Some(false) => Answer::Out,
            // What an index lacks says little without the value set that asks for it.
            Answer::Unknown(what, why) if REASONS.contains(&what) => Answer::Unknown(what, format!("{url}: {why}")),
            answer => answer,
        }
    }

    fn answered(&self, url: &str, coded: Coded<'_>) -> Option<bool> {
        self.answers.of(url, coded.system?, coded.code)
    }

    fn compiled(&self, release: Release, url: &str, edition: Edition) -> Option<Arc<Compiled>> {
        let cache = match edition {
            Edition::Pinned => &self.compiled,
            Edition::Latest => &self.compiled_latest,
        };
        cache.get(release, url, || self.compile(release, url, edition).map(Arc::new))
    }

    fn contains_within(&self, release: Release, url: &str, coded: Coded<'_>, depth: u32, edition: Edition) -> Answer {
        let unknown = || Answer::Unknown("value-set", url.to_owned());
        if depth > 16 {
            return unknown();
        }
        let Some(set) = self.compiled(release, url, edition) else { return unknown() };
        let mut answer = Answer::Out;
        for part in &set.include {
            match self.part(release, part, coded, depth, edition) {
                Answer::In => {
                    answer = Answer::In;
                    break;
                }
                Answer::Out => {}
                missing if answer == Answer::Out => answer = missing,
                _ => {}
            }
        }
        if answer == Answer::Out {
            return answer;
        }
        for part in &set.exclude {
            match self.part(release, part, coded, depth, edition) {
                Answer::In => return Answer::Out,
                Answer::Out => {}
                missing if answer == Answer::In => answer = missing,
                _ => {}
            }
        }
        answer
    }

    fn part(&self, release: Release, part: &Part, coded: Coded<'_>, depth: u32, edition: Edition) -> Answer {
        let mut open = Answer::In;
        if !part.system.is_empty() {
            if coded.system.is_some_and(|s| s != part.system) {
                return Answer::Out;
            }
            match &part.codes {
                Codes::All(system) if system.find(coded.code).is_none() => return Answer::Out,
                Codes::Some(codes) if !codes.contains(coded.code) => return Answer::Out,
                Codes::Composed(composed) => {
                    let Some(index) = self.snomed() else { return Answer::Unknown("snomed", SNOMED.to_owned()) };
                    match composed.holds(index, coded.code) {
                        Held::In => {}
                        Held::Out => return Answer::Out,
                        Held::Open((what, why)) => open = Answer::Unknown(what, why),
                    }
                }
                Codes::Unknown(..) if !shapes::possible(&part.system, coded.code) => return Answer::Out,
                Codes::Unknown(what, canonical) => open = Answer::Unknown(what, canonical.clone()),
                _ => {}
            }
        }
        let mut answer = open;
        for set in &part.sets {
            match self.contains_within(release, set, coded, depth + 1, edition) {
                Answer::In => {}
                Answer::Out => return Answer::Out,
                missing if answer == Answer::In => answer = missing,
                _ => {}
            }
        }
        answer
    }

    /// How faulty filters of a value set, and of those that it draws on, were read.
    pub fn readings(&self, release: Release, url: &str) -> Vec<String> {
        let mut found = Vec::new();
        self.readings_within(release, url, 0, &mut found);
        found
    }

    fn readings_within(&self, release: Release, url: &str, depth: u32, found: &mut Vec<String>) {
        let Some(set) = (depth <= 16).then(|| self.compiled(release, url, Edition::Pinned)).flatten() else { return };
        for part in set.include.iter().chain(&set.exclude) {
            if let Codes::Composed(composed) = &part.codes {
                found.extend(composed.readings().iter().filter(|r| !found.contains(r)).cloned().collect::<Vec<_>>());
            }
            for inner in &part.sets {
                self.readings_within(release, inner, depth + 1, found);
            }
        }
    }

    fn compile(&self, release: Release, url: &str, edition: Edition) -> Option<Compiled> {
        if let Some(include) = clinical::implicit(url) {
            return Some(Compiled {
                include: vec![self.compile_part(release, &include, edition)],
                exclude: Vec::new(),
            });
        }
        let later = match edition {
            Edition::Pinned => None,
            // The version that a binding pins is told apart from the latest one below.
            Edition::Latest => self.catalogue.later_value_set(release, url.split('|').next().unwrap_or(url)),
        };
        let set: Arc<ValueSet> = match later {
            Some(later) => later,
            None => self.catalogue.value_set(release, url)?,
        };
        let parts = |list: &[Include]| list.iter().map(|i| self.compile_part(release, i, edition)).collect();
        let defined = Compiled { include: parts(&set.include), exclude: parts(&set.exclude) };
        let unknown = |part: &Part| match &part.codes {
            Codes::Unknown(..) => true,
            Codes::Composed(composed) => composed.is_partial(),
            _ => false,
        };
        let open = defined.include.is_empty() || defined.include.iter().chain(&defined.exclude).any(unknown);
        // What its author expanded decides where the definition cannot be followed here.
        if open && set.expansion.as_ref().is_some_and(|codes| !codes.is_empty() || set.include.is_empty()) {
            let mut parts: HashMap<String, TextSet<Box<str>>> = HashMap::new();
            for entry in set.expansion.as_ref()?.iter().filter(|e| !e.abstract_) {
                parts.entry(entry.system.clone()).or_default().insert(entry.code.as_str().into());
            }
            let include = parts
                .into_iter()
                .map(|(system, codes)| Part { system, codes: Codes::Some(codes), sets: Vec::new() })
                .collect();
            return Some(Compiled { include, exclude: Vec::new() });
        }
        (!set.include.is_empty()).then_some(defined)
    }

    fn compile_part(&self, release: Release, include: &Include, edition: Edition) -> Part {
        let codes = if include.system.is_empty() {
            Codes::Some(TextSet::default())
        } else if !include.concepts.is_empty() {
            Codes::Some(include.concepts.iter().map(|(code, _)| code.as_str().into()).collect())
        } else if include.system == SNOMED || include.system == DMD {
            let universe = if include.system == SNOMED { Universe::Snomed } else { Universe::Medicines };
            match (self.snomed(), universe) {
                (Some(index), _) => Codes::Composed(Composed::new(index, include, universe)),
                (None, Universe::Snomed) => Codes::Unknown("snomed", SNOMED.to_owned()),
                (None, Universe::Medicines) => Codes::Unknown("code-system", DMD.to_owned()),
            }
        } else {
            self.listed(release, include, edition)
        };
        Part { system: include.system.clone(), codes, sets: include.value_sets.clone() }
    }

    fn listed(&self, release: Release, include: &Include, edition: Edition) -> Codes {
        let missing = || Codes::Unknown("code-system", include.system.clone());
        let later = match edition {
            Edition::Pinned => None,
            Edition::Latest => self.later_system(release, &include.system),
        };
        let Some(system) = later.or_else(|| self.system(release, &include.system)) else { return missing() };
        if !system.complete() || OPEN_SYSTEMS.contains(&include.system.as_str()) {
            return missing();
        }
        if include.filters.is_empty() {
            return Codes::All(system);
        }
        let mut kept: Vec<u32> = (0..system.definition.concepts.len() as u32).collect();
        let mut done: Vec<(&str, &str)> = Vec::new();
        for (property, op, _) in &include.filters {
            if done.contains(&(property.as_str(), op.as_str())) {
                continue;
            }
            done.push((property, op));
            let alike = include.filters.iter().filter(|(p, o, _)| p == property && o == op);
            let tests: Option<Vec<Test<'_>>> =
                alike.map(|(_, _, value)| filter(&system, property, op, value)).collect();
            let Some(tests) = tests else {
                return Codes::Unknown("value-set-filter", format!("{} {property} {op}", include.system));
            };
            // FHIR joins filters by AND. A concept has one code, so several codes asked for at once would leave nothing:
            // published UK value sets that do so mean any of them.
            let any = matches!((property.as_str(), op.as_str()), ("concept" | "code", "=" | "in" | "is-a"));
            kept.retain(|&i| if any { tests.iter().any(|t| t(i)) } else { tests.iter().all(|t| t(i)) });
        }
        Codes::Some(kept.into_iter().map(|i| system.definition.concepts[i as usize].code.as_str().into()).collect())
    }

    /// Up to `most` codes of a set, for people, as `system|code` where it draws on several systems; `None` when they cannot be
    /// listed.
    pub fn sample(&self, release: Release, url: &str, most: usize) -> Option<String> {
        let set = self.compiled(release, url, Edition::Pinned)?;
        let several = set.include.iter().any(|part| part.system != set.include[0].system);
        let mut codes: Vec<String> = Vec::new();
        for part in &set.include {
            let word = |code: &str| if several { format!("{}|{code}", part.system) } else { code.to_owned() };
            match &part.codes {
                Codes::All(system) => codes.extend(system.definition.concepts.iter().map(|c| word(&c.code))),
                Codes::Some(some) => codes.extend(some.iter().map(|c| word(c))),
                Codes::Composed(_) | Codes::Unknown(..) => return None,
            }
        }
        codes.sort();
        codes.dedup();
        let more = codes.len().saturating_sub(most);
        codes.truncate(most);
        let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!codes.is_empty()).then(|| codes.join(", ") + &tail)
    }
}

type Test<'s> = Box<dyn Fn(u32) -> bool + 's>;

/// A filter as a test of concepts; `None` when the operator is not supported.
fn filter<'s>(system: &'s System, property: &'s str, op: &str, value: &'s str) -> Option<Test<'s>> {
    let values = move |i: u32| -> Vec<&'s str> {
        let concept = &system.definition.concepts[i as usize];
        match property {
            "concept" | "code" => vec![concept.code.as_str()],
            "display" => vec![concept.display.as_str()],
            _ => concept.properties.iter().filter(|(name, _)| name == property).map(|(_, v)| v.as_str()).collect(),
        }
    };
    Some(match op {
        "is-a" => {
            let top = system.find(value)?;
            Box::new(move |i| system.is_a(i, top, 0))
        }
        "descendent-of" => {
            let top = system.find(value)?;
            Box::new(move |i| i != top && system.is_a(i, top, 0))
        }
        "is-not-a" => {
            let top = system.find(value)?;
            Box::new(move |i| !system.is_a(i, top, 0))
        }
        "generalizes" => {
            let low = system.find(value)?;
            Box::new(move |i| system.is_a(low, i, 0))
        }
        "=" if property == "parent" => {
            let top = system.find(value)?;
            Box::new(move |i| system.definition.concepts[i as usize].parent == Some(top) || values(i).contains(&value))
        }
        "=" => Box::new(move |i| values(i).contains(&value)),
        "in" => Box::new(move |i| values(i).iter().any(|v| value.split(',').any(|x| x.trim() == *v))),
        "not-in" => Box::new(move |i| !values(i).iter().any(|v| value.split(',').any(|x| x.trim() == *v))),
        "exists" => Box::new(move |i| values(i).is_empty() != (value == "true")),
        "regex" => {
            let regex = regex::Regex::new(&format!("^(?:{value})$")).ok()?;
            Box::new(move |i| values(i).iter().any(|v| regex.is_match(v)))
        }
        _ => return None,
    })
}
