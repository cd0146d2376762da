//! What CareConnect asks beyond its profiles.

use crate::rules::Rule;

/// Rules by id.
pub static RULES: &[&dyn Rule] = &[];
