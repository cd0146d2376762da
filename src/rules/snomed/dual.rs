//! Several codings of one concept: translations, and which one the user chose. Their order is not looked at: no
//! standard fixes one (DUAL-02).

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::pack::model::Release;
use crate::rules::{Listens, Rule, Scene, Sink, query};
use crate::tree::{Element, names};
use crate::uk::profiles::GP_CONNECT;
use crate::uk::snomed::{Spelling, spelling};
use crate::uk::systems::{DMD, SNOMED, is_legacy_codes};

/// DUAL-01.
pub static LEGACY: Meta = Meta {
    id: "HM0340",
    name: "legacy-code-without-snomed",
    title: "a legacy code is sent without a SNOMED CT code beside it",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "code-invalid",
    requirement: "DUAL-01",
    basis: "GP Connect, Populating legacy coding; SCCI0034 SNOMED CT; Read codes retired in 2018",
    criterion: "COD-1",
    why: "Receivers no longer hold Read or supplier codes: decision support and searches pass the entry by.",
    remedy: "Send the SNOMED CT code of the national map beside the legacy code, or a degraded code with the text.",
    examples: &[
        Example::bad(
            "Read alone",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": «{"coding": [{"system": "http://read.info/readv2", "code": "H33.."}]}»}"#,
        ),
        Example::good(
            "both",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}, {"system": "http://read.info/readv2", "code": "H33.."}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// DUAL-03.
pub static SELECTED: Meta = Meta {
    id: "HM0341",
    name: "user-selected-several",
    title: "several codings of one concept are marked as chosen by the user",
    family: Family::Snomed,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "DUAL-03",
    basis: "FHIR, Coding.userSelected: the coding that was chosen directly; GP Connect, CodeableConcept",
    criterion: "COD-1",
    why: "The receiver cannot tell what the clinician entered from what a map added.",
    remedy: "Mark the one coding that was entered; leave userSelected out of the others.",
    examples: &[
        Example::bad(
            "two",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001", "userSelected": true}, {"system": "http://read.info/readv2", "code": "H33..", "userSelected": «true»}]}}"#,
        ),
        Example::good(
            "one",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}, {"system": "http://read.info/readv2", "code": "H33..", "userSelected": true}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// DUAL-04.
pub static UNSELECTED: Meta = Meta {
    id: "HM0342",
    name: "user-selected-missing",
    title: "of several codings none is marked as chosen by the user",
    family: Family::Snomed,
    severity: Severity::Information,
    dimension: Dimension::Completeness,
    issue: "informational",
    requirement: "DUAL-04",
    basis: "GP Connect, CodeableConcept: userSelected marks the coding that was entered",
    criterion: "COD-1",
    why: "The receiver cannot tell what the clinician entered from what a map added.",
    remedy: "Set userSelected to true on the coding that was entered, when that is known.",
    examples: &[
        Example::bad(
            "none",
            r#"{"resourceType": "Condition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "subject": {"display": "Test"}, "code": «{"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}, {"system": "http://read.info/readv2", "code": "H33.."}]}»}"#,
        ),
        Example::good(
            "one",
            r#"{"resourceType": "Condition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}, {"system": "http://read.info/readv2", "code": "H33..", "userSelected": true}]}}"#,
        ),
        Example::good(
            "a single coding",
            r#"{"resourceType": "Condition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// MED-02.
pub static TWICE: Meta = Meta {
    id: "HM0343",
    name: "medicine-coded-twice",
    title: "one dm+d code is sent under two systems",
    family: Family::Snomed,
    severity: Severity::Information,
    dimension: Dimension::Uniqueness,
    issue: "informational",
    requirement: "MED-02",
    basis: "UK Core, medicine coding: https://dmd.nhs.uk and http://snomed.info/sct name the same codes",
    criterion: "COD-6",
    why: "Receivers that count codings count the medicine twice.",
    remedy: "Send the code once; http://snomed.info/sct is understood everywhere.",
    examples: &[
        Example::bad(
            "both systems",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "39113611000001102"}, {"system": "https://dmd.nhs.uk", "code": "«39113611000001102»"}]}}"#,
        )
        .r4(),
        Example::good(
            "one system",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "39113611000001102"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

const LISTENS: &[Listens] = &[Listens::Types(&["CodeableConcept"])];

/// Legacy codes alone.
pub static LEGACY_RULE: Rule = Rule { metas: &[&LEGACY], listens: LISTENS, check: check_legacy };

fn check_legacy(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if scene.release() != Release::Stu3 {
        return;
    }
    let mut legacy = false;
    for coding in at.named(names::CODING) {
        let Some(system) = coding.text(names::SYSTEM) else { continue };
        if spelling(system) != Spelling::Other || system == DMD {
            return;
        }
        legacy |= is_legacy_codes(system);
    }
    if legacy {
        out.say(&LEGACY, at, "the concept has a Read or supplier code, and no SNOMED CT code");
    }
}

/// Chosen more than once.
pub static SELECTED_RULE: Rule = Rule { metas: &[&SELECTED], listens: LISTENS, check: check_selected };

fn check_selected(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let chosen = at.named(names::CODING).filter_map(|c| c.child(names::USER_SELECTED));
    for again in chosen.filter(|s| s.value() == Some("true")).skip(1) {
        out.say(&SELECTED, again, "another coding of this concept is marked as chosen already");
    }
}

/// Chosen not at all.
pub static UNSELECTED_RULE: Rule = Rule { metas: &[&UNSELECTED], listens: LISTENS, check: check_unselected };

fn check_unselected(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let several = at.named(names::CODING).nth(1).is_some();
    let chosen = |c: Element<'_>| c.text(names::USER_SELECTED) == Some("true");
    if several && !at.named(names::CODING).any(chosen) && query::claims(at.resource(), GP_CONNECT) {
        out.say(&UNSELECTED, at, "the concept has several codings, and none is marked as chosen");
    }
}

/// One code, two systems.
pub static TWICE_RULE: Rule = Rule { metas: &[&TWICE], listens: LISTENS, check: check_twice };

fn check_twice(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    for coding in at.named(names::CODING).filter(|c| c.text(names::SYSTEM) == Some(DMD)) {
        let Some(code) = coding.child(names::CODE) else { continue };
        let same = |c: Element<'_>| query::pair(c) == (SNOMED, code.value().unwrap_or_default());
        if code.value().is_some() && at.named(names::CODING).any(same) {
            out.say(&TWICE, code, format!("the same code is sent under {SNOMED} as well"));
        }
    }
}
