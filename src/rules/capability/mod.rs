//! What a server says it can do, against what a standard asks: a gap table. Requirement sets are data.

mod compare;
mod declared;
mod requirement;
mod smart;

pub use compare::{GapTable, State, Subject, gaps};
pub use declared::{Declared, declared};
pub use requirement::{Need, requirement_set, requirement_sets};
pub use smart::smart_configuration;
