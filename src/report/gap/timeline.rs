//! Milestones of the source on a line of days: what is due, what is past, and who is not there yet.

use maud::{Markup, html};

use super::charts;
use super::document::short_name;
use super::model::{Report, View};
use super::table::{Cell, Table};
use crate::kitemark::{Milestone, Status};

/// How one subject stands to a milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Every criterion of it is at the level.
    Reached,
    /// Some are below the level.
    Short,
    /// None is below by what was shown, but some are not assessed.
    Open,
    /// None of its criteria applies.
    DoesNotApply,
}

impl Standing {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Short => "not reached",
            Self::Open => "not assessed",
            Self::DoesNotApply => "does not apply",
        }
    }
}

/// Where a subject stands.
pub(super) fn standing(view: &View, milestone: &Milestone) -> Standing {
    let results = view.assessment.results.iter().filter(|r| milestone.criteria.contains(&r.id) && r.counts());
    let (mut any, mut open, mut short) = (false, false, false);
    for result in results {
        any = true;
        if result.level < milestone.level {
            let nothing = result.status == Status::NotAssessed;
            open |= nothing;
            short |= !nothing;
        }
    }
    match (any, short, open) {
        (false, ..) => Standing::DoesNotApply,
        (true, true, _) => Standing::Short,
        (true, false, true) => Standing::Open,
        (true, false, false) => Standing::Reached,
    }
}

/// How far off a day is, in words.
pub(super) fn distance(report: &Report, milestone: &Milestone) -> String {
    let days = milestone.due.days() - report.today.days();
    let months = days.unsigned_abs() / 30;
    let far = match (days.unsigned_abs(), months) {
        (0, _) => return "today".into(),
        (1, _) => "1 day".to_string(),
        (d, 0 | 1) => format!("{d} days"),
        (_, m) if m < 24 => format!("{m} months"),
        (d, _) => format!("{} years", d / 365),
    };
    if days > 0 { format!("in {far}") } else { format!("{far} ago") }
}

/// Milestones with the partners that reach them.
pub(super) fn milestones(report: &Report) -> Table {
    let mut table = Table::new(
        "milestones",
        "Milestones of the source, by day",
        &["milestone", "due", "how far", "level", "reached", "not reached", "not assessed", "source"],
    );
    for milestone in &report.set.milestones {
        let who = |standing_: Standing| {
            let views = report.views.iter().filter(|v| standing(v, milestone) == standing_);
            Cell::text(views.map(|v| short_name(report, v)).collect::<Vec<_>>().join("; "))
        };
        table.row(vec![
            Cell::text(format!("{} ({})", milestone.title, named(milestone))),
            Cell::text(milestone.due.to_string()),
            Cell::text(distance(report, milestone)),
            Cell::text(report.set.level_name(milestone.level)),
            who(Standing::Reached),
            who(Standing::Short),
            who(Standing::Open),
            Cell::text(&milestone.clause),
        ]);
    }
    table
}

/// `CYB-5`, or `24 criteria`.
fn named(milestone: &Milestone) -> String {
    match milestone.criteria.as_slice() {
        few if few.len() <= 3 => few.join(", "),
        many => format!("{} criteria", many.len()),
    }
}

/// The line of days, with the table.
pub(super) fn shown(report: &Report) -> Markup {
    let all = report.views.len();
    let points: Vec<charts::Day> = report
        .set
        .milestones
        .iter()
        .map(|m| {
            let reached = report.views.iter().filter(|v| standing(v, m) == Standing::Reached).count();
            charts::Day {
                at: m.due.days(),
                name: m.due.to_string(),
                label: format!("{}: {reached} of {all} reach it", m.title),
                full: reached == all,
            }
        })
        .collect();
    html! {
        @if !points.is_empty() {
            figure {
                (charts::days("timeline", "Milestones and today", &points, (report.today.days(), &report.today.to_string())))
                figcaption { "A filled mark: everybody reaches it. An empty mark: somebody does not, or it is not assessed. The line marks the day of this report." }
            }
            (super::sections::table(&milestones(report)))
        }
    }
}
