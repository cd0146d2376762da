//! hallmark: checks NHS FHIR message feeds offline. Modules in layer order; an edge only ever goes down.

// Without the command line much of what stands behind the door has no caller; with it, whatever has none is a fault.
#![cfg_attr(not(feature = "cli"), allow(dead_code, unused_imports, reason = "used by the command line alone"))]

pub(crate) mod output;
pub(crate) mod text;

pub(crate) mod tree;

pub mod finding;

pub(crate) mod feed;
pub(crate) mod schema;

pub(crate) mod read;

pub(crate) mod pack;

pub(crate) mod terminology;

pub(crate) mod uk;

pub(crate) mod fhirpath;

pub(crate) mod plan;
pub mod settings;

pub(crate) mod message;

pub(crate) mod tally;

pub(crate) mod conform;
pub(crate) mod measure;
pub(crate) mod rules;

pub(crate) mod engine;

pub mod record;

pub mod kitemark;

pub mod report;
pub mod session;

#[cfg(feature = "cli")]
pub mod cli;

#[cfg(feature = "bench")]
#[doc(hidden)]
pub mod bench;

// Tests that need what stands behind the door name the library as its users do.
#[cfg(test)]
extern crate self as hallmark;

#[cfg(test)]
#[path = "../tests/inside/mod.rs"]
mod inside;
