//! Profiles and extensions of CareConnect, GP Connect, Transfer of Care, ITK3, UK Core and eRS: how their URLs are made, and what a
//! resource claims.

use crate::pack::model::Release;
use crate::tree::{Element, names};

/// What the URL of every GP Connect profile of a clinical resource has.
pub const GP_CONNECT: &str = "/CareConnect-GPC-";
/// GP Connect's Patient.
pub const GP_CONNECT_PATIENT: &str = "/CareConnect-GPC-Patient-1";
/// GP Connect's List.
pub const GP_CONNECT_LIST: &str = "/CareConnect-GPC-List-";
/// The Bundle of a GP Connect structured record.
pub const STRUCTURED_RECORD: &str = "/GPConnect-StructuredRecord-Bundle-";
/// An ITK3 message.
pub const ITK_MESSAGE: &str = "/ITK-Message-Bundle-";
/// The header of an ITK3 message.
pub const ITK_HEADER: &str = "/ITK-MessageHeader-";
/// An ITK3 document.
pub const ITK_DOCUMENT: &str = "/ITK-Document-Bundle-";
/// A Transfer of Care resource.
pub const TRANSFER_OF_CARE: &str = "/CareConnect-ITK-";
/// Anything of ITK3.
pub const ANY_ITK: &str = "-ITK-";
/// Anything of CareConnect.
pub const CARE_CONNECT: &str = "CareConnect-";
/// CareConnect's own profiles, those of GP Connect excepted.
pub const CARE_CONNECT_OWN: &str = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-";
/// CareConnect's Composition, which Send Document takes.
pub const CARE_CONNECT_COMPOSITION: &str = "/CareConnect-Composition-";
/// CareConnect's Observation, for what has no profile of its own.
pub const CARE_CONNECT_OBSERVATION: &str = "CareConnect-Observation-1";
/// Anything of UK Core.
pub const UK_CORE: &str = "UKCore-";
/// Message definitions of GP Connect Send Document.
pub const SEND_DOCUMENT_DEFINITION: &str = "/MessageDefinition/ITK-GPConnect";

/// Extensions, by the last segment of their URL.
pub mod extensions {
    /// Warnings of a GP Connect list.
    pub const LIST_WARNING: &str = "Extension-CareConnect-GPC-ListWarningCode-1";
    /// Kind of prescription of GP Connect.
    pub const PRESCRIPTION_TYPE: &str = "Extension-CareConnect-GPC-PrescriptionType-1";
    /// Why a medicine was stopped, of GP Connect.
    pub const MEDICATION_STATUS_REASON: &str = "Extension-CareConnect-GPC-MedicationStatusReason-1";
    /// The procedure of a vaccination.
    pub const VACCINATION_PROCEDURE: &str = "Extension-CareConnect-VaccinationProcedure-1";
    /// Handling instructions of an ITK3 message.
    pub const MESSAGE_HANDLING: &str = "Extension-ITK-MessageHandling-2";
    /// Handling instructions of any version.
    pub const ANY_MESSAGE_HANDLING: &str = "Extension-ITK-MessageHandling-";
    /// What tells where a patient can be found.
    pub const WHEREABOUTS: &[&str] = &[
        "Extension-UKCore-NominatedPharmacy",
        "Extension-UKCore-PreferredDispenserOrganization",
        "patient-birthPlace",
    ];

    /// Whether an extension links clinical content, in CareConnect or GP Connect.
    pub fn is_related_content(segment: &str) -> bool {
        matches!(
            segment,
            "Extension-CareConnect-RelatedClinicalContent-1" | "Extension-CareConnect-GPC-RelatedClinicalContent-1"
        )
    }

    /// Whether a URL is that of UK Core's key of an address.
    pub fn is_address_key(url: &str) -> bool {
        url.ends_with("/Extension-UKCore-AddressKey")
    }

    /// Whether a URL is that of the ethnic category, in any standard.
    pub fn is_ethnic_category(url: &str) -> bool {
        url.contains("EthnicC")
    }

    /// GP Connect's description of a SNOMED CT coding, by its whole URL.
    pub const GP_CONNECT_DESCRIPTION: &str = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-coding-sctdescid";
    /// CareConnect's description of a SNOMED CT coding, by its whole URL.
    pub const CARE_CONNECT_DESCRIPTION: &str =
        "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid";

    /// Whether a URL is that of the description of a coding, in any standard.
    pub fn is_description(url: &str) -> bool {
        url.ends_with("/Extension-coding-sctdescid")
            || url.ends_with("/Extension-UKCore-CodingSCTDescId")
            || url.ends_with("/Extension-UKCore-CodingSCTDescDisplay")
    }
}

/// Profiles whose guide asks for entries without fullUrl, against the base (GP Connect, Access Record Structured: bundle).
pub const WITHOUT_FULL_URL: &[&str] = &[
    "https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1",
    "https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-Searchset-Bundle-1",
];

/// LOINC and SNOMED CT code of vital signs, and the last segment of their CareConnect profile.
pub const VITAL_SIGNS: &[(&str, &str, &str)] = &[
    ("85354-9", "75367002", "CareConnect-BloodPressure-Observation-1"),
    ("8310-5", "276885007", "CareConnect-BodyTemperature-Observation-1"),
    ("8867-4", "364075005", "CareConnect-HeartRate-Observation-1"),
    ("59408-5", "103228002", "CareConnect-OxygenSaturation-Observation-1"),
    ("9279-1", "86290005", "CareConnect-RespiratoryRate-Observation-1"),
];

/// The standards that `--standard` knows, with their release and the URL of their profiles, `{}` for the type.
pub const STANDARDS: &[(&str, Release, &str)] = &[
    ("careconnect", Release::Stu3, "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-{}-1"),
    ("gpconnect", Release::Stu3, "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-{}-1"),
    ("transfer-of-care", Release::Stu3, "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-{}-1"),
    ("ukcore", Release::R4, "https://fhir.hl7.org.uk/StructureDefinition/UKCore-{}"),
];

/// The name of the standard that a profile is of.
pub fn standard_of_profile(url: &str) -> Option<&'static str> {
    let marks = [
        ("gpconnect", &["CareConnect-GPC-", "GPConnect-"][..]),
        ("transfer-of-care", &[TRANSFER_OF_CARE, ANY_ITK]),
        ("careconnect", &[CARE_CONNECT]),
        ("ukcore", &[UK_CORE]),
    ];
    marks.into_iter().find(|(_, marks)| marks.iter().any(|mark| url.contains(mark))).map(|(name, _)| name)
}

/// Profile URLs that a resource claims.
pub fn claimed(resource: Element<'_>) -> impl Iterator<Item = &str> {
    resource.child(names::META).into_iter().flat_map(|m| m.named(names::PROFILE)).filter_map(Element::value)
}

/// Whether a resource claims a profile whose URL contains `part`.
pub fn claims(resource: Element<'_>, part: &str) -> bool {
    claimed(resource).any(|url| url.contains(part))
}

/// Last segment of a URL, version cut off.
pub fn last_segment(url: &str) -> &str {
    let url = memchr::memchr(b'|', url.as_bytes()).map_or(url, |end| &url[..end]);
    memchr::memrchr(b'/', url.as_bytes()).map_or(url, |slash| &url[slash + 1..])
}

/// Whether an element belongs to a message of the e-Referral Service's STU3 API: its resource, or one around it, claims an
/// eRS profile. That API prescribes the identifier systems of the DSTU2 era ([`super::systems::is_ers`]).
pub fn is_ers(at: Element<'_>) -> bool {
    let mut around = Some(at.resource());
    while let Some(resource) = around {
        if claims(resource, "/StructureDefinition/eRS-") {
            return true;
        }
        around = resource.parent().map(Element::resource);
    }
    false
}

/// Whether a profile is of one of the UK standards that build on CareConnect or UK Core.
pub fn is_uk(url: &str) -> bool {
    let name = last_segment(url);
    [CARE_CONNECT, "GPConnect-", "ITK-", UK_CORE].iter().any(|p| name.contains(p))
}

/// The release of a URL of a UK profile, by its name: also of one that is not held.
pub fn release_of(url: &str) -> Option<Release> {
    if url.contains("/STU3/") || url.contains("CareConnect") {
        Some(Release::Stu3)
    } else if url.contains("UKCore") || url.contains("/R4/") {
        Some(Release::R4)
    } else {
        None
    }
}

/// Parts of URLs that only messages of one release have: of code systems and extensions of HL7 and the NHS.
pub fn vocabulary(release: Release) -> &'static [&'static str] {
    match release {
        Release::Stu3 => &["/STU3/", "http://hl7.org/fhir/v3/", "http://hl7.org/fhir/v2/", CARE_CONNECT],
        Release::R4 => &["http://terminology.hl7.org/", UK_CORE, super::systems::DMD],
    }
}

/// What a URL is of, when that belongs to another release than the message's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// A code system of HL7 Terminology, in STU3.
    Terminology,
    /// UK Core, in STU3.
    UkCore,
    /// A code system of HL7 version 2 or 3 under the URL of STU3, in R4.
    OldTerminology,
    /// An STU3 standard of the UK, in R4.
    Stu3Standard,
}

/// What of the other release a URL is, in a message of `release`.
pub fn foreign(url: &str, release: Release) -> Option<Foreign> {
    let rest = url.strip_prefix("http").map(|r| r.strip_prefix('s').unwrap_or(r))?.strip_prefix("://")?;
    if release == Release::Stu3 {
        if rest.starts_with("terminology.hl7.org/CodeSystem/") {
            return Some(Foreign::Terminology);
        }
        return (rest.starts_with("fhir.hl7.org.uk/") && rest.contains(UK_CORE)).then_some(Foreign::UkCore);
    }
    if rest.starts_with("hl7.org/fhir/v2/") || rest.starts_with("hl7.org/fhir/v3/") {
        return Some(Foreign::OldTerminology);
    }
    let uk = rest.starts_with("fhir.hl7.org.uk/") || rest.starts_with("fhir.nhs.uk/");
    (uk && rest.contains("/STU3/")).then_some(Foreign::Stu3Standard)
}

/// Whether a profile belongs to the other release than the message's, by where it stands.
pub fn is_profile_of_other(url: &str, release: Release) -> bool {
    match release {
        Release::Stu3 => url.contains("/StructureDefinition/UKCore-"),
        Release::R4 => url.contains("/STU3/StructureDefinition/"),
    }
}

/// What the published URLs of CareConnect artefacts of a folder begin with.
pub fn published_base(folder: &str) -> String {
    format!("https://fhir.hl7.org.uk/STU3/{folder}/")
}

/// Whether a URL names a CareConnect artefact and does not have the form of a published one.
pub fn is_draft(url: &str) -> bool {
    // Every resource is asked, so no searcher is built.
    let names = |url: &str| {
        let mut hyphens = memchr::memchr_iter(b'-', url.as_bytes());
        hyphens.any(|at| url.as_bytes()[..at].ends_with(b"CareConnect"))
    };
    !is_published(url) && names(url)
}

/// Whether a URL has the form of a published one of CareConnect, GP Connect or ITK3.
fn is_published(url: &str) -> bool {
    const BASES: &[&str] = &["https://fhir.hl7.org.uk/STU3/", "https://fhir.nhs.uk/STU3/"];
    let rest = BASES.iter().find_map(|base| url.strip_prefix(base));
    rest.and_then(|r| r.split_once('/')).is_some_and(|(folder, name)| {
        matches!(folder, "StructureDefinition" | "CodeSystem" | "ValueSet" | "ConceptMap") && !name.contains('/')
    })
}

/// Whether a profile is that of a GP Connect provider's OperationOutcome, in any spelling.
pub fn is_gp_connect_outcome(url: &str) -> bool {
    let last = url.rsplit('/').next().unwrap_or(url);
    last.get(..26).is_some_and(|start| start.eq_ignore_ascii_case("GPConnect-OperationOutcome"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_urls() {
        for (url, expected) in [
            ("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1", true),
            ("https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1", true),
            ("https://fhir.hl7.org.uk/CareConnect-EthnicCategory-1", false),
            ("https://fhir.hl7.org.uk/StructureDefinition/CareConnect-Observation-1", false),
            ("http://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1", false),
        ] {
            assert_eq!(is_published(url), expected, "{url}");
        }
        assert_eq!(last_segment("https://a/b/C-1|1.0"), "C-1");
    }
}
