//! One subject for those who decide and for those who mend: where it stands, what it was judged by.

use super::anchor;
use super::criteria::{counts_people, criteria, gaps, rows, standings, statements};
use super::findings::{by_place, counts, explained, not_assessed, pareto, profiles, shadow_rules};
use super::{climb, evidence, level, measures, quality};
use crate::kitemark::{self, Basis, Counted, Status, dimensions};
use crate::report::gap::Audience;
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::{Block, Cell, Chart, Drawn, Line, Reach, Section, Terms, Weight, Whisker, line};
use crate::report::gap::words::percent;
use crate::text::{agrees, counted};

/// For those who decide: where it stands, what it must do, what it rests on. What is longer stands in the formats for data.
pub(super) fn for_authority(section: Section, report: &Report, view: &View, index: usize) -> Section {
    let id = &anchor(index);
    let part = |name: &str, title: &str| Section::new(format!("{id}-{name}"), title);
    let (gap_rows, kept) = standings(report, view, index);
    let no_gap = gap_rows.is_empty().then(|| Block::Text(Weight::Plain, "None.".into()));
    let waivers = evidence::waivers(report, view);
    let mut found = pareto(view, id);
    for block in &mut found {
        if let Block::Table(table) = block {
            table.shown = table.shown.min(RULES);
        }
    }
    section
        .with(decision(report, view))
        .inside(part("scope", "Scope").with(scope(report, view)).with(evidence_mix(view, id)))
        .inside(climb::section(report, view, id).with(rows(report, view).reaching(Reach::Data)))
        .inside(
            part("gaps", "Gaps to the required level")
                .with_all(no_gap)
                .with(gap_rows)
                .with(gaps(report, view).reaching(Reach::Data)),
        )
        .inside(
            part("kept", "Criteria at the level that is asked")
                .with(kept)
                .with(criteria(report, view).reaching(Reach::Data)),
        )
        .inside(
            part("quality", "Data quality")
                .with_all(dimension_chart(view, id))
                .with(measures::quality(view).reaching(Reach::Data))
                .with_all(quality::indices_shown(report, view))
                .with_all((report.views.len() == 1).then(|| quality::months(report, view, id)).into_iter().flatten()),
        )
        .inside(
            part("findings", "Findings")
                .with_all(found)
                .with(shadow_rules(view))
                .with(profiles(view).reaching(Reach::Data))
                .with(by_place(report, view).reaching(Reach::Data)),
        )
        .inside(evidence::offered(part("server", "What the server offers"), report, view))
        .inside(evidence::maturity(part("maturity", "Maturity"), report, view))
        .inside(
            part("evidence", "Evidence")
                .with(evidence::files(report, view))
                .with(statements(view).reaching(Reach::Data))
                .with(waivers)
                .with(counts(view).reaching(Reach::Data))
                .with(not_assessed(view).reaching(Reach::Data))
                .with(measures::measures(report, view).reaching(Reach::Data)),
        )
}

/// Rules that a page for those who decide shows.
const RULES: usize = 8;

/// For those who mend.
pub(super) fn for_developer(section: Section, report: &Report, view: &View, id: &str) -> Section {
    let part = |name: &str, title: &str| Section::new(format!("{id}-{name}"), title);
    let c = &view.assessment.part.counts;
    let faulty = Counted { numerator: c.read.saturating_sub(c.clean), denominator: c.read };
    let verb = agrees(faulty.numerator, " has", " have");
    let lead = line![Cell::Of(faulty), agrees(c.read, " message", " messages"), verb, " an error."];
    section
        .with(Block::Box(vec![
            Block::Text(Weight::Lead, lead),
            Block::Text(Weight::Plain, "The list below starts with the rule that touches the most payloads.".into()),
        ]))
        .inside(part("scope", "Scope").with(scope(report, view)))
        .inside(part("rules", "Rules by payloads affected").with_all(pareto(view, id)).with(shadow_rules(view)))
        .inside(explained(view, id))
        .inside(part("places", "Where").with(by_place(report, view)))
        .inside(part("profiles", "Profiles").with(profiles(view)))
        .inside(part("unchecked", "What was not checked").with(not_assessed(view)).with(counts(view)))
        .inside(
            part("criteria", "What this is evidence for")
                .with(evidence_mix(view, id))
                .with_all(intervals(report, view, id))
                .with(criteria(report, view)),
        )
        .inside(part("gaps", "Gaps").with(gaps(report, view)))
        .inside(evidence::offered(part("server", "What the server offers"), report, view))
        .inside(part("measures", "Every measure").with(measures::measures(report, view).reaching(Reach::Data)))
}

/// What a board member reads: one box that says where the subject stands and what comes next.
fn decision(report: &Report, view: &View) -> Block {
    let a = &view.assessment;
    let set = &report.set;
    let gates = a.results.iter().filter(|r| r.gate && r.counts());
    let all = gates.clone().count() as u64;
    let missed = a.gates_missed.len() as u64;
    let stated = gates.filter(|r| r.level > 0 && r.basis == Basis::Attested).count() as u64;
    let mut lead = match a.level {
        0 => line!["The evidence does not yet reach the lowest level, ", Cell::strong(set.level_name(1)), "."],
        _ => line!["The evidence reaches level ", Cell::strong(level(report, a.level)), ", of ", set.levels.len(), "."],
    };
    lead = match (all, missed) {
        (0, _) => lead,
        (_, 0) => lead
            .and(" No gate is missed: of ")
            .and(all)
            .and(", ")
            .and(all - stated)
            .and(" are shown and ")
            .and(stated)
            .and(" only stated."),
        _ => lead
            .and(" ")
            .and(Cell::strong(line![missed, " of ", Cell::Counted(all, "gate")]))
            .and(agrees(missed, " is", " are"))
            .and(" missed, which holds the level at 0; ")
            .and(all - missed - stated)
            .and(agrees(all - missed - stated, " is shown and ", " are shown and "))
            .and(stated)
            .and(" only stated."),
    };
    let count = |s: Status| a.results.iter().filter(|r| r.status == s).count();
    let criteria = line![
        "Of ",
        Cell::Counted(a.results.len() as u64, "criterion"),
        ", ",
        count(Status::Met),
        " shown, ",
        count(Status::Attested),
        " only stated, ",
        count(Status::PartlyMet),
        " partly met, ",
        count(Status::NotMet),
        " not met, ",
        count(Status::NotAssessed),
        " not assessed, ",
        count(Status::NotApplicable),
        " not applicable and ",
        count(Status::Waived),
        " waived. The level that is asked is ",
        level(report, set.required),
        "."
    ];
    let mut blocks = vec![Block::Text(Weight::Lead, lead), Block::Text(Weight::Plain, criteria)];
    if !view.gaps.is_empty() {
        let most = view.gaps.iter().take(3).map(|g| line![&g.title, " (", &g.criterion, ")"]);
        let line = line![Cell::strong("What would help most: "), Line::joined(most, "; "), "."];
        blocks.push(Block::Text(Weight::Plain, line));
    }
    Block::Box(blocks)
}

/// What criteria rest on, always with its zeros.
pub(super) fn evidence_mix(view: &View, id: &str) -> Chart {
    let mix = view.assessment.mix;
    Chart {
        id: format!("{id}-mix"),
        title: "Evidence mix: measured, attested, not assessed".into(),
        caption: line![
            "Evidence mix: ",
            mix.measured,
            " measured, ",
            mix.attested,
            " attested, ",
            mix.not_assessed,
            " not assessed; ",
            mix.not_applicable,
            agrees(mix.not_applicable, " does not apply.", " do not apply.")
        ],
        drawn: Drawn::Mix(mix),
    }
}

/// Scope of one subject.
pub(super) fn scope(report: &Report, view: &View) -> Block {
    let a = &view.assessment;
    let c = &a.part.counts;
    let missed = if a.gates_missed.is_empty() { "none".into() } else { a.gates_missed.join(", ") };
    let mut facts: Vec<(&str, Line)> = vec![
        ("Partner", line![&a.subject.partner]),
        ("Product", line![&a.subject.product]),
        ("Interface", line![&a.subject.interface]),
        ("Environment", line![&a.subject.environment]),
        ("Months", line![a.periods.iter().cloned().collect::<Vec<_>>().join(", ")]),
        ("Last checked", line![&a.part.collected]),
        (
            "Payloads",
            line![c.given, " given: ", c.read, " read, ", c.failed, " not well formed, ", c.skipped, " skipped"],
        ),
        (
            "Resources",
            line![
                c.resources_total(),
                ", of which ",
                c.unclaimed,
                agrees(c.unclaimed, " claims", " claim"),
                " no profile"
            ],
        ),
        ("Level", line![level(report, a.level)]),
        ("Gates missed", line![missed]),
    ];
    if report.audience == Audience::DesignAuthority {
        // The box above says these.
        facts.truncate(facts.len() - 2);
    }
    Block::Terms(Terms::Facts, facts.into_iter().map(|(word, is)| (word.into(), is)).collect())
}

/// The 95% interval of a share as a cell.
pub(super) fn interval(numerator: u64, denominator: u64) -> Cell {
    Cell::interval(kitemark::interval(numerator, denominator))
}

/// Measured criteria with their intervals and thresholds.
fn intervals(report: &Report, view: &View, id: &str) -> Option<Chart> {
    let rows: Vec<Whisker> = view
        .assessment
        .results
        .iter()
        .zip(&report.set.criteria)
        .filter_map(|(result, criterion)| {
            let shown = result.share.or(result.next)?;
            let hide = report.disclosure && counts_people(criterion);
            (Cell::people(shown.counted, hide) != Cell::Hidden).then(|| Whisker {
                label: format!("{} {}", criterion.id, criterion.title),
                counted: shown.counted,
                interval: shown.interval.unwrap_or_else(|| {
                    let share = shown.counted.numerator as f64 / shown.counted.denominator.max(1) as f64;
                    (share, share)
                }),
                thresholds: criterion.thresholds.clone(),
            })
        })
        .collect();
    (!rows.is_empty()).then(|| Chart {
        id: format!("{id}-int"),
        title: "Measured criteria with their 95% intervals".into(),
        caption: "Dots are shares, bars their 95% intervals, ticks the thresholds of the levels. A level is reached when the whole bar is beyond its tick.".into(),
        drawn: Drawn::Whiskers(rows),
    })
}

/// The dimensions with their intervals.
pub(super) fn dimension_chart(view: &View, id: &str) -> Option<Chart> {
    let rows: Vec<Whisker> = dimensions(&view.assessment.part)
        .into_iter()
        .filter_map(|(dimension, counted)| {
            let interval = kitemark::interval(counted.numerator, counted.denominator)?;
            Some(Whisker { label: dimension.as_str().into(), counted, interval, thresholds: Vec::new() })
        })
        .collect();
    (!rows.is_empty()).then(|| Chart {
        id: format!("{id}-dim"),
        title: "Dimensions of data quality".into(),
        caption: "All measures of a dimension, pooled by their counts.".into(),
        drawn: Drawn::Whiskers(rows),
    })
}

/// A share in running text.
pub(super) fn in_words(c: Counted) -> Line {
    line![percent(c), " (", Cell::Of(c), ")"]
}

/// How many elements, in a title.
pub(super) fn elements(n: usize) -> String {
    counted(n as u64, "element")
}
