//! How things are coded: clinical elements in SNOMED CT, medicines in dm+d, local systems and extensions.

use super::Seen;
use super::observed::{Bucket, Counts};
use crate::tally::{Distribution, Measured};
use crate::terminology::shapes;
use crate::terminology::snomed::{Component, Index, Sctid};
use crate::tree::names::{self, NameId};
use crate::tree::{Element, flags};
use crate::uk::snomed::is_degraded;
use crate::uk::systems::{self, DMD, ICD10, OPCS4, SNOMED};

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
                degraded |= is_degraded(code);
            }
            Some(system) if ICD10.contains(&system) || OPCS4.contains(&system) => {
                other = true;
                let form = if ICD10.contains(&system) { shapes::icd10(code) } else { shapes::opcs4(code) };
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

fn is_public(url: Option<&str>) -> bool {
    url.is_some_and(systems::is_public)
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
    fn public_systems() {
        assert!(is_public(Some("http://loinc.org")) && !is_public(Some("https://local.example/x")) && !is_public(None));
    }
}
