//! Medicines without a dm+d or SNOMED CT code.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::pack::model::Release;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::snomed::{Spelling, spelling};
use crate::uk::systems::{is_dmd_like, is_legacy_codes};

/// MED-01.
pub static META: Meta = Meta {
    id: "HM0354",
    name: "medicine-not-coded",
    title: "a medicine has no dm+d code",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "code-invalid",
    requirement: "MED-01",
    basis: "CareConnect-Medication-1: code bound to dm+d; SCCI0052 dictionary of medicines and devices",
    criterion: "COD-6",
    why: "Allergy, interaction and duplicate checks do not see the medicine.",
    remedy: "Send the code of the VMP, AMP or trade family; for what dm+d does not hold, the degraded code and the text.",
    examples: &[
        Example::bad("text alone", r#"{"resourceType": "Medication", "code": «{"text": "Test tablets"}»}"#),
        Example::good(
            "a dm+d code",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "39113611000001102"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::Types(&[
        "Medication",
        "MedicationRequest",
        "MedicationStatement",
        "MedicationDispense",
        "MedicationAdministration",
    ])],
    check,
};

fn check(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if scene.release() != Release::Stu3 {
        return;
    }
    let concept = at.child(names::CODE).or_else(|| at.get("medication"));
    let Some(concept) = concept.filter(|c| c.type_id() == names::T_CODEABLE_CONCEPT) else { return };
    let known = concept.named(names::CODING).filter_map(|c| c.text(names::SYSTEM)).any(|system| {
        // Of legacy codes another rule speaks.
        spelling(system) != Spelling::Other || is_dmd_like(system) || is_legacy_codes(system)
    });
    if !known {
        out.say(&META, concept, "the medicine is sent without a dm+d or SNOMED CT code");
    }
}
