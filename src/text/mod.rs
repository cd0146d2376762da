//! Bytes and places: spans, lines, masked values and safe printing. No FHIR words here.

pub mod digits;
mod lines;
mod masked;
mod near;
pub mod sanitise;
mod span;

pub use lines::{LineIndex, Place};
pub use masked::{Disclosure, Masked};
pub use near::{distance, nearest};
pub use span::Span;
