//! terminology layer.

pub mod snomed;
