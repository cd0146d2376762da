//! From the source to the finding and back: clause, criterion, rule, finding; and what stands outside of that, with why.

use super::anchor;
use crate::record::RuleFacts;
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Code, Count, Text};
use crate::report::gap::outline::{Cell, Line, Mark, Pages, Reach, Section, Table};

/// Every criterion of the set: where it comes from, what shows it, which rules speak about it, what they found.
fn forwards(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "traceability",
        "From the source to the finding: clause, criterion, what shows it, rules, findings",
        &[
            ("source", Text),
            ("criterion", Code),
            ("shown by", Text),
            ("measured as", Code),
            ("rules", Text),
            ("findings of them", Count),
        ],
    );
    let rules = &report.groups[view.group].rules;
    for criterion in &report.set.criteria {
        let own: Vec<&str> =
            rules.iter().filter(|(_, f)| f.criterion == criterion.id).map(|(id, _)| id.as_str()).collect();
        let counted = own.iter().filter(|id| rules.get(**id).is_some_and(|f| !f.shadow));
        let found: u64 = counted.filter_map(|id| view.assessment.part.by_rule.get(*id)).map(|c| c.findings).sum();
        let evidence: Vec<&str> = criterion.evidence.iter().map(|e| e.as_str()).collect();
        let mut measured = criterion.expressions.clone();
        measured.dedup();
        if !criterion.derived.is_empty() {
            measured.push(format!("the lowest of {}", criterion.derived.join(", ")));
        }
        table.row(vec![
            Cell::text(&criterion.clause),
            Cell::code(&criterion.id),
            Cell::text(evidence.join(", ")),
            Cell::code(measured.join("; ")),
            match (own.is_empty(), measured.is_empty()) {
                (false, _) => Line::joined(own.iter().map(|id| named(id, rules.get(*id))), ", ").into(),
                (true, false) => Cell::text("none: the measure shows it"),
                (true, true) => Cell::text("none: people show it"),
            },
            Cell::Count(found),
        ]);
    }
    table
}

fn named(id: &str, facts: Option<&RuleFacts>) -> Cell {
    Cell::text(id).marked(Mark::Shadow, facts.is_some_and(|f| f.shadow))
}

/// Every rule that found something: its criterion and where that comes from.
fn backwards(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "traceability-back",
        "From the finding back to the source: findings, rule, basis, criterion, clause",
        &[
            ("findings", Count),
            ("rule", Code),
            ("name", Text),
            ("basis in a published standard", Text),
            ("criterion", Code),
            ("source", Text),
        ],
    );
    for rule in &view.by_rule {
        let criterion = report.set.criterion(&rule.facts.criterion);
        table.row(vec![
            Cell::Count(rule.findings),
            Cell::code(&rule.id),
            Cell::text(&rule.facts.name),
            Cell::text(&rule.facts.basis),
            match criterion {
                Some(criterion) => Cell::code(&criterion.id),
                None => Cell::text("none of this set"),
            },
            Cell::text(criterion.map_or(outside(&rule.facts.criterion), |c| c.clause.as_str())),
        ]);
    }
    table
}

/// Why a rule speaks about no criterion of the set.
fn outside(criterion: &str) -> &'static str {
    match criterion {
        "" => "it is about profiles, settings or advice, and no fault of what was sent",
        _ => "this set does not ask for it",
    }
}

/// Both tables. On a page of several partners they would be most of it.
pub(super) fn annex(report: &Report, view: &View, index: usize) -> Section {
    Section::new(format!("{}-annex", anchor(index)), "Annex: from the source to the finding")
        .on(Pages::Alone(index))
        .with(forwards(report, view).reaching(Reach::Data))
        .with(backwards(report, view).reaching(Reach::Data))
}
