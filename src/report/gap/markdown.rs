//! The report as Markdown: the same tables, without charts.

use std::fmt::Write as _;

use super::model::Report;
use super::table::Table;
use super::{Audience, document, portfolio, timeline, words};
use crate::report::markdown::cell;

pub(super) fn markdown(report: &Report) -> String {
    let mut out = format!(
        "# Report {}\n\n{} · {}\n\n{}\n\n",
        report.id,
        cell(&report.set.title),
        report.today,
        words::NOT_A_DECISION
    );
    if report.views.len() > 1 {
        write_table(&mut out, &document::ranking(report));
        if report.audience == Audience::DesignAuthority {
            write_table(&mut out, &portfolio::shared_gaps(report));
        }
    }
    if report.audience == Audience::DesignAuthority && !report.set.milestones.is_empty() {
        write_table(&mut out, &timeline::milestones(report));
    }
    for view in &report.views {
        let a = &view.assessment;
        let _ = writeln!(out, "## {}\n", cell(&document::name(view)));
        let _ = writeln!(out, "Level {}; gates missed: {}.\n", document::level(report, a.level), list(&a.gates_missed));
        let mix = a.mix;
        let _ = writeln!(
            out,
            "Evidence mix: {} measured, {} attested, {} not assessed; {} do not apply.\n",
            mix.measured, mix.attested, mix.not_assessed, mix.not_applicable
        );
        for table in document::tables(report, view) {
            write_table(&mut out, &table);
        }
    }
    let _ = writeln!(out, "## Packages and rules\n\n{}\n", words::PACKS);
    write_table(&mut out, &document::packs(report));
    write_table(&mut out, &document::tools(report));
    out.push_str("## What this report does not show\n\n");
    for limit in words::LIMITS {
        let _ = writeln!(out, "- {limit}");
    }
    out
}

fn list(ids: &[String]) -> String {
    if ids.is_empty() { "none".into() } else { ids.join(", ") }
}

fn write_table(out: &mut String, table: &Table) {
    let _ = writeln!(out, "**{}**\n", cell(&table.caption));
    let _ = writeln!(out, "| {} |", table.heads.join(" | "));
    let rule: Vec<&str> = (0..table.heads.len()).map(|i| if table.is_number(i) { "--:" } else { "---" }).collect();
    let _ = writeln!(out, "| {} |", rule.join(" | "));
    for row in table.rows.iter().take(table.shown) {
        let cells: Vec<String> = row.iter().map(|c| cell(&c.plain())).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    let left_out = table.rows.len().saturating_sub(table.shown);
    if left_out > 0 {
        let _ = writeln!(out, "\n{} in the data formats.", words::counted(left_out as u64, "more row"));
    }
    out.push('\n');
}
