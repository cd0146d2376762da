//! What stands in a report, for each of its readers, in their order: the one place that a new section is added to.

mod climb;
mod criteria;
mod decided;
mod evidence;
mod findings;
mod first;
mod measures;
mod portfolio;
pub(super) mod quality;
mod reasons;
mod subject;
mod timeline;
mod trace;
mod whole;

pub(super) use climb::{NextLevel, json as next_level};
pub(super) use criteria::{counts_people, reason, step};
pub(super) use evidence::{delays, unused};
pub(super) use measures::shown_measures;
pub(super) use portfolio::shared;
pub(super) use timeline::standing;

use super::Audience;
use super::model::{Report, View};
use super::outline::{About, Cell, Outline, Pages, Section, line};
use crate::tally::MeasureKey;

/// The report, laid out.
pub(super) fn outline(report: &Report) -> Outline {
    let (kind, main) = match report.audience {
        Audience::Developer => ("What to mend", findings::PLACES),
        Audience::DqOfficer => ("Data quality report", measures::MEASURES),
        Audience::DesignAuthority => ("Gap report", criteria::CRITERIA),
    };
    let decides = report.audience == Audience::DesignAuthority;
    let mut sections = Vec::new();
    if decides {
        let pages = if report.views.len() > 1 { Pages::Together } else { Pages::Every };
        sections.push(first::page(report).on(pages));
        sections.extend(report.decided.as_ref().map(|decided| decided::page(report, decided).on(pages)));
    }
    sections.push(portfolio::side_by_side(report));
    sections.extend(report.views.iter().enumerate().map(|(i, view)| about(report, view, i)));
    if decides && report.views.len() > 1 {
        sections.push(portfolio::shared_section(report));
    }
    if decides && !report.set.milestones.is_empty() {
        sections.push(timeline::section(report));
    }
    sections.extend([whole::chain(report), whole::packages(report), whole::method(report), whole::glossary()]);
    if decides {
        sections.extend(report.views.iter().enumerate().map(|(i, view)| trace::annex(report, view, i)));
    }
    let subjects =
        report.views.iter().map(|v| About { name: name(report, v), subject: v.assessment.subject.clone() }).collect();
    Outline { kind, subjects, main, sections }
}

/// Everything about one subject, in the order that the reader wants it.
fn about(report: &Report, view: &View, index: usize) -> Section {
    let id = anchor(index);
    let title = if report.views.len() == 1 { "Result".to_owned() } else { name(report, view) };
    let mut section = Section::new(id.as_str(), title).on(Pages::Subject(index));
    if report.groups.len() > 1 {
        section = section.note(line![
            "Counts of group ",
            view.group + 1,
            ": records made with other rules or packages are shown apart and never pooled."
        ]);
    }
    match report.audience {
        Audience::DesignAuthority => subject::for_authority(section, report, view, index),
        Audience::DqOfficer => quality::for_officer(section, report, view, &id),
        Audience::Developer => subject::for_developer(section, report, view, &id),
    }
}

/// An anchor for a criterion of a view.
fn criterion_anchor(index: usize, criterion: &str) -> String {
    format!("{}-{criterion}", anchor(index))
}

/// An anchor for a view.
pub(super) fn anchor(index: usize) -> String {
    format!("subject-{}", index + 1)
}

/// Who a view is about, in a few words.
pub(super) fn name(report: &Report, view: &View) -> String {
    let s = &view.assessment.subject;
    let mut parts = vec![match report.organisation(&s.partner) {
        _ if s.partner == "unknown" => "Partner not named".to_string(),
        Some(called) => format!("{called} ({})", s.partner),
        None => s.partner.clone(),
    }];
    parts.extend([&s.product, &s.interface].into_iter().filter(|p| *p != "unknown").cloned());
    if s.environment == "test" {
        parts.push("test data".into());
    }
    parts.join(" · ")
}

/// The partner alone where that tells views apart, else all that [`name`] says.
fn short_name(report: &Report, view: &View) -> String {
    let partner = &view.assessment.subject.partner;
    let alike = report.views.iter().filter(|v| v.assessment.subject.partner == *partner).count();
    match alike == 1 && partner != "unknown" {
        true => report.organisation(partner).unwrap_or(partner).to_owned(),
        false => name(report, view),
    }
}

/// `2, conformant`.
fn level(report: &Report, level: u8) -> Cell {
    Cell::Level(level, if level == 0 { "none".into() } else { report.set.level_name(level).to_owned() })
}

/// Whether a measure counts people.
fn is_about_people(name: &str, key: &MeasureKey) -> bool {
    PEOPLE.contains(&key.resource.as_str()) || crate::tally::definition(name).is_some_and(|d| d.people)
}

/// Types whose resources are people who are cared for.
pub(super) const PEOPLE: [&str; 3] = ["Patient", "Person", "RelatedPerson"];
