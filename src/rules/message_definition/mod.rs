//! Messages against the MessageDefinitions of user packages: event, focus types, counts and profiles.

mod event;
mod focus;
mod focus_profile;
mod model;

use crate::rules::Rule;

/// Rules by id.
pub static RULES: &[&Rule] = &[&event::RULE, &focus::RULE, &focus_profile::RULE];
