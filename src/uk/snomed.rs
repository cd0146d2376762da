//! How messages spell the system of SNOMED CT, and the codes that GP Connect has for what could not be coded.

use super::systems::SNOMED;

/// How a system spells SNOMED CT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Exactly.
    Canonical,
    /// In a way that receivers do not know.
    Wrong,
    /// An edition or version URI, which belongs in `version`.
    Edition,
    /// One of its OIDs.
    Oid,
    /// Another system.
    Other,
}

/// How `system` spells SNOMED CT.
pub fn spelling(system: &str) -> Spelling {
    if system == SNOMED {
        return Spelling::Canonical;
    }
    let bare = system.trim();
    let oid = bare.strip_prefix("urn:oid:").unwrap_or(bare);
    // HL7's, and that of the UK edition.
    if matches!(oid, "2.16.840.1.113883.6.96" | "2.16.840.1.113883.2.1.3.2.4.15") {
        return Spelling::Oid;
    }
    if below(bare).is_some_and(|rest| rest.bytes().next().is_some_and(|b| b.is_ascii_digit())) {
        return Spelling::Edition;
    }
    // Many rules ask this of every coding, so no searcher is built.
    let colon = bare.bytes().position(|b| b == b':').map_or(0, |at| at + 1);
    let after = bare[colon..].strip_prefix("//").unwrap_or(bare);
    let host = after.get(..11).unwrap_or_default();
    if host.eq_ignore_ascii_case("snomed.info") || bare == "http://test.info/sct" || bare == "http://snomed.org/sct" {
        Spelling::Wrong
    } else {
        Spelling::Other
    }
}

/// What stands below the system in a URI of an edition or version.
pub fn below(uri: &str) -> Option<&str> {
    uri.strip_prefix(SNOMED)?.strip_prefix('/')
}

/// Codes that stand for an entry whose code was lost in a transfer: medication, drug allergy, other allergy, plan, referral, request,
/// record entry (GP Connect and GP2GP, transfer-degraded records).
const DEGRADED: &[&str] = &[
    "196421000000109",
    "196461000000101",
    "196471000000108",
    "196451000000104",
    "196431000000106",
    "196441000000102",
    "196411000000103",
];

/// Whether a code is one of a degraded entry.
pub fn is_degraded(code: &str) -> bool {
    code.starts_with("1964") && DEGRADED.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (system, expected) in [
            ("http://snomed.info/sct", Spelling::Canonical),
            ("https://snomed.info/sct", Spelling::Wrong),
            ("https://snomed.info/ict", Spelling::Wrong),
            ("http://snomed.info/sct??", Spelling::Wrong),
            ("http://snomed.info/ct", Spelling::Wrong),
            ("http://snomed.info.sct", Spelling::Wrong),
            ("http://SNOMED.info/sct", Spelling::Wrong),
            ("snomed.info/sct", Spelling::Wrong),
            ("http://snomed.info/sct ", Spelling::Wrong),
            ("http://snomed.info/sct/", Spelling::Wrong),
            ("http://test.info/sct", Spelling::Wrong),
            ("http://snomed.info/sct/83821000000107", Spelling::Edition),
            ("http://snomed.info/sct/83821000000107/version/20250312", Spelling::Edition),
            ("urn:oid:2.16.840.1.113883.6.96", Spelling::Oid),
            ("2.16.840.1.113883.2.1.3.2.4.15", Spelling::Oid),
            ("http://loinc.org", Spelling::Other),
            ("é://snomed", Spelling::Other),
            ("", Spelling::Other),
        ] {
            assert_eq!(spelling(system), expected, "{system}");
        }
    }
}
