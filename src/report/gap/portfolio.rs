//! Many partners on one page: criteria by partners as a table, and gaps that one investment would close for several.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::document::{self, short_name};
use super::model::Report;
use super::table::{Cell, Table};
use super::words::{self, status, symbol};
use super::{Audience, sections};
use crate::kitemark::{Grade, Status};

/// All partners in one box, ranked, as a heat map, and with the gaps they share. `link` leads to one of them.
pub(super) fn side_by_side(report: &Report, link: &dyn Fn(usize) -> String) -> Markup {
    let lowest = report.level();
    let gates = report.views.iter().filter(|v| !v.assessment.gates_missed.is_empty()).count();
    let reach = report.views.iter().filter(|v| v.assessment.level >= report.set.required).count();
    html! {
        h2 id="partners" { "All partners" }
        div.box {
            p.lead {
                b { (reached(reach, report.views.len())) } " level " (report.set.required) " (" (report.set.level_name(report.set.required)) "), the level that is asked. "
                @if lowest > 0 { "The lowest is at level " (lowest) ". " }
                @match gates { 0 => "All gates are met.", 1 => "One misses a gate, a thing that must be there whatever else is.", n => { (n) " miss a gate, a thing that must be there whatever else is." } }
            }
            p.note { (words::NOT_A_DECISION) }
        }
        (sections::table(&document::ranking(report)))
        @if report.audience == Audience::DesignAuthority {
            h3 { "Criteria by partners" } (heat_map(report, link))
            h3 { "Gaps that several share" }
            p { "“Rise at once” counts the partners for whom this gap alone holds a row back, or is a missed gate." }
            (sections::table(&shared_gaps(report)))
        }
    }
}

/// `None of 3 partners reaches`.
fn reached(some: usize, all: usize) -> String {
    match (some, all) {
        (0, all) => format!("None of {all} partners reaches"),
        (1, all) => format!("1 of {all} partners reaches"),
        (some, all) if some == all => format!("All {all} partners reach"),
        (some, all) => format!("{some} of {all} partners reach"),
    }
}

/// Criteria down, partners across: symbol and level in every cell, colour only beside them.
fn heat_map(report: &Report, link: &dyn Fn(usize) -> String) -> Markup {
    html! {
        div.wide tabindex="0" role="group" aria-label="Criteria by partners" {
            table.heat {
                caption { "Criteria by partners: status and level" @if report.views.iter().any(|v| !v.changes.is_empty()) { ", ▲ higher and ▼ lower than last time" } }
                thead {
                    tr {
                        th scope="col" { "Criterion" }
                        @for (i, view) in report.views.iter().enumerate() {
                            th scope="col" { a href=(link(i)) { (short_name(report, view)) } }
                        }
                    }
                }
                tbody {
                    tr.sum {
                        th scope="row" { "Level" }
                        @for view in &report.views { td { (view.assessment.level) } }
                    }
                }
                @for row in &report.set.rows { tbody {
                    tr.row {
                        th scope="rowgroup" colspan=(report.views.len() + 1) { (row.title) @if row.apart { " (for proposals; apart)" } }
                    }
                    @for (at, criterion) in report.set.criteria.iter().enumerate().filter(|(_, c)| c.row == row.id) {
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
                } }
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

/// A gap that several subjects have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SharedGap {
    pub(super) criterion: String,
    pub(super) title: String,
    /// Who has it.
    pub(super) partners: Vec<String>,
    /// Their products, each once: one supplier's change may close it for all that use it.
    pub(super) products: Vec<String>,
    /// For how many it alone holds a row back, or is a gate: these rise at once when it closes.
    pub(super) raises: usize,
    pub(super) remedy: String,
}

/// Gaps that more than one subject has. Those that raise most subjects at once come first, then those that weigh most
/// over all who have them.
pub(super) fn shared(report: &Report) -> Vec<SharedGap> {
    let mut found: BTreeMap<&str, (SharedGap, usize)> = BTreeMap::new();
    for view in &report.views {
        for gap in &view.gaps {
            let Some(criterion) = report.set.criterion(&gap.criterion) else { continue };
            let (shared, weight) = found.entry(&gap.criterion).or_insert_with(|| {
                let (criterion, title, remedy) = (gap.criterion.clone(), gap.title.clone(), criterion.remedy.clone());
                (SharedGap { criterion, title, partners: Vec::new(), products: Vec::new(), raises: 0, remedy }, 0)
            });
            shared.partners.push(short_name(report, view));
            let product = &view.assessment.subject.product;
            if product != "unknown" && !shared.products.contains(product) {
                shared.products.push(product.clone());
            }
            shared.raises += usize::from(gap.holds_row || gap.grade == Grade::Critical);
            *weight += criterion.weight as usize;
        }
    }
    let mut rows: Vec<(SharedGap, usize)> = found.into_values().filter(|(s, _)| s.partners.len() > 1).collect();
    rows.sort_by(|(a, x), (b, y)| (b.raises, y, &a.criterion).cmp(&(a.raises, x, &b.criterion)));
    rows.into_iter().map(|(shared, _)| shared).collect()
}

/// The table of shared gaps.
pub(super) fn shared_gaps(report: &Report) -> Table {
    let mut table = Table::new(
        "shared-gaps",
        "Gaps that several partners share: one investment may close them together",
        &["criterion", "gap", "partners", "rise at once", "who", "products", "what to do"],
    )
    .at_most(15);
    for shared in shared(report) {
        table.row(vec![
            Cell::code(&shared.criterion),
            Cell::text(&shared.title),
            Cell::Count(shared.partners.len() as u64),
            Cell::Count(shared.raises as u64),
            Cell::text(shared.partners.join("; ")),
            Cell::text(shared.products.join("; ")),
            Cell::text(&shared.remedy),
        ]);
    }
    table
}
