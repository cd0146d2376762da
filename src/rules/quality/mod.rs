//! Data quality of any standard: placeholders, contradictions, dates, links.

use crate::rules::Rule;

/// Rules by id.
pub static RULES: &[&dyn Rule] = &[];
