//! What benches and fuzz targets time and strike at behind the door. Built with the feature `bench` alone; nobody else needs it.

/// FHIRPath programs.
pub mod fhirpath {
    pub use crate::fhirpath::{Env, NoHost, Outcome, Program, parse, repaired};
}

/// Reading into the tree.
pub mod read {
    pub use crate::read::{Format, Limits, read, read_into, sniff};
}

/// The tree.
pub mod tree {
    pub use crate::tree::{Element, Kind, NONE, Tree, flags, names};
}

/// Packages and packs.
pub mod pack {
    pub use crate::pack::catalogue::Catalogue;
    pub use crate::pack::model::Release;
}

/// Profiles compiled for checking, and the walk beside them.
pub mod conform {
    pub use crate::conform::{Checker, Context, Options};
    pub use crate::message::{Message, release_of};
    pub use crate::plan::Plans;
    pub use crate::terminology::Sets;
}

/// SNOMED CT: the index, expression constraints, and made-up releases.
pub mod snomed {
    pub use crate::terminology::snomed::expression::Expression;
    pub use crate::terminology::snomed::generate::{Dice, Spec, identifier, write_release};
    pub use crate::terminology::snomed::{Ecl, Index, Stage, build};
}

/// What a run counts.
pub mod tally {
    pub use crate::tally::{KeyKind, KeyRow, RunOutcome};
}
