//! Our own files (settings, criteria, attestations, records) checked against their JSON Schemas, with places.

mod check;
mod document;
mod locate;
mod near;

pub use check::{Fault, Faults, Schema};
pub use document::{Checked, Syntax};
pub use near::nearest;
