//! A workbook: summary, findings, what was not assessed, rules.

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as Style, Workbook, Worksheet, XlsxError};

use super::csv::HEADS;
use super::row::says;
use super::sheet::inert;
use super::{WriteOptions, Writer};
use crate::finding::{Finding, Severity};
use crate::tally::RunOutcome;
use crate::text::Disclosure;
use crate::text::scrub::clean;

/// Rows a worksheet can hold below its head.
const ROWS: u32 = 1_048_575;

pub(super) struct Xlsx<'o, W> {
    options: &'o WriteOptions,
    out: W,
    book: Workbook,
    row: u32,
    left_out: u64,
    failed: Option<XlsxError>,
}

impl<'o, W: Write> Xlsx<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, out: W) -> Self {
        let mut book = Workbook::new();
        // A fixed date keeps the same findings the same bytes.
        let mut properties = DocProperties::new().set_title("hallmark findings");
        if let Ok(date) = ExcelDateTime::from_ymd(2000, 1, 1) {
            properties = properties.set_creation_datetime(&date);
        }
        book.set_properties(&properties);
        let mut xlsx = Self { options, out, book, row: 0, left_out: 0, failed: None };
        let head = bold();
        let made: Result<(), XlsxError> = (|| {
            xlsx.book.add_worksheet().set_name("Summary")?;
            // Rows go to a temporary file as they come: a feed has as many as it has faults.
            let sheet = xlsx.book.add_worksheet_with_constant_memory()?.set_name("Findings")?;
            heads(sheet, &HEADS, &head)?;
            for (column, width) in [(1, 30), (3, 36), (7, 50), (8, 50), (11, 80)] {
                sheet.set_column_width(column, width)?;
            }
            sheet.set_freeze_panes(1, 0)?;
            Ok(())
        })();
        xlsx.failed = made.err();
        xlsx
    }

    fn text(&self, value: &str) -> String {
        match self.options.disclosure {
            Disclosure::Masked => clean(&inert(value)).into_owned(),
            Disclosure::Shown => inert(value).into_owned(),
        }
    }

    fn add(&mut self, f: &Finding) -> Result<(), XlsxError> {
        if self.row == ROWS {
            self.left_out += 1;
            return Ok(());
        }
        self.row += 1;
        let texts = [
            (0, f.meta.id.to_string()),
            (1, f.meta.name.to_string()),
            (2, f.severity.to_string()),
            (3, self.text(&self.options.relative(&f.source))),
            (7, self.text(&f.path)),
            (8, self.text(&f.profile)),
            (9, self.text(&f.element)),
            (10, f.origin.as_str().to_string()),
            (11, self.text(&says(f))),
            (12, f.fingerprint.clone()),
            (13, self.text(f.waived.as_deref().unwrap_or_default())),
            (14, if f.shadow { "true".into() } else { String::new() }),
        ];
        let row = self.row;
        let sheet = self.book.worksheet_from_index(1)?;
        for (column, text) in texts {
            sheet.write_string(row, column, text)?;
        }
        for (column, number) in [(4, f.payload), (5, f.line), (6, u64::from(f.column))] {
            sheet.write_number(row, column, number as f64)?;
        }
        Ok(())
    }

    fn finish(&mut self, outcome: &RunOutcome) -> Result<Vec<u8>, XlsxError> {
        let head = bold();
        let version = self.text(&self.options.version);
        let digest = self.text(&outcome.rules_digest);
        let (row, left_out) = (self.row, self.left_out);
        let s = &outcome.summary;
        let mut lines: Vec<(String, u64)> = vec![
            ("Sources".into(), s.sources),
            ("Payloads given".into(), s.payloads.given),
            ("Payloads read".into(), s.payloads.read),
            ("Payloads failed".into(), s.payloads.failed),
            ("Payloads skipped".into(), s.payloads.skipped),
            ("Messages without an error".into(), s.clean),
            ("Resources".into(), s.resources_total()),
            ("Resources that claim no profile".into(), s.unclaimed),
        ];
        lines.extend(Severity::ALL.iter().map(|v| (format!("Findings: {v}"), s.count(*v))));
        lines.push(("Findings: waived".into(), s.waived));
        lines.push(("Findings: in shadow".into(), s.shadow));
        lines.push(("Findings listed".into(), u64::from(row)));
        lines.push(("Findings left out, a worksheet being full".into(), left_out));
        let sheet = self.book.worksheet_from_index(0)?;
        sheet.set_column_width(0, 46)?;
        heads(sheet, &["What", "Count"], &head)?;
        let mut at = 1;
        for (what, count) in lines {
            sheet.write_string(at, 0, what)?;
            sheet.write_number(at, 1, count as f64)?;
            at += 1;
        }
        sheet.write_string(at, 0, "hallmark")?;
        sheet.write_string(at, 1, version)?;
        sheet.write_string(at + 1, 0, "Rules digest")?;
        sheet.write_string(at + 1, 1, digest)?;
        if row > 0 {
            self.book.worksheet_from_index(1)?.autofilter(0, 0, row, HEADS.len() as u16 - 1)?;
        }
        let rows: Vec<_> = outcome.not_assessed.iter().map(|(w, n)| (w.what, self.text(&w.canonical), *n)).collect();
        let sheet = self.book.add_worksheet().set_name("Not assessed")?;
        heads(sheet, &["what", "canonical", "count"], &head)?;
        sheet.set_column_width(1, 70)?;
        for (i, (what, canonical, count)) in rows.into_iter().enumerate() {
            let at = i as u32 + 1;
            sheet.write_string(at, 0, what)?;
            sheet.write_string(at, 1, canonical)?;
            sheet.write_number(at, 2, count as f64)?;
        }
        let sheet = self.book.add_worksheet().set_name("Rules")?;
        heads(sheet, &["rule", "name", "family", "severity", "what", "why", "remedy", "basis"], &head)?;
        for (column, width) in [(1, 34), (4, 50), (5, 60), (6, 60), (7, 40)] {
            sheet.set_column_width(column, width)?;
        }
        for (i, meta) in outcome.rules.iter().enumerate() {
            let cells = [
                meta.id,
                meta.name,
                meta.family.as_str(),
                meta.severity.as_str(),
                meta.title,
                meta.why,
                meta.remedy,
                meta.basis,
            ];
            for (column, text) in cells.into_iter().enumerate() {
                sheet.write_string(i as u32 + 1, column as u16, inert(text))?;
            }
        }
        self.book.save_to_buffer()
    }
}

fn bold() -> Style {
    Style::new().set_bold()
}

fn heads(sheet: &mut Worksheet, heads: &[&str], style: &Style) -> Result<(), XlsxError> {
    for (column, head) in heads.iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, *head, style)?;
    }
    Ok(())
}

impl<W: Write> Writer for Xlsx<'_, W> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if let Some(error) = self.failed.take() {
            return Err(io::Error::other(error));
        }
        self.add(finding).map_err(io::Error::other)
    }

    fn close(mut self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        if let Some(error) = self.failed.take() {
            return Err(io::Error::other(error));
        }
        let bytes = self.finish(outcome).map_err(io::Error::other)?;
        self.out.write_all(&bytes)?;
        self.out.flush()
    }
}
