//! The outline as CSV: the one table that its reader works with, a row for each of its rows and a column for each number.

use std::io::{self, Write};

use super::model::Report;
use super::outline::{Block, Cell, Kind, Reach, Role, Table};
use super::sections;
use crate::report::sheet::{BYTE_ORDER_MARK, row};

pub(super) fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let outline = sections::outline(report);
    out.write_all(BYTE_ORDER_MARK)?;
    let mut tables: Vec<(usize, &Table)> = Vec::new();
    for top in &outline.sections {
        top.walk(&mut |_, block| {
            if let (Block::Table(table), Some(subject)) = (block, top.subject())
                && table.name == outline.main
                && table.reach != Reach::Page
            {
                tables.push((subject, table));
            }
        });
    }
    if let Some((_, table)) = tables.first() {
        let mut heads = ["partner", "product", "interface", "environment"].map(String::from).to_vec();
        for column in &table.columns {
            match column.kind {
                Kind::Share => heads.extend(["numerator", "denominator"].map(String::from)),
                Kind::Interval => heads.extend(["low", "high"].map(|end| format!("{} {end}", column.head))),
                _ => heads.push(column.head.clone()),
            }
        }
        row(out, &heads.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    for (subject, table) in tables {
        let about = &outline.subjects[subject].subject;
        for cells in table.rows.iter().filter(|r| r.role == Role::Plain).map(|r| &r.cells) {
            let mut texts: Vec<String> =
                [&about.partner, &about.product, &about.interface, &about.environment].map(String::clone).to_vec();
            for (cell, column) in cells.iter().zip(&table.columns) {
                match column.kind {
                    Kind::Share | Kind::Interval => texts.extend(pair(cell)),
                    _ => texts.push(one(cell)),
                }
            }
            row(out, &texts.iter().map(String::as_str).collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

/// The two numbers of a share or an interval.
fn pair(cell: &Cell) -> [String; 2] {
    match cell.bare() {
        Cell::Share(c) => [c.numerator.to_string(), c.denominator.to_string()],
        Cell::Interval(low, high) => [share(*low), share(*high)],
        Cell::Hidden => ["*".into(), "*".into()],
        _ => Default::default(),
    }
}

/// A share from 0 to 1 with six digits, so that bytes do not depend on the machine.
fn share(share: f64) -> String {
    format!("{share:.6}")
}

/// A cell for programs: numbers without commas, statuses by their words.
fn one(cell: &Cell) -> String {
    match cell {
        Cell::Count(n) => n.to_string(),
        Cell::Status(s) => s.as_str().into(),
        Cell::Threshold { share: at, .. } | Cell::Percent(at) => share(*at),
        other => other.plain(),
    }
}
