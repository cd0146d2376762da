//! The way to the next level: what reaches it already and what each move would close, as a waterfall and a table.

use serde::Serialize;

use super::criteria::step;
use crate::kitemark::Climb;
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Code, Count, Share, Text};
use crate::report::gap::outline::{Cell, Chart, Drawn, Reach, Section, Step, StepKind, Table, line};
use crate::text::{agrees, counted};

/// Moves that are drawn one by one; those after them stand together.
const DRAWN: usize = 8;

fn caption(report: &Report, climb: &Climb) -> String {
    format!("From the level shown to level {}, {}", climb.level, report.set.level_name(climb.level))
}

/// Moves with the weight that each closes and what it adds up to; on a page those beyond the first few stand together.
fn moves(report: &Report, climb: &Climb, drawn: usize) -> Table {
    let mut table = Table::new(
        "next-level",
        caption(report, climb),
        &[
            ("criterion", Code),
            ("move", Text),
            ("grade", Text),
            ("criteria", Count),
            ("weight", Count),
            ("adds up to", Share),
            ("next step", Text),
            ("owner", Text),
        ],
    );
    let whole = climb.whole.1;
    let mut sum = climb.met.1;
    let share = |sum: u64| Cell::share(sum, whole);
    table.row(vec![
        Cell::text("reached already"),
        Cell::Empty,
        Cell::Empty,
        Cell::Count(climb.met.0),
        Cell::Count(climb.met.1),
        share(sum),
        Cell::Empty,
        Cell::Empty,
    ]);
    for (gap, weight) in climb.moves.iter().take(drawn) {
        sum += weight;
        table.row(vec![
            Cell::code(&gap.criterion),
            Cell::text(&gap.title),
            Cell::text(gap.grade.as_str()),
            Cell::Count(1),
            Cell::Count(*weight),
            share(sum),
            Cell::Line(step(report, gap)),
            Cell::text(&gap.owner),
        ]);
    }
    let rest = climb.moves.len().saturating_sub(drawn);
    if rest > 0 {
        table.row(vec![
            Cell::text("all other gaps"),
            Cell::Empty,
            Cell::Empty,
            Cell::Count(rest as u64),
            Cell::Count(whole.saturating_sub(sum)),
            share(whole),
            Cell::Empty,
            Cell::Empty,
        ]);
    }
    table
}

/// The way to the next level as data, with every move.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(in crate::report::gap) struct NextLevel<'r> {
    level: u8,
    level_name: &'r str,
    criteria: Reached,
    weight: Reached,
    /// Gaps below it, the most pressing first.
    moves: Vec<Move<'r>>,
}

/// How much of what applies reaches the level.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Reached {
    met: u64,
    apply: u64,
}

/// A gap, and the weight that closing it adds.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Move<'r> {
    criterion: &'r str,
    weight: u64,
}

/// The way as data; none at the highest level.
pub(in crate::report::gap) fn json<'r>(report: &'r Report, view: &'r View) -> Option<NextLevel<'r>> {
    let climb = view.climb.as_ref()?;
    let moves = climb.moves.iter().map(|(gap, weight)| Move { criterion: &gap.criterion, weight: *weight });
    Some(NextLevel {
        level: climb.level,
        level_name: report.set.level_name(climb.level),
        criteria: Reached { met: climb.met.0, apply: climb.whole.0 },
        weight: Reached { met: climb.met.1, apply: climb.whole.1 },
        moves: moves.collect(),
    })
}

/// The waterfall with its table, or that there is no further level.
pub(super) fn section(report: &Report, view: &View, id: &str) -> Section {
    let section = Section::new(format!("{id}-next"), "The way to the next level");
    let Some(climb) = &view.climb else {
        let highest = usize::from(view.assessment.level) == report.set.levels.len();
        return section.say(if highest { "The highest level is reached." } else { "No criterion applies." });
    };
    let step = |label: String, adds: u64, kind| Step { label, adds, kind };
    let mut steps = vec![step("reached already".into(), climb.met.1, StepKind::Held)];
    for (gap, weight) in climb.moves.iter().take(DRAWN) {
        steps.push(step(format!("{} {}", gap.criterion, gap.title), *weight, StepKind::Move));
    }
    let rest = climb.moves.get(DRAWN..).unwrap_or_default();
    if !rest.is_empty() {
        let weight = rest.iter().map(|(_, weight)| weight).sum();
        steps.push(step(counted(rest.len() as u64, "other gap"), weight, StepKind::Rest));
    }
    let (met, whole) = (climb.met, climb.whole);
    section
        .say(line![
            "Of ",
            Cell::Counted(whole.0, "criterion"),
            agrees(whole.0, " that applies, ", " that apply, "),
            Cell::strong(met.0),
            agrees(met.0, " reaches level ", " reach level "),
            climb.level,
            ", ",
            report.set.level_name(climb.level),
            ": ",
            met.1,
            " of ",
            whole.1,
            " by weight. The level holds only when all of them do."
        ])
        .with_all((report.views.len() == 1).then(|| Chart {
            id: format!("{id}-climb"),
            title: caption(report, climb),
            caption: "Weights of the criteria set. The dark bar is what reaches the level already, each outlined bar what closing one gap would add, the most pressing first, the hatched bar all other gaps together.".into(),
            drawn: Drawn::Waterfall(steps, "all that apply"),
        }))
        .with_all((report.views.len() == 1).then(|| moves(report, climb, DRAWN).reaching(Reach::Page)))
        .with(moves(report, climb, usize::MAX).reaching(Reach::Data))
}
