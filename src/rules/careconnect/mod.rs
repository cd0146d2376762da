//! What CareConnect asks beyond its profiles.

mod draft_url;
mod vital_sign_profile;

use crate::rules::Rule;

/// Rules by id.
pub static RULES: &[&Rule] = &[&draft_url::RULE, &vital_sign_profile::RULE];
