//! Finds the RF2 files of a release as TRUD ships them: folders, zips, zips in zips, .tgz and .gz, monolith or split, and tells
//! its packages apart. The kind (Snapshot or Full) is chosen for each package: the latest row of a component counts, whichever
//! file brings it. A Delta says nothing by itself and is never read.

use super::archive::{Source, Unpacked};
use super::file::{ReleaseFile, Table};
use crate::terminology::snomed::SnomedError;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Release kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The latest row of every component.
    Snapshot,
    /// Every row ever; the latest counts.
    Full,
    /// What changed since the release before.
    Delta,
}

/// What one package of a composition brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// What it is: International, UK Clinical Extension, ...
    pub name: String,
    /// The latest date in the names of its files, YYYYMMDD; 0 when there is none.
    pub date: u32,
    /// The kind that is read.
    pub kind: Kind,
    /// Names of the files that are read.
    pub read: Vec<String>,
    /// Names of the files that are not, and why.
    pub passed_over: Vec<(String, &'static str)>,
    /// Tables that it lacks although it brings concepts.
    pub lacks: Vec<&'static str>,
}

/// The files of a release, tables in reading order, then by name.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its files.
    pub files: Vec<ReleaseFile>,
    /// Its packages, by name.
    pub packages: Vec<Package>,
    /// Files of dm+d.
    pub medicines: Vec<ReleaseFile>,
    /// Maps of Read codes.
    pub read_codes: Vec<ReleaseFile>,
    /// Where archives within archives were unpacked, until the last user is gone.
    _unpacked: Arc<Unpacked>,
}

/// A file that may be of RF2.
struct Found {
    name: String,
    bytes: u64,
    source: Source,
}

impl Release {
    /// Looks for files of RF2, of dm+d and of the maps of Read codes in folders (walked), zips, .tgz and .gz, which together are one
    /// release.
    ///
    /// # Errors
    /// When no Concept file is found, a package has a Delta alone, or what all of them together bring has no Description or no
    /// Relationship file; and when a file or an archive cannot be read.
    pub fn find(paths: &[&Path]) -> Result<Self, SnomedError> {
        let mut unpacked = Unpacked::default();
        let mut found: Vec<Found> = Vec::new();
        let mut take = |name: &str, bytes: u64, source: Source| {
            found.push(Found { name: name.to_owned(), bytes, source });
        };
        for path in paths {
            if std::fs::metadata(path).map_err(SnomedError::io(path))?.is_file() {
                unpacked.file(path, &mut take)?;
                continue;
            }
            for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
                let entry = entry.map_err(|fault| SnomedError::Io {
                    path: fault.path().unwrap_or(path).to_owned(),
                    source: fault.into(),
                })?;
                if entry.file_type().is_file() {
                    unpacked.file(entry.path(), &mut take)?;
                }
            }
        }
        let mut packages: BTreeMap<String, Vec<(Name, Found)>> = BTreeMap::new();
        let mut release = Self {
            files: Vec::new(),
            packages: Vec::new(),
            medicines: Vec::new(),
            read_codes: Vec::new(),
            _unpacked: Arc::new(unpacked),
        };
        let beside = |file: Found| {
            let Found { name, bytes, source } = file;
            ReleaseFile { name, table: Table::Refset, bytes, source }
        };
        for file in found {
            if let Some(name) = Name::read(&file.name) {
                packages.entry(name.package()).or_default().push((name, file));
            } else if super::dmd::is_file(&file.name).is_some() {
                release.medicines.push(beside(file));
            } else if super::read_codes::is_file(&file.name).is_some() {
                release.read_codes.push(beside(file));
            }
        }
        let path = paths.first().copied().unwrap_or(Path::new(""));
        for (name, files) in packages {
            release.add(name, files)?;
        }
        let has = |table| release.files.iter().any(|file| file.table == table);
        if !has(Table::Concept) {
            return Err(SnomedError::NotARelease(path.to_owned()));
        }
        for (table, what) in [(Table::Relationship, "Relationship"), (Table::Description, "Description")] {
            if !has(table) {
                return Err(SnomedError::NoTable { path: path.to_owned(), table: what });
            }
        }
        release.files.sort_by(|a, b| (a.table, &a.name).cmp(&(b.table, &b.name)));
        Ok(release)
    }

    /// The kind of a package is Snapshot where it brings one, else Full.
    fn add(&mut self, name: String, files: Vec<(Name, Found)>) -> Result<(), SnomedError> {
        let of = |kind: Kind, table: Option<Table>| {
            files
                .iter()
                .any(|(n, _)| n.kind == Some(kind) && n.table.is_some() && (table.is_none() || n.table == table))
        };
        let kinds = [Kind::Snapshot, Kind::Full];
        let whole = kinds.into_iter().find(|kind| of(*kind, Some(Table::Concept)));
        let Some(kind) = whole.or_else(|| kinds.into_iter().find(|kind| of(*kind, None))) else {
            if of(Kind::Delta, None) {
                return Err(SnomedError::DeltaAlone(name));
            }
            return Ok(());
        };
        let mut package = Package { name, date: 0, kind, read: Vec::new(), passed_over: Vec::new(), lacks: Vec::new() };
        let mut tables: Vec<Table> = Vec::new();
        let mut language = false;
        for (parts, file) in files {
            package.date = package.date.max(parts.date);
            let why = match (parts.kind, parts.table) {
                (Some(found), Some(table)) if found == kind => {
                    // A file that is there twice, in a zip and beside it, is read once.
                    if package.read.contains(&file.name) {
                        package.passed_over.push((file.name, "there twice"));
                        continue;
                    }
                    tables.push(table);
                    language |= parts.language;
                    package.read.push(file.name.clone());
                    let Found { name, bytes, source } = file;
                    self.files.push(ReleaseFile { name, table, bytes, source });
                    continue;
                }
                (_, None) => "another table",
                (Some(Kind::Delta), _) => "Delta",
                (Some(Kind::Full), _) => "Full",
                (Some(Kind::Snapshot), _) => "Snapshot",
                (None, _) => "no kind in its name",
            };
            package.passed_over.push((file.name, why));
        }
        if tables.contains(&Table::Concept) {
            let needs = [
                (tables.contains(&Table::Description), "Description"),
                (tables.contains(&Table::Relationship), "Relationship"),
                (language, "Language refset"),
            ];
            package.lacks = needs.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect();
        }
        self.packages.push(package);
        Ok(())
    }

    /// Unpacked bytes of all files that are read.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Whether every package is read from its Full files.
    pub fn is_full(&self) -> bool {
        self.packages.iter().all(|package| package.kind == Kind::Full)
    }
}

/// What the name of an RF2 file says: `[x]sct2_Concept_MONOSnapshot_GB_20250312.txt`, status, content type, subtype with the kind,
/// country or namespace, date.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    kind: Option<Kind>,
    table: Option<Table>,
    language: bool,
    /// What stands before the kind: `UKCL`, `MONO`, or nothing.
    tag: String,
    /// `INT`, `GB`, `GB1000000`.
    place: String,
    date: u32,
}

impl Name {
    /// `None` for a file that is none of RF2. Letter case counts for nothing.
    fn read(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let stem = lower.strip_suffix(".gz").unwrap_or(&lower).strip_suffix(".txt")?;
        let mut parts = stem.split('_');
        let (status, content, subtype) = (parts.next()?, parts.next()?, parts.next()?);
        if !matches!(status, "sct2" | "der2" | "xsct2" | "xder2") {
            return None;
        }
        let head = subtype.split('-').next().unwrap_or_default();
        let kinds = [("snapshot", Kind::Snapshot), ("full", Kind::Full), ("delta", Kind::Delta)];
        let kind = kinds.into_iter().find_map(|(word, kind)| Some((head.strip_suffix(word)?, kind)));
        let before = kind.map_or(head, |(before, _)| before);
        let language = before.starts_with("language");
        let table = match content {
            "concept" => Some(Table::Concept),
            "description" => Some(Table::Description),
            "textdefinition" => Some(Table::TextDefinition),
            "relationship" => Some(Table::Relationship),
            "relationshipconcretevalues" => Some(Table::ConcreteRelationship),
            // The axioms say in another form what the relationships say.
            "srefset" if before.starts_with("owl") => None,
            _ if content.ends_with("refset") => Some(Table::Refset),
            _ => None,
        };
        // In the name of a refset the tag stands after the name of its type.
        let tags = ["ukcl", "ukcr", "uked", "ukdg", "ukpc", "ukpa", "mono"];
        let tag = tags.into_iter().find(|tag| before.ends_with(tag)).unwrap_or_default();
        let (mut place, mut date) = (String::new(), 0);
        for part in parts {
            match part.parse::<u32>() {
                Ok(number) if part.len() == 8 => date = number,
                _ if place.is_empty() => place = part.to_ascii_uppercase(),
                _ => {}
            }
        }
        Some(Self { kind: kind.map(|(_, kind)| kind), table, language, tag: tag.to_ascii_uppercase(), place, date })
    }

    /// What package a file is of.
    fn package(&self) -> String {
        let known = match (self.tag.as_str(), self.place.as_str()) {
            ("MONO", _) => "UK Monolith Edition",
            ("UKCL", _) => "UK Clinical Extension",
            ("UKCR", _) => "UK Clinical Refsets",
            ("UKDG", _) => "UK Drug Extension",
            ("UKED", _) => "UK Edition",
            ("UKPC", _) => "UK Primary Care Refsets",
            ("UKPA", _) => "UK Pathology",
            (_, "INT") => "International",
            (_, "GB1000000") => "UK Clinical Extension",
            (_, "GB1000001") => "UK Drug Extension",
            (_, "GB") => "UK Edition",
            (_, "") => "without a place in its names",
            (_, place) => return place.to_owned(),
        };
        known.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_layouts() {
        let clinical = "UK Clinical Extension";
        for (name, expected) in [
            (
                "sct2_Concept_MONOSnapshot_GB_20250312.txt",
                Some((Kind::Snapshot, Table::Concept, "UK Monolith Edition")),
            ),
            ("sct2_Concept_UKCLSnapshot_GB1000000_20250312.txt", Some((Kind::Snapshot, Table::Concept, clinical))),
            ("sct2_Concept_Snapshot_GB1000000_20200401.txt", Some((Kind::Snapshot, Table::Concept, clinical))),
            ("SCT2_CONCEPT_FULL_INT_20250101.TXT", Some((Kind::Full, Table::Concept, "International"))),
            (
                "xsct2_Description_Snapshot-en_INT_20250101.txt",
                Some((Kind::Snapshot, Table::Description, "International")),
            ),
            (
                "sct2_TextDefinition_MONOSnapshot-en_GB_1.txt",
                Some((Kind::Snapshot, Table::TextDefinition, "UK Monolith Edition")),
            ),
            (
                "sct2_Relationship_UKDGSnapshot_GB1000001_1.txt.gz",
                Some((Kind::Snapshot, Table::Relationship, "UK Drug Extension")),
            ),
            ("der2_cRefset_LanguageUKCLSnapshot-en_GB1000000_1.txt", Some((Kind::Snapshot, Table::Refset, clinical))),
            (
                "der2_iisssciRefset_ExtendedMapUKCLSnapshot_GB1000000_1.txt",
                Some((Kind::Snapshot, Table::Refset, clinical)),
            ),
            ("sct2_Concept_Delta_INT_20250101.txt", Some((Kind::Delta, Table::Concept, "International"))),
            ("sct2_Concept_Snapshot_SE1000052_20250101.txt", Some((Kind::Snapshot, Table::Concept, "SE1000052"))),
        ] {
            let found = Name::read(name).and_then(|n| Some((n.kind?, n.table?, n.package())));
            assert_eq!(found, expected.map(|(kind, table, package)| (kind, table, package.to_owned())), "{name}");
        }
        assert_eq!(Name::read("sct2_Concept_Snapshot_INT_20250101.txt").map(|n| n.date), Some(20_250_101));
        for (name, known) in [
            ("sct2_StatedRelationship_Snapshot_INT_20250101.txt", true),
            ("sct2_Identifier_Snapshot_INT_20250101.txt", true),
            ("sct2_sRefset_OWLExpressionSnapshot_INT_20250101.txt", true),
            ("Readme_en_20250101.txt", false),
            ("._sct2_Concept_Snapshot_INT_20250101.txt", false),
        ] {
            let found = Name::read(name);
            assert_eq!((found.is_some(), found.and_then(|n| n.table)), (known, None), "{name}");
        }
        assert!(Name::read("der2_cRefset_LanguageSnapshot-en_INT_1.txt").is_some_and(|name| name.language));
    }
}
