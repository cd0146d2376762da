//! Generated snapshots against published ones: CareConnect's from its publisher, the core profiles' own.
//! What differs and is kept so stands in `fixtures/snapshot-known.tsv`, each with its reason; the list may only shrink.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // Tests say what they skipped and what they counted.

use hallmark::pack::catalogue::Catalogue;
use hallmark::pack::import::{Definition, read_definition};
use hallmark::pack::model::{ElementDef, Release, Structure};
use hallmark::pack::snapshot::{self, Definitions, Found};
use hallmark::pack::source::{EntryKind, open};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

fn shared(relative: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(relative);
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: ../shared/{relative} is not here");
    None
}

struct Host<'a>(&'a Catalogue, Release);

impl Definitions for Host<'_> {
    fn release(&self) -> Release {
        self.1
    }
    fn find(&self, canonical: &str) -> Found {
        self.0.structure(self.1, canonical).map_or(Found::Missing, Found::Here)
    }
}

/// Facts of an element that must agree, by name.
fn facts(element: &ElementDef) -> Vec<(&'static str, String)> {
    let mut types: Vec<String> = element
        .types
        .iter()
        .map(|ty| {
            let mut links = [ty.profiles.clone(), ty.targets.clone()];
            links.iter_mut().for_each(|links| links.sort());
            format!("{} {}", ty.code, links.concat().join(" "))
        })
        .collect();
    types.sort();
    let mut keys: Vec<&str> = element.constraints.iter().map(|constraint| constraint.key.as_str()).collect();
    keys.sort_unstable();
    let max = element.max.map_or_else(|| "*".to_owned(), |max| max.to_string());
    vec![
        ("path", element.path.clone()),
        ("cardinality", format!("{}..{max}", element.min)),
        ("types", types.join(", ")),
        ("fixed", format!("{:?}", element.fixed)),
        ("pattern", format!("{:?}", element.pattern)),
        (
            "slicing",
            element
                .slicing
                .as_ref()
                .map_or_else(String::new, |s| format!("{:?} {} {}", s.discriminators, s.rules, s.ordered)),
        ),
        (
            "binding",
            element
                .binding
                .as_ref()
                .map_or_else(String::new, |b| format!("{} {} {}", b.strength, b.value_set, b.max_value_set)),
        ),
        ("constraints", keys.join(" ")),
    ]
}

/// Whether an element that only one side has repeats what the type of its parent says: it adds nothing.
fn restated(id: &str, element: &ElementDef, all: &BTreeMap<&str, &ElementDef>, host: &Host<'_>) -> bool {
    let Some((parent, last)) = id.rsplit_once('.') else { return false };
    let Some([ty]) = all.get(parent).map(|p| p.types.as_slice()) else { return false };
    let Found::Here(own) = host.find(&format!("http://hl7.org/fhir/StructureDefinition/{}", ty.code)) else {
        return false;
    };
    let beyond_place = |e: &ElementDef| facts(e).into_iter().filter(|(fact, _)| *fact != "path").collect::<Vec<_>>();
    let same = own.elements.iter().find(|e| e.id == format!("{}.{last}", ty.code));
    ty.profiles.is_empty() && same.is_some_and(|own| beyond_place(own) == beyond_place(element))
}

/// Differences as `profile, element id, fact` with both sides.
fn compare(
    name: &str,
    ours: &Structure,
    theirs: &Structure,
    host: &Host<'_>,
    out: &mut BTreeMap<String, (String, String)>,
) -> usize {
    let ours: BTreeMap<&str, &ElementDef> = ours.elements.iter().map(|e| (e.id.as_str(), e)).collect();
    let theirs: BTreeMap<&str, &ElementDef> = theirs.elements.iter().map(|e| (e.id.as_str(), e)).collect();
    let ids: BTreeSet<&str> = ours.keys().chain(theirs.keys()).copied().collect();
    for id in &ids {
        match (ours.get(id), theirs.get(id)) {
            (Some(a), Some(b)) => {
                for ((fact, a), (_, b)) in facts(a).into_iter().zip(facts(b)) {
                    if a != b {
                        out.insert(format!("{name}\t{id}\t{fact}"), (a, b));
                    }
                }
            }
            (Some(one), None) if restated(id, one, &ours, host) => {}
            (None, Some(one)) if restated(id, one, &theirs, host) => {}
            (Some(_), None) => {
                out.insert(format!("{name}\t{id}\telement"), ("present".to_owned(), "absent".to_owned()));
            }
            _ => {
                out.insert(format!("{name}\t{id}\telement"), ("absent".to_owned(), "present".to_owned()));
            }
        }
    }
    ids.len()
}

fn settle(lane: &str, found: BTreeMap<String, (String, String)>) {
    let known = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/snapshot-known.tsv"))
        .unwrap_or_default();
    let mut known: BTreeSet<String> = known
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t').filter(|(of, _)| *of == lane).map(|(_, rest)| rest))
        .filter_map(|rest| rest.rsplit_once('\t').map(|(key, _reason)| key.to_owned()))
        .collect();
    let mut new = Vec::new();
    for (key, (ours, theirs)) in &found {
        if !known.remove(key) {
            new.push(format!("{lane}\t{key}\n     ours   {ours}\n     theirs {theirs}"));
        }
    }
    assert!(new.is_empty(), "{} new differences:\n{}", new.len(), new.join("\n"));
    assert!(known.is_empty(), "no longer different, take them off the list: {known:#?}");
}

fn definitions(path: &std::path::Path) -> Vec<Definition> {
    let packages = open(path).unwrap();
    let entries = packages.iter().flat_map(|package| &package.entries);
    entries
        .filter(|entry| entry.kind == EntryKind::Structure)
        .map(|entry| read_definition(&entry.datum().unwrap()))
        .collect()
}

#[test]
fn careconnect_equals_its_publisher() {
    let Some(oracle) = shared("oracle/careconnect-snapshots.tgz") else { return };
    let Some(core) = shared("packages/hl7.fhir.r3.core-3.0.2.tgz") else { return };
    let Some(careconnect) = shared("packages/uk.careconnect.stu3-1.0.0.tgz") else { return };
    let folder = tempfile::tempdir().unwrap();
    tar::Archive::new(flate2::read::GzDecoder::new(std::fs::File::open(oracle).unwrap()))
        .unpack(folder.path())
        .unwrap();
    let catalogue = Catalogue::new(&[careconnect, core]).unwrap();
    let mut found = BTreeMap::new();
    let (mut profiles, mut elements) = (0, 0);
    for definition in definitions(folder.path()) {
        let theirs = snapshot::complete(&definition, &Host(&catalogue, Release::Stu3));
        let Some(ours): Option<Arc<Structure>> = catalogue.structure(Release::Stu3, &theirs.url) else {
            println!("not in the package: {}", theirs.url);
            continue;
        };
        let name = theirs.url.rsplit('/').next().unwrap();
        profiles += 1;
        elements += compare(name, &ours, &theirs, &Host(&catalogue, Release::Stu3), &mut found);
    }
    println!("CareConnect: {profiles} profiles, {elements} elements, {} differences", found.len());
    settle("careconnect", found);
}

/// STU3's own snapshots come from a publisher that renamed choices (`valueCode`, no slicer) and did not take over the
/// prohibition of `extension`; both are brought to the form that the later publisher of CareConnect uses.
fn as_later_publishers(ours: &Structure, theirs: &mut Structure) {
    let short: BTreeMap<&str, &str> = ours
        .elements
        .iter()
        .filter(|element| element.path.ends_with("[x]") && !element.slice.is_empty())
        .filter_map(|element| Some((element.slice.as_str(), element.id.rsplit('.').next()?)))
        .collect();
    for element in &mut theirs.elements {
        let long = |segment: &str| short.get(segment).map_or_else(|| segment.to_owned(), |long| (*long).to_owned());
        element.id = element.id.split('.').map(long).collect::<Vec<_>>().join(".");
        element.path =
            element.id.split('.').map(|segment| segment.split(':').next().unwrap()).collect::<Vec<_>>().join(".");
    }
    for element in &ours.elements {
        let held = theirs.elements.iter_mut().find(|other| other.id == element.id);
        match held {
            Some(other) if element.path.ends_with(".extension") && element.max == Some(0) => other.max = element.max,
            None if element.path.ends_with("[x]") && element.slicing.is_some() => theirs.elements.push(element.clone()),
            _ => {}
        }
    }
}

fn core_equals_itself(lane: &str, file: &str, release: Release) {
    let Some(core) = shared(file) else { return };
    let catalogue = Catalogue::new(std::slice::from_ref(&core)).unwrap();
    let host = Host(&catalogue, release);
    let mut found = BTreeMap::new();
    let (mut profiles, mut elements) = (0, 0);
    for definition in definitions(&core) {
        if !definition.structure.constraint
            || definition.structure.elements.is_empty()
            || definition.differential.is_empty()
        {
            continue;
        }
        let mut theirs = snapshot::complete(&definition, &host);
        let ours = snapshot::generate(&definition, &host);
        if release == Release::Stu3 {
            as_later_publishers(&ours, &mut theirs);
        }
        let name = theirs.url.rsplit('/').next().unwrap();
        profiles += 1;
        elements += compare(name, &ours, &theirs, &host, &mut found);
    }
    println!("{lane}: {profiles} profiles, {elements} elements, {} differences", found.len());
    settle(lane, found);
}

#[test]
fn stu3_core_profiles_equal_their_own() {
    core_equals_itself("r3", "packages/hl7.fhir.r3.core-3.0.2.tgz", Release::Stu3);
}

#[test]
fn r4_core_profiles_equal_their_own() {
    core_equals_itself("r4", "packages/hl7.fhir.r4.core-4.0.1.tgz", Release::R4);
}
