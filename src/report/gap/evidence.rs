//! What stands beside the feed: evidence files, what a server offers against what is asked, maturity, waivers.

use maud::{Markup, html};

use super::model::{Report, View};
use super::quality::{self, Delays};
use super::sections;
use super::table::{Cell, Table};
use crate::kitemark::Bearing;
use crate::rules::capability::{Need, State, Subject};

/// Files that were read as evidence for one subject.
pub(super) fn files(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "evidence-files",
        "Files of other tools, read and not made by hallmark",
        &["file", "what it is", "what it shows", "collected", "valid until", "SHA-256"],
    );
    for file in report.files(view) {
        let last = file.valid_until.map(|d| if d < report.today { format!("{d} (lapsed)") } else { d.to_string() });
        table.row(vec![
            Cell::code(&file.name),
            Cell::text(file.what),
            Cell::text(file.says.join("; ")),
            Cell::text(file.collected.to_string()),
            Cell::text(last.unwrap_or_default()),
            Cell::code(&file.sha256),
        ]);
    }
    table
}

/// What is asked of a server and not declared; all rows for data formats, the missing ones first.
pub(super) fn capability(view: &View) -> Table {
    let mut table = Table::new(
        "capability",
        "What the server must declare, and whether its CapabilityStatement does: what is missing comes first",
        &["resource", "what", "asked", "strength", "declared", "requirement set"],
    )
    .at_most(60);
    let rows = |state: State| {
        let tables = view.assessment.capability.iter();
        tables.flat_map(move |t| t.rows.iter().filter(move |r| r.state == state).map(move |r| (t, r)))
    };
    let mut sorted: Vec<_> = rows(State::Missing).collect();
    sorted.sort_by_key(|(_, r)| r.need);
    for (set, row) in sorted.into_iter().chain(rows(State::Met)) {
        table.row(vec![
            Cell::text(if row.resource.is_empty() { "the server" } else { &row.resource }),
            Cell::text(row.subject.as_str()),
            Cell::code(&row.asked),
            Cell::text(row.need.as_str()),
            Cell::text(if row.state == State::Met { "yes" } else { "no" }),
            Cell::text(&set.title),
        ]);
    }
    table
}

/// The same in one row for each type of resource, for a page: what is missing, in words.
fn by_resource(view: &View) -> Table {
    let mut table = Table::new(
        "capability-by-resource",
        "What the server must declare, by type of resource: what is missing comes first",
        &["resource", "strength", "declared", "missing"],
    );
    let mut rows: Vec<(bool, Need, Vec<Cell>)> = Vec::new();
    for set in &view.assessment.capability {
        let mut names: Vec<&str> = Vec::new();
        for row in &set.rows {
            if !names.contains(&row.resource.as_str()) {
                names.push(&row.resource);
            }
        }
        for name in names {
            let own: Vec<_> = set.rows.iter().filter(|r| r.resource == name).collect();
            let met = own.iter().filter(|r| r.state == State::Met).count() as u64;
            let missing: Vec<_> = own.iter().filter(|r| r.state == State::Missing).collect();
            let need = missing.iter().chain(&own.iter().collect::<Vec<_>>()).map(|r| r.need).min();
            let whole = missing.iter().any(|r| r.subject == Subject::Resource);
            let words: Vec<String> = missing
                .iter()
                .map(|r| match r.subject {
                    Subject::Profile => "profile".into(),
                    Subject::Sent => "it is sent in the feed and nothing is offered for it".into(),
                    subject => format!("{} {}", subject.as_str(), r.asked),
                })
                .collect();
            let says = match (whole, words.is_empty()) {
                (true, _) => "the whole resource".into(),
                (false, true) => String::new(),
                (false, false) => words.join(", "),
            };
            let need = need.unwrap_or(Need::May);
            let cells = vec![
                Cell::text(if name.is_empty() { "the server as a whole" } else { name }),
                Cell::text(need.as_str()),
                Cell::text(format!("{met} of {}", own.len())),
                Cell::text(says),
            ];
            rows.push((missing.is_empty(), need, cells));
        }
    }
    rows.sort_by_key(|(whole, need, _)| (*whole, *need));
    for (_, _, cells) in rows {
        table.row(cells);
    }
    table
}

/// Scores that a partner gave itself.
pub(super) fn scores(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "self-scores",
        "Scores that the partner gave itself: shown as stated, and no level rests on them",
        &["model", "part", "score", "checked by others", "by the", "on", "valid until", "reference"],
    );
    for score in report.attestations.scores_of(&view.assessment.subject.partner, report.today) {
        let lapsed = if score.has_lapsed(report.today) { " (lapsed)" } else { "" };
        table.row(vec![
            Cell::text(&score.model),
            Cell::text(&score.dimension),
            Cell::text(format!("{} of {}", score.score, score.out_of)),
            Cell::text(if score.validated { "yes" } else { "no" }),
            Cell::text(&score.by_role),
            Cell::text(score.on.to_string()),
            Cell::text(score.valid_until.map(|d| format!("{d}{lapsed}")).unwrap_or_default()),
            Cell::text(&score.reference),
        ]);
    }
    table
}

/// The delays that each indicator counts, where it counts any, in the order of the indications.
pub(super) fn delays(report: &Report, view: &View) -> Vec<Option<Delays>> {
    report.set.indicators.iter().map(|i| quality::delays(view, i.metric.delays()?)).collect()
}

/// Indicators beside what is stated.
pub(super) fn indications(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "indicators",
        "What the feed shows beside a stated maturity: it may support it or speak against it, and never sets it",
        &["criterion", "stated", "indicator", "share", "95% interval", "95th percentile", "what it says"],
    );
    for (i, delays) in view.indications.iter().zip(delays(report, view)) {
        let percent = super::words::percent_of;
        table.row(vec![
            Cell::code(&i.criterion),
            Cell::text(if i.stated.is_empty() { "nothing" } else { &i.stated }),
            Cell::text(&i.title),
            i.counted.map_or(Cell::Empty, Cell::Share),
            i.interval.map_or(Cell::Empty, |(low, high)| Cell::text(format!("{} to {}", percent(low), percent(high)))),
            delays.and_then(|d| d.quantile(95)).map_or(Cell::Empty, Cell::text),
            Cell::text(match (i.bearing, i.counted) {
                (Bearing::Open, None) => "not seen",
                (Bearing::NothingStated, _) if !i.stated.is_empty() => "does not bear on what is stated",
                (bearing, _) => bearing.as_str(),
            }),
        ]);
    }
    table
}

/// Gaps that somebody accepted for now, in force or not.
pub(super) fn waivers(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "waivers",
        "Gaps that are accepted for now: a waiver names a reason and a day, and raises no level",
        &["criterion", "why", "owner", "accepted by", "until"],
    );
    for waiver in report.attestations.waivers_of(&view.assessment.subject.partner) {
        let until = waiver.until;
        table.row(vec![
            Cell::code(&waiver.criterion),
            Cell::text(&waiver.reason),
            Cell::text(&waiver.owner),
            Cell::text(&waiver.approved_by),
            Cell::text(if until < report.today { format!("{until} (over)") } else { until.to_string() }),
        ]);
    }
    table
}

/// The server's side in one sentence for each requirement set, with the table.
pub(super) fn offered(view: &View) -> Markup {
    html! {
        @if !view.assessment.capability.is_empty() {
            @for set in &view.assessment.capability {
                @let (met, all) = set.mandatory();
                p { (set.title) ": " b { (met) " of " (all) } " things that must be declared are declared." }
            }
            (sections::table(&by_resource(view)))
            p.note { "Every single requirement is in the JSON and XLSX forms of this report." }
        }
    }
}

/// Maturity as stated, beside what the feed shows.
pub(super) fn maturity(report: &Report, view: &View) -> Markup {
    let said = |bearing: Bearing| view.indications.iter().filter(|i| i.bearing == bearing).count();
    let (supports, contradicts) = (said(Bearing::Supports), said(Bearing::Contradicts));
    let stated: Vec<&str> = {
        let mut ids: Vec<&str> =
            view.indications.iter().filter(|i| !i.stated.is_empty()).map(|i| i.criterion.as_str()).collect();
        ids.dedup();
        ids
    };
    html! {
        @if !view.indications.is_empty() {
            p {
                @if stated.is_empty() { "No stage of maturity is stated, so there is nothing to support or to speak against." }
                @else {
                    "Of " (view.indications.len()) " indicators in the feed, " b { (supports) } " support what is stated and " b { (contradicts) } " speak against it. "
                    @if contradicts > 0 { "Ask the partner why before relying on the statement." }
                }
            }
            (sections::table(&indications(report, view)))
        }
        (sections::table(&scores(report, view)))
    }
}
