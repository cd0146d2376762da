//! SNOMED CT: identifiers, RF2 releases, the index, ECL, post-coordinated expressions.

mod compose;
mod diff;
mod ecl;
mod editions;
mod error;
pub mod expression;
#[cfg(any(test, feature = "bench"))]
pub mod generate;
pub mod ids;
mod index;
mod page;
pub mod products;
mod rf2;
pub mod sctid;

pub use compose::{Composed, Held, Universe};
pub use diff::changes;
pub use ecl::*;
pub use editions::Standing;
pub use error::SnomedError;
#[cfg(test)]
pub use index::BuildReport;
pub use index::{ConceptView, DescriptionKind, Index, Progress, build_until};
#[cfg(any(test, feature = "bench"))]
pub use index::{Stage, build};
pub use page::{package_lines, write_lookup, write_terms};
pub use rf2::{Link, Package};
pub use sctid::{Component, Sctid, SctidFault};
