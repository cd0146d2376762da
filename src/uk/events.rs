//! Events of UK messages and the codes that answer them: ITK3, the Booking and Referral Standard, the Electronic Prescription
//! Service, GP Connect.

/// Code system of ITK3 events.
pub const ITK_SYSTEM: &str = "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2";

/// Whether a code system is of ITK3 events, of any version.
pub fn is_itk_system(system: &str) -> bool {
    system.contains("/ITK-MessageEvent-")
}

/// ITK3 event codes with what they announce.
pub const ITK: &[(&str, &str)] = &[
    ("ITK003D", "inpatient discharge"),
    ("ITK004D", "mental health discharge"),
    ("ITK005D", "emergency care discharge"),
    ("ITK006D", "outpatient letter"),
    ("ITK007C", "GP Connect Send Document"),
    ("ITK008M", "response"),
    ("ITK009D", "immunisation"),
    ("ITK010D", "emergency supply"),
    ("ITK011M", "events management"),
    ("ITK012M", "pathology"),
    ("ITK013D", "minor illness"),
    ("ITK014M", "update record"),
];

/// ITK3 event code of a response.
pub const RESPONSE: &str = "ITK008M";
/// ITK3 event code of Send Document.
pub const SEND_DOCUMENT: &str = "ITK007C";

/// Code system of events of the Booking and Referral Standard.
pub const BARS_SYSTEM: &str = "https://fhir.nhs.uk/CodeSystem/message-events-bars";

/// Events of the Booking and Referral Standard, and what their focus may be.
pub const BARS: &[(&str, &[&str])] = &[
    ("booking-request", &["Appointment"]),
    ("booking-response", &["Appointment"]),
    ("servicerequest-request", &["ServiceRequest"]),
    ("servicerequest-response", &["ServiceRequest", "Encounter"]),
];

/// Code system of events of the Electronic Prescription Service.
pub const EPS_SYSTEM: &str = "https://fhir.nhs.uk/CodeSystem/message-event";

/// Code system of acknowledgements of ITK3.
pub const RESPONSE_SYSTEM: &str = "https://fhir.nhs.uk/STU3/CodeSystem/ITK-ResponseCodes-1";

/// The acknowledgement of success.
pub const SUCCESS: &str = "20013";

/// First and last code of each run of published acknowledgements.
const RUNS: &[(u32, u32)] = &[(10001, 10005), (10007, 10010), (20001, 20015), (30001, 30025)];

/// Whether an acknowledgement code is published.
pub fn is_response_code(code: &str) -> bool {
    code.len() == 5 && code.parse().is_ok_and(|n: u32| RUNS.iter().any(|(a, b)| (*a..=*b).contains(&n)))
}

/// Whether a code belongs to the retired acknowledgement codes of ITK3.
pub fn is_retired_response_code(code: &str) -> bool {
    let number = code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit());
    (number && (code.starts_with("410") || code.starts_with("510"))) || (code.len() == 5 && code.starts_with("RC"))
}

/// Code system of errors of GP Connect providers and of Spine.
pub const ERROR_SYSTEM: &str = "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1";

/// Errors of GP Connect providers: code, issue type and HTTP status, from the error handling guidance.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn response_codes_are_sorted_out() {
        for (code, published, retired) in [
            ("20013", true, false),
            ("10006", false, false),
            ("30025", true, false),
            ("30026", false, false),
            ("41001", false, true),
            ("RC001", false, true),
            ("abc", false, false),
        ] {
            assert_eq!((is_response_code(code), is_retired_response_code(code)), (published, retired), "{code}");
        }
    }

    #[test]
    fn errors_stand_once() {
        let mut codes: Vec<&str> = ERRORS.iter().map(|e| e.0).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ERRORS.len());
    }
}
