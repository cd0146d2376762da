//! SNOMED CT: identifiers, RF2 releases, the index, ECL, post-coordinated expressions.

mod ecl;
mod error;
pub mod expression;
pub mod generate;
pub mod ids;
mod index;
mod page;
mod rf2;
pub mod sctid;

pub use ecl::*;
pub use error::SnomedError;
pub use index::{
    BuildReport, ConceptSet, ConceptView, DescriptionKind, DescriptionView, Index, Progress, ReleaseInfo, Replacement,
    Stage, Warning, build, build_until,
};
pub use page::{write_expansion, write_lookup};
pub use sctid::{Component, Sctid};
