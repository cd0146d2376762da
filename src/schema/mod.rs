//! Our own files (settings, criteria, attestations, records) checked against their JSON Schemas, with places.

mod check;
mod document;
mod locate;

pub use crate::text::nearest;
pub use check::{Fault, Faults, Schema};
pub use document::{Checked, Syntax};
