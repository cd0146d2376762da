//! Inactive and unknown concepts. Needs an index; without one, says once a message that codes were not looked up.

use super::claim;
use super::view::{self, SnomedView};
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::terminology::snomed::expression::Reference;
use crate::terminology::snomed::{Sctid, Standing};
use crate::tree::{Element, names};
use crate::uk::snomed::below;
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
pub static INACTIVE_RULE: Rule = Rule { metas: &[&INACTIVE], listens: &[super::LOOKED_UP], check: check_inactive };

fn check_inactive(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        inactive(view, at, false, out);
    }
}

/// Inactive since.
pub static SINCE_INACTIVE_RULE: Rule =
    Rule { metas: &[&SINCE_INACTIVE], listens: &[super::LOOKED_UP], check: check_since_inactive };

fn check_since_inactive(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        inactive(view, at, true, out);
    }
}

/// Unknown.
pub static UNKNOWN_RULE: Rule =
    Rule { metas: &[&UNKNOWN], listens: &[super::LOOKED_UP, Listens::Message], check: check_unknown };

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

/// The first day that the date of a record may stand for, YYYYMMDD: when it was asserted, recorded, issued or happened.
fn recorded(resource: Element<'_>) -> Option<u32> {
    const DAYS: &[&str] = &[
        "assertedDate",
        "recordedDate",
        "authoredOn",
        "issued",
        "dateAsserted",
        "effective",
        "performed",
        "occurrence",
        "date",
        "onset",
    ];
    DAYS.iter().find_map(|name| {
        let element = resource.get(name)?;
        first_day(element.value().or_else(|| element.text(names::START))?)
    })
}

/// The first day of a date, which may be a year or a month.
fn first_day(text: &str) -> Option<u32> {
    let day = text.split('T').next().unwrap_or_default();
    let mut parts = day.split('-');
    let (year, month, of_month) = (parts.next()?, parts.next().unwrap_or("01"), parts.next().unwrap_or("01"));
    if (year.len(), month.len(), of_month.len(), parts.next()) != (4, 2, 2, None) {
        return None;
    }
    Some(year.parse::<u32>().ok()? * 10_000 + month.parse::<u32>().ok()? * 100 + of_month.parse::<u32>().ok()?)
}

/// What stands at a code: one concept, or those of a post-coordinated expression with their places.
fn concepts(coding: Element<'_>) -> Vec<(Element<'_>, Sctid, String)> {
    if let Some((code, id)) = claim::looked_up(coding) {
        return vec![(code, id, "the concept".to_owned())];
    }
    let Some((code, expression)) = claim::expression(coding) else { return Vec::new() };
    let listed = expression.concepts().into_iter().enumerate();
    let read = |(at, concept): (usize, &Reference)| {
        Some((code, Sctid::parse(&concept.id.to_string()).ok()?, format!("concept {} of the expression", at + 1)))
    };
    listed.filter_map(read).collect()
}

/// Speaks of concepts that became inactive after (`later`) or before the day of their record.
fn inactive(view: &dyn SnomedView, coding: Element<'_>, later: bool, out: &mut Sink) {
    for (code, id, which) in concepts(coding) {
        let Some(concept) = view.concept(id.value()).filter(|c| !c.active) else { continue };
        let day = recorded(coding.resource());
        // A year or a month that holds the day on which the concept was retired does not show that it was used after it.
        if day.is_some_and(|day| day < concept.since) != later {
            continue;
        }
        let (meta, says) = if later {
            (&SINCE_INACTIVE, format!("{which} is inactive since {}, after the day of the record", concept.since))
        } else {
            (&INACTIVE, format!("{which} is inactive since {}", concept.since))
        };
        let successors = view.successors(id.value());
        let draft = out.say(meta, code, says);
        if let Some(one) = successors.exact {
            draft.notes.push(format!("the concept {one} means the same"));
        } else if !successors.possible.is_empty() {
            let listed: Vec<String> = successors.possible.iter().take(5).map(u64::to_string).collect();
            draft.notes.push(format!("concepts that may be meant: {}", listed.join(", ")));
        }
        // One cause, one finding: of an expression the first.
        return;
    }
}

fn unknown(view: &dyn SnomedView, coding: Element<'_>, out: &mut Sink) {
    if claim::is_dmd(coding) && !view.holds_medicines() {
        return;
    }
    let held = |id: u64| view.concept(id).is_some() || view.medicine(id).is_some();
    let absent = concepts(coding).into_iter().find(|(_, id, _)| !held(id.value()));
    let Some((code, id, which)) = absent else { return };
    let standing = coding.text(names::VERSION).map(|version| view.standing(version));
    let (severity, why) = match (standing, id.namespace()) {
        (Some(Standing::Later), _) => {
            (Severity::Information, "the coding names a later version than the release of the index")
        }
        // A version that is no URI says nothing; a rule of its own speaks of it.
        (Some(Standing::Other), _) if coding.text(names::VERSION).is_some_and(|v| below(v).is_some()) => {
            (Severity::Information, "the coding names another edition or version than the release of the index")
        }
        (_, Some(_)) if !view.is_uk() => (Severity::Information, "the release of the index holds no UK content"),
        // UK ids come out twice a year and more, dm+d's every week; core ids that are missing were never released.
        (_, Some(_)) => (Severity::Warning, "it is newer, or local"),
        (_, None) if claim::is_dmd(coding) => (Severity::Warning, "it is newer, or no code of dm+d"),
        (_, None) => (Severity::Error, "the release holds no such concept"),
    };
    out.say(&UNKNOWN, code, format!("{which} is not in the release: {why}")).severity = severity;
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
        if let Some((code, id)) = claim::looked_up(coding)
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
        for (day, later) in [
            ("2001-01-01", true),
            ("2001", true),
            ("2010-03", true),
            ("2010", true),
            ("2010-05", false),
            ("2011", false),
            ("2020-01-01", false),
            ("2020-01-01T10:00:00Z", false),
        ] {
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
        assert_eq!(severity("195967001:363698007=39607008"), Some(Severity::Error));
        let of_version = |version: &str| {
            let json = format!(r#""system": "http://snomed.info/sct", "version": "{version}", "code": "22298006""#);
            fake::on_coding(&json, |c, out| unknown(&fake::View, c, out)).first().map(|d| d.severity)
        };
        assert_eq!(of_version("http://snomed.info/sct/83821000000107/version/20300101"), Some(Severity::Information));
        assert_eq!(of_version("20300101x"), Some(Severity::Error));
        let dmd = |code: &str| {
            let json = format!(r#""system": "https://dmd.nhs.uk/", "code": "{code}""#);
            fake::on_coding(&json, |c, out| unknown(&fake::View, c, out)).first().map(|d| d.severity)
        };
        assert_eq!((dmd("39999911000001109"), dmd("195967001")), (Some(Severity::Warning), None));
    }
}
