//! Finds the RF2 files of a release: a folder, a zip, or a folder of zips; Monolith and split layouts alike.

use crate::terminology::snomed::SnomedError;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// Release kinds. A delta says nothing on its own and is never read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The latest row of every component.
    Snapshot,
    /// Every row ever; the latest counts.
    Full,
}

/// Tables that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Concepts.
    Concept,
    /// Descriptions and text definitions.
    Description,
    /// Inferred relationships.
    Relationship,
    /// Inferred relationships with concrete values.
    ConcreteRelationship,
    /// Reference sets of any kind.
    Refset,
}

/// One file of a release.
#[derive(Clone, Debug)]
pub struct ReleaseFile {
    /// Its name, without folders.
    pub name: String,
    /// What it holds.
    pub table: Table,
    /// Length in bytes, unpacked.
    pub bytes: u64,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Path(PathBuf),
    Zip { archive: PathBuf, index: usize },
}

/// The files of a release, tables in reading order, then by name.
#[derive(Clone, Debug)]
pub struct Release {
    /// Snapshot where there is one, else full.
    pub kind: Kind,
    /// Its files.
    pub files: Vec<ReleaseFile>,
    /// RF2 files that are not read: deltas, stated relationships, the other kind.
    pub passed_over: usize,
}

impl Release {
    /// Looks for RF2 files in a folder (walked) or a zip. Fails when no Concept file is found.
    pub fn find(path: &Path) -> Result<Self, SnomedError> {
        let mut found: Vec<(Kind, ReleaseFile)> = Vec::new();
        let mut passed_over = 0;
        let mut take = |name: &str, bytes: u64, source: Source| match classify(name) {
            Classified::Read(kind, table) => {
                found.push((kind, ReleaseFile { name: name.to_owned(), table, bytes, source }));
            }
            Classified::PassOver => passed_over += 1,
            Classified::Foreign => {}
        };
        let whole = std::fs::metadata(path).map_err(SnomedError::io(path))?;
        if whole.is_file() {
            zip_entries(path, &mut take)?;
        } else {
            for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
                let entry = entry.map_err(|fault| SnomedError::Io {
                    path: fault.path().unwrap_or(path).to_owned(),
                    source: fault.into(),
                })?;
                if !entry.file_type().is_file() {
                    continue;
                }
                let name = entry.file_name().to_string_lossy();
                if name.to_ascii_lowercase().ends_with(".zip") {
                    zip_entries(entry.path(), &mut take)?;
                } else {
                    let bytes = entry.metadata().map_or(0, |m| m.len());
                    take(&name, bytes, Source::Path(entry.path().to_owned()));
                }
            }
        }
        let has = |kind| found.iter().any(|(k, file)| *k == kind && file.table == Table::Concept);
        let kind = if has(Kind::Snapshot) {
            Kind::Snapshot
        } else if has(Kind::Full) {
            Kind::Full
        } else {
            return Err(SnomedError::NotARelease(path.to_owned()));
        };
        let all = found.len();
        let mut files: Vec<ReleaseFile> = found.into_iter().filter(|(k, _)| *k == kind).map(|(_, file)| file).collect();
        passed_over += all - files.len();
        files.sort_by(|a, b| (a.table, &a.name).cmp(&(b.table, &b.name)));
        Ok(Self { kind, files, passed_over })
    }

    /// Unpacked bytes of all files that are read.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

impl ReleaseFile {
    /// Hands the unpacked bytes to `read`.
    pub fn open<T>(&self, read: impl FnOnce(&mut dyn Read) -> Result<T, SnomedError>) -> Result<T, SnomedError> {
        match &self.source {
            Source::Path(path) => {
                let mut file = File::open(path).map_err(SnomedError::io(path))?;
                read(&mut file)
            }
            Source::Zip { archive, index } => {
                let mut zip = open_zip(archive)?;
                let mut entry = zip
                    .by_index(*index)
                    .map_err(|fault| SnomedError::Zip { path: archive.clone(), detail: fault.to_string() })?;
                read(&mut entry)
            }
        }
    }

    /// The file on disk, for error texts.
    pub fn path(&self) -> &Path {
        match &self.source {
            Source::Path(path) | Source::Zip { archive: path, .. } => path,
        }
    }
}

fn open_zip(path: &Path) -> Result<zip::ZipArchive<BufReader<File>>, SnomedError> {
    let file = File::open(path).map_err(SnomedError::io(path))?;
    zip::ZipArchive::new(BufReader::with_capacity(1 << 18, file))
        .map_err(|fault| SnomedError::Zip { path: path.to_owned(), detail: fault.to_string() })
}

fn zip_entries(path: &Path, take: &mut dyn FnMut(&str, u64, Source)) -> Result<(), SnomedError> {
    let mut zip = open_zip(path)?;
    for index in 0..zip.len() {
        let entry = zip
            .by_index_raw(index)
            .map_err(|fault| SnomedError::Zip { path: path.to_owned(), detail: fault.to_string() })?;
        if entry.is_file() {
            let whole = String::from_utf8_lossy(entry.name_raw()).into_owned();
            let name = whole.rsplit(['/', '\\']).next().unwrap_or("").to_owned();
            let bytes = entry.size();
            drop(entry);
            take(&name, bytes, Source::Zip { archive: path.to_owned(), index });
        }
    }
    Ok(())
}

enum Classified {
    Read(Kind, Table),
    PassOver,
    Foreign,
}

/// `[x]sct2_Concept_MONOSnapshot_GB_20250312.txt`: status, content type, subtype with the kind, country, date.
fn classify(name: &str) -> Classified {
    let Some(stem) = name.strip_suffix(".txt") else { return Classified::Foreign };
    let mut parts = stem.split('_');
    let (Some(status), Some(content), Some(subtype)) = (parts.next(), parts.next(), parts.next()) else {
        return Classified::Foreign;
    };
    if !matches!(status, "sct2" | "der2" | "xsct2" | "xder2") {
        return Classified::Foreign;
    }
    let table = match content {
        "Concept" => Table::Concept,
        "Description" | "TextDefinition" => Table::Description,
        "Relationship" => Table::Relationship,
        "RelationshipConcreteValues" => Table::ConcreteRelationship,
        _ if content.ends_with("Refset") => Table::Refset,
        _ => return Classified::PassOver,
    };
    let head = subtype.split('-').next().unwrap_or("");
    let kind = if head.ends_with("Snapshot") {
        Kind::Snapshot
    } else if head.ends_with("Full") {
        Kind::Full
    } else {
        return Classified::PassOver;
    };
    Classified::Read(kind, table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_both_layouts() {
        for (name, expected) in [
            ("sct2_Concept_MONOSnapshot_GB_20250312.txt", Some((Kind::Snapshot, Table::Concept))),
            ("sct2_Concept_UKCLSnapshot_GB1000000_20250312.txt", Some((Kind::Snapshot, Table::Concept))),
            ("sct2_Concept_Full_INT_20250101.txt", Some((Kind::Full, Table::Concept))),
            ("xsct2_Description_Snapshot-en_INT_20250101.txt", Some((Kind::Snapshot, Table::Description))),
            ("sct2_TextDefinition_MONOSnapshot-en_GB_20250312.txt", Some((Kind::Snapshot, Table::Description))),
            (
                "sct2_RelationshipConcreteValues_MONOSnapshot_GB_1.txt",
                Some((Kind::Snapshot, Table::ConcreteRelationship)),
            ),
            ("der2_cRefset_LanguageMONOSnapshot-en_GB_20250312.txt", Some((Kind::Snapshot, Table::Refset))),
            ("der2_iisssciRefset_ExtendedMapUKCLSnapshot_GB1000000_1.txt", Some((Kind::Snapshot, Table::Refset))),
            ("sct2_Concept_Delta_INT_20250101.txt", None),
            ("sct2_StatedRelationship_Snapshot_INT_20250101.txt", None),
            ("sct2_Identifier_Snapshot_INT_20250101.txt", None),
            ("Readme_en_20250101.txt", None),
            ("._sct2_Concept_Snapshot_INT_20250101.txt", None),
        ] {
            let found = match classify(name) {
                Classified::Read(kind, table) => Some((kind, table)),
                _ => None,
            };
            assert_eq!(found, expected, "{name}");
        }
    }
}
