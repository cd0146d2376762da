//! Many partners on one page: criteria by partners as a table, and gaps that one investment would close for several.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::document::{anchor, short_name};
use super::model::Report;
use super::words::{status, symbol};
use crate::kitemark::Status;

/// Criteria down, partners across: symbol and level in every cell, colour only beside them.
pub(super) fn heat_map(report: &Report) -> Markup {
    html! {
        div.wide tabindex="0" role="group" aria-label="Criteria by partners" {
            table.heat {
                caption { "Criteria by partners: status and level" @if report.views.iter().any(|v| !v.changes.is_empty()) { ", ▲ higher and ▼ lower than last time" } }
                thead {
                    tr {
                        th scope="col" { "Criterion" }
                        @for (i, view) in report.views.iter().enumerate() {
                            th scope="col" { a href={ "#" (anchor(i)) } { (short_name(report, view)) } }
                        }
                    }
                }
                tbody {
                    tr.sum {
                        th scope="row" { "Level" }
                        @for view in &report.views { td { (view.assessment.level) } }
                    }
                    @for (at, criterion) in report.set.criteria.iter().enumerate() {
                        tr {
                            th scope="row" { (criterion.id) " " span.t { (criterion.title) } @if criterion.gate { " " b { "gate" } } }
                            @for view in &report.views {
                                @let result = &view.assessment.results[at];
                                td class={ "s-" (result.status.as_str()) } title=(status(result.status)) {
                                    (symbol(result.status))
                                    @if !matches!(result.status, Status::NotApplicable | Status::NotAssessed) { " " (result.level) }
                                    @match view.changes.get(&result.id).map(|c| c.as_str()) {
                                        Some("fixed" | "improved") => " ▲",
                                        Some("regressed") => " ▼",
                                        _ => "",
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        (legend())
    }
}

/// What the symbols mean.
pub(super) fn legend() -> Markup {
    html! {
        p.legend {
            @for s in Status::ALL { span class={ "key s-" (s.as_str()) } { (symbol(s)) " " (status(s)) } " " }
        }
    }
}

/// Gaps that more than one partner has, the most shared first.
pub(super) fn shared_gaps(report: &Report) -> Markup {
    let mut shared: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for view in &report.views {
        for gap in &view.gaps {
            shared.entry(&gap.criterion).or_default().push(short_name(report, view));
        }
    }
    let mut rows: Vec<(&str, Vec<String>)> = shared.into_iter().filter(|(_, who)| who.len() > 1).collect();
    rows.sort_by_key(|(id, who)| (std::cmp::Reverse(who.len()), *id));
    rows.truncate(15);
    html! {
        @if !rows.is_empty() {
            table {
                caption { "Gaps that several partners share: one investment may close them together" }
                thead { tr { th scope="col" { "criterion" } th scope="col" class="n" { "partners" } th scope="col" { "who" } th scope="col" { "what to do" } } }
                tbody {
                    @for (id, who) in rows {
                        @let criterion = report.set.criterion(id);
                        tr {
                            th scope="row" { code { (id) } " " (criterion.map_or("", |c| c.title.as_str())) }
                            td.n { (who.len()) }
                            td { (who.join("; ")) }
                            td { (criterion.map_or("", |c| c.remedy.as_str())) }
                        }
                    }
                }
            }
        }
    }
}
