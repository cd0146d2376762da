//! UK Core, the Personal Demographics Service and messages built on UK Core.

use crate::rules::Rule;

/// Rules by id.
pub static RULES: &[&dyn Rule] = &[];
