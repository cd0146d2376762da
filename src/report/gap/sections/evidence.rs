//! What stands beside the feed: evidence files, what a server offers against what is asked, maturity, waivers.

use super::quality::{self, Delays};
use crate::kitemark::{Bearing, Counted, Unused};
use crate::report::gap::Audience;
use crate::report::gap::model::{MaterialKind, Report, View};
use crate::report::gap::outline::Kind::{Code, Date, Interval, Share, Text};
use crate::report::gap::outline::{Cell, Line, Mark, Reach, Section, Table, line};
use crate::rules::capability::{Need, State, Subject};
use crate::text::agrees;

/// Files that were read as evidence for one subject.
pub(super) fn files(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "evidence-files",
        "Files of other tools, read and not made by hallmark",
        &[
            ("file", Code),
            ("what it is", Text),
            ("what it shows", Text),
            ("collected", Date),
            ("valid until", Date),
            ("SHA-256", Code),
        ],
    );
    for file in report.files(view) {
        let lapsed = file.valid_until.is_some_and(|last| last < report.today);
        table.row(vec![
            Cell::code(&file.name),
            Cell::text(file.what),
            Cell::Line(Line::joined(file.says.iter().map(String::as_str), "; ")),
            Cell::Date(file.collected),
            Cell::date(file.valid_until).marked(Mark::Lapsed, lapsed),
            Cell::Digest(file.sha256.clone()),
        ]);
    }
    table
}

/// Why something was not used.
pub(in crate::report::gap) fn unused(why: &Unused) -> Line {
    match why {
        Unused::NotReported(partner) => line!["it is about ", partner, ", who is not reported"],
        Unused::AnotherSet(set) => line!["it is for the criteria set ", *set],
        Unused::Later(day) => line!["it is of ", *day, ", after this report"],
        Unused::Superseded => line!["a later statement or what a file shows counts instead"],
        Unused::OtherDigest => line!["it is not the file whose digest was written down"],
    }
}

/// What was given and not used.
pub(super) fn not_used(report: &Report) -> Table {
    let columns = [("file", Code), ("what", Text), ("why it was not used", Text)];
    let mut table = Table::new("not-used", "Given and not used", &columns);
    for row in &report.not_used {
        table.row(vec![Cell::code(&row.file), Cell::text(&row.what), unused(&row.why).into()]);
    }
    table
}

/// Every file that the report is made of.
pub(super) fn materials(report: &Report) -> Table {
    let columns = [("file", Code), ("what it is", Text), ("SHA-256", Code), ("signed with key", Code)];
    let mut table = Table::new("materials", "Every file that this report is made of", &columns);
    for m in &report.materials {
        let key = m.signed_by.clone().map_or(Cell::text("not signed"), Cell::Digest);
        let key = if m.kind == MaterialKind::Record { key } else { Cell::Empty };
        table.row(vec![Cell::code(&m.file), Cell::text(m.kind.as_str()), Cell::Digest(m.sha256.clone()), key]);
    }
    table
}

/// What is asked of a server and not declared; all rows for data formats, the missing ones first.
pub(super) fn capability(view: &View) -> Table {
    let mut table = Table::new(
        "capability",
        "What the server must declare, and whether its CapabilityStatement does: what is missing comes first",
        &[
            ("resource", Text),
            ("what", Text),
            ("asked", Code),
            ("strength", Text),
            ("declared", Text),
            ("requirement set", Text),
        ],
    )
    .reaching(Reach::Data);
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
        &[("resource", Text), ("strength", Text), ("declared", Text), ("missing", Text)],
    )
    .reaching(Reach::Page);
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
                Cell::Of(Counted { numerator: met, denominator: own.len() as u64 }),
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
        &[
            ("model", Text),
            ("part", Text),
            ("score", Text),
            ("checked by others", Text),
            ("by the", Text),
            ("on", Date),
            ("valid until", Date),
            ("reference", Text),
        ],
    );
    for score in report.attestations.scores_of(&view.assessment.subject.partner, report.today) {
        table.row(vec![
            Cell::text(&score.model),
            Cell::text(&score.dimension),
            Cell::text(format!("{} of {}", score.score, score.out_of)),
            Cell::text(if score.validated { "yes" } else { "no" }),
            Cell::text(&score.by_role),
            Cell::Date(score.on),
            Cell::date(score.valid_until).marked(Mark::Lapsed, score.has_lapsed(report.today)),
            Cell::text(&score.reference),
        ]);
    }
    table
}

/// The delays that each indicator counts, where it counts any, in the order of the indications.
pub(in crate::report::gap) fn delays(report: &Report, view: &View) -> Vec<Option<Delays>> {
    report.set.indicators.iter().map(|i| quality::delays(view, i.metric.delays()?)).collect()
}

/// Indicators beside what is stated.
pub(super) fn indications(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "indicators",
        "What the feed shows beside a stated maturity: it may support it or speak against it, and never sets it",
        &[
            ("criterion", Code),
            ("stated", Text),
            ("indicator", Text),
            ("share", Share),
            ("95% interval", Interval),
            ("95th percentile", Text),
            ("what it says", Text),
        ],
    );
    for (i, delays) in view.indications.iter().zip(delays(report, view)) {
        table.row(vec![
            Cell::code(&i.criterion),
            Cell::text(if i.stated.is_empty() { "nothing" } else { &i.stated }),
            Cell::text(&i.title),
            i.counted.map_or(Cell::Empty, Cell::Share),
            Cell::interval(i.interval),
            delays.and_then(|d| d.quantile(95)).map_or(Cell::Empty, Cell::Line),
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
        &[("criterion", Code), ("why", Text), ("owner", Text), ("accepted by", Text), ("until", Date)],
    );
    for waiver in report.attestations.waivers_of(&view.assessment.subject.partner) {
        table.row(vec![
            Cell::code(&waiver.criterion),
            Cell::text(&waiver.reason),
            Cell::text(&waiver.owner),
            Cell::text(&waiver.approved_by),
            Cell::Date(waiver.until).marked(Mark::Over, waiver.until < report.today),
        ]);
    }
    table
}

/// The server's side in one sentence for each requirement set, with the table; nothing where nothing was declared.
pub(super) fn offered(mut section: Section, report: &Report, view: &View) -> Section {
    if view.assessment.capability.is_empty() {
        return section;
    }
    for set in &view.assessment.capability {
        let (met, all) = set.mandatory();
        let share = Cell::strong(Cell::Of(Counted { numerator: met, denominator: all }));
        let verb = agrees(met, " is declared.", " are declared.");
        section = section.say(line![&set.title, ": of the things that must be declared, ", share, verb]);
    }
    section
        .with(by_resource(view).reaching(if report.audience == Audience::DesignAuthority {
            Reach::Data
        } else {
            Reach::Page
        }))
        .with(capability(view))
        .note("Every single requirement is in the JSON and XLSX forms of this report.")
}

/// Maturity as stated, beside what the feed shows; nothing where the set has no indicator.
pub(super) fn maturity(mut section: Section, report: &Report, view: &View) -> Section {
    if view.indications.is_empty() {
        return section;
    }
    let said = |bearing: Bearing| view.indications.iter().filter(|i| i.bearing == bearing).count() as u64;
    let (supports, contradicts) = (said(Bearing::Supports), said(Bearing::Contradicts));
    let unseen = view.indications.iter().filter(|i| i.counted.is_none()).count() as u64;
    section = if view.indications.iter().all(|i| i.stated.is_empty()) {
        section.say("No stage of maturity is stated, so there is nothing to support or to speak against.")
    } else {
        let line = line![
            "Of ",
            Cell::Counted(view.indications.len() as u64, "indicator"),
            " in the feed, ",
            Cell::strong(supports),
            agrees(supports, " supports", " support"),
            " what is stated and ",
            Cell::strong(contradicts),
            agrees(contradicts, " speaks", " speak"),
            " against it; ",
            unseen,
            agrees(unseen, " was", " were"),
            " not seen."
        ];
        let ask = if contradicts > 0 { " Ask the partner why before relying on the statement." } else { "" };
        section.say(line.and(ask))
    };
    section.with(indications(report, view)).with(scores(report, view))
}
