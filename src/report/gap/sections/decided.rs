//! What people decided, as a page that a chair can sign on paper, and as part of the portfolio.

use super::short_name;
use crate::report::gap::model::{Decided, Report};
use crate::report::gap::outline::Kind::{Date, Text};
use crate::report::gap::outline::{Block, Cell, Line, Section, Table, Weight, line};

/// The page.
pub(super) fn page(report: &Report, decided: &Decided) -> Section {
    let mut blocks = vec![Block::Text(
        Weight::Lead,
        line![
            "Decided on report ",
            Cell::code(&decided.report),
            " of ",
            &decided.day,
            ", to hold until ",
            &decided.until,
            "."
        ],
    )];
    if decided.report != report.id {
        let says = line![
            "This is report ",
            Cell::code(&report.id),
            ", which is another: what it shows was not what was decided on."
        ];
        blocks.push(Block::Text(Weight::Plain, Cell::strong(says).into()));
    }
    let check = "The signature and the chain below it are checked by `hallmark evidence verify`, and not by this page.";
    blocks.push(Block::Text(Weight::Note, check.into()));
    Section::new("determination", "Determination")
        .on_a_sheet()
        .with(Block::Box(blocks))
        .with(decisions(report, decided))
        .with(conditions(decided))
        .with(signatories(decided))
}

fn decisions(report: &Report, decided: &Decided) -> Table {
    let columns =
        [("partner", Text), ("product", Text), ("decision", Text), ("level and gates then", Text), ("reason", Text)];
    let mut table = Table::new("decisions", "Decisions, one for each partner", &columns);
    for row in &decided.decisions {
        let view = report.views.iter().find(|v| v.assessment.subject.partner == row.partner);
        let who = view.map_or_else(|| row.partner.clone(), |view| short_name(report, view));
        let gates = match row.gates_missed.is_empty() {
            true => "no gate missed".to_owned(),
            false => format!("missed: {}", row.gates_missed.join(", ")),
        };
        table.row(vec![
            Cell::text(who),
            Cell::text(&row.product),
            Cell::strong(Cell::text(row.decision.replace('-', " "))),
            Cell::Line(line!["level ", row.level, ", ", gates]),
            Cell::text(&row.reason),
        ]);
    }
    table
}

fn conditions(decided: &Decided) -> Table {
    let columns = [("partner", Text), ("condition", Text), ("owner", Text), ("due", Date), ("met on", Text)];
    let mut table = Table::new("conditions", "Conditions, each with its owner and day", &columns);
    for row in &decided.decisions {
        for condition in &row.conditions {
            table.row(vec![
                Cell::text(&row.partner),
                Cell::text(&condition.text),
                Cell::text(&condition.owner),
                Cell::text(&condition.due),
                Cell::Empty,
            ]);
        }
    }
    table
}

/// Who answers for it, with room for a hand.
fn signatories(decided: &Decided) -> Table {
    let mut table = Table::new(
        "signatories",
        "Who answers for it",
        &[("role", Text), ("name", Text), ("on", Date), ("signature", Text)],
    );
    for signatory in &decided.signatories {
        table.row(vec![
            Cell::text(&signatory.role),
            Cell::text(&signatory.name),
            Cell::text(&signatory.on),
            Cell::Line(Line::from("______________________")),
        ]);
    }
    table
}
