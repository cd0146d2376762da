//! What was found in the feed of one subject: by rule, by place, by profile, and what was not checked.

use super::subject::interval;
use crate::finding::Severity;
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Code, Count, Interval, Share, Text};
use crate::report::gap::outline::{Block, Cell, Chart, Drawn, Line, Mark, Section, Table, Weight, line};

/// Rows shown where people read; data formats hold all.
pub(super) const PAGE_ROWS: usize = 100;

/// Name of the table of findings by place.
pub(super) const PLACES: &str = "findings";

/// Rules explained one by one.
const EXPLAINED: usize = 40;

/// Findings by rule: a Pareto by messages affected.
pub(super) fn by_rule(view: &View) -> Table {
    let mut table = Table::new(
        "rules",
        "Findings by rule, by payloads affected",
        &[
            ("rule", Code),
            ("name", Text),
            ("severity", Text),
            ("payloads affected", Share),
            ("findings", Count),
            ("running share of findings", Share),
            ("waived", Count),
            ("criterion", Code),
            ("what to do", Text),
        ],
    );
    let given = view.assessment.part.counts.given;
    let all: u64 = view.by_rule.iter().map(|r| r.findings).sum();
    let mut running = 0;
    for rule in &view.by_rule {
        running += rule.findings;
        table.row(vec![
            Cell::code(&rule.id),
            Cell::text(&rule.facts.name),
            Cell::text(rule.severity.as_str()),
            Cell::share(rule.payloads.min(given), given),
            Cell::Count(rule.findings),
            Cell::share(running, all),
            Cell::Count(rule.waived),
            Cell::code(&rule.facts.criterion),
            Cell::text(&rule.facts.remedy),
        ]);
    }
    table
}

/// Rules in shadow, with what they would find.
pub(super) fn shadow_rules(view: &View) -> Table {
    let mut table = Table::new(
        "shadow-rules",
        "Rules in shadow: shown, not counted",
        &[
            ("rule", Code),
            ("name", Text),
            ("severity", Text),
            ("payloads affected", Share),
            ("findings", Count),
            ("criterion", Code),
            ("what to do", Text),
        ],
    );
    let given = view.assessment.part.counts.given;
    for rule in &view.in_shadow {
        table.row(vec![
            Cell::code(&rule.id),
            Cell::text(&rule.facts.name),
            if rule.findings > 0 { Cell::text(rule.severity.as_str()) } else { Cell::Empty },
            Cell::share(rule.payloads.min(given), given),
            Cell::Count(rule.findings),
            Cell::code(&rule.facts.criterion),
            Cell::text(&rule.facts.remedy),
        ]);
    }
    table
}

/// Findings by place, with the first examples.
pub(super) fn by_place(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        PLACES,
        "Findings by rule and place",
        &[
            ("severity", Text),
            ("rule", Code),
            ("name", Text),
            ("where", Code),
            ("profile", Code),
            ("says", Text),
            ("payloads", Count),
            ("findings", Count),
            ("waived", Count),
            ("seen first", Text),
        ],
    )
    .at_most(PAGE_ROWS);
    let rules = &report.groups[view.group].rules;
    for (key, counts) in &view.findings {
        let seen = counts.examples.iter().map(|e| format!("{}:{}:{}", e.source, e.line, e.column));
        let facts = rules.get(&key.rule);
        let severity = Cell::text(key.severity.map_or("", Severity::as_str));
        table.row(vec![
            severity.marked(Mark::Shadow, facts.is_some_and(|f| f.shadow)),
            Cell::code(&key.rule),
            Cell::text(facts.map_or("", |f| f.name.as_str())),
            Cell::code(&key.path),
            Cell::code(&key.profile),
            Cell::text(counts.examples.first().map_or("", |e| e.says.as_str())),
            Cell::Count(counts.payloads),
            Cell::Count(counts.findings),
            Cell::Count(counts.waived),
            Cell::Line(Line::joined(seen, ", ")),
        ]);
    }
    table
}

/// Profiles with how many resources keep to them.
pub(super) fn profiles(view: &View) -> Table {
    let columns = [("profile", Code), ("without an error", Share), ("95% interval", Interval)];
    let caption = "Resources by profile: without an error of it, out of those checked";
    let mut table = Table::new("profiles", caption, &columns).at_most(PAGE_ROWS);
    let mut profiles: Vec<_> = view.assessment.part.profiles.iter().filter(|(_, (n, _))| *n > 0).collect();
    profiles.sort_by_key(|(canonical, (n, clean))| (std::cmp::Reverse(n - clean), (*canonical).clone()));
    for (canonical, (resources, clean)) in profiles {
        table.row(vec![Cell::code(canonical), Cell::share(*clean, *resources), interval(*clean, *resources)]);
    }
    table
}

/// What could not be checked.
pub(super) fn not_assessed(view: &View) -> Table {
    let columns = [("what", Text), ("which", Code), ("times", Count)];
    let mut table = Table::new("not-assessed", "What could not be checked", &columns).at_most(PAGE_ROWS);
    let mut rows: Vec<_> = view.assessment.part.not_assessed.iter().collect();
    rows.sort_by_key(|(key, n)| (std::cmp::Reverse(**n), (*key).clone()));
    for ((what, canonical), n) in rows {
        table.row(vec![Cell::text(what), Cell::code(canonical), Cell::Count(*n)]);
    }
    table
}

/// The Pareto of rules, drawn for warnings and worse unless there is nothing else; with the table of all.
pub(super) fn pareto(view: &View, id: &str) -> Vec<Block> {
    let given = view.assessment.part.counts.given;
    let grave = view.by_rule.iter().any(|r| r.severity.reaches(Severity::Warning));
    let charted = view.by_rule.iter().filter(|r| !grave || r.severity.reaches(Severity::Warning));
    let rows: Vec<(String, u64)> =
        charted.take(12).map(|r| (format!("{} {}", r.id, r.facts.name), r.payloads)).collect();
    if rows.is_empty() {
        return vec![Block::Text(Weight::Plain, "Nothing was found.".into())];
    }
    let caption = line!["Payloads affected by each rule, out of ", given];
    let caption = if grave { caption.and(", warnings and worse") } else { caption };
    vec![
        Chart {
            id: format!("{id}-pareto"),
            title: "Rules by payloads affected".into(),
            caption: caption.and(". The table below has every rule."),
            drawn: Drawn::Bars(rows, given),
        }
        .into(),
        by_rule(view).into(),
    ]
}

/// What each rule asks, and what to do: a card for each.
pub(super) fn explained(view: &View, id: &str) -> Section {
    let mut section = Section::new(format!("{id}-explained"), "What each rule asks, and what to do");
    for rule in view.by_rule.iter().take(EXPLAINED) {
        let mut found = line![
            "Basis: ",
            &rule.facts.basis,
            ". ",
            Cell::Counted(rule.findings, "finding"),
            " in ",
            Cell::Counted(rule.payloads, "payload")
        ];
        if rule.waived > 0 {
            found = found.and(", ").and(rule.waived).and(" waived");
        }
        let mut card = Section::new(format!("{id}-{}", rule.id), line![Cell::code(&rule.id), " ", &rule.facts.name])
            .say(line![rule.severity.as_str(), ": ", &rule.facts.title, ". ", &rule.facts.why])
            .say(line![Cell::strong("What to do: "), &rule.facts.remedy])
            .note(found.and("."));
        card.card = true;
        section = section.inside(card);
    }
    section
}

/// What was given and what became of it.
pub(super) fn counts(view: &View) -> Table {
    let a = &view.assessment;
    let c = &a.part.counts;
    let mut table = Table::new("counts", "What was given and what became of it", &[("what", Text), ("count", Count)]);
    let mut row = |what: &str, n: u64| table.row(vec![Cell::text(what), Cell::Count(n)]);
    row("files and streams", c.sources);
    row("payloads given", c.given);
    row("of these read: messages", c.read);
    row("of these not well formed", c.failed);
    row("of these skipped", c.skipped);
    row("messages without an error", c.clean);
    for (release, n) in &c.releases {
        row(&format!("messages of FHIR {release}"), *n);
    }
    row("messages whose release was assumed", c.release_assumed);
    row("resources", c.resources_total());
    row("resources that claim no profile", c.unclaimed);
    for severity in Severity::ALL {
        row(&format!("findings: {severity}"), c.severities.get(&severity).copied().unwrap_or(0));
    }
    row("findings that are waived", c.waived);
    row("findings of rules in shadow", c.shadow);
    row("things not assessed", a.part.not_assessed.values().sum());
    row("runs", a.part.shards.len() as u64);
    if c.interrupted > 0 || c.unreadable > 0 {
        row("runs that were interrupted", c.interrupted);
        row("sources that could not be read", c.unreadable);
    }
    table
}
