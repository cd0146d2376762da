//! The SNOMED CT index: built once from a release, then mapped and asked.

mod build;
mod collect;
mod format;
mod hierarchy;
mod lay;
mod map;
mod medicines;
mod members;
mod open;
mod set;
mod slices;
mod view;
mod warnings;

#[cfg(test)]
pub use build::BuildReport;
pub use build::{Progress, build_until};
#[cfg(any(test, feature = "bench"))]
pub use build::{Stage, build};
pub use open::Index;
pub use set::ConceptSet;
pub use view::{ConceptView, DescriptionKind, DescriptionView};

pub(super) use members::MemberView;
pub(super) use slices::U32s;
