//! Criteria, rows, gaps and statements of one subject.

use super::{level, reasons};
use crate::kitemark::{Basis, Criterion, CriterionResult, Gap, Shown, Status};
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Code, Count, Date, Interval, Level, Share, Status as State, Text, Threshold};
use crate::report::gap::outline::{Cell, Line, Mark, Reach, Table, line};

/// Name of the table of criteria.
pub(super) const CRITERIA: &str = "criteria";

/// The level of a row. At 0 it is told whether something was shown to fall short, or nothing was shown; above, whether it is
/// only stated.
pub(super) fn row_level(report: &Report, view: &View, row: &str) -> Cell {
    let own = || view.assessment.results.iter().filter(|r| r.counts() && r.row == row);
    let stated = own().filter(|r| r.basis == Basis::Attested).count();
    match own().map(|r| r.level).min() {
        None => Cell::text("does not apply"),
        Some(0) if own().filter(|r| r.level == 0).all(|r| r.basis == Basis::Nothing) => {
            Cell::Level(0, "not assessed".into())
        }
        Some(0) => Cell::Level(0, "not met".into()),
        Some(l) if stated == own().count() => Cell::text(format!("stated, level {l}")),
        Some(l) if stated > 0 => Cell::text(format!("level {l}, partly stated")),
        Some(l) => level(report, l),
    }
}

/// A share with what it is held against: `97.0% (97 of 100), ≥ 95%`.
fn held(report: &Report, shown: Shown, criterion: &Criterion) -> Line {
    let share = Cell::people(shown.counted, report.disclosure && counts_people(criterion));
    line![share, ", ", Cell::Threshold { share: shown.threshold, most: criterion.down }]
}

/// The level that is reached, with its own share and threshold; stated levels say so.
fn reached(report: &Report, result: &CriterionResult, criterion: &Criterion) -> Cell {
    let level = result.level;
    let says = match (level, result.basis) {
        (0, _) => return Cell::text("none"),
        (_, Basis::Attested) => line!["stated, level ", level],
        (_, Basis::Both) => line!["level ", level, ", partly stated"],
        _ => line!["level ", level],
    };
    Cell::Line(match result.share {
        Some(shown) => says.and(": ").and(held(report, shown, criterion)),
        None => says,
    })
}

/// The next level, with its own share and threshold, or what it takes.
fn next(report: &Report, result: &CriterionResult, criterion: &Criterion) -> Cell {
    let at = usize::from(result.level);
    if at == report.set.levels.len() {
        return Cell::text("highest");
    }
    let says = line!["level ", at + 1];
    let takes = criterion.accepts.get(at).filter(|values| !values.is_empty());
    Cell::Line(match (result.next, takes) {
        (Some(shown), None) => says.and(": ").and(held(report, shown, criterion)),
        (Some(shown), Some(values)) => {
            says.and(": ").and(held(report, shown, criterion)).and(" and ").and(values.join(" or "))
        }
        (None, Some(values)) => says.and(": ").and(values.join(" or ")),
        (None, None) => says,
    })
}

/// What a criterion rests on, with the way to it: its statement, the findings of its rules.
fn rests_on(view: &View, index: usize, result: &CriterionResult) -> Cell {
    let to = |part: &str| format!("{}-{part}", super::anchor(index));
    let by = result.statement.as_ref().filter(|_| result.basis != Basis::Measured);
    let stated = by.map(|s| line!["stated by the ", &s.by_role, ", ", s.on]);
    match result.basis {
        Basis::Nothing => Cell::text("nothing"),
        Basis::Attested => stated.map_or(Cell::text("stated"), Cell::Line),
        Basis::Measured | Basis::Both => {
            let seen = result.statement.as_ref().filter(|s| s.seen);
            let part = if seen.is_some() { "evidence" } else { "findings" };
            let there = part == "findings" || !view.assessment.part.by_rule.is_empty() || seen.is_some();
            let shown = Cell::text(seen.map_or("messages", |s| s.kind.as_str()));
            let shown = if there { Cell::Led(Box::new(shown), to(part)) } else { shown };
            Cell::Line(match stated {
                Some(stated) if result.basis == Basis::Both => line![shown, "; ", stated],
                _ => line![shown],
            })
        }
    }
}

/// Every criterion once: what is below the level that is asked, the most pressing first, with what to do; and what is not.
pub(super) fn standings(report: &Report, view: &View, index: usize) -> (Table, Table) {
    let mut open = Table::new(
        "gap-table",
        "Gaps to the required level, the most pressing first",
        &[
            ("criterion", Code),
            ("what", Text),
            ("stands", State),
            ("reached", Text),
            ("next", Text),
            ("what to do", Text),
            ("who, by when", Text),
        ],
    );
    let mut kept = Table::new(
        "kept-table",
        "Criteria at the level that is asked or above, that do not apply, or that do not count",
        &[
            ("criterion", Code),
            ("what", Text),
            ("stands", State),
            ("reached", Text),
            ("next", Text),
            ("rests on", Text),
        ],
    );
    let found = |id: &str| {
        let mut pairs = view.assessment.results.iter().zip(&report.set.criteria);
        pairs.find(|(result, _)| result.id == id)
    };
    for gap in &view.gaps {
        let Some((result, criterion)) = found(&gap.criterion) else { continue };
        open.row(vec![
            Cell::code(&gap.criterion),
            Cell::text(&gap.title).marked(Mark::Gate, result.gate),
            Cell::Status(result.status),
            reached(report, result, criterion),
            next(report, result, criterion),
            Cell::Line(line![&gap.remedy, " To the next level: ", step(report, gap), "."]),
            Cell::Line(line![&gap.owner, ", ", due(gap.due, gap.overdue)]),
        ]);
        open.anchored(super::criterion_anchor(index, &gap.criterion));
    }
    for (result, criterion) in view.assessment.results.iter().zip(&report.set.criteria) {
        if view.gaps.iter().any(|gap| gap.criterion == result.id) {
            continue;
        }
        let applies = result.status != Status::NotApplicable;
        kept.row(vec![
            Cell::code(&result.id),
            Cell::text(&criterion.title)
                .marked(Mark::Gate, result.gate)
                .marked(Mark::NotCounted, result.shadow && !result.gate),
            Cell::Status(result.status),
            if applies { reached(report, result, criterion) } else { Cell::Empty },
            if applies { next(report, result, criterion) } else { Cell::Empty },
            if applies { rests_on(view, index, result) } else { reason(report, result, criterion).into() },
        ]);
        kept.anchored(super::criterion_anchor(index, &result.id));
    }
    (open.reaching(Reach::Page), kept.reaching(Reach::Page))
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
        ("next level", Count),
        ("share held against it", Share),
        ("its threshold", Threshold),
        ("rests on", Text),
        ("why", Text),
    ];
    if report.previous.is_some() {
        columns.push(("since last", Text));
    }
    let mut table = Table::new(CRITERIA, "Every criterion", &columns);
    for (result, criterion) in view.assessment.results.iter().zip(&report.set.criteria) {
        let (shown, next) = (result.share, result.next);
        let about_people = counts_people(criterion);
        let share_of = |shown: Option<Shown>| {
            shown.map_or(Cell::Empty, |s| Cell::people(s.counted, report.disclosure && about_people))
        };
        let share = share_of(shown);
        let top = usize::from(result.level) == report.set.levels.len();
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
            if top || result.status == Status::NotApplicable { Cell::Empty } else { Cell::from(result.level + 1) },
            share_of(next),
            next.map_or(Cell::Empty, |s| Cell::Threshold { share: s.threshold, most: criterion.down }),
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
        return line!["mend more, or send more; exact counts of people are not shown"];
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
