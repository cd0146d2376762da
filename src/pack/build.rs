//! `pack build`: a FHIR package becomes a pack, a folder of text facts.

use super::catalogue::Catalogue;
use super::error::PackError;
use super::facts::{structures, terms};
use super::import_terms::{read_code_system, read_value_set};
use super::model::{Release, Structure, StructureKind};
use super::snapshot;
use super::source::{EntryKind, Package};
use crate::output;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What building a pack gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackReport {
    /// Package name.
    pub name: String,
    /// Package version.
    pub version: String,
    /// Structures written.
    pub structures: usize,
    /// Value sets written.
    pub value_sets: usize,
    /// Code systems written.
    pub code_systems: usize,
    /// Other definitions, of which only the name is written.
    pub others: usize,
    /// Faults of structures: canonical and what is wrong.
    pub faults: Vec<(String, String)>,
    /// Structures that are not written, as nothing can be checked against them: canonical and why.
    pub left_out: Vec<(String, String)>,
}

/// Files of a pack, in the order they are written.
pub const FILES: [&str; 7] = [
    "types.facts",
    "resources.facts",
    "profiles.facts",
    "extensions.facts",
    "valuesets.facts",
    "codesystems.facts",
    "others.facts",
];

/// Builds the pack of one package into the folder `out`. What it depends on is looked for in `dependencies`, then in the
/// embedded packs of those names that its manifest lists.
///
/// # Errors
/// When the package or a dependency cannot be read, or `out` cannot be written.
pub fn build_pack(package: &Path, dependencies: &[PathBuf], out: &Path) -> Result<PackReport, PackError> {
    let mut paths = vec![package.to_path_buf()];
    paths.extend_from_slice(dependencies);
    let mut catalogue = Catalogue::new(&paths)?;
    // What else happens to be embedded must not change what is built.
    let mut needed: Vec<String> = catalogue
        .user_packages()
        .iter()
        .flat_map(|package| &package.dependencies)
        .map(|(name, _)| name.clone())
        .collect();
    // A definition by itself, or a package that names nothing, stands on FHIR's own.
    if needed.is_empty() && !catalogue.user_packages().iter().any(|package| package.name.ends_with(".core")) {
        needed = ["hl7.fhir.r3.core", "hl7.fhir.r4.core"].map(str::to_owned).to_vec();
    }
    catalogue.only(&needed.iter().map(String::as_str).collect::<Vec<_>>());
    let Some(package) = catalogue.user_packages().first() else {
        return Err(PackError::Empty { file: package.display().to_string() });
    };
    let (files, report) = facts(&catalogue, package)?;
    let unwritable = |path: &Path, error: std::io::Error| PackError::Unwritable {
        file: path.display().to_string(),
        what: error.to_string(),
    };
    std::fs::create_dir_all(out).map_err(|error| unwritable(out, error))?;
    for (file, text) in files {
        let path = out.join(file);
        if text.is_empty() {
            output::remove(&path).map_err(|error| unwritable(&path, error))?;
            continue;
        }
        output::write(&path, text.as_bytes()).map_err(|error| unwritable(&path, error))?;
    }
    Ok(report)
}

/// Files of a pack: names and text, empty when there is nothing to write.
type Files = Vec<(&'static str, String)>;

/// The files of a pack and what they hold.
fn facts(catalogue: &Catalogue, package: &Package) -> Result<(Files, PackReport), PackError> {
    let release = package.release.or(package.entries.iter().find_map(|entry| entry.release)).unwrap_or(Release::R4);
    let mut report =
        PackReport { name: package.name.clone(), version: package.version.clone(), ..PackReport::default() };
    // Sorted by canonical, then version; of equals the first stays.
    let mut files: [BTreeMap<(String, String), String>; 7] = Default::default();
    for entry in &package.entries {
        let mut text = String::new();
        let file = match entry.kind {
            EntryKind::Structure => {
                let canonical = if entry.version.is_empty() {
                    entry.url.clone()
                } else {
                    format!("{}|{}", entry.url, entry.version)
                };
                let Some(structure) = catalogue.structure(release, &canonical) else { continue };
                let baseless = snapshot::baseless(&structure.base);
                if structure.faults.contains(&baseless) {
                    report.left_out.push((entry.url.clone(), baseless));
                    continue;
                }
                structures::write(&mut text, &structure.without_prose());
                report.structures += 1;
                report.faults.extend(structure.faults.iter().map(|fault| (entry.url.clone(), fault.clone())));
                file_of(&structure)
            }
            EntryKind::ValueSet => {
                terms::write_value_set(&mut text, &read_value_set(&*entry.datum()?));
                report.value_sets += 1;
                4
            }
            EntryKind::CodeSystem => {
                terms::write_code_system(&mut text, &read_code_system(&*entry.datum()?));
                report.code_systems += 1;
                5
            }
            EntryKind::Other => {
                terms::write_other(&mut text, &entry.url, &entry.version, &entry.resource_type);
                report.others += 1;
                6
            }
        };
        files[file].entry((entry.url.clone(), entry.version.clone())).or_insert(text);
    }
    report.left_out.sort();
    let mut out = vec![("pack.toml", header(package, release, &report.left_out)?)];
    out.extend(FILES.into_iter().zip(files.map(|file| file.into_values().collect::<String>())));
    Ok((out, report))
}

fn file_of(structure: &Structure) -> usize {
    match (structure.constraint, structure.kind) {
        (true, _) if structure.ty == "Extension" => 3,
        (true, _) => 2,
        (false, Some(StructureKind::Primitive | StructureKind::Complex)) => 0,
        (false, _) => 1,
    }
}

fn header(package: &Package, release: Release, left_out: &[(String, String)]) -> Result<String, PackError> {
    let quoted = |text: &str| text.replace(['"', '\\', '\t', '\n'], " ");
    let mut out =
        String::from("# Facts built from a FHIR package by `hallmark pack build`; not the official package.\n");
    let licence = licence(package)?;
    for (name, value) in [
        ("name", package.name.as_str()),
        ("version", &package.version),
        ("source", &package.source),
        ("sha256", &package.digest),
        ("licence", &licence),
        ("fhir", release.as_str()),
    ] {
        out.push_str(&format!("{name} = \"{}\"\n", quoted(value)));
    }
    let mut dependencies = package.dependencies.clone();
    dependencies.sort();
    let listed: Vec<String> =
        dependencies.iter().map(|(name, version)| format!("\"{}@{}\"", quoted(name), quoted(version))).collect();
    out.push_str(&format!("dependencies = [{}]\n", listed.join(", ")));
    if !left_out.is_empty() {
        out.push_str("left-out = [\n");
        for (url, why) in left_out {
            out.push_str(&format!("    \"{}: {}\",\n", quoted(url), quoted(why)));
        }
        out.push_str("]\n");
    }
    Ok(out)
}

/// The licence the package states, else what its definitions name.
fn licence(package: &Package) -> Result<String, PackError> {
    if package.licence != "none stated" {
        return Ok(package.licence.clone());
    }
    let mut named = 0;
    for entry in &package.entries {
        if entry.mentions("apache.org/licenses/LICENSE-2.0")? {
            named += 1;
        }
    }
    Ok(match named {
        0 => "none stated".to_owned(),
        _ => format!("none stated for the package; {named} of {} definitions name Apache-2.0", package.entries.len()),
    })
}
