//! Which codings claim to be SNOMED CT, and what their codes are.

use crate::terminology::snomed::sctid::{self, Component, Sctid, SctidFault, Truncation};
use crate::tree::{Element, names};

/// The one system of SNOMED CT.
pub(super) const SYSTEM: &str = "http://snomed.info/sct";

/// How a system spells SNOMED CT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
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
pub(super) fn spelling(system: &str) -> Spelling {
    if system == SYSTEM {
        return Spelling::Canonical;
    }
    let bare = system.trim();
    let oid = bare.strip_prefix("urn:oid:").unwrap_or(bare);
    if matches!(oid, "2.16.840.1.113883.6.96" | "2.16.840.1.113883.2.1.3.2.4.15") {
        return Spelling::Oid;
    }
    if let Some(rest) = bare.strip_prefix("http://snomed.info/sct/")
        && rest.bytes().next().is_some_and(|b| b.is_ascii_digit())
    {
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

/// Whether `system` is SNOMED CT's, in whatever spelling.
pub(super) fn is_snomed(system: &str) -> bool {
    spelling(system) != Spelling::Other
}

/// The code of a Coding that claims to be SNOMED CT, in whatever spelling, unless it is an expression.
pub(super) fn code(coding: Element<'_>) -> Option<(Element<'_>, &str)> {
    let system = coding.text(names::SYSTEM)?;
    if spelling(system) == Spelling::Other {
        return None;
    }
    let code = coding.child(names::CODE)?;
    let text = code.value().filter(|t| !t.is_empty())?;
    (!is_expression(text)).then_some((code, text))
}

/// The well-formed concept id of a SNOMED CT coding.
pub(super) fn concept(coding: Element<'_>) -> Option<(Element<'_>, Sctid)> {
    let (code, text) = code(coding)?;
    let id = Sctid::parse(text).ok()?;
    (id.component() == Component::Concept).then_some((code, id))
}

/// Whether a code is meant as a post-coordinated expression.
pub(super) fn is_expression(code: &str) -> bool {
    code.bytes().next().is_some_and(|b| b.is_ascii_digit() || b" (=<".contains(&b))
        && code.bytes().any(|b| matches!(b, b':' | b'+' | b'|' | b'{' | b'}' | b'='))
        && !code.contains("E+")
}

/// What is wrong with a code as an identifier; each kind has its own rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No identifier by its form.
    Shape(SctidFault),
    /// Filler words and units.
    Placeholder,
    /// Exponent form.
    Exponent,
    /// Rounded by a spreadsheet.
    Rounded(Truncation),
    /// Check digit.
    CheckDigit,
    /// Of a description or relationship.
    NotConcept(Component),
}

/// What is wrong with `text` as a concept id.
pub(super) fn fault(text: &str) -> Option<Fault> {
    if super::placeholder::is_placeholder(text) {
        return Some(Fault::Placeholder);
    }
    match Sctid::parse(text) {
        Ok(id) if id.component() == Component::Concept => None,
        Ok(id) => Some(Fault::NotConcept(id.component())),
        Err(SctidFault::Exponent) => Some(Fault::Exponent),
        Err(SctidFault::CheckDigit) => Some(sctid::truncation(text).map_or(Fault::CheckDigit, Fault::Rounded)),
        Err(fault) => Some(Fault::Shape(fault)),
    }
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

    #[test]
    fn faults() {
        for (text, expected) in [
            ("195967001", None),
            ("39113611000001102", None),
            ("900000000000207008", None),
            ("195967002", Some(Fault::CheckDigit)),
            ("TBC", Some(Fault::Placeholder)),
            ("1.08266E+15", Some(Fault::Exponent)),
            ("301485011", Some(Fault::NotConcept(Component::Description))),
            ("195967001 ", Some(Fault::Shape(SctidFault::WhiteSpace))),
            (
                "1091811000000100",
                Some(Fault::Rounded(Truncation::Repairable(Sctid::parse("1091811000000102").unwrap()))),
            ),
        ] {
            assert_eq!(fault(text), expected, "{text}");
        }
        assert!(is_expression("195967001:363698007=39607008") && is_expression("195967001 |Asthma|"));
        assert!(!is_expression("195967001") && !is_expression("mL/h") && !is_expression("1.08266E+15"));
    }
}
