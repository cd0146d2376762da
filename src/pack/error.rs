//! What can go wrong when packages and packs are read or written; each of these stops the run.

/// A package or pack that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// A file or folder could not be read.
    #[error("{file} cannot be read: {what}")]
    Unreadable {
        /// Path as given.
        file: String,
        /// The system's reason.
        what: String,
    },
    /// A file could not be written.
    #[error("{file} cannot be written: {what}")]
    Unwritable {
        /// Path as given.
        file: String,
        /// The system's reason.
        what: String,
    },
    /// A definition, archive or manifest is not well formed.
    #[error("{file} is not well formed: {what}")]
    Malformed {
        /// File name.
        file: String,
        /// What stands there.
        what: String,
    },
    /// No definition was found.
    #[error("{file} holds no FHIR definition")]
    Empty {
        /// Path as given.
        file: String,
    },
    /// A line of a pack's facts does not follow the grammar.
    #[error("facts of {pack}: {what}: {line}")]
    Facts {
        /// Pack or file.
        pack: String,
        /// What is wrong.
        what: String,
        /// The line.
        line: String,
    },
    /// The embedded packs do not hang together.
    #[error("embedded packs are damaged: {what}")]
    Embedded {
        /// What is wrong.
        what: String,
    },
}
