//! Code systems, value sets and SNOMED CT, decided locally.

mod clinical;
mod sets;
pub mod shapes;
pub mod snomed;

pub use clinical::SNOMED;
pub use sets::{Answer, Coded, DMD, Displays, Lookup, Sets};
