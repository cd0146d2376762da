//! How things are coded: clinical elements in SNOMED CT, medicines in dm+d, local systems and extensions.

use super::Seen;
use super::observed::{Bucket, Counts};
use crate::tally::{Distribution, Measured};
use crate::terminology::snomed::{Component, Index, Sctid};
use crate::tree::names::{self, NameId};
use crate::tree::{Element, flags};

const SNOMED: &str = "http://snomed.info/sct";
const DMD: &str = "https://dmd.nhs.uk";
const ICD10: &[&str] = &["http://hl7.org/fhir/sid/icd-10", "https://fhir.hl7.org.uk/Id/icd-10"];
const OPCS4: &[&str] = &["https://fhir.hl7.org.uk/Id/opcs-4", "https://fhir.nhs.uk/Id/opcs-4"];

/// Elements that the UK profiles bind to SNOMED CT (dm+d included), by resource type.
const CLINICAL: &[(&str, &[&str])] = &[
    ("AllergyIntolerance", &["code"]),
    ("Condition", &["code"]),
    ("DiagnosticReport", &["code"]),
    ("Encounter", &["type", "reason", "reasonCode"]),
    ("FamilyMemberHistory", &["relationship"]),
    ("Immunization", &["vaccineCode"]),
    ("Medication", &["code"]),
    ("MedicationAdministration", &["medication"]),
    ("MedicationDispense", &["medication"]),
    ("MedicationRequest", &["medication"]),
    ("MedicationStatement", &["medication"]),
    ("Observation", &["code"]),
    ("Procedure", &["code"]),
    ("ProcedureRequest", &["code"]),
    ("ReferralRequest", &["reasonCode"]),
    ("ServiceRequest", &["code"]),
];

/// Of these, the types that name a medicine.
const MEDICINES: &[&str] =
    &["Medication", "MedicationAdministration", "MedicationDispense", "MedicationRequest", "MedicationStatement"];

/// Codes that stand for "the original code was lost on transfer" (GP Connect guidance on degraded codes).
const DEGRADED: &[&str] = &[
    "196421000000109",
    "196461000000101",
    "196471000000108",
    "196451000000104",
    "196431000000106",
    "196441000000102",
    "196411000000103",
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
    "https://dmd.nhs.uk",
    "http://loinc.org",
    "http://unitsofmeasure.org",
    "http://read.info/",
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

/// Counts the clinical elements of one resource.
pub(super) fn observe(resource: Element<'_>, snomed: Option<&Index>, counts: &mut Counts) {
    let ty = names::text(resource.type_id());
    let Some((_, elements)) = CLINICAL.iter().find(|(name, _)| *name == ty) else { return };
    let medicine = MEDICINES.contains(&ty);
    for name in *elements {
        for concept in resource.all(name).filter(|c| c.type_id() == names::T_CODEABLE_CONCEPT) {
            one(resource.type_id(), concept, (name, medicine), snomed, counts);
        }
    }
}

fn one(
    ty: NameId,
    concept: Element<'_>,
    (name, medicine): (&'static str, bool),
    snomed: Option<&Index>,
    counts: &mut Counts,
) {
    let (mut coded, mut other, mut degraded) = (false, false, false);
    for coding in concept.named(names::CODING) {
        let code = coding.text(names::CODE).unwrap_or("");
        match coding.text(names::SYSTEM) {
            Some(SNOMED | DMD) => {
                coded = true;
                counts.share(Measured::SnomedValid, ty, name, is_concept(code, snomed));
                degraded |= DEGRADED.contains(&code);
            }
            Some(system) if ICD10.contains(&system) || OPCS4.contains(&system) => {
                other = true;
                let form = if ICD10.contains(&system) { is_icd10(code) } else { is_opcs4(code) };
                counts.share(Measured::ClassificationCoded, ty, name, form);
            }
            _ => other = true,
        }
    }
    if medicine {
        counts.share(Measured::ClassificationCoded, ty, name, coded && !degraded);
    }
    counts.share(Measured::SnomedCoded, ty, name, coded);
    let bucket = match (degraded, coded, other) {
        (true, ..) => "degraded",
        (_, true, _) => "snomed",
        (_, false, true) => "other-system",
        _ => "text-only",
    };
    counts.tally(Distribution::Coding, ty, name, Bucket::Word(bucket));
}

/// Whether a code is an active concept of the edition loaded; without one, whether it has the shape of a concept.
fn is_concept(code: &str, snomed: Option<&Index>) -> bool {
    let Ok(id) = Sctid::parse(code) else { return false };
    if id.component() != Component::Concept {
        return false;
    }
    snomed.is_none_or(|index| match index.lookup(id.value()) {
        Some(concept) => concept.active(),
        // Extensions of others need not be in the edition.
        None => id.namespace().is_some(),
    })
}

/// `A00`, `A00.0`, `A000`, a fifth character and the marks of dagger and asterisk (WHO, ICD-10, volume 2).
fn is_icd10(code: &str) -> bool {
    let bytes: Vec<u8> = code.bytes().filter(|b| *b != b'.').collect();
    (3..=6).contains(&bytes.len())
        && bytes[0].is_ascii_uppercase()
        && bytes[1..3].iter().all(u8::is_ascii_digit)
        && bytes[3..].iter().all(|b| b.is_ascii_digit() || b"XDA-".contains(b))
}

/// `A01`, `A01.1` or `A011` (NHS England, OPCS-4 tabular list).
fn is_opcs4(code: &str) -> bool {
    let bytes: Vec<u8> = code.bytes().filter(|b| *b != b'.').collect();
    (3..=4).contains(&bytes.len()) && bytes[0].is_ascii_uppercase() && bytes[1..].iter().all(u8::is_ascii_digit)
}

fn is_public(url: Option<&str>) -> bool {
    url.is_some_and(|url| PUBLIC.iter().any(|start| url.starts_with(start)))
}

/// Counts codings and extensions of the whole message that only their sender understands.
pub(super) fn proprietary(seen: &Seen<'_, '_>, counts: &mut Counts) {
    let (mut all, mut own) = (0, 0);
    for (id, node) in seen.message.tree.nodes.iter().enumerate() {
        let name = match node.ty {
            names::T_CODING => names::SYSTEM,
            names::T_EXTENSION => names::URL,
            _ => continue,
        };
        if node.is(flags::RESOURCE) {
            continue;
        }
        let at = Element::new(seen.message.tree, id as u32);
        // Parts of a complex extension have relative names, and stand or fall with it.
        if name == names::URL && at.parent().is_some_and(|p| p.type_id() == names::T_EXTENSION) {
            continue;
        }
        all += 1;
        own += u64::from(!is_public(at.text(name)));
    }
    if all > 0 {
        counts.shares(Measured::Proprietary, names::OTHER, own, all);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classifications_have_their_form() {
        for (code, icd, opcs) in [
            ("J45.9", true, true),
            ("J459", true, true),
            ("M01.3A", true, false),
            ("45J", false, false),
            ("", false, false),
        ] {
            assert_eq!((is_icd10(code), is_opcs4(code)), (icd, opcs), "{code}");
        }
        assert!(is_public(Some("http://loinc.org")) && !is_public(Some("https://local.example/x")) && !is_public(None));
    }
}
