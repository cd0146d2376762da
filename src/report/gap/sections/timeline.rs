//! Milestones of the source on a line of days: what is due, what is past, and who is not there yet.

use super::short_name;
use crate::kitemark::{Milestone, Status};
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Date, Text};
use crate::report::gap::outline::{Cell, Chart, Day, Drawn, Line, Pages, Section, Table, line};

/// How one subject stands to a milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::gap) enum Standing {
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
    pub(in crate::report::gap) const fn as_str(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Short => "not reached",
            Self::Open => "not assessed",
            Self::DoesNotApply => "does not apply",
        }
    }
}

/// Where a subject stands.
pub(in crate::report::gap) fn standing(view: &View, milestone: &Milestone) -> Standing {
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

/// How far off a day is.
fn distance(report: &Report, milestone: &Milestone) -> Line {
    let days = milestone.due.days() - report.today.days();
    let far = days.unsigned_abs();
    let far = match (far, far / 30) {
        (0, _) => return line!["today"],
        (d, 0 | 1) => Cell::Counted(d, "day"),
        (_, m) if m < 24 => Cell::Counted(m, "month"),
        (d, _) => Cell::Counted(d / 365, "year"),
    };
    if days > 0 { line!["in ", far] } else { line![far, " ago"] }
}

/// Milestones with the partners that reach them.
fn milestones(report: &Report) -> Table {
    let mut table = Table::new(
        "milestones",
        "Milestones of the source, by day",
        &[
            ("milestone", Text),
            ("due", Date),
            ("how far", Text),
            ("level", Text),
            ("reached", Text),
            ("not reached", Text),
            ("not assessed", Text),
            ("source", Text),
        ],
    );
    for milestone in &report.set.milestones {
        let who = |standing_: Standing| {
            let views = report.views.iter().filter(|v| standing(v, milestone) == standing_);
            Cell::text(views.map(|v| short_name(report, v)).collect::<Vec<_>>().join("; "))
        };
        table.row(vec![
            line![&milestone.title, " (", named(milestone), ")"].into(),
            Cell::Date(milestone.due),
            distance(report, milestone).into(),
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
fn named(milestone: &Milestone) -> Cell {
    match milestone.criteria.as_slice() {
        few if few.len() <= 3 => Cell::text(few.join(", ")),
        many => Cell::Counted(many.len() as u64, "criterion"),
    }
}

/// The line of days, with the table.
pub(super) fn section(report: &Report) -> Section {
    let pages = if report.views.len() > 1 { Pages::Together } else { Pages::Every };
    let all = report.views.len();
    let days = report.set.milestones.iter().map(|m| {
        let reached = report.views.iter().filter(|v| standing(v, m) == Standing::Reached).count();
        Day {
            at: m.due.days(),
            name: m.due.to_string(),
            label: format!("{}: {reached} of {all} reach it", m.title),
            full: reached == all,
        }
    });
    let today = Day { at: report.today.days(), name: report.today.to_string(), label: String::new(), full: true };
    Section::new("milestones", "Milestones")
        .on(pages)
        .with(Chart {
            id: "timeline".into(),
            title: "Milestones and today".into(),
            caption: "A filled mark: everybody reaches it. An empty mark: somebody does not, or it is not assessed. The line marks the day of this report.".into(),
            drawn: Drawn::Days(days.collect(), today),
        })
        .with(milestones(report))
}
