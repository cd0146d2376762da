//! The sections of the page about one subject.

use maud::{Markup, html};

use super::model::{Report, View};
use super::table::{Cell, Table};
use super::words::{
    DATA_PROTECTION, GLOSSARY, INTENDED_USE, LIMITS, VALIDITY, counted, of, percent, status, symbol, thousands,
};
use super::{Audience, charts, climb, document, evidence, portfolio, quality};
use crate::finding::Severity;
use crate::kitemark::Status;
use crate::settings::Date;

/// A table as HTML.
pub(super) fn table(table: &Table) -> Markup {
    let left_out = table.rows.len().saturating_sub(table.shown);
    html! {
        @if !table.is_empty() {
            div.wide tabindex="0" role="group" aria-label=(table.caption) {
                table class={ "t-" (table.name) } {
                    caption { (table.caption) }
                    thead { tr { @for (i, head) in table.heads.iter().enumerate() { th scope="col" class=[table.is_number(i).then_some("n")] { (head) } } } }
                    tbody {
                        @for row in table.rows.iter().take(table.shown) {
                            tr {
                                @for (i, one) in row.iter().enumerate() {
                                    @if i == 0 { th scope="row" { (cell(one)) } } @else { (data(one, table.is_number(i))) }
                                }
                            }
                        }
                    }
                }
            }
            @if left_out > 0 {
                p.note { (counted(left_out as u64, "more row")) " in the JSON and XLSX forms of this report." }
            }
        }
    }
}

fn data(one: &Cell, number: bool) -> Markup {
    match one {
        Cell::Status(s) => html! { td class={ "s-" (s.as_str()) } { (cell(one)) } },
        _ => html! { td class=[number.then_some("n")] { (cell(one)) } },
    }
}

fn cell(one: &Cell) -> Markup {
    match one {
        Cell::Code(text) if text.len() <= 12 => html! { code.id { (text) } },
        Cell::Code(text) => html! { code { @for piece in pieces(text) { (piece) wbr; } } },
        Cell::Status(s) => html! { span aria-hidden="true" { (symbol(*s)) } " " (status(*s)) },
        Cell::Share(c) => html! { (percent(*c)) " " small { (of(*c)) } },
        Cell::Hidden => html! { span title="hidden: a small number of people" { "*" } },
        Cell::Text(text) if text.len() >= 10 && Date::parse(&text[..text.floor_char_boundary(10)]).is_some() => {
            let (day, rest) = text.split_at(10);
            html! { span.day { (day) } (rest) }
        }
        other => html! { (other.plain()) },
    }
}

/// Where a long path, URL or digest may break: after a dot or slash, and within long runs.
fn pieces(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (i, c) in text.char_indices() {
        let end = i + c.len_utf8();
        let at_mark = matches!(c, '.' | '/' | '-' | ':') && text[end..].starts_with(|n: char| n.is_alphanumeric());
        if at_mark || end - start >= 16 {
            out.push(&text[start..end]);
            start = end;
        }
    }
    out.push(&text[start..]);
    out
}

/// What a board member reads: one box that says where the subject stands and what comes next.
pub(super) fn decision(report: &Report, view: &View) -> Markup {
    let a = &view.assessment;
    let set = &report.set;
    let gates = a.results.iter().filter(|r| r.gate && r.counts()).count();
    let missed = a.gates_missed.len();
    let count = |s: Status| a.results.iter().filter(|r| r.status == s).count();
    let next = view.gaps.iter().take(3).map(|g| format!("{} ({})", g.title, g.criterion)).collect::<Vec<_>>();
    html! {
        div.box {
            p.lead {
                @if a.level == 0 {
                    "The evidence does not yet reach the lowest level, " b { (set.level_name(1)) } "."
                } @else {
                    "The evidence reaches level " b { (a.level) ", " (set.level_name(a.level)) } ", of " (set.levels.len()) "."
                }
                @if gates > 0 {
                    " " @if missed == 0 { "All " (gates) " gates are shown to be met." }
                    @else { b { (missed) " of " (gates) " gates" } " are not shown to be met; a gate that is missed holds the level at 0." }
                }
            }
            p {
                "Of " (a.results.len()) " criteria, " (count(Status::Met)) " are met, " (count(Status::Attested)) " attested, "
                (count(Status::PartlyMet)) " partly met, " (count(Status::NotMet)) " not met, " (count(Status::NotAssessed))
                " not assessed, " (count(Status::NotApplicable)) " not applicable and " (count(Status::Waived)) " waived. "
                "Level " (set.required) ", " (set.level_name(set.required)) ", is asked."
            }
            @if !next.is_empty() { p { b { "What would help most: " } (next.join("; ")) "." } }
            p.note { (super::words::NOT_A_DECISION) }
        }
    }
}

/// Evidence mix, always with its zeros.
pub(super) fn evidence_mix(view: &View, id: &str) -> Markup {
    let mix = view.assessment.mix;
    html! {
        figure {
            (charts::mix(&format!("{id}-mix"), mix))
            figcaption {
                "Evidence mix: " (mix.measured) " measured, " (mix.attested) " attested, " (mix.not_assessed)
                " not assessed; " (mix.not_applicable) " do not apply."
            }
        }
    }
}

/// Scope of one subject.
pub(super) fn scope(view: &View) -> Markup {
    let a = &view.assessment;
    let months: Vec<&str> = a.periods.iter().map(String::as_str).collect();
    let c = &a.part.counts;
    html! {
        dl.scope {
            dt { "Partner" } dd { (a.subject.partner) }
            dt { "Product" } dd { (a.subject.product) }
            dt { "Interface" } dd { (a.subject.interface) }
            dt { "Environment" } dd { (a.subject.environment) }
            dt { "Months" } dd { (months.join(", ")) }
            dt { "Last checked" } dd { (a.part.collected) }
            dt { "Payloads" } dd { (thousands(c.given)) " given: " (thousands(c.read)) " read, " (thousands(c.failed)) " not well formed, " (thousands(c.skipped)) " skipped" }
            dt { "Resources" } dd { (thousands(c.resources_total())) ", of which " (thousands(c.unclaimed)) " claim no profile" }
        }
    }
}

/// The Pareto of rules: warnings and worse, unless there is nothing else.
pub(super) fn pareto(view: &View, id: &str) -> Markup {
    let given = view.assessment.part.counts.given;
    let grave = view.by_rule.iter().any(|r| r.severity.reaches(Severity::Warning));
    let charted = view.by_rule.iter().filter(|r| !grave || r.severity.reaches(Severity::Warning));
    let rows: Vec<(String, u64, String)> =
        charted.take(12).map(|r| (format!("{} {}", r.id, r.facts.name), r.payloads, String::new())).collect();
    html! {
        @if rows.is_empty() {
            p { "Nothing was found." }
        } @else {
            figure {
                (charts::bars(&format!("{id}-pareto"), "Rules by payloads affected", &rows, given))
                figcaption {
                    "Payloads affected by each rule, out of " (thousands(given)) @if grave { ", warnings and worse" } ". The table below has every rule."
                }
            }
        }
        (table(&document::by_rule(view)))
    }
}

/// Measured criteria with their intervals and thresholds.
pub(super) fn intervals(report: &Report, view: &View, id: &str) -> Markup {
    let rows: Vec<charts::Whisker> = view
        .assessment
        .results
        .iter()
        .zip(&report.set.criteria)
        .filter_map(|(result, criterion)| {
            let shown = result.share?;
            let people = document::counts_people(criterion);
            let hidden = Cell::people(shown.counted, report.disclosure && people) == Cell::Hidden;
            (!hidden).then(|| charts::Whisker {
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
    html! {
        @if !rows.is_empty() {
            figure {
                (charts::whiskers(&format!("{id}-int"), "Measured criteria with their 95% intervals", &rows))
                figcaption { "Dots are shares, bars their 95% intervals, ticks the thresholds of the levels. A level is reached when the whole bar is beyond its tick." }
            }
        }
    }
}

fn dimensions(view: &View, id: &str) -> Markup {
    html! { (dimension_chart(view, id)) (table(&document::quality(view))) }
}

/// The dimensions with their intervals.
pub(super) fn dimension_chart(view: &View, id: &str) -> Markup {
    let rows: Vec<charts::Whisker> = crate::kitemark::dimensions(&view.assessment.part)
        .into_iter()
        .filter_map(|(dimension, counted)| {
            let interval = crate::kitemark::interval(counted.numerator, counted.denominator)?;
            Some(charts::Whisker { label: dimension.as_str().into(), counted, interval, thresholds: Vec::new() })
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            figure {
                (charts::whiskers(&format!("{id}-dim"), "Dimensions of data quality", &rows))
                figcaption { "All measures of a dimension, pooled by their counts." }
            }
        }
    }
}

/// Criteria row by row.
fn row_detail(report: &Report, view: &View) -> Markup {
    let whole = document::criteria(report, view);
    html! {
        @for (row, result) in report.set.rows.iter().zip(&view.assessment.rows) {
            @let own: Vec<usize> = (0..whole.rows.len()).filter(|i| report.set.criteria[*i].row == row.id).collect();
            @if !own.is_empty() {
                h4 { (row.title) ": " (document::row_level(report, view, &result.id)) }
                (table(&Table { caption: format!("{}: {}", row.title, row.clause), rows: own.iter().map(|i| whole.rows[*i].clone()).collect(), ..whole.clone() }))
            }
        }
        (portfolio::legend())
    }
}

fn reasons(view: &View) -> Markup {
    html! {
        @for rule in view.by_rule.iter().take(40) {
            div.rule {
                h4 { code { (rule.id) } " " (rule.facts.name) }
                p { (rule.severity.as_str()) ": " (rule.facts.title) ". " (rule.facts.why) }
                p { b { "What to do: " } (rule.facts.remedy) }
                p.note {
                    "Basis: " (rule.facts.basis) ". "
                    (counted(rule.findings, "finding")) " in " (counted(rule.payloads, "payload"))
                    @if rule.waived > 0 { ", " (thousands(rule.waived)) " waived" }
                    "."
                }
            }
        }
    }
}

/// All sections of one subject, in the order its reader wants them. Headings start at level 3.
pub(super) fn subject(report: &Report, view: &View, id: &str) -> Markup {
    let c = &view.assessment.part.counts;
    match report.audience {
        Audience::DesignAuthority => html! {
            (decision(report, view))
            h3 { "Scope" } (scope(view)) (evidence_mix(view, id))
            h3 { "The way to the next level" } (climb::shown(report, view, id))
            h3 { "Gaps to the required level" }
            @if view.gaps.is_empty() { p { "None." } }
            (table(&document::gaps(report, view).at_most(10)))
            h3 { "Levels by row" } (table(&document::rows(report, view)))
            h3 { "Criteria" } (intervals(report, view, id)) (row_detail(report, view))
            h3 { "Data quality" } (dimensions(view, id)) (quality::indices_shown(report, view)) (quality::months(report, view, id))
            h3 { "Findings" } (pareto(view, id)) (table(&document::shadow_rules(view))) (table(&document::profiles(view).at_most(20)))
            @if !view.assessment.capability.is_empty() { h3 { "What the server offers" } (evidence::offered(view)) }
            @if !view.indications.is_empty() { h3 { "Maturity" } (evidence::maturity(report, view)) }
            h3 { "Evidence" } (table(&document::statements(view))) (table(&evidence::files(report, view))) (table(&document::counts(view))) (table(&document::not_assessed(view).at_most(20)))
            h3 { "Waivers" } @if evidence::waivers(report, view).is_empty() { p { "No gap is waived." } } (table(&evidence::waivers(report, view)))
        },
        Audience::DqOfficer => quality::officer(report, view, id),
        Audience::Developer => html! {
            div.box {
                p.lead { (thousands(c.read - c.clean.min(c.read))) " of " (thousands(c.read)) " messages have an error." }
                p { "The list below starts with the rule that touches the most payloads." }
            }
            h3 { "Scope" } (scope(view))
            h3 { "Rules by payloads affected" } (pareto(view, id)) (table(&document::shadow_rules(view)))
            h3 { "What each rule asks, and what to do" } (reasons(view))
            h3 { "Where" } (table(&document::by_place(report, view)))
            h3 { "Profiles" } (table(&document::profiles(view)))
            h3 { "What was not checked" } (table(&document::not_assessed(view))) (table(&document::counts(view)))
            h3 { "What this is evidence for" } (evidence_mix(view, id)) (intervals(report, view, id)) (table(&document::criteria(report, view)))
            h3 { "Gaps" } (table(&document::gaps(report, view)))
            @if !view.assessment.capability.is_empty() { h3 { "What the server offers" } (evidence::offered(view)) }
        },
    }
}

/// How it was made, what it does not show, and what words mean.
pub(super) fn method(report: &Report) -> Markup {
    let set = &report.set;
    html! {
        p { (set.about) }
        p {
            "A criterion that messages show is judged by the "
            @if set.wilson { "near end of the 95% Wilson interval of its share, so that a small sample cannot pass by luck" }
            @else { "share itself, since every message was seen" }
            ". Levels are cumulative: a row is at the lowest level of its criteria, and the whole is at the lowest level of its rows. "
            "What nothing shows counts as not assessed and never as met; a waiver does not raise a level."
        }
        h3 { "What this report is for" }
        p { (INTENDED_USE) }
        h3 { "What this report does not show" }
        ul { @for limit in LIMITS { li { (limit) } } }
        h3 { "How long it holds, and how to object" }
        p { (VALIDITY) }
        h3 { "Data protection" }
        p { (DATA_PROTECTION) }
        @if !set.names.is_empty() {
            h3 { "Names then and now" }
            dl { @for (then, now) in &set.names { dt { (then) } dd { (now) } } }
        }
    }
}

/// What words mean.
pub(super) fn glossary() -> Markup {
    html! {
        dl.words {
            @for (word, meaning) in GLOSSARY { dt { (word) } dd { (meaning) } }
        }
    }
}
