//! Which FHIR type a `name[x]` member of a definition holds.

use super::model::{Datum, TypedDatum};

/// Primitive types whose name in `fixedCode` differs from the type only in its first letter.
const PRIMITIVES: [&str; 20] = [
    "base64Binary",
    "boolean",
    "canonical",
    "code",
    "date",
    "dateTime",
    "decimal",
    "id",
    "instant",
    "integer",
    "integer64",
    "markdown",
    "oid",
    "positiveInt",
    "string",
    "time",
    "unsignedInt",
    "uri",
    "url",
    "uuid",
];

/// The FHIR type that a choice member's suffix names: `CodeableConcept`, `Code` -> `code`.
pub fn type_of_suffix(suffix: &str) -> String {
    let mut chars = suffix.chars();
    let lower: String = chars.next().map(|c| c.to_ascii_lowercase()).into_iter().chain(chars).collect();
    if PRIMITIVES.contains(&lower.as_str()) { lower } else { suffix.to_owned() }
}

/// Reads `prefix[x]` of an element.
pub fn typed_member(element: &Datum, prefix: &str) -> Option<TypedDatum> {
    element.members().iter().find_map(|(key, value)| {
        let suffix = key.strip_prefix(prefix)?;
        if !suffix.starts_with(|c: char| c.is_ascii_uppercase()) {
            return None;
        }
        Some(TypedDatum { ty: type_of_suffix(suffix), value: value.clone().without_underscored() })
    })
}
