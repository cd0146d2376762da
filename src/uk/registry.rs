//! Spellings of UK identifier and code systems that are wrong but in use, and the system that was meant.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Canonical systems. The NHS number and SNOMED CT are not here: they have rules of their own.
pub const KNOWN: &[&str] = &[
    // People.
    "https://fhir.hl7.org.uk/Id/gmc-number",
    "https://fhir.hl7.org.uk/Id/gmp-number",
    "https://fhir.hl7.org.uk/Id/gdc-number",
    "https://fhir.hl7.org.uk/Id/nmc-number",
    "https://fhir.hl7.org.uk/Id/hcpc-number",
    "https://fhir.hl7.org.uk/Id/goc-number",
    "https://fhir.hl7.org.uk/Id/gphc-number",
    "https://fhir.hl7.org.uk/Id/din-number",
    "https://fhir.hl7.org.uk/Id/nhsbsa-spurious-code",
    // Other UK identifiers.
    "https://fhir.hl7.org.uk/Id/gnc-codes",
    "https://fhir.hl7.org.uk/Id/urn-school-number",
    "https://fhir.hl7.org.uk/Id/ppa-number",
    // NHS.
    "https://fhir.nhs.uk/Id/chi-number",
    "https://fhir.nhs.uk/Id/ods-organization-code",
    "https://fhir.nhs.uk/Id/ods-site-code",
    "https://fhir.nhs.uk/Id/sds-user-id",
    "https://fhir.nhs.uk/Id/sds-role-profile-id",
    "https://fhir.nhs.uk/Id/cross-care-setting-identifier",
    "https://fhir.nhs.uk/Id/UBRN",
    "https://fhir.nhs.uk/Id/prescription-order-item-number",
    "https://fhir.nhs.uk/Id/prescription-order-number",
    "https://fhir.nhs.uk/Id/prescription-dispense-item-number",
    "https://fhir.nhs.uk/Id/prescription",
    "https://fhir.nhs.uk/Id/dos-service-id",
    "https://fhir.nhs.uk/Id/local-patient-identifier",
    "https://fhir.nhs.uk/Id/local-practitioner-identifier",
    "https://fhir.nhs.uk/Id/local-location-identifier",
    "https://fhir.nhs.uk/Id/local-identifier",
    // Drug codes.
    "https://fhir.hl7.org.uk/Id/emis-drug-codes",
    "https://fhir.hl7.org.uk/Id/egton-codes",
    "https://fhir.hl7.org.uk/Id/multilex-drug-codes",
    "https://fhir.hl7.org.uk/Id/resipuk-gemscript-drug-codes",
    "https://fhir.hl7.org.uk/Id/bnf-drug-codes",
    // Terminologies.
    "https://dmd.nhs.uk",
    "http://read.info/readv2",
    "http://read.info/ctv3",
    "http://loinc.org",
    "http://unitsofmeasure.org",
    "http://hl7.org/fhir/sid/icd-10",
    "http://terminology.hl7.org",
    "https://tools.ietf.org/html/rfc4122",
];

/// How sure a correction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It is the same system, misspelt.
    Misspelt,
    /// It is understood by some, or was once right.
    Legacy,
    /// It depends on the project.
    Depends,
}

/// Spellings that no general rule would mend, with the canonical system.
const WRONG: &[(&str, &str, Weight)] = &[
    ("https://fhir.hl7.org.uk/Id/ODS-code", "https://fhir.nhs.uk/Id/ods-organization-code", Weight::Misspelt),
    ("https://fhir.nhs.uk/Id/ods-organisation-code", "https://fhir.nhs.uk/Id/ods-organization-code", Weight::Misspelt),
    ("http://fhir.nhs.uk/Id/ods-organistion-code", "https://fhir.nhs.uk/Id/ods-organization-code", Weight::Misspelt),
    ("https://fhir.nhs.uk/Id/ods-code", "https://fhir.nhs.uk/Id/ods-organization-code", Weight::Misspelt),
    ("https://fhir.nhs.uk/Id/ubr-number", "https://fhir.nhs.uk/Id/UBRN", Weight::Depends),
    ("http://read.info/readctv3", "http://read.info/ctv3", Weight::Legacy),
    ("urn:oid:2.16.840.1.113883.2.1.6.9", "https://fhir.hl7.org.uk/Id/emis-drug-codes", Weight::Legacy),
    ("urn:oid:2.16.840.1.113883.2.1.4.3", "https://fhir.nhs.uk/Id/ods-organization-code", Weight::Legacy),
    ("urn:oid:1.2.826.0.1285.0.1.10", "https://fhir.nhs.uk/Id/ods-organization-code", Weight::Legacy),
    ("urn:oid:2.16.840.1.113883.2.1.3.2.4.16.63", "https://fhir.hl7.org.uk/Id/gmc-number", Weight::Legacy),
    ("urn:oid:1.2.826.0.1285.0.2.0.67", "https://fhir.nhs.uk/Id/sds-role-profile-id", Weight::Legacy),
    ("urn:oid:1.2.826.0.1285.0.2.0.65", "https://fhir.nhs.uk/Id/sds-user-id", Weight::Legacy),
    ("urn:oid:2.16.840.1.113883.6.1", "http://loinc.org", Weight::Legacy),
    ("urn:oid:2.16.840.1.113883.6.8", "http://unitsofmeasure.org", Weight::Legacy),
    ("urn:oid:2.16.840.1.113883.6.3", "http://hl7.org/fhir/sid/icd-10", Weight::Legacy),
    (
        "https://fhir.hl7.org.uk/CareConnect-EthnicCategory-1",
        "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-EthnicCategory-1",
        Weight::Legacy,
    ),
    (
        "https://fhir.hl7.org.uk/CareConnect-SDSJobRoleName-1",
        "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-SDSJobRoleName-1",
        Weight::Legacy,
    ),
    (
        "https://fhir.hl7.org.uk/CareConnect-PersonRelationshipType-1",
        "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-PersonRelationshipType-1",
        Weight::Legacy,
    ),
];

/// What a system should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The canonical system.
    pub right: &'static str,
    /// How sure.
    pub weight: Weight,
}

struct Tables {
    exact: std::collections::HashSet<&'static str>,
    /// By a hash over the normal form, so that looking up makes no text.
    normal: HashMap<u64, &'static str>,
    wrong: HashMap<&'static str, Correction>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    exact: KNOWN.iter().copied().collect(),
    normal: KNOWN.iter().map(|url| (normal_hash(url), *url)).collect(),
    wrong: WRONG.iter().map(|&(wrong, right, weight)| (wrong, Correction { right, weight })).collect(),
});

/// What `system` should have been; nothing when it is right or not known at all.
pub fn correction(system: &str) -> Option<Correction> {
    let tables = &*TABLES;
    if tables.exact.contains(system) {
        return None;
    }
    if let Some(found) = tables.wrong.get(system) {
        return Some(*found);
    }
    if let Some(right) = tables.normal.get(&normal_hash(system)).copied()
        && normal(system).eq(normal(right))
    {
        return Some(Correction { right, weight: Weight::Misspelt });
    }
    by_name(system).or_else(|| by_host(system)).map(|right| Correction { right, weight: Weight::Misspelt })
}

/// Hosts of the NHS and of HL7 UK, now and once.
pub const HOSTS: &[&str] = &["fhir.nhs.uk", "fhir.nhs.net", "fhir.hl7.org.uk", "hl7.org.uk"];

/// What a legacy system, or one that only some projects know, should have been.
pub fn legacy(system: &str) -> Option<Correction> {
    TABLES.wrong.get(system).copied().filter(|found| found.weight != Weight::Misspelt)
}

/// The right system by its last part, under the hosts of the NHS and HL7 UK: another host, or a slip of the pen.
fn by_name(system: &str) -> Option<&'static str> {
    let after = after_scheme(system.trim())?;
    let (host, rest) = after.split_once('/')?;
    let (folder, name) = rest.split_once('/')?;
    if !HOSTS.iter().any(|h| host.eq_ignore_ascii_case(h)) || !folder.eq_ignore_ascii_case("id") || name.len() < 6 {
        return None;
    }
    let names = KNOWN.iter().filter_map(|url| url.split_once("/Id/").map(|(_, name)| (name, *url)));
    names.into_iter().find(|(known, _)| is_slip(name, known)).map(|(_, url)| url)
}

/// HL7's terminology server under a wrong scheme or ending. Affiliates of HL7 have servers with endings of their own.
fn by_host(system: &str) -> Option<&'static str> {
    let wrong = ["https://terminology.hl7.org/CodeSystem/", "http://terminology.hl7.eu/", "http://terminology.hl7.or/"];
    wrong.iter().any(|front| system.starts_with(front)).then_some("http://terminology.hl7.org")
}

/// The same letters in any case, or one of them changed, added, lost or exchanged with its neighbour in a long name.
fn is_slip(name: &str, known: &str) -> bool {
    if name.eq_ignore_ascii_case(known) {
        return true;
    }
    // Short names of registers differ by one letter from each other.
    if known.len() < 12 || name.len().abs_diff(known.len()) > 1 || known.starts_with("local-") {
        return false;
    }
    let (a, b) = (name.as_bytes(), known.as_bytes());
    let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let differing = a.len().max(b.len()).saturating_sub(front + back);
    differing <= 1 || (differing == 2 && a.len() == b.len() && a[front] == b[front + 1] && a[front + 1] == b[front])
}

/// The normal form: no scheme, no `www.`, lower case, single slashes, nothing after the last letter.
fn normal(url: &str) -> impl Iterator<Item = u8> {
    let mut rest = url.trim();
    while let Some(after) = after_scheme(rest) {
        rest = after;
    }
    let rest = rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches(['/', '?', '#', ' ']);
    let mut last = 0u8;
    rest.bytes().map(|b| b.to_ascii_lowercase()).filter(move |b| {
        let doubled = *b == b'/' && last == b'/';
        last = *b;
        !doubled
    })
}

/// What stands after the first `://`, without building a searcher for every system of a feed.
fn after_scheme(url: &str) -> Option<&str> {
    let colon = url.bytes().position(|b| b == b':')?;
    let rest = &url[colon + 1..];
    rest.strip_prefix("//").or_else(|| rest.split_once("://").map(|(_, after)| after))
}

/// FNV-1a over the normal form.
fn normal_hash(url: &str) -> u64 {
    normal(url).fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrections() {
        for (system, right) in [
            ("https://fhir.nhs.uk/id/ods-organization-code", Some("https://fhir.nhs.uk/Id/ods-organization-code")),
            ("https://fhir.nhs.uk/Id/ods-organisation-code", Some("https://fhir.nhs.uk/Id/ods-organization-code")),
            ("http://fhir.nhs.uk/Id/ods-organistion-code", Some("https://fhir.nhs.uk/Id/ods-organization-code")),
            ("https://fhir.hl7.org.uk/Id/ODS-code", Some("https://fhir.nhs.uk/Id/ods-organization-code")),
            ("http://fhir.nhs.net/Id/sds-role-profile-id", Some("https://fhir.nhs.uk/Id/sds-role-profile-id")),
            ("https://fhir.nhs.uk/Id/gmc-number", Some("https://fhir.hl7.org.uk/Id/gmc-number")),
            ("http://fhir.nhs.uk/Id/dos-service-id", Some("https://fhir.nhs.uk/Id/dos-service-id")),
            ("https://https://fhir.nhs.uk/Id/dos-service-id", Some("https://fhir.nhs.uk/Id/dos-service-id")),
            ("https://fhir.nhs.uk//Id/dos-service-id/ ", Some("https://fhir.nhs.uk/Id/dos-service-id")),
            ("https://dmd.nhs.uk/", Some("https://dmd.nhs.uk")),
            ("https://unitsofmeasure.org", Some("http://unitsofmeasure.org")),
            ("http://unitsofmeasure.org/", Some("http://unitsofmeasure.org")),
            ("urn:oid:2.16.840.1.113883.2.1.6.9", Some("https://fhir.hl7.org.uk/Id/emis-drug-codes")),
            ("http://terminology.hl7.eu/CodeSystem/v2-0078", Some("http://terminology.hl7.org")),
            ("http://terminology.hl7.org/CodeSystem/v2-0078", None),
            // One letter from several registers: nobody can say which.
            ("https://fhir.hl7.org.uk/Id/gxc-number", None),
            ("https://fhir.nhs.uk/Id/sds-user-id", None),
            ("https://fhir.nhs.uk/Id/transaction", None),
            ("https://hospital.test/mrn", None),
            ("", None),
        ] {
            assert_eq!(correction(system).map(|c| c.right), right, "{system}");
        }
    }

    #[test]
    fn corrections_lead_to_known_systems() {
        for (wrong, right, _) in WRONG {
            assert!(KNOWN.contains(right) || right.contains("/STU3/CodeSystem/"), "{wrong}");
            assert!(!KNOWN.contains(wrong), "{wrong}");
        }
    }
}
