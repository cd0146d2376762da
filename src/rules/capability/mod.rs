//! What a server says it can do, against what a standard asks: a gap table. Requirement sets are data.

mod compare;
mod declared;
mod requirement;
mod smart;

pub use compare::{Gap, GapTable, State, Subject, gaps};
pub use declared::{Declared, DeclaredResource, declared};
pub use requirement::{Need, RequirementError, RequirementSet, ResourceNeed, requirement_set, requirement_sets};
pub use smart::{SMART_SCHEMA, smart_configuration};
