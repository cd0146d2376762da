//! Which identifiers claim to be an NHS number, and what they say of its verification.

use crate::rules::{Listens, query};
use crate::tree::{Element, names};

/// The system of the NHS number, STU3 and R4.
pub(super) const SYSTEM: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// The system of the CHI number.
pub(super) const CHI: &str = "https://fhir.nhs.uk/Id/chi-number";

/// Its OID in HL7 v3 and CDA.
const OID: &str = "2.16.840.1.113883.2.1.4.1";

/// What a system says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// The canonical system.
    Canonical,
    /// A known spelling of it that receivers do not know.
    Wrong,
    /// The OID, as a URI.
    Oid,
    /// Something else.
    Other,
}

/// How `system` spells the system of the NHS number.
pub(super) fn spelling(system: &str) -> Spelling {
    if system == SYSTEM {
        return Spelling::Canonical;
    }
    if system.strip_prefix("urn:oid:") == Some(OID) {
        return Spelling::Oid;
    }
    let bare = system.trim();
    if bare == OID {
        return Spelling::Wrong;
    }
    let bare = bare.trim_end_matches('/');
    let Some((front, name)) = bare.rsplit_once('/') else { return Spelling::Other };
    if !["nhs-number", "nhsnumber", "nhs_number"].iter().any(|n| name.eq_ignore_ascii_case(n)) {
        return Spelling::Other;
    }
    let host = front.rsplit("//").find(|part| part.contains('.')).unwrap_or(front);
    let host = host.split('/').next().unwrap_or_default();
    let known = ["fhir.nhs.uk", "fhir.nhs.net", "fhir.hl7.org.uk", "hl7.org.uk", "www.hl7.org.uk", "nhs.uk"];
    if known.iter().any(|k| host.eq_ignore_ascii_case(k)) { Spelling::Wrong } else { Spelling::Other }
}

/// Whether `system` is the NHS number's, in whatever spelling.
pub(super) fn is_system(system: &str) -> bool {
    spelling(system) != Spelling::Other
}

/// Whether an Identifier claims to be an NHS number, in whatever spelling.
pub(super) fn is_nhs_number(identifier: Element<'_>) -> bool {
    identifier.text(names::SYSTEM).is_some_and(is_system)
}

/// The value of an Identifier that claims to be an NHS number.
pub(super) fn value(identifier: Element<'_>) -> Option<Element<'_>> {
    let value = identifier.child(names::VALUE)?;
    (value.value().is_some() && is_nhs_number(identifier)).then_some(value)
}

/// Its ten digits, when it is in form.
pub(super) fn digits(identifier: Element<'_>) -> Option<(Element<'_>, [u8; 10])> {
    let value = value(identifier)?;
    Some((value, super::number::digits(value.value()?)?))
}

/// The NHS numbers of a resource.
pub(super) fn of(resource: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    resource.named(names::IDENTIFIER).filter(|i| is_nhs_number(*i))
}

/// Whether the standards ask for a verification status here: an identifier of a Patient itself.
pub(super) fn is_of_patient(identifier: Element<'_>) -> bool {
    identifier.parent().is_some_and(|p| p.is_resource() && p.type_id() == names::T_PATIENT)
}

/// At every verification status extension.
pub(super) const STATUS: Listens = Listens::extension(|url| is_gp_connect(url).is_some());

/// Whether the verification status extension of this URL is GP Connect's; nothing for any other extension.
fn is_gp_connect(url: &str) -> Option<bool> {
    match query::last_segment(url) {
        "Extension-CareConnect-NHSNumberVerificationStatus-1" | "Extension-UKCore-NHSNumberVerificationStatus" => {
            Some(false)
        }
        "Extension-CareConnect-GPC-NHSNumberVerificationStatus-1" => Some(true),
        _ => None,
    }
}

/// A verification status extension.
#[derive(Clone, Copy, Debug)]
pub(super) struct Status<'t> {
    /// The extension.
    pub extension: Element<'t>,
    /// Whether it is GP Connect's.
    pub gp_connect: bool,
}

impl<'t> Status<'t> {
    /// `element` as a status extension, when it is one.
    pub fn new(element: Element<'t>) -> Option<Self> {
        let gp_connect = is_gp_connect(element.text(names::URL)?)?;
        Some(Self { extension: element, gp_connect })
    }

    /// The status of an identifier.
    pub fn of(identifier: Element<'t>) -> Option<Self> {
        identifier.named(names::EXTENSION).find_map(Self::new)
    }

    /// Its codings.
    pub fn codings(self) -> impl Iterator<Item = Element<'t>> {
        self.extension.child(names::VALUE).into_iter().flat_map(|concept| concept.named(names::CODING))
    }

    /// What it says, by its first known code.
    pub fn code(self) -> Option<(Element<'t>, Code)> {
        self.codings().find_map(|coding| {
            let code = coding.child(names::CODE)?;
            Some((code, Code::parse(code.value()?)?))
        })
    }
}

/// NHS number status indicator codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// 01.
    Verified,
    /// 02.
    NotTraced,
    /// 03 to 06: a trace is needed or under way.
    Tracing,
    /// 07.
    Absent,
    /// 08.
    Postponed,
    /// nn, Wales.
    TracedInWales,
}

impl Code {
    /// Reads a code of today's systems or of the retired textual one.
    pub fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "01" | "number-present-and-verified" => Self::Verified,
            "02" | "number-present-but-not-traced" => Self::NotTraced,
            "03"
            | "trace-required"
            | "04"
            | "trace-attempted"
            | "05"
            | "trace-needs-to-be-resolved"
            | "06"
            | "trace-in-progress" => Self::Tracing,
            "07" | "number-not-present-and-trace-not-required" => Self::Absent,
            "08" | "trace-postponed" => Self::Postponed,
            "nn" | "number-present-and-traced-using-welsh-nhs-ar" => Self::TracedInWales,
            _ => return None,
        })
    }

    /// Whether `code` is of the retired textual kind.
    pub fn is_textual(code: &str) -> bool {
        code.len() > 2 && Self::parse(code).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_the_system() {
        for (system, expected) in [
            ("https://fhir.nhs.uk/Id/nhs-number", Spelling::Canonical),
            ("http://fhir.nhs.uk/Id/nhs-number", Spelling::Wrong),
            ("http://fhir.nhs.net/Id/nhs-number", Spelling::Wrong),
            ("https://fhir.nhs.uk/id/nhs-number", Spelling::Wrong),
            ("https://fhir.hl7.org.uk/Id/nhs-number", Spelling::Wrong),
            ("https://fhir.nhs.uk/Id/nhs-number/", Spelling::Wrong),
            (" https://fhir.nhs.uk/Id/nhs-number ", Spelling::Wrong),
            ("https://https://fhir.nhs.uk/Id/nhs-number", Spelling::Wrong),
            ("https://fhir.nhs.uk//Id//nhs-number", Spelling::Wrong),
            ("fhir.nhs.uk/Id/nhs-number", Spelling::Wrong),
            ("2.16.840.1.113883.2.1.4.1", Spelling::Wrong),
            ("urn:oid:2.16.840.1.113883.2.1.4.1", Spelling::Oid),
            ("https://hospital.test/nhs-number", Spelling::Other),
            ("https://fhir.nhs.uk/Id/chi-number", Spelling::Other),
            ("", Spelling::Other),
        ] {
            assert_eq!(spelling(system), expected, "{system}");
        }
    }
}
