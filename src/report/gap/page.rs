//! One self-contained page: no script, no network, readable without colour, fit for A4.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::model::Report;
use super::{Audience, document, portfolio, quality, sections, timeline, trace, words};

const STYLE: &str = include_str!("page.css");

/// One page of a report that is spread over several.
#[derive(Clone, Debug)]
pub struct Page {
    /// File name, unique in its folder.
    pub file: String,
    /// HTML.
    pub text: String,
}

/// Which part of a report a page holds.
#[derive(Clone, Copy)]
enum Part {
    /// All of it.
    Whole,
    /// Partners side by side; each leads to a page of its own.
    Overview,
    /// One subject.
    One(usize),
}

/// The whole report on one page.
pub(super) fn page(report: &Report) -> String {
    shown(report, Part::Whole).into_string()
}

/// The report as a page of partners side by side, `index.html`, and a page for each subject, linked both ways.
pub fn pages(report: &Report) -> Vec<Page> {
    let mut pages = vec![Page { file: "index.html".into(), text: shown(report, Part::Overview).into_string() }];
    for i in 0..report.views.len() {
        pages.push(Page { file: file(i), text: shown(report, Part::One(i)).into_string() });
    }
    pages
}

fn file(index: usize) -> String {
    format!("{}.html", document::anchor(index))
}

fn shown(report: &Report, part: Part) -> Markup {
    let one = report.views.len() == 1;
    let who = match (part, report.views.as_slice()) {
        (Part::One(i), views) => document::name(&views[i]),
        (_, [view]) => document::name(view),
        (_, views) => format!("{} partners", views.len()),
    };
    let kind = match report.audience {
        Audience::Developer => "What to mend",
        Audience::DqOfficer => "Data quality report",
        Audience::DesignAuthority => "Gap report",
    };
    let title = format!("{kind}: {who}");
    let views: Vec<usize> = match part {
        Part::Whole => (0..report.views.len()).collect(),
        Part::Overview => Vec::new(),
        Part::One(i) => vec![i],
    };
    let alone = views.len() == 1;
    let side_by_side = !one && !matches!(part, Part::One(_)) || matches!(part, Part::Overview);
    let milestones =
        report.audience == Audience::DesignAuthority && !report.set.milestones.is_empty() && (side_by_side || one);
    let link = |i: usize| match part {
        Part::Overview => file(i),
        _ => format!("#{}", document::anchor(i)),
    };
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content={ "hallmark " (report.version) };
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the report" }
                header {
                    h1 { (title) }
                    p.sub { (report.set.title) " · " (report.today.to_string()) " · report " code { (report.id) } }
                }
                nav aria-label="Contents" {
                    ul {
                        @if let Part::One(_) = part { li { a href="index.html" { "All partners" } } }
                        @if side_by_side { li { a href="#partners" { "All partners" } } }
                        @if matches!(part, Part::Whole) || matches!(part, Part::Overview) {
                            @for (i, view) in report.views.iter().enumerate() { li { a href=(link(i)) { (document::name(view)) } } }
                        }
                        @if milestones { li { a href="#milestones" { "Milestones" } } }
                        li { a href="#packages" { "Packages and rules" } }
                        li { a href="#method" { "Method and limits" } }
                        li { a href="#glossary" { "Words" } }
                        @if alone && report.audience == Audience::DesignAuthority { li { a href="#annex" { "Annex: from the source to the finding" } } }
                    }
                }
                main #main {
                    @if side_by_side { (portfolio::side_by_side(report, &link)) }
                    @if side_by_side && report.audience == Audience::DqOfficer { (sections::table(&quality::across(report))) }
                    @for &i in &views {
                        @let view = &report.views[i];
                        h2 id=(document::anchor(i)) class=[(i > 0 && !alone).then_some("new")] { @if alone { "Result" } @else { (document::name(view)) } }
                        @if report.groups.len() > 1 {
                            p.note { "Counts of group " (view.group + 1) ": records made with other rules or packages are shown apart and never pooled." }
                        }
                        (sections::subject(report, view, &document::anchor(i)))
                    }
                    @if milestones {
                        h2 id="milestones" { "Milestones" }
                        (timeline::shown(report))
                    }
                    h2 id="packages" { "Packages and rules" }
                    p { b { (words::PACKS) } }
                    (sections::table(&document::packs(report)))
                    (sections::table(&document::tools(report)))
                    h2 id="method" { "Method and limits" }
                    (sections::method(report))
                    @if report.disclosure {
                        p { "Counts about people from 1 to 7 are shown as * and others are rounded to the nearest 5. Where one alone would be hidden, another is hidden with it." }
                    }
                    h2 id="glossary" { "Words" }
                    (sections::glossary())
                    @if report.audience == Audience::DesignAuthority && alone {
                        h2 id="annex" { "Annex: from the source to the finding" }
                        (trace::shown(report, &report.views[views[0]]))
                    }
                }
                footer {
                    p { "Report " code { (report.id) } ", made by hallmark " (report.version) " on " (report.today.to_string()) ". " (words::NOT_A_DECISION) " It is not a service of the NHS and implies no approval." }
                }
            }
        }
    }
}
