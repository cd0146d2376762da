//! The outline as Markdown: sentences and whole tables; charts in words.

use std::fmt::Write as _;

use super::model::Report;
use super::outline::{Block, Cell, Line, Part, Reach, Role, Section, Table};
use super::{sections, words};
use crate::report::markdown::cell;
use crate::text::counted;

pub(super) fn markdown(report: &Report) -> String {
    let outline = sections::outline(report);
    let mut out = format!(
        "# {} {}\n\n{} · {}\n\n{}\n\n",
        outline.kind,
        report.id,
        cell(&report.set.title),
        report.today,
        words::NOT_A_DECISION
    );
    for section in outline.on(Part::Whole) {
        write_section(&mut out, section, 2);
    }
    out
}

fn write_section(out: &mut String, section: &Section, depth: usize) {
    if !holds(section) {
        return;
    }
    let _ = writeln!(out, "{} {}\n", "#".repeat(depth.min(6)), line(&section.title));
    section.blocks.iter().for_each(|block| write_block(out, block));
    section.sections.iter().for_each(|inner| write_section(out, inner, depth + 1));
}

fn holds(section: &Section) -> bool {
    section.blocks.iter().any(shows) || section.sections.iter().any(holds)
}

fn shows(block: &Block) -> bool {
    match block {
        Block::Table(table) | Block::Fold(_, table) => !table.is_empty() && table.reach != Reach::Page,
        Block::Legend => false,
        _ => true,
    }
}

fn write_block(out: &mut String, block: &Block) {
    if !shows(block) {
        return;
    }
    match block {
        Block::Text(_, text) => {
            let _ = writeln!(out, "{}\n", line(text));
        }
        Block::Box(blocks) => blocks.iter().for_each(|block| write_block(out, block)),
        Block::Terms(_, list) => {
            for (word, is) in list {
                let _ = writeln!(out, "- **{}**: {}", line(word), line(is));
            }
            out.push('\n');
        }
        Block::List(points) => {
            for point in points {
                let _ = writeln!(out, "- {}", line(point));
            }
            out.push('\n');
        }
        Block::Table(table) | Block::Fold(_, table) => write_table(out, table),
        Block::Chart(chart) => {
            let _ = writeln!(out, "*{}*: {}. {}\n", cell(&chart.title), cell(&chart.described()), line(&chart.caption));
        }
        Block::Legend => {}
    }
}

fn line(text: &Line) -> String {
    text.0.iter().map(part).collect()
}

fn part(one: &Cell) -> String {
    match one {
        Cell::Strong(inner) => format!("**{}**", part(inner)),
        Cell::Line(inner) => line(inner),
        other => cell(&other.plain()),
    }
}

fn write_table(out: &mut String, table: &Table) {
    let _ = writeln!(out, "**{}**\n", cell(&table.caption));
    let heads: Vec<String> = table.columns.iter().map(|c| cell(&c.head)).collect();
    let _ = writeln!(out, "| {} |", heads.join(" | "));
    let rule: Vec<&str> = table.columns.iter().map(|c| if c.kind.is_number() { "--:" } else { "---" }).collect();
    let _ = writeln!(out, "| {} |", rule.join(" | "));
    for row in table.page_rows() {
        let mut cells: Vec<String> = row.cells.iter().map(part).collect();
        if row.role == Role::Head {
            cells[0] = format!("**{}**", cells[0]);
            cells.resize(table.columns.len(), String::new());
        }
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    if table.left_out() > 0 {
        let _ = writeln!(out, "\n{} in the JSON and XLSX forms of this report.", counted(table.left_out(), "more row"));
    }
    out.push('\n');
}
