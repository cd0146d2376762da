//! hallmark: checks NHS FHIR message feeds offline. Modules in layer order; an edge only ever goes down.

pub mod output;
pub mod text;

pub mod tree;

pub mod finding;

pub mod feed;
pub mod schema;

pub mod read;

pub mod pack;

pub mod terminology;

pub mod uk;

pub mod fhirpath;

pub mod plan;
pub mod settings;

pub mod message;

pub mod tally;

pub mod conform;
pub mod measure;
pub mod rules;

pub mod engine;

pub mod record;

pub mod kitemark;

pub mod report;
pub mod session;

#[cfg(feature = "cli")]
pub mod cli;

// Tests that need what stands behind the door name the library as its users do.
#[cfg(test)]
extern crate self as hallmark;

#[cfg(test)]
#[path = "../tests/inside/mod.rs"]
mod inside;
