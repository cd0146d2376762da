//! Transfer of Care documents and ITK3 messages.

use crate::rules::Rule;

/// Rules by id.
pub static RULES: &[&dyn Rule] = &[];
