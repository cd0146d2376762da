//! The first page: what a member of a board reads and decides from, and nothing that needs an expert.

use std::collections::BTreeMap;

use super::{anchor, criterion_anchor, name, short_name};
use crate::kitemark::{Basis, Bearing, Change, Gap, Status};
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Standing, Text};
use crate::report::gap::outline::{Block, Cell, Column, Line, Look, Section, Table, Weight, line};
use crate::report::gap::words::NOT_A_DECISION;
use crate::text::agrees;

/// Partners that get a sentence each; more stand in the table of the next page.
const SPOKEN: usize = 6;

/// Criteria that are named one by one.
const NAMED: usize = 3;

/// The page.
pub(super) fn page(report: &Report) -> Section {
    let mut section = Section::new("decision", "For decision").with(asked(report));
    let said: Vec<Line> = report.views.iter().take(SPOKEN).enumerate().map(|(i, v)| partner(report, v, i)).collect();
    section = section.with(Block::List(said));
    if report.views.len() > SPOKEN {
        let more = report.views.len() - SPOKEN;
        section =
            section.say(line![more, " more partners stand in the table of gates and in the sections that follow."]);
    }
    let table = gates(report);
    if !table.is_empty() {
        section = section.with(table);
    }
    let mut points = vec![changed(report), stated(report), unseen(report)];
    points.extend(report.views.iter().flat_map(|view| contradicted(report, view)));
    section.with(Block::List(points))
}

/// Ready is who reaches the level that is asked and misses no gate.
fn is_ready(report: &Report, view: &View) -> bool {
    view.assessment.level >= report.set.required && view.assessment.gates_missed.is_empty()
}

fn asked(report: &Report) -> Block {
    let set = &report.set;
    let all = report.views.len() as u64;
    let ready = report.views.iter().filter(|v| is_ready(report, v)).count() as u64;
    let stand = match ready {
        0 if all == 1 => line!["The partner is not ready"],
        0 => line!["None of ", Cell::Counted(all, "partner"), " is ready"],
        n if n == all => line!["All that are reported are ready"],
        n => line![n, " of ", Cell::Counted(all, "partner"), agrees(n, " is", " are"), " ready"],
    };
    let lead = stand
        .and(": ready is who reaches level ")
        .and(set.required)
        .and(" (")
        .and(set.level_name(set.required))
        .and(") and misses no gate, a thing that must be there whatever else is.");
    let decide = line![
        Cell::strong("Decision asked: "),
        "for each partner, award the kite mark, award it with conditions, defer, or do not support. An award against a \
         missed gate needs a reason in writing."
    ];
    Block::Box(vec![
        Block::Text(Weight::Lead, lead),
        Block::Text(Weight::Plain, decide),
        Block::Text(Weight::Note, NOT_A_DECISION.into()),
    ])
}

/// One partner in a sentence or two: ready or not, what stops it, whose job, by when.
fn partner(report: &Report, view: &View, index: usize) -> Line {
    let who = Cell::Link { to: anchor(index), text: name(report, view) };
    let gaps = &view.gaps;
    if is_ready(report, view) {
        let line = line![Cell::strong(who), " is ready, at level ", view.assessment.level, "."];
        return resting(view, line);
    }
    let gate = |gap: &&Gap| view.assessment.gates_missed.contains(&gap.criterion);
    let missed: Vec<&Gap> = gaps.iter().filter(gate).collect();
    let mut line = line![Cell::strong(who), " is ", Cell::strong("not ready"), ". What stops it: "];
    let stops: Vec<&Gap> = if missed.is_empty() { gaps.iter().collect() } else { missed.clone() };
    line = match missed.len() as u64 {
        0 => line
            .and("no gate is missed, and ")
            .and(Cell::Counted(stops.len() as u64, "criterion"))
            .and(agrees(stops.len() as u64, " is", " are"))
            .and(" below the level that is asked, first "),
        n => line.and(Cell::Counted(n, "missed gate")).and(", "),
    };
    let one = |gap: &&Gap| {
        let by = gap.due.map_or(line!["no day agreed"], |day| {
            let late = if gap.overdue { ", which has passed" } else { "" };
            line!["by ", day, late]
        });
        line![led(report, view, index, &gap.criterion), " ", lowered(&gap.title), " (", &gap.owner, ", ", by, ")"]
    };
    line = line.and(Line::joined(stops.iter().take(NAMED).map(one), "; "));
    if stops.len() > NAMED {
        line = line.and("; and ").and(stops.len() - NAMED).and(" more");
    }
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    gaps.iter().for_each(|gap| *owners.entry(&gap.owner).or_default() += 1);
    let mut owners: Vec<(usize, &str)> = owners.into_iter().map(|(owner, n)| (n, owner)).collect();
    owners.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let jobs = owners.iter().take(NAMED).map(|(n, owner)| line![*owner, " ", *n]);
    line = line.and(". Whose job: ").and(Line::joined(jobs, ", "));
    if owners.len() > NAMED {
        let rest: usize = owners.iter().skip(NAMED).map(|(n, _)| n).sum();
        line = line.and(", others ").and(rest);
    }
    let open = gaps.iter().filter(|gap| gap.due.is_none()).count();
    line = match gaps.iter().filter_map(|gap| gap.due).max() {
        None => line.and(". By when: no day is agreed for any of them."),
        Some(last) if open == 0 => line.and(". By when: all by ").and(last).and("."),
        Some(last) => line
            .and(". By when: the last day agreed is ")
            .and(last)
            .and("; ")
            .and(open)
            .and(" of ")
            .and(gaps.len())
            .and(agrees(open as u64, " has", " have"))
            .and(" none."),
    };
    line
}

/// How much of a level is only stated.
fn resting(view: &View, line: Line) -> Line {
    let stated = view.assessment.results.iter().filter(|r| r.counts() && r.basis == Basis::Attested).count() as u64;
    match stated {
        0 => line.and(" All of it is shown."),
        n => line.and(" Of its criteria, ").and(n).and(agrees(n, " is", " are")).and(" only stated."),
    }
}

/// A code that leads to its criterion.
fn led(report: &Report, view: &View, index: usize, criterion: &str) -> Cell {
    let known = report.set.criterion(criterion).is_some() && view.assessment.results.iter().any(|r| r.id == criterion);
    match known {
        true => Cell::Led(Box::new(Cell::code(criterion)), criterion_anchor(index, criterion)),
        false => Cell::code(criterion),
    }
}

/// A title inside a sentence: its first letter small, unless the word is an abbreviation.
fn lowered(words: &str) -> String {
    let mut letters = words.chars();
    match (letters.next(), words.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => words.to_owned(),
    }
}

/// Gates across, partners down.
fn gates(report: &Report) -> Table {
    let gates: Vec<(usize, &str, &str)> = report
        .set
        .criteria
        .iter()
        .enumerate()
        .filter(|(_, c)| c.gate && !c.shadow)
        .map(|(at, c)| (at, c.id.as_str(), c.title.as_str()))
        .collect();
    let mut table =
        Table::new("gates", "Gates: ✓ shown, ◇ only stated, ✕ not met, ? nobody looked at", &[("partner", Text)])
            .looking(Look::Heat);
    table.columns.extend(gates.iter().map(|(_, id, title)| Column {
        head: format!("{id} {title}"),
        kind: Standing,
        link: None,
    }));
    if gates.is_empty() {
        return table;
    }
    for (i, view) in report.views.iter().enumerate() {
        let standings = gates.iter().map(|(at, id, _)| {
            let result = &view.assessment.results[*at];
            let standing = Cell::Standing(result.status, None, view.changes.get(&result.id).copied());
            Cell::Led(Box::new(standing), criterion_anchor(i, id))
        });
        let who = Cell::Link { to: anchor(i), text: short_name(report, view) };
        table.row([who].into_iter().chain(standings).collect());
    }
    table
}

/// Each partner with something about it, where there is something.
fn each(report: &Report, says: impl Fn(&View) -> Option<Line>) -> Vec<Line> {
    let views = report.views.iter().filter_map(|view| Some(line![short_name(report, view), " ", says(view)?]));
    views.collect()
}

fn changed(report: &Report) -> Line {
    let Some(day) = &report.previous else {
        return line![Cell::strong("Since last time: "), "no earlier report was given to compare with."];
    };
    let told = each(report, |view| {
        let of = |kinds: &[Change]| {
            let ids = view.changes.iter().filter(|(_, change)| kinds.contains(change)).map(|(id, _)| id.as_str());
            ids.collect::<Vec<_>>()
        };
        let (better, worse) = (of(&[Change::Fixed, Change::Improved]), of(&[Change::Regressed]));
        match (better.is_empty(), worse.is_empty()) {
            (true, true) => None,
            (false, true) => Some(line!["is better in ", few(&better)]),
            (true, false) => Some(line!["is worse in ", few(&worse)]),
            (false, false) => Some(line!["is better in ", few(&better), " and worse in ", few(&worse)]),
        }
    });
    let lead = line![Cell::strong("Since "), Cell::strong(day.as_str()), ": "];
    match told.is_empty() {
        true => lead.and("nothing is better or worse."),
        false => lead.and(Line::joined(told.into_iter().take(SPOKEN), "; ")).and("."),
    }
}

/// `COD-1, COD-2 and 3 more`.
fn few(ids: &[&str]) -> Line {
    let named = Line::joined(ids.iter().take(NAMED).copied(), ", ");
    match ids.len().saturating_sub(NAMED) {
        0 => named,
        more => named.and(" and ").and(more).and(" more"),
    }
}

/// How many criteria of each partner stand so.
fn count_of(report: &Report, of: impl Fn(&crate::kitemark::CriterionResult) -> bool) -> Line {
    let told = report.views.iter().take(SPOKEN).map(|view| {
        let applies = view.assessment.results.iter().filter(|r| r.counts());
        let all = applies.clone().count();
        line![short_name(report, view), " ", applies.filter(|r| of(r)).count(), " of ", all]
    });
    Line::joined(told, ", ")
}

fn stated(report: &Report) -> Line {
    line![
        Cell::strong("Only stated, and seen by nobody here: "),
        count_of(report, |r| r.basis == Basis::Attested),
        " criteria."
    ]
}

fn unseen(report: &Report) -> Line {
    line![
        Cell::strong("Nobody looked at: "),
        count_of(report, |r| r.status == Status::NotAssessed),
        " criteria. What nobody looked at never counts as met."
    ]
}

/// A statement of maturity that the feed speaks against.
fn contradicted(report: &Report, view: &View) -> Option<Line> {
    let against: Vec<_> = view.indications.iter().filter(|i| i.bearing == Bearing::Contradicts).collect();
    let first = against.first()?;
    Some(line![
        Cell::strong("The feed speaks against a statement: "),
        short_name(report, view),
        " states ",
        &first.criterion,
        " at ",
        &first.stated,
        "; against it: ",
        Line::joined(against.iter().map(|i| lowered(&i.title)), "; "),
        ". Ask why before relying on it."
    ])
}
