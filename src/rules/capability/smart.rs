//! `.well-known/smart-configuration` against the rules of SMART App Launch.

use crate::schema::{Checked, Faults, Schema, Syntax};

/// Our JSON Schema of a SMART configuration (SMART App Launch 2.x, conformance).
pub static SMART_SCHEMA: Schema = Schema::new(include_str!("../../../schemas/smart-configuration.schema.json"));

/// Checks the text of a SMART configuration; `name` stands in the places of faults.
///
/// # Errors
/// What is not well formed or not as SMART App Launch asks, with line and column.
pub fn smart_configuration(name: &str, text: &str) -> Result<serde_json::Value, Faults> {
    Ok(Checked::read(name, text, Syntax::Json, &SMART_SCHEMA)?.value)
}
