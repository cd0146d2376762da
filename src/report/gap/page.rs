//! One self-contained page: no script, no network, readable without colour, fit for A4.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::model::Report;
use super::{Audience, document, portfolio, sections, timeline, words};

const STYLE: &str = include_str!("page.css");

/// The whole page.
pub(super) fn page(report: &Report) -> String {
    let one = report.views.len() == 1;
    let who = match report.views.as_slice() {
        [view] => document::name(view),
        views => format!("{} partners", views.len()),
    };
    let kind = match report.audience {
        Audience::Developer => "What to mend",
        Audience::DqOfficer => "Data quality report",
        Audience::DesignAuthority => "Gap report",
    };
    let title = format!("{kind}: {who}");
    let markup = html! {
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
                (contents(report))
                main #main {
                    @if !one { (side_by_side(report)) }
                    @for (i, view) in report.views.iter().enumerate() {
                        h2 id=(document::anchor(i)) class=[(i > 0).then_some("new")] { @if one { "Result" } @else { (document::name(view)) } }
                        @if report.groups.len() > 1 {
                            p.note { "Counts of group " (view.group + 1) ": records made with other rules or packages are shown apart and never pooled." }
                        }
                        (sections::subject(report, view, &document::anchor(i)))
                    }
                    @if report.audience == Audience::DesignAuthority && !report.set.milestones.is_empty() {
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
                        p { "Counts about people from 1 to 7 are shown as * and others are rounded to the nearest 5." }
                    }
                    @if report.audience == Audience::DesignAuthority && one {
                        h2 id="annex" { "Annex: from the source to the finding" }
                        (sections::table(&document::traceability(report, &report.views[0])))
                    }
                }
                footer {
                    p { "Report " code { (report.id) } ", made by hallmark " (report.version) " on " (report.today.to_string()) ". " (words::NOT_A_DECISION) " It is not a service of the NHS and implies no approval." }
                }
            }
        }
    };
    markup.into_string()
}

fn contents(report: &Report) -> Markup {
    html! {
        nav aria-label="Contents" {
            ul {
                @if report.views.len() > 1 { li { a href="#partners" { "All partners" } } }
                @for (i, view) in report.views.iter().enumerate() {
                    li { a href={ "#" (document::anchor(i)) } { (document::name(view)) } }
                }
                @if report.audience == Audience::DesignAuthority && !report.set.milestones.is_empty() { li { a href="#milestones" { "Milestones" } } }
                li { a href="#packages" { "Packages and rules" } }
                li { a href="#method" { "Method and limits" } }
            }
        }
    }
}

fn side_by_side(report: &Report) -> Markup {
    let lowest = report.level();
    let gates = report.views.iter().filter(|v| !v.assessment.gates_missed.is_empty()).count();
    html! {
        h2 id="partners" { "All partners" }
        div.box {
            p.lead {
                @let at = report.views.iter().filter(|v| v.assessment.level >= report.set.required).count();
                b { (at) " of " (report.views.len()) } " reach level " (report.set.required) ", " (report.set.level_name(report.set.required)) ", which is asked; the lowest is at level " (lowest) "."
                @if gates > 0 { " " (gates) " miss a gate." }
            }
            p.note { (words::NOT_A_DECISION) }
        }
        (sections::table(&document::ranking(report)))
        @if report.audience == Audience::DesignAuthority {
            h3 { "Criteria by partners" } (portfolio::heat_map(report))
            h3 { "Gaps that several share" }
            p { "“Rise at once” counts the partners for whom this gap alone holds a row back, or is a missed gate." }
            (sections::table(&portfolio::shared_gaps(report)))
        }
    }
}
