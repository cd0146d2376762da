//! Tests of what stands behind the door of the library: compiled into the library's own tests, so that one binary is linked.

mod capability;
mod circles;
mod damage;
#[path = "fhirpath/definitions.rs"]
mod definitions;
mod evidence;
mod examples;
mod feed;
mod fhirpath_properties;
mod fixing;
mod formats;
mod gap;
mod invariants;
mod kitemark;
mod layers;
mod measures;
mod mutation;
mod official;
mod packs;
mod prose;
mod record;
mod settings;
mod snapshots;
mod snomed;
mod snomed_ecl;
mod terminology;
mod traceability;
mod two_formats;
mod year;
