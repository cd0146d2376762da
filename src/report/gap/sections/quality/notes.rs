//! Notes on what is wrong, for those who use the data, and what the words of the report mean.

use crate::finding::Severity;
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Date, Share, Text};
use crate::report::gap::outline::{Cell, Table, line};
use crate::report::gap::sections::criteria::due;
use crate::tally::{DERIVED, DistributionDefinition, SHARES, Stage, TALLIES};

/// Notes on a page; data formats hold all.
const NOTES: usize = 15;

/// One note for each rule that found something and is to be mended: impact, reach, since when, who resolves it by when.
/// Owner and day are those that were agreed for the criterion the rule is evidence for.
pub(super) fn notes(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "notes",
        "Notes on data quality: what is wrong, what it does, and by when it is to be resolved",
        &[
            ("what is wrong", Text),
            ("impact", Text),
            ("payloads affected", Share),
            ("first month", Text),
            ("last month", Text),
            ("what to do", Text),
            ("owner", Text),
            ("resolve by", Date),
        ],
    )
    .at_most(NOTES);
    let months = report.months(view);
    let given = view.assessment.part.counts.given;
    let grave = |s: Severity| s < Severity::Information;
    for rule in view.by_rule.iter().filter(|r| grave(r.severity) && r.findings > r.waived) {
        let seen = || months.iter().filter(|(_, p)| p.by_rule.get(&rule.id).is_some_and(|c| c.findings > 0));
        let gap = view.gaps.iter().find(|g| !rule.facts.criterion.is_empty() && g.criterion == rule.facts.criterion);
        table.row(vec![
            line![&rule.facts.name, ": ", &rule.facts.title].into(),
            Cell::text(&rule.facts.why),
            Cell::share(rule.payloads.min(given), given),
            Cell::text(seen().next().map_or("", |(m, _)| m.as_str())),
            Cell::text(seen().next_back().map_or("", |(m, _)| m.as_str())),
            Cell::text(&rule.facts.remedy),
            Cell::text(gap.map_or("", |g| g.owner.as_str())),
            due(gap.and_then(|g| g.due), gap.is_some_and(|g| g.overdue)),
        ]);
    }
    table
}

const WORDS: [(&str, &str); 13] = [
    ("share", "How many did, of how many could have. A resource that cannot hold a field does not count against it."),
    (
        "95% interval",
        "Wilson score interval: where the true share lies with 95% confidence if the messages were chosen fairly.",
    ),
    ("pooled", "All numerators over all denominators: what is frequent weighs most."),
    ("mean of fields", "Each field's share weighs the same, however often it occurs."),
    ("completeness", "Populated, of those where the profile or a condition expects a value."),
    ("validity", "Valid by the rule, of those populated."),
    ("consistency", "Agreeing, of the pairs that can be compared."),
    ("uniqueness", "One minus doubles, of all on the same key."),
    ("timeliness", "In time, of those where event and message both have a time."),
    ("accuracy", "Right by a reference such as a trace or a code system; not assessed without one."),
    ("waived", "A finding that somebody accepted until a day. It is counted and never raises a level."),
    (
        "shadow",
        "A rule, measure or criterion that is shown and does not count: not for a message without an error, a share or a level.",
    ),
    ("not assessed", "Nothing, or too little, to judge by. It is never counted as passed."),
];

/// What the words and every measure mean.
pub(super) fn dictionary() -> Table {
    let mut table = Table::new(
        "dictionary",
        "Data dictionary",
        &[("word", Text), ("kind", Text), ("meaning", Text), ("counts", Text)],
    );
    for (word, meaning) in WORDS {
        table.row(vec![Cell::text(word), Cell::text("word"), Cell::text(meaning), Cell::Empty]);
    }
    for d in SHARES.iter().chain(DERIVED) {
        let counts = match d.stage {
            Stage::Live => "yes",
            Stage::Shadow => "no: shown only",
            Stage::Falling => "no: lower is better",
        };
        let kind = format!("measure of {}", d.dimension.as_str());
        table.row(vec![Cell::text(d.name), Cell::text(kind), Cell::text(d.means), Cell::text(counts)]);
    }
    for DistributionDefinition { name, means, .. } in TALLIES {
        table.row(vec![Cell::text(*name), Cell::text("distribution"), Cell::text(*means), Cell::Empty]);
    }
    table
}
