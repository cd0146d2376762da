//! Where a pseudonym was seen: what a list of doubles and contradictions is made of. Never part of a record.

use std::sync::Arc;

use super::KeyRow;

/// One sighting of a pseudonym, in the order of such a list: by pseudonym and fact, then by place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighting {
    /// What was seen; its count is one.
    pub row: KeyRow,
    /// Name of the source as it is, which may identify a person.
    pub source: Arc<str>,
    /// Payload within the source, from 1.
    pub payload: u64,
    /// Line of the source on which the resource begins, from 1.
    pub line: u64,
    /// Type of the resource, or empty for a whole payload.
    pub resource: Box<str>,
    /// Id of the resource, or empty.
    pub id: Box<str>,
    /// Identifier of the Bundle, or id of the MessageHeader, or empty.
    pub message: Box<str>,
}
