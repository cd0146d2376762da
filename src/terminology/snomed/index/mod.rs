//! The SNOMED CT index: built once from a release, then mapped and asked.

mod build;
mod collect;
mod format;
mod hierarchy;
mod lay;
mod map;
mod open;
mod set;
mod slices;
mod view;
mod warnings;

pub use build::{BuildReport, Progress, Stage, build, build_until};
pub use open::{Index, ReleaseInfo};
pub use set::ConceptSet;
pub use view::{ConceptView, DescriptionKind, DescriptionView, Replacement};
pub use warnings::Warning;

pub(super) use slices::U32s;
