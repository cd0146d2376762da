//! The tables of the report, the same in every format.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence;
use super::model::{Report, View};
use super::table::{Cell, Table};
use crate::finding::Severity;
use crate::kitemark::{Basis, Counted, Criterion, CriterionResult, Gap, Metric, Status, dimensions, interval};
use crate::record::Share;
use crate::tally::MeasureKey;

/// Findings shown on a page; data formats hold all.
const PAGE_ROWS: usize = 100;

/// Who a view is about, in a few words.
pub(super) fn name(view: &View) -> String {
    let s = &view.assessment.subject;
    let mut parts = vec![if s.partner == "unknown" { "Partner not named".to_string() } else { s.partner.clone() }];
    parts.extend([&s.product, &s.interface].into_iter().filter(|p| *p != "unknown").cloned());
    if s.environment == "test" {
        parts.push("test data".into());
    }
    parts.join(" · ")
}

/// The partner alone where that tells views apart, else all that [`name`] says.
pub(super) fn short_name(report: &Report, view: &View) -> String {
    let partner = &view.assessment.subject.partner;
    let alike = report.views.iter().filter(|v| v.assessment.subject.partner == *partner).count();
    if alike == 1 && partner != "unknown" { partner.clone() } else { name(view) }
}

/// An anchor for a view.
pub(super) fn anchor(index: usize) -> String {
    format!("subject-{}", index + 1)
}

/// All partners side by side: the widest gap first.
pub(super) fn ranking(report: &Report) -> Table {
    let mut table = Table::new(
        "partners",
        "Partners, the widest gap first",
        &[
            "partner",
            "level",
            "gates missed",
            "gaps",
            "measured",
            "attested",
            "not assessed",
            "messages",
            "without an error",
        ],
    );
    let mut views: Vec<&View> = report.views.iter().collect();
    views.sort_by_key(|v| {
        let a = &v.assessment;
        (a.level, std::cmp::Reverse(a.gates_missed.len()), std::cmp::Reverse(v.gaps.len()), a.average)
    });
    for view in views {
        let a = &view.assessment;
        table.row(vec![
            Cell::text(name(view)),
            Cell::text(level(report, a.level)),
            Cell::Count(a.gates_missed.len() as u64),
            Cell::Count(view.gaps.len() as u64),
            Cell::Count(a.mix.measured),
            Cell::Count(a.mix.attested),
            Cell::Count(a.mix.not_assessed),
            Cell::Count(a.part.counts.read),
            share(a.part.counts.clean, a.part.counts.read),
        ]);
    }
    table
}

/// `2, conformant`.
pub(super) fn level(report: &Report, level: u8) -> String {
    match level {
        0 => "0, none".into(),
        level => format!("{level}, {}", report.set.level_name(level)),
    }
}

/// The level of a row. At 0 it is told whether something was shown to fall short, or nothing was shown.
pub(super) fn row_level(report: &Report, view: &View, row: &str) -> String {
    let own = || view.assessment.results.iter().filter(|r| r.counts() && r.row == row);
    match own().map(|r| r.level).min() {
        None => "does not apply".into(),
        Some(0) if own().filter(|r| r.level == 0).all(|r| r.basis == Basis::Nothing) => "0, not assessed".into(),
        Some(0) => "0, not met".into(),
        Some(l) => level(report, l),
    }
}

fn share(numerator: u64, denominator: u64) -> Cell {
    if denominator == 0 { Cell::Empty } else { Cell::Share(Counted { numerator, denominator }) }
}

/// Packages with source, version, licence and digest.
pub(super) fn packs(report: &Report) -> Table {
    let mut table = Table::new(
        "packs",
        "Packages that messages were checked against",
        &["package", "version", "FHIR", "whose", "source", "licence", "digest"],
    );
    let packs: BTreeSet<_> = report.groups.iter().flat_map(|g| &g.header.packs).collect();
    for p in packs {
        table.row(vec![
            Cell::code(&p.name),
            Cell::text(&p.version),
            Cell::text(&p.release),
            Cell::text(if p.embedded { "ships with hallmark" } else { "the user's" }),
            Cell::text(&p.source),
            Cell::text(&p.licence),
            Cell::code(&p.digest),
        ]);
    }
    table
}

/// What was made with what.
pub(super) fn tools(report: &Report) -> Table {
    let mut table = Table::new("tools", "Made with", &["what", "which"]);
    table.row(vec![Cell::text("report"), Cell::code(&report.id)]);
    table.row(vec![Cell::text("day of the report"), Cell::text(report.today.to_string())]);
    table.row(vec![Cell::text("hallmark"), Cell::text(&report.version)]);
    let set = format!("{} {} ({})", report.set.title, report.set.version, report.set.id);
    table.row(vec![Cell::text("criteria set"), Cell::text(set)]);
    table.row(vec![Cell::text("criteria digest"), Cell::code(&report.set.digest)]);
    for group in &report.groups {
        table.row(vec![Cell::text("rules digest"), Cell::code(&group.header.rules_digest)]);
        let key = if group.header.key_id.is_empty() { "none" } else { &group.header.key_id };
        table.row(vec![Cell::text("key of pseudonyms"), Cell::code(key)]);
    }
    if report.groups.len() > 1 {
        let text = format!("{} groups made with different rules or packages, shown side by side", report.groups.len());
        table.row(vec![Cell::text("records"), Cell::text(text)]);
    }
    if let Some(day) = &report.previous {
        table.row(vec![Cell::text("compared with the report of"), Cell::text(day)]);
    }
    table
}

/// Counts of one subject.
pub(super) fn counts(view: &View) -> Table {
    let a = &view.assessment;
    let c = &a.part.counts;
    let mut table = Table::new("counts", "What was given and what became of it", &["what", "count"]);
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

/// Criteria of one subject with numerator, denominator, interval and what is open.
pub(super) fn criteria(report: &Report, view: &View) -> Table {
    let mut heads =
        vec!["criterion", "what", "status", "level", "share", "95% interval", "threshold", "rests on", "why"];
    if !view.changes.is_empty() {
        heads.push("since last");
    }
    let mut table = Table::new("criteria", "Every criterion", &heads);
    for (result, criterion) in view.assessment.results.iter().zip(&report.set.criteria) {
        let title = match (result.gate, result.shadow) {
            (true, _) => format!("{} (gate)", criterion.title),
            (_, true) => format!("{} (shown, not counted)", criterion.title),
            _ => criterion.title.clone(),
        };
        let shown = result.share;
        let about_people = counts_people(criterion);
        let share = shown.map_or(Cell::Empty, |s| Cell::people(s.counted, report.disclosure && about_people));
        let hidden = share == Cell::Hidden;
        let interval = shown.filter(|_| !hidden).and_then(|s| s.interval).map_or(Cell::Empty, |(low, high)| {
            Cell::text(format!("{} to {}", super::words::percent_of(low), super::words::percent_of(high)))
        });
        let sign = if criterion.down { "≤" } else { "≥" };
        let threshold = shown.map_or(Cell::Empty, |s| {
            let text = format!("{:.2}", s.threshold * 100.0);
            Cell::text(format!("{sign} {}%", text.trim_end_matches('0').trim_end_matches('.')))
        });
        let mut cells = vec![
            Cell::code(&result.id),
            Cell::text(title),
            Cell::Status(result.status),
            Cell::text(if result.status == Status::NotApplicable { String::new() } else { result.level.to_string() }),
            share,
            interval,
            threshold,
            Cell::text(result.basis.as_str()),
            Cell::text(reason(report, result, criterion)),
        ];
        if !view.changes.is_empty() {
            cells.push(Cell::text(view.changes.get(&result.id).map_or("", |c| c.as_str())));
        }
        table.row(cells);
    }
    table
}

/// Rows with their levels.
pub(super) fn rows(report: &Report, view: &View) -> Table {
    let mut table =
        Table::new("rows", "Levels by row: the lowest of its criteria", &["row", "level", "held back by", "source"]);
    for (result, row) in view.assessment.rows.iter().zip(&report.set.rows) {
        let lowest: Vec<&str> = view
            .assessment
            .results
            .iter()
            .filter(|r| r.counts() && r.row == row.id && Some(r.level) == result.level)
            .map(|r| r.id.as_str())
            .collect();
        let top = result.level == Some(report.set.levels.len() as u8);
        let title = if row.apart { format!("{} (for proposals; apart)", row.title) } else { row.title.clone() };
        table.row(vec![
            Cell::text(title),
            Cell::text(row_level(report, view, &result.id)),
            Cell::text(if top { String::new() } else { lowest.join(", ") }),
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
        &["criterion", "gap", "grade", "from", "next step", "what to do", "owner", "due"],
    );
    for gap in &view.gaps {
        let due = gap.due.map(|d| if gap.overdue { format!("{d} (passed)") } else { d.to_string() });
        let grade =
            if gap.waived { format!("{} (waived)", gap.grade.as_str()) } else { gap.grade.as_str().to_string() };
        table.row(vec![
            Cell::code(&gap.criterion),
            Cell::text(&gap.title),
            Cell::text(grade),
            Cell::text(level(report, gap.level)),
            Cell::text(step(report, gap)),
            Cell::text(&gap.remedy),
            Cell::text(&gap.owner),
            Cell::text(due.unwrap_or_else(|| "no day agreed".into())),
        ]);
    }
    table
}

/// Findings by rule: a Pareto by messages affected.
pub(super) fn by_rule(view: &View) -> Table {
    let mut table = Table::new(
        "rules",
        "Findings by rule, by payloads affected",
        &[
            "rule",
            "name",
            "severity",
            "payloads affected",
            "findings",
            "running share of findings",
            "waived",
            "criterion",
            "what to do",
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
            share(rule.payloads.min(given), given),
            Cell::Count(rule.findings),
            share(running, all),
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
        &["rule", "name", "severity", "payloads affected", "findings", "criterion", "what to do"],
    );
    let given = view.assessment.part.counts.given;
    for rule in &view.in_shadow {
        let found = rule.findings > 0;
        table.row(vec![
            Cell::code(&rule.id),
            Cell::text(&rule.facts.name),
            if found { Cell::text(rule.severity.as_str()) } else { Cell::Empty },
            share(rule.payloads.min(given), given),
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
        "findings",
        "Findings by rule and place",
        &["severity", "rule", "name", "where", "profile", "says", "payloads", "findings", "waived", "seen first"],
    )
    .at_most(PAGE_ROWS);
    let rules = &report.groups[view.group].rules;
    for (key, counts) in &view.findings {
        let seen: Vec<String> =
            counts.examples.iter().map(|e| format!("{}:{}:{}", e.source, e.line, e.column)).collect();
        let says = counts.examples.first().map(|e| e.says.clone()).unwrap_or_default();
        table.row(vec![
            Cell::text(severity(key.severity, rules.get(&key.rule).is_some_and(|f| f.shadow))),
            Cell::code(&key.rule),
            Cell::text(rules.get(&key.rule).map_or("", |f| f.name.as_str())),
            Cell::code(&key.path),
            Cell::code(&key.profile),
            Cell::text(says),
            Cell::Count(counts.payloads),
            Cell::Count(counts.findings),
            Cell::Count(counts.waived),
            Cell::text(seen.join(", ")),
        ]);
    }
    table
}

fn severity(severity: Option<Severity>, shadow: bool) -> String {
    let word = severity.map_or("", Severity::as_str);
    if shadow { format!("{word} (shadow)") } else { word.to_owned() }
}

/// Profiles with how many resources keep to them.
pub(super) fn profiles(view: &View) -> Table {
    let mut table = Table::new(
        "profiles",
        "Resources by profile: without an error of it, out of those checked",
        &["profile", "without an error", "95% interval"],
    )
    .at_most(PAGE_ROWS);
    let mut profiles: Vec<_> = view.assessment.part.profiles.iter().filter(|(_, (n, _))| *n > 0).collect();
    profiles.sort_by_key(|(canonical, (n, clean))| (std::cmp::Reverse(n - clean), (*canonical).clone()));
    for (canonical, (resources, clean)) in profiles {
        table.row(vec![Cell::code(canonical), share(*clean, *resources), bounds(*clean, *resources)]);
    }
    table
}

fn bounds(numerator: u64, denominator: u64) -> Cell {
    interval(numerator, denominator).map_or(Cell::Empty, |(low, high)| {
        Cell::text(format!("{} to {}", super::words::percent_of(low), super::words::percent_of(high)))
    })
}

/// What could not be checked.
pub(super) fn not_assessed(view: &View) -> Table {
    let mut table =
        Table::new("not-assessed", "What could not be checked", &["what", "which", "times"]).at_most(PAGE_ROWS);
    let mut rows: Vec<_> = view.assessment.part.not_assessed.iter().collect();
    rows.sort_by_key(|(key, n)| (std::cmp::Reverse(**n), (*key).clone()));
    for ((what, canonical), n) in rows {
        table.row(vec![Cell::text(what), Cell::code(canonical), Cell::Count(*n)]);
    }
    table
}

/// Statements and documents with their days.
pub(super) fn statements(view: &View) -> Table {
    let mut table = Table::new(
        "statements",
        "Statements and documents: shown as stated, not verified for this report",
        &["criterion", "stated", "kind", "by the", "on", "valid until", "reference", "SHA-256"],
    );
    for result in &view.assessment.results {
        if let Some(s) = &result.statement {
            table.row(vec![
                Cell::code(&s.criterion),
                Cell::text(&s.value),
                Cell::text(s.kind.as_str()),
                Cell::text(&s.by_role),
                Cell::text(s.on.to_string()),
                Cell::text(s.valid_until.map(|d| d.to_string()).unwrap_or_default()),
                Cell::text(&s.reference),
                Cell::code(&s.sha256),
            ]);
        }
    }
    table
}

/// Measures of one subject, the built-in ones first; people counts hidden where they must be.
pub(super) fn measures(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "measures",
        "Every measure",
        &["measure", "dimension", "sender", "month", "resource", "profile", "element", "share", "95% interval"],
    )
    .at_most(PAGE_ROWS);
    for ((name, key), m, shown) in shown_measures(report, view) {
        let share = shown.map_or(Cell::Hidden, Cell::Share);
        let bounds = if share == Cell::Hidden { Cell::Empty } else { bounds(m.numerator, m.denominator) };
        table.row(vec![
            Cell::text(&name),
            Cell::text(m.dimension.as_str()),
            Cell::text(&key.sender),
            Cell::text(&key.period),
            Cell::text(&key.resource),
            Cell::code(&key.profile),
            Cell::code(&key.element),
            share,
            bounds,
        ]);
    }
    table
}

/// Whether the share of a criterion counts people.
pub(super) fn counts_people(criterion: &Criterion) -> bool {
    let of_people = |name| crate::tally::definition(name).is_some_and(|d| d.people);
    let named = criterion.metrics.iter().filter_map(Metric::measure);
    criterion.expressions.iter().any(|e| e.contains("Patient")) || named.into_iter().any(of_people)
}

/// Why a criterion stands where it does; without its counts where those are of people and may not be shown.
pub(super) fn reason(report: &Report, result: &CriterionResult, criterion: &Criterion) -> String {
    if report.disclosure && result.share.is_some() && counts_people(criterion) {
        return "judged by exact counts of people, which are not shown".into();
    }
    result.reason.clone()
}

/// The next step of a gap; without its counts where those are of people and may not be shown.
pub(super) fn step(report: &Report, gap: &Gap) -> String {
    let people = report.set.criterion(&gap.criterion).is_some_and(counts_people);
    if report.disclosure && people && gap.step.contains(|c: char| c.is_ascii_digit()) {
        return "more must hold, or more must be seen; exact counts of people are not shown".into();
    }
    gap.step.clone()
}

/// Whether a measure counts people.
pub(super) fn is_about_people(name: &str, key: &MeasureKey) -> bool {
    let of_people = |name| crate::tally::definition(name).is_some_and(|d| d.people);
    key.resource == "Patient" || key.resource == "Person" || name.contains("patient") || of_people(name)
}

/// Every measure with what of it may be shown. Those that differ in sender and month alone have a pooled share that is
/// known, so that none of them may be the only one hidden.
pub(super) fn shown_measures(report: &Report, view: &View) -> Vec<((String, MeasureKey), Share, Option<Counted>)> {
    let counted = |m: &Share| Counted { numerator: m.numerator, denominator: m.denominator };
    let all = all_measures(view);
    if !report.disclosure {
        return all.into_iter().map(|(key, m)| (key, m, Some(counted(&m)))).collect();
    }
    let mut groups: BTreeMap<(String, MeasureKey), Vec<(String, MeasureKey)>> = BTreeMap::new();
    for (name, key) in all.keys().filter(|(name, key)| is_about_people(name, key)) {
        let pooled = MeasureKey { sender: String::new(), period: String::new(), ..key.clone() };
        groups.entry((name.clone(), pooled)).or_default().push((name.clone(), key.clone()));
    }
    let mut hidden: BTreeMap<(String, MeasureKey), Option<Counted>> = BTreeMap::new();
    for keys in groups.into_values() {
        let values: Vec<Counted> = keys.iter().map(|k| counted(&all[k])).collect();
        hidden.extend(keys.into_iter().zip(super::disclosure::shares(&values)));
    }
    let shown = |key: &(String, MeasureKey), m: &Share| hidden.get(key).copied().unwrap_or_else(|| Some(counted(m)));
    all.iter().map(|(key, m)| (key.clone(), *m, shown(key, m))).collect()
}

/// Shares that every record holds, and those that the walk observed.
pub(super) fn all_measures(view: &View) -> BTreeMap<(String, MeasureKey), Share> {
    use crate::finding::Dimension;
    let part = &view.assessment.part;
    let c = &part.counts;
    let mut all = part.measures.clone();
    let mut add = |name: &str, dimension, key: MeasureKey, numerator, denominator| {
        all.entry((name.to_string(), key)).or_insert(Share { dimension, numerator, denominator });
    };
    let whole = MeasureKey::default;
    add("payloads-well-formed", Dimension::Validity, whole(), c.read, c.given.saturating_sub(c.skipped));
    add("messages-without-error", Dimension::Validity, whole(), c.clean, c.read);
    let resources = c.resources_total();
    add(
        "resources-claiming-profile",
        Dimension::Completeness,
        whole(),
        resources.saturating_sub(c.unclaimed),
        resources,
    );
    for (canonical, (n, clean)) in &part.profiles {
        let key = MeasureKey { profile: canonical.clone(), ..MeasureKey::default() };
        add("resources-conformant", Dimension::Validity, key, *clean, *n);
    }
    all
}

/// The six dimensions of data quality, pooled.
pub(super) fn quality(view: &View) -> Table {
    let mut table = Table::new(
        "dimensions",
        "The six dimensions of data quality",
        &["dimension", "share", "95% interval", "measures"],
    );
    let pooled = dimensions(&view.assessment.part);
    for dimension in crate::finding::Dimension::ALL {
        let n =
            view.assessment.part.measures.values().filter(|m| m.dimension == dimension && m.denominator > 0).count();
        match pooled.get(&dimension) {
            Some(c) => table.row(vec![
                Cell::text(dimension.as_str()),
                Cell::Share(*c),
                bounds(c.numerator, c.denominator),
                Cell::Count(n as u64),
            ]),
            None => table.row(vec![
                Cell::text(dimension.as_str()),
                Cell::Status(Status::NotAssessed),
                Cell::Empty,
                Cell::Count(0),
            ]),
        }
    }
    table
}

/// The tables of one subject in the order its reader wants them.
pub(super) fn tables(report: &Report, view: &View) -> Vec<Table> {
    use super::Audience;
    let mut tables = match report.audience {
        Audience::DesignAuthority => vec![
            gaps(report, view),
            super::climb::table(report, view),
            rows(report, view),
            criteria(report, view),
            quality(view),
            by_rule(view),
            shadow_rules(view),
            profiles(view),
            statements(view),
            evidence::files(report, view),
            evidence::capability(view),
            evidence::indications(report, view),
            evidence::scores(report, view),
            evidence::waivers(report, view),
            counts(view),
            not_assessed(view),
            measures(report, view),
            by_place(report, view),
            super::trace::forwards(report, view),
            super::trace::backwards(report, view),
        ],
        Audience::DqOfficer => super::quality::tables(report, view),
        Audience::Developer => vec![
            by_rule(view),
            shadow_rules(view),
            by_place(report, view),
            profiles(view),
            not_assessed(view),
            counts(view),
            gaps(report, view),
            criteria(report, view),
            evidence::capability(view),
            measures(report, view),
        ],
    };
    tables.retain(|t| !t.is_empty());
    tables
}
