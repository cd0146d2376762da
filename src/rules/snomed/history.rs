//! Inactive and unknown concepts. Needs an index; without one, says once a message that codes were not looked up.

use super::claim;
use super::view::{self, SnomedView};
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::Date;
use crate::tree::{Element, names};
use crate::uk::systems::SNOMED;

/// HIST-01.
pub static INACTIVE: Meta = Meta {
    id: "HM0361",
    name: "snomed-concept-inactive",
    title: "the SNOMED CT concept was inactive when it was recorded",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Timeliness,
    issue: "code-invalid",
    requirement: "HIST-01",
    basis: "SNOMED CT, Release File Specification: concept status and historical associations",
    criterion: "COD-2",
    why: "Searches by hierarchy and value sets no longer find the concept, so the entry is passed by.",
    remedy: "Record the concept that the note names, and keep the release in the recording system up to date.",
    examples: &[
        Example::bad(
            "an inactive concept",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«7777771000000104»"}]}}"#,
        ),
        Example::good(
            "an active concept",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// HIST-02.
pub static SINCE_INACTIVE: Meta = Meta {
    id: "HM0362",
    name: "snomed-concept-inactive-since",
    title: "the SNOMED CT concept became inactive after it was recorded",
    family: Family::Snomed,
    severity: Severity::Information,
    dimension: Dimension::Timeliness,
    issue: "informational",
    requirement: "HIST-02",
    basis: "SNOMED CT, Release File Specification: concept status and historical associations",
    criterion: "COD-2",
    why: "The record was right in its day; searches by today's hierarchy pass it by.",
    remedy: "Nothing in the record; let searches follow historical associations.",
    examples: &[
        Example::bad(
            "recorded while it was active",
            r#"{"resourceType": "Condition", "assertedDate": "2001-01-01", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«7777771000000104»"}]}}"#,
        ),
        Example::good(
            "an active concept",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// HIST-03.
pub static UNKNOWN: Meta = Meta {
    id: "HM0363",
    name: "snomed-concept-unknown",
    title: "the SNOMED CT concept is not in the release",
    family: Family::Snomed,
    dimension: Dimension::Accuracy,
    issue: "code-invalid",
    requirement: "HIST-03",
    basis: "SNOMED CT UK Edition, release that the index was made from",
    criterion: "COD-2",
    why: "Nobody can look the code up, so its meaning rests on the display alone.",
    remedy: "Check the code; if it is newer than the index, make the index again from the current release.",
    examples: &[
        Example::bad(
            "no such concept",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«999999999002»"}]}}"#,
        ),
        Example::good(
            "an active concept",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// HIST-04.
pub static ACTIVE_RECORD: Meta = Meta {
    id: "HM0364",
    name: "active-record-of-inactive-concept",
    title: "an active problem, allergy or medicine is coded with an inactive concept",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Timeliness,
    issue: "business-rule",
    requirement: "HIST-04",
    basis: "SNOMED CT, Release File Specification: concept status; FHIR, clinicalStatus and status",
    criterion: "COD-2",
    why: "What is true of the patient today is looked for by today's codes, and is not found.",
    remedy: "Code what is active with an active concept; the note of the other finding names one.",
    examples: &[
        Example::bad(
            "an active problem",
            r#"{"resourceType": "Condition", "clinicalStatus": "active", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«7777771000000104»"}]}}"#,
        ),
        Example::good(
            "an active concept",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Inactive when recorded.
pub static INACTIVE_RULE: Rule = Rule { metas: &[&INACTIVE], listens: &[super::CLAIMED], check: check_inactive };

fn check_inactive(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        inactive(view, at, false, out);
    }
}

/// Inactive since.
pub static SINCE_INACTIVE_RULE: Rule =
    Rule { metas: &[&SINCE_INACTIVE], listens: &[super::CLAIMED], check: check_since_inactive };

fn check_since_inactive(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        inactive(view, at, true, out);
    }
}

/// Unknown.
pub static UNKNOWN_RULE: Rule =
    Rule { metas: &[&UNKNOWN], listens: &[super::CLAIMED, Listens::Message], check: check_unknown };

fn check_unknown(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    match view::of(scene) {
        Some(view) => unknown(view, at, out),
        None if at.id() == 0 => {
            let tree = scene.message.tree;
            let is_snomed = |i: usize| Element::new(tree, i as u32).text(names::SYSTEM) == Some(SNOMED);
            if (0..tree.nodes.len()).any(|i| tree.nodes[i].ty == names::T_CODING && is_snomed(i)) {
                out.skip("snomed", SNOMED);
            }
        }
        None => {}
    }
}

/// Active records.
pub static ACTIVE_RECORD_RULE: Rule = Rule {
    metas: &[&ACTIVE_RECORD],
    listens: &[Listens::Types(&["Condition", "AllergyIntolerance", "MedicationStatement", "MedicationRequest"])],
    check: check_active_record,
};

fn check_active_record(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        active_record(view, at, out);
    }
}

/// The day of a record, YYYYMMDD: when it was asserted, recorded, issued or happened.
fn recorded(resource: Element<'_>) -> Option<u32> {
    const DAYS: &[&str] = &[
        "assertedDate",
        "recordedDate",
        "authoredOn",
        "issued",
        "dateAsserted",
        "effective",
        "performed",
        "date",
        "onset",
    ];
    let day = DAYS.iter().find_map(|name| {
        let element = resource.get(name)?;
        let text = element.value().or_else(|| element.text(names::START))?;
        Date::parse(text)?;
        text.get(..10)
    })?;
    day.replace('-', "").parse().ok()
}

/// Speaks of concepts that became inactive after (`later`) or before the day of their record.
fn inactive(view: &dyn SnomedView, coding: Element<'_>, later: bool, out: &mut Sink) {
    let Some((code, id)) = claim::concept(coding) else { return };
    let Some(concept) = view.concept(id.value()).filter(|c| !c.active) else { return };
    let was_active = recorded(coding.resource()).is_some_and(|day| day < concept.since);
    if was_active != later {
        return;
    }
    let (meta, says) = if later {
        (&SINCE_INACTIVE, format!("the concept is inactive since {}, after the day of the record", concept.since))
    } else {
        (&INACTIVE, format!("the concept is inactive since {}", concept.since))
    };
    let successors = view.successors(id.value());
    let draft = out.say(meta, code, says);
    if let Some(one) = successors.exact {
        draft.notes.push(format!("the concept {one} means the same"));
    } else if !successors.possible.is_empty() {
        let listed: Vec<String> = successors.possible.iter().take(5).map(u64::to_string).collect();
        draft.notes.push(format!("concepts that may be meant: {}", listed.join(", ")));
    }
}

fn unknown(view: &dyn SnomedView, coding: Element<'_>, out: &mut Sink) {
    let Some((code, id)) = claim::concept(coding) else { return };
    if view.concept(id.value()).is_some() {
        return;
    }
    // UK ids come out twice a year and more; core ids that are missing were never released.
    if id.namespace().is_some() {
        out.say(&UNKNOWN, code, "the concept is not in the release: it is newer, or local").severity =
            Severity::Warning;
    } else {
        out.say(&UNKNOWN, code, "the release holds no such concept");
    }
}

fn active_record(view: &dyn SnomedView, resource: Element<'_>, out: &mut Sink) {
    let is_active = |name: &str| {
        resource.get(name).is_some_and(|s| {
            s.value() == Some("active") || s.named(names::CODING).any(|c| c.text(names::CODE) == Some("active"))
        })
    };
    if !is_active("clinicalStatus") && !is_active("status") {
        return;
    }
    let concept = resource.child(names::CODE).or_else(|| resource.get("medication"));
    for coding in concept.into_iter().flat_map(|c| c.named(names::CODING)) {
        if let Some((code, id)) = claim::concept(coding)
            && view.concept(id.value()).is_some_and(|c| !c.active)
        {
            out.say(&ACTIVE_RECORD, code, "the record is active, and its concept is not");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::view::fake;
    use super::*;

    fn coding(code: &str, check: impl Fn(Element<'_>, &mut Sink)) -> Vec<crate::finding::Draft> {
        fake::on_coding(&format!(r#""system": "http://snomed.info/sct", "code": "{code}""#), check)
    }

    #[test]
    fn inactive_concepts_name_their_successor() {
        let found = coding(fake::INACTIVE, |c, out| inactive(&fake::View, c, false, out));
        assert_eq!(found.len(), 1);
        assert!(found[0].notes[0].contains("195967001"));
        assert!(coding(fake::INACTIVE, |c, out| inactive(&fake::View, c, true, out)).is_empty());
        assert!(coding("195967001", |c, out| inactive(&fake::View, c, false, out)).is_empty());
    }

    #[test]
    fn the_day_of_the_record_decides() {
        let json = format!(r#""system": "http://snomed.info/sct", "code": "{}""#, fake::INACTIVE);
        for (day, later) in [("2001-01-01", true), ("2020-01-01", false)] {
            let check = |late| fake::on_coding_of(&json, day, |c, out| inactive(&fake::View, c, late, out)).len();
            assert_eq!((check(true), check(false)), (usize::from(later), usize::from(!later)), "{day}");
        }
    }

    #[test]
    fn unknown_concepts() {
        let severity = |code: &str| coding(code, |c, out| unknown(&fake::View, c, out)).first().map(|d| d.severity);
        assert_eq!(severity("195967001"), None);
        assert_eq!(severity("22298006"), Some(Severity::Error));
        assert_eq!(severity("1091811000000102"), Some(Severity::Warning));
    }
}
