//! Packs: our facts-only form of FHIR packages, embedded or loaded, and the definitions read from them.

mod blob;
pub mod build;
mod cache;
pub mod catalogue;
pub mod datum;
mod datum_types;
pub mod embedded;
pub mod error;
pub mod facts;
pub mod import;
pub mod import_terms;
pub mod known;
pub mod model;
pub mod show;
pub mod snapshot;
pub mod source;
pub mod xml;

pub use cache::Cache;
