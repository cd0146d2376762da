//! Systems of UK identifiers and codes, by name. Canonical forms: HL7 UK system identifier registry, UK Core and community
//! NamingSystems.

pub use crate::terminology::{DMD, SNOMED};

/// NHS number, STU3 and R4.
pub const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// CHI number of Scotland.
pub const CHI_NUMBER: &str = "https://fhir.nhs.uk/Id/chi-number";
/// ODS code of an organisation.
pub const ODS_ORGANISATION: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
/// ODS code of a site.
pub const ODS_SITE: &str = "https://fhir.nhs.uk/Id/ods-site-code";
/// SDS user id of a person.
pub const SDS_USER: &str = "https://fhir.nhs.uk/Id/sds-user-id";
/// SDS role profile id of a person.
pub const SDS_ROLE: &str = "https://fhir.nhs.uk/Id/sds-role-profile-id";
/// Unique booking reference number of the e-Referral Service.
pub const UBRN: &str = "https://fhir.nhs.uk/Id/UBRN";
/// Short prescription id of the Electronic Prescription Service.
pub const PRESCRIPTION_ORDER: &str = "https://fhir.nhs.uk/Id/prescription-order-number";

/// General Medical Council reference number.
pub const GMC: &str = "https://fhir.hl7.org.uk/Id/gmc-number";
/// General medical practitioner code.
pub const GMP: &str = "https://fhir.hl7.org.uk/Id/gmp-number";
/// Doctor index number.
pub const DIN: &str = "https://fhir.hl7.org.uk/Id/din-number";
/// General Pharmaceutical Council registration number.
pub const GPHC: &str = "https://fhir.hl7.org.uk/Id/gphc-number";
/// Health and Care Professions Council registration number.
pub const HCPC: &str = "https://fhir.hl7.org.uk/Id/hcpc-number";
/// Nursing and Midwifery Council PIN.
pub const NMC: &str = "https://fhir.hl7.org.uk/Id/nmc-number";

/// Read codes, version 2.
pub const READ_V2: &str = "http://read.info/readv2";
/// Clinical Terms version 3.
pub const CTV3: &str = "http://read.info/ctv3";
/// What every system of Read codes begins with.
pub const READ: &str = "http://read.info/";
/// LOINC.
pub const LOINC: &str = "http://loinc.org";
/// UCUM.
pub const UCUM: &str = "http://unitsofmeasure.org";
/// ICD-10, by HL7 and by HL7 UK.
pub const ICD10: &[&str] = &["http://hl7.org/fhir/sid/icd-10", "https://fhir.hl7.org.uk/Id/icd-10"];
/// OPCS-4, by HL7 UK and by the NHS.
pub const OPCS4: &[&str] = &["https://fhir.hl7.org.uk/Id/opcs-4", "https://fhir.nhs.uk/Id/opcs-4"];

/// The OID of EMIS drug codes, as a URI.
const EMIS_DRUG_OID: &str = "urn:oid:2.16.840.1.113883.2.1.6.9";

/// Further hosts whose systems a national or international body publishes.
const OTHER_HOSTS: &[&str] = &[
    "hl7.org",
    "terminology.hl7.org",
    "www.hl7.org",
    "digital.nhs.uk",
    "directory.spineservices.nhs.uk",
    "datadictionary.nhs.uk",
    "www.datadictionary.nhs.uk",
    "dmd.nhs.uk",
    "snomed.info",
    "loinc.org",
    "read.info",
    "unitsofmeasure.org",
    "www.nlm.nih.gov",
    "www.whocc.no",
    "www.who.int",
    "id.who.int",
    "www.iso.org",
    "www.genenames.org",
    "human-phenotype-ontology.org",
    "www.orpha.net",
    "varnomen.hgvs.org",
    "www.sequenceontology.org",
    "profiles.ihe.net",
    "dicom.nema.org",
];

/// Beginnings of systems and extension URLs that a national or international body keeps.
const PUBLIC: &[&str] = &[
    "http://snomed.info/",
    "http://hl7.org/",
    "http://terminology.hl7.org/",
    "https://fhir.nhs.uk/",
    "http://fhir.nhs.net/",
    "https://fhir.hl7.org.uk/",
    "https://fhir.digital.nhs.uk/",
    DMD,
    LOINC,
    UCUM,
    READ,
    "http://www.nlm.nih.gov/",
    "http://dicom.nema.org/",
    "http://nucc.org/",
    "http://www.whocc.no/atc",
    "https://www.datadictionary.nhs.uk/",
    "https://tools.ietf.org/",
    "https://www.iso.org/",
    "urn:iso:",
    "urn:ietf:",
    "urn:oid:2.16.840.1.113883.2.1.",
    "urn:oid:2.16.840.1.113883.6.",
];

/// Whether a national or international body keeps a system or the URL of an extension.
pub fn is_public(url: &str) -> bool {
    PUBLIC.iter().any(|front| url.starts_with(front))
}

/// Whether a code system is one supplier's own: a web address outside the hosts that publish, or an OID of a supplier. Misspelt
/// forms of published systems are not ([`super::registry::correction`]).
pub fn is_local(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else {
        return url.starts_with("urn:oid:2.16.840.1.113883.2.1.6.") && super::registry::correction(url).is_none();
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default().trim();
    !host.is_empty()
        && !host.starts_with("snomed.info")
        && !super::registry::HOSTS.iter().chain(OTHER_HOSTS).any(|p| host.eq_ignore_ascii_case(p))
        && super::registry::correction(url).is_none()
}

/// Systems that the e-Referral Service's STU3 API prescribes and that no other standard takes.
pub fn is_ers(url: &str) -> bool {
    url.starts_with("http://fhir.nhs.net/Id/")
}

/// Whether a system is a legacy one of codes: Read, or a supplier's drug codes.
pub fn is_legacy_codes(system: &str) -> bool {
    system.starts_with(READ)
        || system == EMIS_DRUG_OID
        || system.strip_prefix("https://fhir.hl7.org.uk/Id/").is_some_and(|name| {
            matches!(name, "emis-drug-codes" | "egton-codes" | "multilex-drug-codes" | "resipuk-gemscript-drug-codes")
        })
}

/// Whether a system is the NHS's, and of one of its numbers of people.
pub fn is_nhs_number_like(system: &str) -> bool {
    system.starts_with("https://fhir.nhs.uk/Id/nhs")
}

/// Whether a system is that of dm+d, in any spelling.
pub fn is_dmd_like(system: &str) -> bool {
    system.contains("dmd.nhs.uk")
}

/// Whether a system is the ethnic category list of the NHS Data Dictionary, as CareConnect publishes it.
pub fn is_ethnic_category(system: &str) -> bool {
    system.ends_with("/CareConnect-EthnicCategory-1")
}

/// Whether a code system is FHIR's own or of the UK's FHIR standards, none of which is one of clinical terms, and says nothing of
/// whether an NHS number is the patient's.
pub fn is_administrative(system: &str) -> bool {
    !super::verification::is_about_status(system)
        && ["http://hl7.org/fhir/", "http://terminology.hl7.org/", "https://fhir.hl7.org.uk/", "https://fhir.nhs.uk/"]
            .iter()
            .any(|base| system.starts_with(base))
}
