//! What a List is in a structured record, by its code.

use crate::rules::query::{codings_of, pair};
use crate::tree::Element;
use crate::uk::lists::{CATEGORY, CONSULTATION, PRIMARY, SECONDARY, TOPIC};
use crate::uk::systems::SNOMED;

/// What a List is in a structured record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An area that was asked for: its index in [`PRIMARY`].
    Primary(usize),
    /// Items that came along with an area.
    Secondary,
    /// Consultation, topic or heading.
    Structure,
    /// None of these.
    Other,
}

/// What `list` is, by its code.
pub fn kind(list: Element<'_>) -> Kind {
    for (system, code) in codings_of(list, "code").map(pair) {
        if system == SNOMED {
            if let Some(i) = PRIMARY.iter().position(|(c, _)| *c == code) {
                return Kind::Primary(i);
            }
            if matches!(code, CONSULTATION | TOPIC | CATEGORY) {
                return Kind::Structure;
            }
        } else if SECONDARY.contains(&code) {
            return Kind::Secondary;
        }
    }
    Kind::Other
}
