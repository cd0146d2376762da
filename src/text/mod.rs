//! Bytes and places: spans, lines, masked values and safe printing. No FHIR words here.

pub mod digits;
mod lines;
mod masked;
pub mod sanitise;
mod span;

pub use lines::{LineIndex, Place};
pub use masked::{Disclosure, Masked};
pub use span::Span;
