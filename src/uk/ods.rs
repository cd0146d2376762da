//! Codes of the Organisation Data Service: their shapes, those that stand for no organisation, and where they stand in addresses.

use super::systems::{ODS_ORGANISATION, ODS_SITE};

/// Addresses of Spine, of endpoints and, in `meta.source`, of systems.
pub const ADDRESS: &str = "urn:nhs-uk:addressing:";

/// Whether `system` is that of organisations or of sites.
pub fn is_system(system: &str) -> bool {
    system == ODS_ORGANISATION || system == ODS_SITE
}

/// Whether a text may be an organisation code: 3 to 10 capitals and digits (NHS Data Dictionary, ORGANISATION CODE).
pub fn is_code(text: &str) -> bool {
    (3..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Whether a text is certainly meant as an organisation code: 3 to 8 capitals and digits, with a digit when longer than 3, so that
/// a name or a number that strayed into the place of a code is not taken for one.
pub fn is_surely_code(text: &str) -> bool {
    is_code(text) && text.len() <= 8 && (text.len() == 3 || text.bytes().any(|b| b.is_ascii_digit()))
}

/// The code in a Spine address, or in a URL under the system of organisations.
pub fn code_in(address: &str) -> Option<&str> {
    let code = address
        .strip_prefix(ADDRESS)
        .and_then(|rest| rest.strip_prefix("ods:"))
        .or_else(|| address.strip_prefix(ODS_ORGANISATION).and_then(|rest| rest.strip_prefix(['/', '|', '#'])))?;
    Some(code.split(':').next().unwrap_or(code)).filter(|code| is_surely_code(code))
}

/// What a default code stands for (NHS Data Dictionary, ORGANISATION CODE: default codes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// A patient without a registered practice.
    NoPractice,
    /// A practice code that does not apply.
    NotApplicable,
    /// A practice code that is not known.
    PracticeUnknown,
    /// An organisation that is not known.
    Unknown,
}

/// What `code` stands for when it names no organisation.
pub fn default(code: &str) -> Option<Default> {
    Some(match code {
        "V81997" => Default::NoPractice,
        "V81998" => Default::NotApplicable,
        "V81999" => Default::PracticeUnknown,
        "X99999" | "X99998" | "R9998" | "X99" => Default::Unknown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_their_shape() {
        for (text, surely) in [
            ("RR8", true),
            ("Y9N1A", true),
            ("A82038", true),
            ("RTV", true),
            ("SMITH", false),
            ("rr8", false),
            ("R8", false),
            ("9990000018", false),
            ("RR 8", false),
        ] {
            assert_eq!(is_surely_code(text), surely, "{text}");
        }
        assert!(is_code("9990000018") && is_code("SMITH") && !is_code("R8") && !is_code("A8203812345"));
    }

    #[test]
    fn addresses_hold_codes() {
        for (address, code) in [
            ("urn:nhs-uk:addressing:ods:RR8", Some("RR8")),
            ("urn:nhs-uk:addressing:ods:RR8:part", Some("RR8")),
            ("urn:nhs-uk:addressing:ods:rr8", None),
            ("https://fhir.nhs.uk/Id/ods-organization-code/RR8", Some("RR8")),
            ("https://fhir.nhs.uk/Id/ods-organization-code", None),
            ("https://hospital.test/RR8", None),
        ] {
            assert_eq!(code_in(address), code, "{address}");
        }
    }
}
