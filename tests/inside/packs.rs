//! The committed packs equal what `pack build` makes of the packages, byte for byte, and load completely.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // Tests say what they skipped and what they counted.

use hallmark::pack::build::build_pack;
use hallmark::pack::catalogue::Catalogue;
use hallmark::pack::model::{Release, Structure};
use hallmark::pack::source::EntryKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Package files and the packages each depends on, the first built first.
const PACKAGES: [(&str, &[&str]); 9] = [
    ("hl7.fhir.r3.core-3.0.2", &[]),
    ("hl7.fhir.r4.core-4.0.1", &[]),
    ("uk.careconnect.stu3-1.0.0", &["hl7.fhir.r3.core-3.0.2"]),
    ("uk.gpconnect.stu3-1.1.3", &["uk.careconnect.stu3-1.0.0", "hl7.fhir.r3.core-3.0.2"]),
    (
        "uk.transferofcare.stu3-0.0.1",
        &["uk.gpconnect.stu3-1.1.3", "uk.careconnect.stu3-1.0.0", "hl7.fhir.r3.core-3.0.2"],
    ),
    ("fhir.r4.ukcore-2.0.0", &["hl7.fhir.r4.core-4.0.1"]),
    ("hl7.fhir.uv.extensions.r4-5.3.0", &["hl7.fhir.r4.core-4.0.1"]),
    ("hl7.terminology.r4-7.3.0", &["hl7.fhir.r4.core-4.0.1"]),
    ("uk.nhsengland.r4-0.0.1", &["fhir.r4.ukcore-2.0.0", "hl7.fhir.r4.core-4.0.1", "hl7.fhir.uv.extensions.r4-5.3.0"]),
];

fn package(name: &str) -> PathBuf {
    PathBuf::from(format!("{}/../shared/packages/{name}.tgz", env!("CARGO_MANIFEST_DIR")))
}

fn pack(name: &str) -> PathBuf {
    let name = name.rsplit_once('-').unwrap().0;
    PathBuf::from(format!("{}/schemas/packs/{name}", env!("CARGO_MANIFEST_DIR")))
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let listing = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut out: Vec<_> = listing
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    out.sort();
    out
}

fn build(name: &str, needs: &[&str], out: &Path) {
    let needs: Vec<PathBuf> = needs.iter().map(|name| package(name)).collect();
    let report = build_pack(&package(name), &needs, out).unwrap();
    println!(
        "{name}: {} structures, {} value sets, {} code systems, {} others, {} faults",
        report.structures,
        report.value_sets,
        report.code_systems,
        report.others,
        report.faults.len()
    );
}

#[test]
fn committed_packs_are_what_the_packages_give() {
    for (name, needs) in PACKAGES {
        if !package(name).exists() {
            println!("SKIPPED: ../shared/packages is not here");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        build(name, needs, folder.path());
        let (built, committed) = (files(folder.path()), files(&pack(name)));
        let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&built), names(&committed), "{name}");
        for ((file, built), (_, committed)) in built.iter().zip(&committed) {
            assert!(built == committed, "{name}: {file} is not what its package gives");
        }
    }
}

/// Writes all packs anew: `cargo test --lib packs -- --ignored`.
#[test]
#[ignore = "writes schemas/packs"]
fn write_packs_anew() {
    for (name, needs) in PACKAGES {
        build(name, needs, &pack(name));
    }
}

#[test]
fn every_embedded_definition_reads() {
    let catalogue = Catalogue::new(&[]).unwrap();
    let packs = catalogue.packs();
    assert_eq!(packs.len(), PACKAGES.len());
    for pack in packs {
        let release = pack.release.unwrap();
        let canonical =
            |url: &str, version: &str| if version.is_empty() { url.to_owned() } else { format!("{url}|{version}") };
        for named in catalogue.definitions_of(&pack.name, EntryKind::Structure).unwrap() {
            let structure = catalogue.structure(release, &canonical(&named.url, &named.version)).unwrap();
            assert!(!structure.elements.is_empty() || !structure.faults.is_empty(), "{}", named.url);
        }
        for named in catalogue.definitions_of(&pack.name, EntryKind::ValueSet).unwrap() {
            assert!(catalogue.value_set(release, &canonical(&named.url, &named.version)).is_some(), "{}", named.url);
        }
        for named in catalogue.definitions_of(&pack.name, EntryKind::CodeSystem).unwrap() {
            assert!(catalogue.code_system(release, &canonical(&named.url, &named.version)).is_some(), "{}", named.url);
        }
        for named in catalogue.definitions_of(&pack.name, EntryKind::Other).unwrap() {
            assert!(catalogue.resource_known(release, &named.url), "{}", named.url);
        }
    }
}

/// Facts read back are the facts that were written.
#[test]
fn facts_equal_their_package() {
    for (name, needs) in PACKAGES {
        if !package(name).exists() {
            println!("SKIPPED: ../shared/packages is not here");
            return;
        }
        let paths: Vec<PathBuf> = std::iter::once(&name).chain(needs).map(|name| package(name)).collect();
        let source = Catalogue::new(&paths).unwrap();
        let mut embedded = Catalogue::new(&[]).unwrap();
        let package = source.user_packages().first().unwrap();
        // What other packs say of the same canonicals is not asked.
        embedded.only(&[&package.name]);
        let release = package.release.unwrap();
        let header = std::fs::read_to_string(pack(name).join("pack.toml")).unwrap();
        for entry in &package.entries {
            if header.contains(&format!("\"{}: its base", entry.url)) {
                assert!(embedded.structure(release, &entry.url).is_none(), "{} was left out", entry.url);
                continue;
            }
            // A pack may define a canonical of the core anew; the core's then needs no version to be found.
            let canonical =
                if entry.version.is_empty() { entry.url.clone() } else { format!("{}|{}", entry.url, entry.version) };
            match entry.kind {
                EntryKind::Structure => {
                    // Words of a package stay with whoever loads it.
                    let facts = |structure: Option<Arc<Structure>>| {
                        structure.map(|held| {
                            let mut structure = Structure::clone(&held);
                            let constraints = structure.elements.iter_mut().flat_map(|e| &mut e.constraints);
                            constraints.for_each(|c| c.human.clear());
                            structure
                        })
                    };
                    let (a, b) = (source.structure(release, &canonical), embedded.structure(release, &canonical));
                    assert_eq!(facts(a), facts(b), "{}", entry.url);
                }
                EntryKind::ValueSet => {
                    assert_eq!(source.value_set(release, &canonical), embedded.value_set(release, &canonical));
                }
                EntryKind::CodeSystem => {
                    assert_eq!(source.code_system(release, &canonical), embedded.code_system(release, &canonical));
                }
                EntryKind::Other => {}
            }
        }
    }
}

#[test]
fn versions_must_match_and_releases_stay_apart() {
    let catalogue = Catalogue::new(&[]).unwrap();
    let patient = "http://hl7.org/fhir/StructureDefinition/Patient";
    let (stu3, r4) =
        (catalogue.structure(Release::Stu3, patient).unwrap(), catalogue.structure(Release::R4, patient).unwrap());
    assert!(stu3.elements.iter().any(|element| element.id == "Patient.animal"));
    assert!(!r4.elements.iter().any(|element| element.id == "Patient.animal"));
    assert!(catalogue.structure(Release::R4, &format!("{patient}|4.0.1")).is_some());
    assert!(catalogue.structure(Release::R4, &format!("{patient}|4.0")).is_none());
    assert_eq!(catalogue.structure_by_name(Release::Stu3, "CareConnect-Patient-1").unwrap().ty, "Patient");
    assert!(catalogue.type_structure(Release::R4, "Nothing").is_none());
}

/// NOTICE names every embedded pack with its version and licence.
#[test]
fn notice_names_every_pack() {
    let notice = include_str!("../../NOTICE");
    for pack in Catalogue::new(&[]).unwrap().packs() {
        let line = notice.lines().find(|line| line.starts_with(&format!("{} {} ", pack.name, pack.version)));
        assert!(line.is_some_and(|line| line.ends_with(&pack.licence)), "{pack:?}");
    }
}

/// The reference validator's own test definitions, many broken on purpose, are read without a panic.
#[test]
fn strange_definitions_never_panic() {
    let archive = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/oracle/validator-test-cases.tgz"));
    let Ok(archive) = std::fs::File::open(archive) else {
        println!("SKIPPED: ../shared/oracle is not here");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    tar::Archive::new(flate2::read::GzDecoder::new(archive)).unpack(folder.path()).unwrap();
    let (mut files, mut opened, mut structures, mut faults) = (0, 0, 0, 0);
    for entry in walkdir::WalkDir::new(folder.path()).sort_by_file_name() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        if !(name.ends_with(".json") || name.ends_with(".xml"))
            || entry.path().components().any(|part| part.as_os_str() == "outcomes")
        {
            continue;
        }
        files += 1;
        let Ok(catalogue) = Catalogue::new(&[entry.path().to_path_buf()]) else { continue };
        opened += 1;
        for definition in catalogue.user_packages().iter().flat_map(|package| &package.entries) {
            for release in [Release::Stu3, Release::R4] {
                if let Some(structure) = catalogue.structure(release, &definition.url) {
                    structures += 1;
                    faults += structure.faults.len();
                    assert!(!hallmark::pack::show::show(&structure).is_empty());
                }
                catalogue.value_set(release, &definition.url);
                catalogue.code_system(release, &definition.url);
            }
        }
    }
    println!("{files} files, {opened} with definitions, {structures} structures, {faults} faults");
    assert!(structures > 0);
}
