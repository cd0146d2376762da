//! Packs: our facts-only form of FHIR packages, embedded or loaded, and the definitions read from them.

pub mod model;
