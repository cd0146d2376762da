//! How far an NHS number was verified: the extension that says so, its code systems, and the codes of both releases.

use super::profiles::last_segment;
use crate::pack::model::Release;
use crate::tree::{Element, names};

/// The code system of CareConnect.
const CARE_CONNECT: &str = "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1";
/// The code system of GP Connect.
const GP_CONNECT: &str = "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1";
/// The code system of UK Core for England.
const ENGLAND: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland";
/// The code system of UK Core for Wales.
const WALES: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusWales";
/// The code system of UK Core with textual codes.
const RETIRED: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus";

/// What a code system of the status is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// In use, and published for one release.
    Of(Release),
    /// HL7's codes for a missing value.
    NullFlavor,
    /// UK Core's textual codes, which are retired.
    Retired,
    /// Published nowhere.
    Other,
}

impl System {
    /// What the code system of this URL is.
    pub fn of(url: &str) -> Self {
        match url {
            CARE_CONNECT | GP_CONNECT => Self::Of(Release::Stu3),
            ENGLAND | WALES => Self::Of(Release::R4),
            RETIRED => Self::Retired,
            _ if url.ends_with("/v3-NullFlavor") => Self::NullFlavor,
            _ => Self::Other,
        }
    }

    /// Whether the URL is that of Wales, whatever its folder.
    pub fn is_welsh(url: &str) -> bool {
        last_segment(url) == last_segment(WALES)
    }
}

/// The code system that an identifier of a release names, in GP Connect or elsewhere.
pub fn system_for(release: Release, gp_connect: bool) -> &'static str {
    match release {
        Release::Stu3 if gp_connect => GP_CONNECT,
        Release::Stu3 => CARE_CONNECT,
        Release::R4 => ENGLAND,
    }
}

/// The extension that an identifier of a release carries.
pub fn extension_for(release: Release) -> &'static str {
    match release {
        Release::Stu3 => {
            "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1"
        }
        Release::R4 => "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
    }
}

/// Whether a URL is of this extension or of its code systems, in any standard.
pub fn is_about_status(url: &str) -> bool {
    url.contains("NHSNumberVerificationStatus")
}

/// Whether a URL is of the reason for having no NHS number (UK Core).
pub fn is_unavailable_reason(url: &str) -> bool {
    url.ends_with("/Extension-UKCore-NHSNumberUnavailableReason")
}

/// Whether the extension of this URL is GP Connect's; nothing for any other extension than that of the status.
pub fn is_gp_connect(url: &str) -> Option<bool> {
    match last_segment(url) {
        "Extension-CareConnect-NHSNumberVerificationStatus-1" | "Extension-UKCore-NHSNumberVerificationStatus" => {
            Some(false)
        }
        "Extension-CareConnect-GPC-NHSNumberVerificationStatus-1" => Some(true),
        _ => None,
    }
}

/// A verification status extension.
#[derive(Clone, Copy, Debug)]
pub struct Status<'t> {
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

/// What a code says (NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Present and verified.
    Verified,
    /// Present, not traced.
    NotTraced,
    /// A trace is needed or under way.
    Tracing,
    /// Not present, and no trace required.
    Absent,
    /// The trace is postponed: a baby under six weeks old.
    Postponed,
    /// Present and traced in Wales.
    TracedInWales,
}

/// Every code: those in use in both releases, Wales's own, and the textual ones of the retired system.
pub const CODES: &[(&str, Code)] = &[
    ("01", Code::Verified),
    ("02", Code::NotTraced),
    ("03", Code::Tracing),
    ("04", Code::Tracing),
    ("05", Code::Tracing),
    ("06", Code::Tracing),
    ("07", Code::Absent),
    ("08", Code::Postponed),
    ("nn", Code::TracedInWales),
    ("number-present-and-verified", Code::Verified),
    ("number-present-but-not-traced", Code::NotTraced),
    ("trace-required", Code::Tracing),
    ("trace-attempted", Code::Tracing),
    ("trace-needs-to-be-resolved", Code::Tracing),
    ("trace-in-progress", Code::Tracing),
    ("number-not-present-and-trace-not-required", Code::Absent),
    ("trace-postponed", Code::Postponed),
    ("number-present-and-traced-using-welsh-nhs-ar", Code::TracedInWales),
];

impl Code {
    /// Reads a code of any of the systems.
    pub fn parse(code: &str) -> Option<Self> {
        CODES.iter().find(|(known, _)| *known == code).map(|(_, meaning)| *meaning)
    }

    /// The code as published, when it is: a word that may be kept, since it is no value of a message.
    pub fn word(code: &str) -> Option<&'static str> {
        CODES.iter().find(|(known, _)| *known == code).map(|(known, _)| *known)
    }

    /// Whether `code` is of the retired textual kind.
    pub fn is_textual(code: &str) -> bool {
        code.len() > 2 && Self::parse(code).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::catalogue::Catalogue;

    /// The published code systems and this table hold the same codes.
    #[test]
    fn the_table_is_that_of_the_packs() {
        let catalogue = Catalogue::new(&[]).unwrap();
        let mut published: Vec<String> = Vec::new();
        for (release, url) in [
            (Release::Stu3, CARE_CONNECT),
            (Release::Stu3, GP_CONNECT),
            (Release::R4, ENGLAND),
            (Release::R4, WALES),
            (Release::R4, RETIRED),
        ] {
            let system = catalogue.code_system(release, url).unwrap_or_else(|| panic!("{url} is not held"));
            published.extend(system.concepts.iter().map(|c| c.code.clone()));
        }
        published.sort();
        published.dedup();
        let mut ours: Vec<&str> = CODES.iter().map(|(code, _)| *code).collect();
        ours.sort_unstable();
        assert_eq!(ours, published);
    }
}
