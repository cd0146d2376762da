//! One file of a release: what it holds and where its bytes are.

use super::archive::{Source, open_zip};
use crate::terminology::snomed::SnomedError;
use std::io::Read;
use std::path::Path;

/// Tables that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Concepts.
    Concept,
    /// Descriptions.
    Description,
    /// Text definitions, which are descriptions too.
    TextDefinition,
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
    /// Length in bytes, unpacked where that is known.
    pub bytes: u64,
    pub(super) source: Source,
}

impl ReleaseFile {
    /// Hands the unpacked bytes to `read`.
    pub fn open<T>(&self, read: impl FnOnce(&mut dyn Read) -> Result<T, SnomedError>) -> Result<T, SnomedError> {
        match &self.source {
            Source::Path(path) => {
                let mut file = std::fs::File::open(path).map_err(SnomedError::io(path))?;
                read(&mut file)
            }
            Source::Gzip(path) => {
                let file = std::fs::File::open(path).map_err(SnomedError::io(path))?;
                read(&mut flate2::read::MultiGzDecoder::new(file))
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
            Source::Path(path) | Source::Gzip(path) | Source::Zip { archive: path, .. } => path,
        }
    }
}
