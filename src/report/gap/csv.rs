//! CSV: the table that the reader works with, a column for each number.

use std::io::{self, Write};

use super::model::Report;
use super::table::{Cell, Table};
use super::{Audience, document};
use crate::report::sheet::{BYTE_ORDER_MARK, row};

pub(super) fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    out.write_all(BYTE_ORDER_MARK)?;
    for (i, view) in report.views.iter().enumerate() {
        let table = match report.audience {
            Audience::DesignAuthority => document::criteria(report, view),
            Audience::DqOfficer => document::measures(report, view),
            Audience::Developer => document::by_place(report, view),
        };
        let subject = &view.assessment.subject;
        let who = [&subject.partner, &subject.product, &subject.interface, &subject.environment].map(String::as_str);
        // A column is a share in every view, so that rows of all views line up.
        let shares = share_columns(report.audience, &table);
        if i == 0 {
            let mut heads = vec!["partner", "product", "interface", "environment"];
            for (column, head) in table.heads.iter().enumerate() {
                if *head != "since last" {
                    if shares.contains(&column) {
                        heads.extend(["numerator", "denominator"]);
                    } else {
                        heads.push(head);
                    }
                }
            }
            row(out, &heads)?;
        }
        for cells in &table.rows {
            let mut texts: Vec<String> = who.iter().map(|w| (*w).to_string()).collect();
            for (column, one) in cells.iter().enumerate() {
                if table.heads[column] == "since last" {
                    continue;
                }
                match one {
                    Cell::Share(c) => texts.extend([c.numerator.to_string(), c.denominator.to_string()]),
                    Cell::Hidden if shares.contains(&column) => texts.extend(["*".to_string(), "*".to_string()]),
                    Cell::Empty if shares.contains(&column) => texts.extend([String::new(), String::new()]),
                    Cell::Count(n) => texts.push(n.to_string()),
                    Cell::Status(s) => texts.push(s.as_str().to_string()),
                    other => texts.push(other.plain()),
                }
            }
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            row(out, &texts)?;
        }
    }
    Ok(())
}

fn share_columns(audience: Audience, table: &Table) -> Vec<usize> {
    match audience {
        Audience::Developer => Vec::new(),
        _ => table.heads.iter().enumerate().filter(|(_, h)| **h == "share").map(|(i, _)| i).collect(),
    }
}
