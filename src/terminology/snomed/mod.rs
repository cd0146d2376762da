//! SNOMED CT: identifiers, RF2 releases, the index, ECL, post-coordinated expressions.

mod ecl;
mod error;
#[cfg(any(test, feature = "bench"))]
pub mod expression;
#[cfg(any(test, feature = "bench"))]
pub mod generate;
pub mod ids;
mod index;
mod page;
mod rf2;
pub mod sctid;

pub use ecl::*;
pub use error::SnomedError;
#[cfg(test)]
pub use index::BuildReport;
pub use index::{ConceptSet, ConceptView, DescriptionKind, Index, Progress, build_until};
#[cfg(any(test, feature = "bench"))]
pub use index::{Stage, build};
pub use page::{write_expansion, write_lookup};
pub use sctid::{Component, Sctid};
