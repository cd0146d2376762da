//! What can go wrong with a release or an index.

use std::path::{Path, PathBuf};

/// Why a release could not be read, or an index not be written or opened.
#[derive(Debug, thiserror::Error)]
pub enum SnomedError {
    /// The file system said no.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// A zip file that cannot be read.
    #[error("{}: the zip file cannot be read: {detail}", path.display())]
    Zip {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        detail: String,
    },
    /// Nothing of RF2 in it.
    #[error("{}: no RF2 release: no snapshot or full Concept file is in it", .0.display())]
    NotARelease(PathBuf),
    /// A file of dm+d that is no XML.
    #[error("{file}: the file cannot be read: {detail}")]
    Xml {
        /// The file.
        file: String,
        /// What the reader said.
        detail: String,
    },
    /// A package that cannot stand by itself.
    #[error("the package {0} brings a Delta alone, which says nothing without the Snapshot or Full files it changes")]
    DeltaAlone(String),
    /// Without it nothing could be answered.
    #[error("{}: the release has no {table} file, so that no index can be made of it", path.display())]
    NoTable {
        /// The release.
        path: PathBuf,
        /// The table.
        table: &'static str,
    },
    /// A folder or an archive where an index is asked for.
    #[error(
        "{}: this is a release, not an index; make one with `hallmark snomed build {} -o INDEX`",
        .0.display(), .0.display()
    )]
    Release(PathBuf),
    /// A folder that is no release.
    #[error("{}: this is a folder, not an index, and no RF2 release is in it", .0.display())]
    Folder(PathBuf),
    /// An RF2 file whose first line is not what it must be.
    #[error("{file}: the header line lacks the column {column}")]
    Header {
        /// Name of the file.
        file: String,
        /// The first column that is missing.
        column: &'static str,
    },
    /// A line longer than any RF2 line.
    #[error("{0}: a line is longer than 16 MiB")]
    LongLine(String),
    /// More than the index can number.
    #[error("the release holds more {0} than an index can number")]
    TooMany(&'static str),
    /// Asked to stop.
    #[error("the build was stopped; nothing was written")]
    Stopped,
    /// Not one of our files.
    #[error("{}: no SNOMED CT index (wrong first bytes); build one with `hallmark snomed build`", .0.display())]
    NotAnIndex(PathBuf),
    /// A file of another version of this program.
    #[error("{}: index format {found}, but this program reads format {expected}; build it again", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Format of the file.
        found: u32,
        /// Format of this program.
        expected: u32,
    },
    /// Shorter or longer than its header says.
    #[error("{}: the index has {found} bytes where its header says {expected}: truncated or extended", path.display())]
    Length {
        /// The file.
        path: PathBuf,
        /// Length of the file.
        found: u64,
        /// Length in the header.
        expected: u64,
    },
    /// A digest or the layout does not hold.
    #[error("{}: the index is damaged or was changed ({what}); build it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which part.
        what: &'static str,
    },
}

impl SnomedError {
    /// For `map_err`.
    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}
