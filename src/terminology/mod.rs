//! Code systems, value sets and SNOMED CT, decided locally.

mod answers;
mod clinical;
mod listed;
mod notes;
mod sets;
pub mod shapes;
pub mod snomed;

pub use answers::{Answers, batch};
pub use clinical::SNOMED;
pub use listed::Listed;
pub use sets::{Answer, Coded, DMD, Displays, Lookup, Sets};
