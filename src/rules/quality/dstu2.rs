//! No elements of DSTU2.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::pack::model::Release;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::tree::names::{self, NameId};
use std::sync::LazyLock;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0821",
    name: "dstu2-shape",
    title: "an element has the shape of DSTU2",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Validity,
    issue: "structure",
    requirement: "FAULT-23",
    basis: "FHIR STU3, changes from DSTU2",
    criterion: "INT-1",
    why: "The element is not read: what it says is lost to every STU3 receiver.",
    remedy: "Write the element as STU3 defines it: family is one string, careProvider is generalPractitioner, patient of clinical resources is subject.",
    examples: &[
        Example::bad(
            "a date of DSTU2",
            r#"{"resourceType": "Condition", "subject": {"display": "x"}, "dateRecorded": "«2016-01-01»"}"#,
        ),
        Example::good(
            "STU3",
            r#"{"resourceType": "Condition", "subject": {"display": "x"}, "assertedDate": "2016-01-01"}"#,
        ),
    ],
    ..Meta::NEW
};

/// No elements of DSTU2.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::Types(&[
        "Patient",
        "HumanName",
        "Condition",
        "AllergyIntolerance",
        "Observation",
        "MedicationStatement",
        "Encounter",
        "Immunization",
        "Bundle",
    ])],
    check,
};

/// Type, element of DSTU2, and what became of it.
const GONE: &[(&str, &str, &str)] = &[
    ("Patient", "careProvider", "generalPractitioner"),
    ("Condition", "dateRecorded", "assertedDate"),
    ("Condition", "patient", "subject"),
    ("AllergyIntolerance", "substance", "code"),
    ("AllergyIntolerance", "recordedDate", "assertedDate"),
    ("AllergyIntolerance", "lastOccurence", "lastOccurrence"),
    ("Observation", "comments", "comment"),
    ("MedicationStatement", "wasNotTaken", "taken"),
    ("MedicationStatement", "patient", "subject"),
    ("Encounter", "patient", "subject"),
    ("Encounter", "indication", "diagnosis"),
    ("Immunization", "wasNotGiven", "notGiven"),
    ("Immunization", "reported", "primarySource"),
    ("Bundle", "base", "fullUrl of the entries"),
];

static GONE_NAMES: LazyLock<Vec<(NameId, NameId, &str)>> = LazyLock::new(|| {
    let known =
        |(of, name, now): &(&str, &str, &'static str)| (names::intern_defined(of), names::intern_defined(name), *now);
    GONE.iter().map(known).collect()
});

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if scene.release() != Release::Stu3 {
        return;
    }
    if at.type_id() == names::T_HUMAN_NAME {
        let mut families = at.named(names::FAMILY);
        let first = families.next();
        let listed = first.is_some_and(|f| f.node().is(crate::tree::flags::IN_ARRAY)) || families.next().is_some();
        if let Some(first) = first.filter(|_| listed) {
            out.say(&META, first, "family is one string since STU3; a list of them is DSTU2");
        }
        return;
    }
    for (of, name, now) in GONE_NAMES.iter() {
        if *of != at.type_id() {
            continue;
        }
        for found in at.children().filter(|c| c.name_id() == *name) {
            out.say(&META, found, format!("{name} is of DSTU2; STU3 has {now}"));
        }
    }
}
