//! Errors that GP Connect providers answer with: code, issue type and HTTP status.

use crate::rules::query::profiles;
use crate::tree::Element;

/// Code system of the codes.
pub const SYSTEM: &str = "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1";

/// Code, issue type and HTTP status, from the error handling guidance.
pub const ERRORS: &[(&str, &str, u16)] = &[
    ("INVALID_IDENTIFIER_SYSTEM", "value", 400),
    ("INVALID_IDENTIFIER_VALUE", "value", 400),
    ("INVALID_NHS_NUMBER", "value", 400),
    ("INVALID_PATIENT_DEMOGRAPHICS", "business-rule", 400),
    ("BAD_REQUEST", "invalid", 400),
    ("NO_PATIENT_CONSENT", "forbidden", 403),
    ("NO_ORGANISATION_CONSENT", "forbidden", 403),
    ("NO_ORGANISATIONAL_CONSENT", "forbidden", 403),
    ("ACCESS_DENIED", "forbidden", 403),
    ("ORGANISATION_NOT_FOUND", "not-found", 404),
    ("PATIENT_NOT_FOUND", "not-found", 404),
    ("PRACTITIONER_NOT_FOUND", "not-found", 404),
    ("NO_RECORD_FOUND", "not-found", 404),
    ("DUPLICATE_REJECTED", "duplicate", 409),
    ("INVALID_RESOURCE", "invalid", 422),
    ("INVALID_PARAMETER", "invalid", 422),
    ("REFERENCE_NOT_FOUND", "invalid", 422),
    ("INTERNAL_SERVER_ERROR", "processing", 500),
    ("NOT_IMPLEMENTED", "not-supported", 501),
];

/// Whether an OperationOutcome is a GP Connect provider's, in any spelling of its profile.
pub fn is_gpc_error(outcome: Element<'_>) -> bool {
    profiles(outcome).any(|url| {
        let last = url.rsplit('/').next().unwrap_or(url);
        last.get(..26).is_some_and(|start| start.eq_ignore_ascii_case("GPConnect-OperationOutcome"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_once() {
        let mut codes: Vec<&str> = ERRORS.iter().map(|e| e.0).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ERRORS.len());
    }
}
