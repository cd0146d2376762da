//! List codes of a GP Connect structured record: one primary list per area asked for, secondary lists, consultation structure.

/// SNOMED CT code and title of each primary list.
pub const PRIMARY: &[(&str, &str)] = &[
    ("886921000000105", "Allergies and adverse reactions"),
    ("1103671000000101", "Ended allergies"),
    ("1149501000000101", "List of consultations"),
    ("714311000000108", "Patient recall administration"),
    ("1102181000000102", "Immunisations"),
    ("887191000000108", "Investigations and results"),
    ("933361000000108", "Medications and medical devices"),
    ("792931000000107", "Outbound referral"),
    ("717711000000103", "Problems"),
    ("826501000000100", "Uncategorised data"),
];

/// Active allergies.
pub const ALLERGIES: &str = "886921000000105";
/// Ended allergies.
pub const ENDED_ALLERGIES: &str = "1103671000000101";
/// A consultation.
pub const CONSULTATION: &str = "325851000000107";
/// A topic in a consultation.
pub const TOPIC: &str = "25851000000105";
/// A heading in a topic.
pub const CATEGORY: &str = "24781000000107";

/// Code system of the reason why a list is empty.
pub const EMPTY_REASON_SYSTEM: &str = "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1";

/// Code system of secondary lists.
pub const SECONDARY_SYSTEM: &str = "https://fhir.hl7.org.uk/STU3/CodeSystem/GPConnect-SecondaryListValues-1";

/// Codes of secondary lists.
pub const SECONDARY: &[&str] = &[
    "consultations-allergies-contained-in-consultations",
    "consultations-allergies-that-have-been-ended-contained-in-consultations",
    "consultations-diary-entries-contained-in-consultations",
    "consultations-documents-contained-in-consultations",
    "consultations-immunisations-contained-in-consultations",
    "consultations-investigations-contained-in-consultations",
    "consultations-medications-contained-in-consultations",
    "consultations-outbound-referrals-in-consultations",
    "consultations-problems-contained-in-consultations",
    "consultations-uncategorised-data-contained-in-consultations",
    "problems-allergies-related-to-problems",
    "problems-allergies-that-have-been-ended-related-to-problems",
    "problems-consultations-related-to-problems",
    "problems-diary-entries-related-to-problems",
    "problems-documents-related-to-problems",
    "problems-immunisations-related-to-problems",
    "problems-investigations-related-to-problems",
    "problems-linked-problems-not-relating-to-the-primary-query",
    "problems-medications-related-to-problems",
    "problems-outbound-referrals-related-to-problems",
    "problems-uncategorised-data-related-to-problems",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_hold_each_code_once() {
        assert_eq!(PRIMARY.len(), 10);
        assert_eq!(SECONDARY.len(), 21);
        assert!(SECONDARY.windows(2).all(|w| w[0] < w[1]));
    }
}
