//! The way to the next level: what reaches it already and what each move would close, as a waterfall and a table.

use maud::{Markup, html};
use serde_json::{Value, json};

use super::charts::{self, StepKind};
use super::document;
use super::model::{Report, View};
use super::sections;
use super::table::{Cell, Table};
use super::words::{counted, thousands};
use crate::kitemark::{Climb, Counted};

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
        &["criterion", "move", "grade", "criteria", "weight", "adds up to", "next step", "owner"],
    );
    let whole = climb.whole.1;
    let mut sum = climb.met.1;
    let share = |sum: u64| Cell::Share(Counted { numerator: sum, denominator: whole });
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
            Cell::text(document::step(report, gap)),
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

/// Every move, for formats that hold data.
pub(super) fn table(report: &Report, view: &View) -> Table {
    match &view.climb {
        Some(climb) => moves(report, climb, usize::MAX),
        None => Table::new("next-level", "", &[]),
    }
}

/// The way as data, with every move.
pub(super) fn json(report: &Report, view: &View) -> Option<Value> {
    let climb = view.climb.as_ref()?;
    let moves = climb.moves.iter().map(|(gap, weight)| json!({"criterion": gap.criterion, "weight": weight}));
    Some(json!({
        "level": climb.level,
        "levelName": report.set.level_name(climb.level),
        "criteria": {"met": climb.met.0, "apply": climb.whole.0},
        "weight": {"met": climb.met.1, "apply": climb.whole.1},
        "moves": moves.collect::<Vec<_>>(),
    }))
}

/// The waterfall with its table, or that there is no further level.
pub(super) fn shown(report: &Report, view: &View, id: &str) -> Markup {
    let Some(climb) = &view.climb else {
        let highest = usize::from(view.assessment.level) == report.set.levels.len();
        return html! { p { @if highest { "The highest level is reached." } @else { "No criterion applies." } } };
    };
    let step = |label: String, adds: u64, kind| charts::Step { label, adds, kind };
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
    html! {
        p {
            "Of " (thousands(whole.0)) " criteria that apply, " b { (thousands(met.0)) } " reach level " (climb.level) ", "
            (report.set.level_name(climb.level)) ": " (thousands(met.1)) " of " (thousands(whole.1))
            " by weight. The level holds only when all of them do."
        }
        figure {
            (charts::waterfall(&format!("{id}-climb"), &caption(report, climb), &steps, "all that apply"))
            figcaption { "Weights of the criteria set. The dark bar is what reaches the level already, each outlined bar what closing one gap would add, the most pressing first, the hatched bar all other gaps together." }
        }
        (sections::table(&moves(report, climb, DRAWN)))
    }
}
