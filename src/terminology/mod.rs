//! Code systems and value sets, decided locally.

mod sets;

pub use sets::{Answer, Coded, Lookup, Sets};
