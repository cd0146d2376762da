//! The report as a workbook: one sheet a table, numbers as numbers.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::model::Report;
use super::table::{Cell, Table};
use super::{Audience, document, portfolio, timeline, words};
use crate::report::gate::scrub;
use crate::report::sheet::inert;

pub(super) fn workbook(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let mut properties = DocProperties::new().set_title(format!("hallmark report {}", report.id));
    if let Ok(date) = ExcelDateTime::from_ymd(2000, 1, 1) {
        properties = properties.set_creation_datetime(&date);
    }
    book.set_properties(&properties);
    let sheet = book.add_worksheet().set_name("Summary")?;
    summary(sheet, report)?;
    // The same table of every subject goes to one sheet, with the subject before it.
    let mut names: Vec<&'static str> = Vec::new();
    for view in &report.views {
        for table in document::tables(report, view) {
            if !names.contains(&table.name) {
                names.push(table.name);
            }
        }
    }
    for name in names {
        let sheet = book.add_worksheet().set_name(title(name))?;
        let mut parts: Vec<(String, Table)> = Vec::new();
        for view in &report.views {
            let own = document::tables(report, view).into_iter().filter(|t| t.name == name);
            parts.extend(own.map(|t| (document::name(view), t)));
        }
        // A column is a share in every part when it is in one, so that rows line up.
        let columns = parts.iter().map(|(_, t)| t.heads.len()).max().unwrap_or(0);
        let shares: Vec<bool> = (0..columns).map(|c| parts.iter().any(|(_, t)| is_share(t, c))).collect();
        let mut at = 0;
        for (who, table) in &parts {
            at = add(sheet, at, who, table, &shares)?;
        }
        sheet.set_freeze_panes(1, 0)?;
    }
    let mut whole = vec![document::packs(report), document::tools(report)];
    if report.audience == Audience::DesignAuthority {
        whole.extend([timeline::milestones(report), portfolio::shared_gaps(report), document::ranking(report)]);
    }
    if report.audience == Audience::DqOfficer {
        whole.insert(0, super::quality::dictionary());
        whole.insert(0, super::quality::across(report));
    }
    whole.retain(|t| !t.is_empty());
    for table in whole {
        let sheet = book.add_worksheet().set_name(title(table.name))?;
        add(sheet, 0, "all", &table, &(0..table.heads.len()).map(|c| is_share(&table, c)).collect::<Vec<_>>())?;
    }
    book.save_to_buffer()
}

/// `Not assessed`.
fn title(name: &str) -> String {
    let text = name.replace('-', " ");
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn summary(sheet: &mut Worksheet, report: &Report) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_column_width(0, 40)?;
    sheet.set_column_width(1, 90)?;
    sheet.write_string_with_format(0, 0, format!("Report {}", report.id), &bold)?;
    sheet.write_string(1, 0, words::NOT_A_DECISION)?;
    sheet.write_string(2, 0, words::PACKS)?;
    let mut at = 4;
    for view in &report.views {
        let a = &view.assessment;
        let mix = a.mix;
        sheet.write_string_with_format(at, 0, document::name(view), &bold)?;
        let lines = [
            ("level", document::level(report, a.level)),
            ("gates missed", a.gates_missed.join(", ")),
            (
                "evidence mix",
                format!(
                    "{} measured, {} attested, {} not assessed, {} not applicable",
                    mix.measured, mix.attested, mix.not_assessed, mix.not_applicable
                ),
            ),
            ("months", a.periods.iter().cloned().collect::<Vec<_>>().join(", ")),
        ];
        for (i, (what, value)) in lines.into_iter().enumerate() {
            sheet.write_string(at + 1 + i as u32, 0, what)?;
            sheet.write_string(at + 1 + i as u32, 1, value)?;
        }
        at += 6;
    }
    for limit in words::LIMITS {
        sheet.write_string(at, 0, limit)?;
        at += 1;
    }
    Ok(())
}

fn is_share(table: &Table, column: usize) -> bool {
    table.rows.iter().any(|r| matches!(r.get(column), Some(Cell::Share(_))))
}

/// Adds a table below what is there; gives the next free row.
fn add(sheet: &mut Worksheet, from: u32, who: &str, table: &Table, shares: &[bool]) -> Result<u32, XlsxError> {
    let bold = Format::new().set_bold();
    let percent = Format::new().set_num_format("0.0%");
    let mut at = from;
    if from == 0 {
        sheet.write_string_with_format(0, 0, "subject", &bold)?;
        let mut column = 1;
        for (head, share) in table.heads.iter().zip(shares) {
            if *share {
                for part in ["numerator", "denominator"] {
                    sheet.write_string_with_format(0, column, format!("{head}: {part}"), &bold)?;
                    column += 1;
                }
            }
            sheet.write_string_with_format(0, column, *head, &bold)?;
            sheet.set_column_width(column, if table.is_number(usize::from(column)) { 12 } else { 28 })?;
            column += 1;
        }
        at = 1;
    }
    for row in &table.rows {
        sheet.write_string(at, 0, scrub(&inert(who)))?;
        let mut column = 1;
        for (cell, share) in row.iter().zip(shares) {
            match cell {
                Cell::Share(c) => {
                    sheet.write_number(at, column, c.numerator as f64)?;
                    sheet.write_number(at, column + 1, c.denominator as f64)?;
                    if c.denominator > 0 {
                        sheet.write_number_with_format(
                            at,
                            column + 2,
                            c.numerator as f64 / c.denominator as f64,
                            &percent,
                        )?;
                    }
                    column += 2;
                }
                other => {
                    if *share {
                        column += 2;
                    }
                    match other {
                        Cell::Count(n) => sheet.write_number(at, column, *n as f64)?,
                        Cell::Empty => sheet,
                        other => sheet.write_string(at, column, scrub(&inert(&other.plain())))?,
                    };
                }
            }
            column += 1;
        }
        at += 1;
    }
    Ok(at)
}
