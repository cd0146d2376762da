//! Code systems, value sets and SNOMED CT, decided locally.

mod sets;
pub mod shapes;
pub mod snomed;

pub use sets::{Answer, Coded, Lookup, Sets};
