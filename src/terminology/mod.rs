//! terminology layer.

pub mod shapes;
pub mod snomed;
