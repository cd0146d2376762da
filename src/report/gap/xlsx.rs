//! The outline as a workbook: a sheet for each table, numbers as numbers; sentences and charts have sheets of their own.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::model::Report;
use super::outline::{Block, Cell, Kind, Outline, Reach, Role, Section, Table};
use super::sections;
use crate::report::sheet::inert;
use crate::text::scrub::clean;

/// Whom a row is about when it is about all.
const ALL: &str = "all";

pub(super) fn workbook(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let outline = sections::outline(report);
    let mut book = Workbook::new();
    let mut properties = DocProperties::new().set_title(format!("hallmark report {}", report.id));
    // A fixed date keeps the same report the same bytes.
    if let Ok(date) = ExcelDateTime::from_ymd(2000, 1, 1) {
        properties = properties.set_creation_datetime(&date);
    }
    book.set_properties(&properties);
    let styles = Styles::new();
    summary(book.add_worksheet().set_name("Summary")?, report, &outline, &styles)?;
    // The same table of every subject goes to one sheet, with the subject before it.
    let mut sheets: Vec<(&'static str, Vec<(&str, &Table)>)> = Vec::new();
    walk(&outline, &mut |who, _, block| {
        if let Block::Table(table) | Block::Fold(_, table) = block
            && table.reach != Reach::Page
            && !table.is_empty()
        {
            match sheets.iter_mut().find(|(name, _)| *name == table.name) {
                Some((_, tables)) => tables.push((who, table)),
                None => sheets.push((table.name, vec![(who, table)])),
            }
        }
    });
    for (name, tables) in sheets {
        let sheet = book.add_worksheet().set_name(title(name))?;
        let mut at = heads(sheet, tables[0].1, &styles)?;
        for (who, table) in tables {
            at = rows(sheet, at, who, table, &styles)?;
        }
        sheet.set_freeze_panes(1, 0)?;
    }
    charts(book.add_worksheet().set_name("Charts")?, &outline, &styles)?;
    book.save_to_buffer()
}

/// How cells are written.
struct Styles {
    head: Format,
    percent: Format,
    date: Format,
}

impl Styles {
    fn new() -> Self {
        Self {
            head: Format::new().set_bold(),
            percent: Format::new().set_num_format("0.0%"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
        }
    }
}

fn walk<'o>(outline: &'o Outline, visit: &mut impl FnMut(&'o str, &'o Section, &'o Block)) {
    for top in &outline.sections {
        let who = top.subject().map_or(ALL, |i| outline.subjects[i].name.as_str());
        top.walk(&mut |section, block| visit(who, section, block));
    }
}

/// `Not assessed`.
fn title(name: &str) -> String {
    let text = name.replace('-', " ");
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// What is written into a cell: nothing that a spreadsheet would run, no number of a patient.
fn safe(text: &str) -> String {
    clean(&inert(text)).into_owned()
}

/// Every sentence, by subject and section.
fn summary(sheet: &mut Worksheet, report: &Report, outline: &Outline, styles: &Styles) -> Result<(), XlsxError> {
    for (column, width) in [(0, 34), (1, 30), (2, 34), (3, 90)] {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, format!("{} {}", outline.kind, report.id), &styles.head)?;
    sheet.write_string(1, 0, super::words::NOT_A_DECISION)?;
    for (column, head) in ["subject", "section", "what", "which"].into_iter().enumerate() {
        sheet.write_string_with_format(3, column as u16, head, &styles.head)?;
    }
    let mut lines: Vec<(&str, String, String, String)> = Vec::new();
    walk(outline, &mut |who, section, block| {
        let mut add = |what: String, which: String| lines.push((who, section.title.plain(), what, which));
        match block {
            Block::Text(_, line) => add(String::new(), line.plain()),
            Block::Terms(_, list) => list.iter().for_each(|(word, is)| add(word.plain(), is.plain())),
            Block::List(points) => points.iter().for_each(|point| add(String::new(), point.plain())),
            Block::Box(_) | Block::Table(_) | Block::Fold(..) | Block::Chart(_) | Block::Legend => {}
        }
    });
    for (at, (who, section, what, which)) in lines.into_iter().enumerate() {
        for (column, text) in [who, &section, &what, &which].into_iter().enumerate() {
            sheet.write_string(at as u32 + 4, column as u16, safe(text))?;
        }
    }
    Ok(())
}

/// The points of every chart.
fn charts(sheet: &mut Worksheet, outline: &Outline, styles: &Styles) -> Result<(), XlsxError> {
    for (column, width) in [(0, 34), (1, 50), (2, 40), (3, 14)] {
        sheet.set_column_width(column, width)?;
    }
    let heads = ["subject", "chart", "point", "value", "numerator", "denominator"];
    for (column, head) in heads.into_iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, head, &styles.head)?;
    }
    let mut points: Vec<(&str, &str, String, Cell)> = Vec::new();
    walk(outline, &mut |who, _, block| {
        if let Block::Chart(chart) = block {
            points.extend(chart.points().into_iter().map(|(label, value)| (who, chart.title.as_str(), label, value)));
        }
    });
    for (at, (who, chart, label, value)) in points.into_iter().enumerate() {
        let at = at as u32 + 1;
        for (column, text) in [who, chart, &label].into_iter().enumerate() {
            sheet.write_string(at, column as u16, safe(text))?;
        }
        write(sheet, at, 3, &value, styles)?;
        if let Cell::Share(c) = value {
            sheet.write_number(at, 4, c.numerator as f64)?;
            sheet.write_number(at, 5, c.denominator as f64)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// What stands before the value of a column, each in a column of its own.
const fn parts(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Share => &["numerator", "denominator"],
        Kind::Interval => &["low"],
        _ => &[],
    }
}

fn heads(sheet: &mut Worksheet, table: &Table, styles: &Styles) -> Result<u32, XlsxError> {
    sheet.write_string_with_format(0, 0, "subject", &styles.head)?;
    let mut column = 1;
    for head in &table.columns {
        for part in parts(head.kind) {
            sheet.write_string_with_format(0, column, format!("{}: {part}", head.head), &styles.head)?;
            column += 1;
        }
        let last = if head.kind == Kind::Interval { ": high" } else { "" };
        sheet.write_string_with_format(0, column, format!("{}{last}", safe(&head.head)), &styles.head)?;
        let narrow = !matches!(head.kind, Kind::Text | Kind::Code);
        sheet.set_column_width(column, if narrow { 12 } else { 28 })?;
        column += 1;
    }
    Ok(1)
}

/// Adds the rows of a table; gives the next free row.
fn rows(sheet: &mut Worksheet, from: u32, who: &str, table: &Table, styles: &Styles) -> Result<u32, XlsxError> {
    let mut at = from;
    for row in &table.rows {
        sheet.write_string(at, 0, safe(who))?;
        if row.role == Role::Head {
            if let Some(cell) = row.cells.first() {
                sheet.write_string_with_format(at, 1, safe(&cell.plain()), &styles.head)?;
            }
            at += 1;
            continue;
        }
        let mut column = 1;
        for (cell, head) in row.cells.iter().zip(&table.columns) {
            match (head.kind, cell.bare()) {
                (Kind::Share, Cell::Share(c)) => {
                    sheet.write_number(at, column, c.numerator as f64)?;
                    sheet.write_number(at, column + 1, c.denominator as f64)?;
                }
                (Kind::Interval, Cell::Interval(low, _)) => {
                    sheet.write_number_with_format(at, column, *low, &styles.percent)?;
                }
                _ => {}
            }
            column += parts(head.kind).len() as u16;
            write(sheet, at, column, cell, styles)?;
            column += 1;
        }
        at += 1;
    }
    Ok(at)
}

/// One cell: a number as a number, a day as a day, the rest as text.
fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, styles: &Styles) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Count(n) => drop(sheet.write_number(row, column, *n as f64)?),
        Cell::Number(n) => drop(sheet.write_number(row, column, *n)?),
        Cell::Share(c) if c.denominator > 0 => {
            let share = c.numerator as f64 / c.denominator as f64;
            sheet.write_number_with_format(row, column, share, &styles.percent)?;
        }
        Cell::Interval(_, share) | Cell::Percent(share) => {
            sheet.write_number_with_format(row, column, *share, &styles.percent)?;
        }
        Cell::Threshold { share, most } => {
            let sign = if *most { "≤" } else { "≥" };
            let format = Format::new().set_num_format(format!("\"{sign} \"0.##%"));
            sheet.write_number_with_format(row, column, *share, &format)?;
        }
        Cell::Date(day) => match ExcelDateTime::parse_from_str(&day.to_string()) {
            Ok(date) => drop(sheet.write_datetime_with_format(row, column, &date, &styles.date)?),
            Err(_) => drop(sheet.write_string(row, column, day.to_string())?),
        },
        Cell::Strong(inner) => write(sheet, row, column, inner, styles)?,
        other => drop(sheet.write_string(row, column, safe(&other.plain()))?),
    }
    Ok(())
}
