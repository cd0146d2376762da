//! From the source to the finding and back: clause, criterion, rule, finding; and what stands outside of that, with why.

use maud::{Markup, html};

use super::model::{Report, View};
use super::sections;
use super::table::{Cell, Table};
use crate::record::RuleFacts;

/// Every criterion of the set: where it comes from, what shows it, which rules speak about it, what they found.
pub(super) fn forwards(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "traceability",
        "From the source to the finding: clause, criterion, what shows it, rules, findings",
        &["source", "criterion", "shown by", "measured as", "rules", "findings of them"],
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
            Cell::text(match (own.is_empty(), measured.is_empty()) {
                (false, _) => own.iter().map(|id| named(id, rules.get(*id))).collect::<Vec<_>>().join(", "),
                (true, false) => "none: the measure shows it".into(),
                (true, true) => "none: people show it".into(),
            }),
            Cell::Count(found),
        ]);
    }
    table
}

fn named(id: &str, facts: Option<&RuleFacts>) -> String {
    if facts.is_some_and(|f| f.shadow) { format!("{id} (shadow)") } else { id.to_owned() }
}

/// Every rule that found something: its criterion and where that comes from.
pub(super) fn backwards(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "traceability-back",
        "From the finding back to the source: findings, rule, basis, criterion, clause",
        &["findings", "rule", "name", "basis in a published standard", "criterion", "source"],
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

/// Both tables.
pub(super) fn shown(report: &Report, view: &View) -> Markup {
    html! {
        (sections::table(&forwards(report, view)))
        (sections::table(&backwards(report, view)))
    }
}
