//! Criteria, rows, gaps and statements of one subject.

use super::{level, reasons};
use crate::kitemark::{Basis, Criterion, CriterionResult, Gap, Status};
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Code, Count, Date, Interval, Level, Share, Status as State, Text, Threshold};
use crate::report::gap::outline::{Cell, Line, Mark, Table, line};

/// Name of the table of criteria.
pub(super) const CRITERIA: &str = "criteria";

/// The level of a row. At 0 it is told whether something was shown to fall short, or nothing was shown.
pub(super) fn row_level(report: &Report, view: &View, row: &str) -> Cell {
    let own = || view.assessment.results.iter().filter(|r| r.counts() && r.row == row);
    match own().map(|r| r.level).min() {
        None => Cell::text("does not apply"),
        Some(0) if own().filter(|r| r.level == 0).all(|r| r.basis == Basis::Nothing) => {
            Cell::Level(0, "not assessed".into())
        }
        Some(0) => Cell::Level(0, "not met".into()),
        Some(l) => level(report, l),
    }
}

/// Criteria of one subject with numerator, denominator, interval and what is open.
pub(super) fn criteria(report: &Report, view: &View) -> Table {
    let mut columns = vec![
        ("criterion", Code),
        ("what", Text),
        ("status", State),
        ("level", Count),
        ("share", Share),
        ("95% interval", Interval),
        ("threshold", Threshold),
        ("rests on", Text),
        ("why", Text),
    ];
    if report.previous.is_some() {
        columns.push(("since last", Text));
    }
    let mut table = Table::new(CRITERIA, "Every criterion", &columns);
    for (result, criterion) in view.assessment.results.iter().zip(&report.set.criteria) {
        let shown = result.share;
        let about_people = counts_people(criterion);
        let share = shown.map_or(Cell::Empty, |s| Cell::people(s.counted, report.disclosure && about_people));
        let interval = if share == Cell::Hidden { None } else { shown.and_then(|s| s.interval) };
        let mut cells = vec![
            Cell::code(&result.id),
            Cell::text(&criterion.title)
                .marked(Mark::Gate, result.gate)
                .marked(Mark::NotCounted, result.shadow && !result.gate),
            Cell::Status(result.status),
            if result.status == Status::NotApplicable { Cell::Empty } else { Cell::from(result.level) },
            share,
            Cell::interval(interval),
            shown.map_or(Cell::Empty, |s| Cell::Threshold { share: s.threshold, most: criterion.down }),
            Cell::text(result.basis.as_str()),
            Cell::Line(reason(report, result, criterion)),
        ];
        if report.previous.is_some() {
            cells.push(view.changes.get(&result.id).map_or(Cell::Empty, |c| Cell::Change(*c)));
        }
        table.row(cells);
    }
    table
}

/// Whether the share of a criterion counts people.
pub(in crate::report::gap) fn counts_people(criterion: &Criterion) -> bool {
    let of_people = |name: &str| crate::tally::definition(name).is_some_and(|d| d.people);
    criterion.metrics.iter().any(|m| m.names_type(&super::PEOPLE) || m.measure().is_some_and(of_people))
}

/// Why a criterion stands where it does; without its counts where those are of people and may not be shown.
pub(in crate::report::gap) fn reason(report: &Report, result: &CriterionResult, criterion: &Criterion) -> Line {
    if report.disclosure && result.share.is_some() && counts_people(criterion) {
        return line!["judged by exact counts of people, which are not shown"];
    }
    let top = usize::from(result.level) == report.set.levels.len();
    let name = report.set.level_name(if top { result.level } else { result.level + 1 });
    reasons::reason(&result.reason, result.level, name)
}

/// The next step of a gap; without its counts where those are of people and may not be shown.
pub(in crate::report::gap) fn step(report: &Report, gap: &Gap) -> Line {
    let people = report.set.criterion(&gap.criterion).is_some_and(counts_people);
    if report.disclosure && people && gap.step.counts() {
        return line!["more must hold, or more must be seen; exact counts of people are not shown"];
    }
    reasons::step(&gap.step, gap.level, report.set.level_name(gap.level + 1))
}

/// Rows with their levels.
pub(super) fn rows(report: &Report, view: &View) -> Table {
    let columns = [("row", Text), ("level", Level), ("held back by", Text), ("source", Text)];
    let mut table = Table::new("rows", "Levels by row: the lowest of its criteria", &columns);
    for (result, row) in view.assessment.rows.iter().zip(&report.set.rows) {
        let lowest: Vec<&str> = view
            .assessment
            .results
            .iter()
            .filter(|r| r.counts() && r.row == row.id && Some(r.level) == result.level)
            .map(|r| r.id.as_str())
            .collect();
        let top = result.level == Some(report.set.levels.len() as u8);
        table.row(vec![
            Cell::text(&row.title).marked(Mark::Apart, row.apart),
            row_level(report, view, &result.id),
            if top { Cell::Empty } else { Cell::text(lowest.join(", ")) },
            Cell::text(&row.clause),
        ]);
    }
    table
}

/// Gaps with owner and day.
pub(super) fn gaps(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "gaps",
        "Gaps to the required level, the most pressing first",
        &[
            ("criterion", Code),
            ("gap", Text),
            ("grade", Text),
            ("from", Level),
            ("next step", Text),
            ("what to do", Text),
            ("owner", Text),
            ("due", Date),
        ],
    );
    for gap in &view.gaps {
        table.row(vec![
            Cell::code(&gap.criterion),
            Cell::text(&gap.title),
            Cell::text(gap.grade.as_str()).marked(Mark::Waived, gap.waived),
            level(report, gap.level),
            Cell::Line(step(report, gap)),
            Cell::text(&gap.remedy),
            Cell::text(&gap.owner),
            due(gap.due, gap.overdue),
        ]);
    }
    table
}

/// The day by which something is to be done.
pub(super) fn due(day: Option<crate::settings::Date>, overdue: bool) -> Cell {
    day.map_or(Cell::text("no day agreed"), |day| Cell::Date(day).marked(Mark::Passed, overdue))
}

/// Statements and documents with their days.
pub(super) fn statements(view: &View) -> Table {
    let mut table = Table::new(
        "statements",
        "Statements and documents: shown as stated, not verified for this report",
        &[
            ("criterion", Code),
            ("stated", Text),
            ("kind", Text),
            ("by the", Text),
            ("on", Date),
            ("valid until", Date),
            ("reference", Text),
            ("SHA-256", Code),
        ],
    );
    for s in view.assessment.results.iter().filter_map(|r| r.statement.as_ref()) {
        table.row(vec![
            Cell::code(&s.criterion),
            Cell::text(&s.value),
            Cell::text(s.kind.as_str()),
            Cell::text(&s.by_role),
            Cell::Date(s.on),
            Cell::date(s.valid_until),
            Cell::text(&s.reference),
            Cell::code(&s.sha256),
        ]);
    }
    table
}
