//! What a run is told: hallmark.toml, environment and command line made into one, each value with where it came from.

mod baseline;
mod resolve;
mod rules;
mod select;
mod sources;
mod values;
mod waivers;

pub use baseline::{Baseline, BaselineBuilder, SCHEMA as BASELINE_SCHEMA};
pub use resolve::{CONFIG_SCHEMA, ConfigFile, FILE_NAME, Names, Settings, Shown, read, resolve};

pub use crate::schema::{Fault, Faults};
pub use rules::{RULES, WAIVER_EXPIRED, WAIVER_UNUSED};
pub use select::{RuleSelection, Severities};
pub use sources::{SourceGlob, SourceSettings};
pub use values::{Flags, LimitsEntry, SourceEntry, Words};
pub use waivers::{Waiver, Waivers};

pub use crate::text::Date;
