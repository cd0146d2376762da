//! The outline as HTML: self-contained pages, no script, no network, readable without colour, fit for A4.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::model::Report;
use super::outline::{Block, Cell, Column, Line, Look, Outline, Part, Reach, Role, Row, Section, Table, Terms, Weight};
use super::words::{self, of, percent, status, symbol};
use super::{sections, svg};
use crate::kitemark::Status;
use crate::text::{counted, thousands};

const STYLE: &str = include_str!("page.css");

/// One page of a report that is spread over several.
#[derive(Clone, Debug)]
pub struct Page {
    /// File name, unique in its folder.
    pub file: String,
    /// HTML.
    pub text: String,
}

/// The whole report on one page.
pub(super) fn page(report: &Report) -> String {
    let outline = sections::outline(report);
    Walk { report, outline: &outline, part: Part::Whole }.page().into_string()
}

/// The report as a page of partners side by side, `index.html`, and a page for each subject, linked both ways.
pub fn pages(report: &Report) -> Vec<Page> {
    let outline = sections::outline(report);
    let made = |part| Walk { report, outline: &outline, part }.page().into_string();
    let mut pages = vec![Page { file: INDEX.into(), text: made(Part::Index) }];
    pages.extend((0..report.views.len()).map(|i| Page { file: file(i), text: made(Part::One(i)) }));
    pages
}

/// Digits of a digest that a page shows.
const DIGITS: usize = 12;

const INDEX: &str = "index.html";

fn file(index: usize) -> String {
    format!("{}.html", sections::anchor(index))
}

/// One page on its way.
struct Walk<'r> {
    report: &'r Report,
    outline: &'r Outline,
    part: Part,
}

impl Walk<'_> {
    fn page(&self) -> Markup {
        let Self { report, outline, part } = self;
        let who = match (part, outline.subjects.as_slice()) {
            (Part::One(i), subjects) => subjects[*i].name.clone(),
            (_, [subject]) => subject.name.clone(),
            (_, subjects) => counted(subjects.len() as u64, "partner"),
        };
        let title = format!("{}: {who}", outline.kind);
        html! {
            (DOCTYPE)
            html lang="en-GB" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="generator" content={ "hallmark " (report.version) };
                    title { (title) }
                    style { (PreEscaped(STYLE)) (PreEscaped(self.running(&title))) }
                }
                body {
                    a.skip href="#main" { "Skip to the report" }
                    header {
                        h1 { (title) }
                        p.sub { (report.set.title) " · " (report.today.to_string()) " · report " code { (report.id) } }
                    }
                    (self.contents())
                    main #main {
                        @for section in outline.on(*part) { (self.section(section, 2)) }
                    }
                    footer {
                        p { "Report " code { (report.id) } ", made by hallmark " (report.version) " on " (report.today.to_string()) ". " (words::NOT_A_DECISION) " It is not a service of the NHS and implies no approval." }
                    }
                }
            }
        }
    }

    /// What stands on every sheet of paper: what the report is, and the number of the sheet.
    fn running(&self, title: &str) -> String {
        let plain: String = format!("{title} · report {} · {}", self.report.id, self.report.today)
            .chars()
            .filter(|c| !matches!(c, '"' | '\\' | '<' | '>' | '\n'))
            .collect();
        format!(
            "@page{{@top-left{{content:\"{plain}\"}}@bottom-right{{content:counter(page) \" of \" counter(pages)}}}}"
        )
    }

    /// Sections of the page; on the first page of several, the pages of all subjects too.
    fn contents(&self) -> Markup {
        html! {
            nav aria-label="Contents" {
                ul {
                    @if let Part::One(_) = self.part { li { a href=(INDEX) { "All partners" } } }
                    @for section in self.outline.on(self.part).filter(|s| self.holds(s)) {
                        li { a href={ "#" (section.id) } { (self.line(&section.title)) } }
                    }
                    @if self.part == Part::Index {
                        @for (i, subject) in self.outline.subjects.iter().enumerate() { li { a href=(file(i)) { (subject.name) } } }
                    }
                }
            }
        }
    }

    /// Whether a page shows anything of a section.
    fn holds(&self, section: &Section) -> bool {
        section.blocks.iter().any(shows) || section.sections.iter().any(|s| self.holds(s))
    }

    fn section(&self, section: &Section, depth: usize) -> Markup {
        let shown = self.holds(section);
        let class = (depth == 2 && section.sheet).then_some("new");
        let title = self.line(&section.title);
        let id = &section.id;
        let inner = html! {
            @match depth {
                2 => { h2 id=(id) class=[class] { (title) } }
                3 => { h3 id=(id) { (title) } }
                _ => { h4 id=(id) { (title) } }
            }
            @for block in &section.blocks { (self.block(block)) }
            @for section in &section.sections { (self.section(section, depth + 1)) }
        };
        html! { @if shown { @if section.card { div.rule { (inner) } } @else { (inner) } } }
    }

    fn block(&self, block: &Block) -> Markup {
        match block {
            Block::Text(Weight::Lead, line) => html! { p.lead { (self.line(line)) } },
            Block::Text(Weight::Plain, line) => html! { p { (self.line(line)) } },
            Block::Text(Weight::Note, line) => html! { p.note { (self.line(line)) } },
            Block::Box(blocks) => html! { div.box { @for block in blocks { (self.block(block)) } } },
            Block::Terms(terms, list) => {
                let class = if *terms == Terms::Facts { "scope" } else { "words" };
                html! { dl class=(class) { @for (word, is) in list { dt { (self.line(word)) } dd { (self.line(is)) } } } }
            }
            Block::List(points) => html! { ul { @for point in points { li { (self.line(point)) } } } },
            Block::Table(table) => self.table(table),
            Block::Fold(line, table) => {
                html! { @if shows(block) { details { summary { (self.line(line)) } (self.table(table)) } } }
            }
            Block::Chart(chart) => html! { figure { (svg::draw(chart)) figcaption { (self.line(&chart.caption)) } } },
            Block::Legend => html! {
                p.legend { @for s in Status::ALL { span class={ "key s-" (s.as_str()) } { (symbol(s)) " " (status(s)) } " " } }
            },
        }
    }

    fn table(&self, table: &Table) -> Markup {
        let class = match table.look {
            Look::Plain => format!("t-{}", table.name),
            Look::Heat => format!("heat t-{}", table.name),
            Look::Volume => "heat volume".into(),
        };
        // A column that is empty for every row tells nothing.
        let shown = |column: usize| column == 0 || table.has(column);
        let most = table.rows.iter().flat_map(|r| &r.cells).filter_map(count).max().unwrap_or(0).max(1);
        html! {
            @if !table.is_empty() && table.reach != Reach::Data {
                div.wide tabindex="0" role="group" aria-label=(table.caption) {
                    table class=(class) {
                        caption { (table.caption) }
                        thead { tr { @for (_, column) in table.columns.iter().enumerate().filter(|(i, _)| shown(*i)) { (self.head(table, column)) } } }
                        tbody { @for row in table.page_rows() { (self.row(table, row, most, &shown)) } }
                    }
                }
                @if table.left_out() > 0 {
                    p.note { (counted(table.left_out(), "more row")) " in the JSON and XLSX forms of this report." }
                }
            }
        }
    }

    fn head(&self, table: &Table, column: &Column) -> Markup {
        let number = table.look != Look::Heat && column.kind.is_number();
        html! {
            th scope="col" class=[number.then_some("n")] {
                @match &column.link { Some(to) => { a href=(self.leads(to)) { (column.head) } } None => { (column.head) } }
            }
        }
    }

    fn row(&self, table: &Table, row: &Row, most: u64, shown: &dyn Fn(usize) -> bool) -> Markup {
        if row.role == Role::Head {
            let title = row.cells.first().map(|cell| self.cell(cell));
            return html! { tr.row { th scope="rowgroup" colspan=((0..table.columns.len()).filter(|i| shown(*i)).count()) { @if let Some(title) = title { (title) } } } };
        }
        html! {
            tr id=[row.anchor.as_deref()] class=[(row.role == Role::Sum).then_some("sum")] {
                @for (i, (cell, column)) in row.cells.iter().zip(&table.columns).enumerate().filter(|(i, _)| shown(*i)) {
                    @if i == 0 { th scope="row" { (self.cell(cell)) } }
                    @else {
                        @match (table.look, cell.bare()) {
                            (Look::Volume, Cell::Count(n)) => { td class={ "q" (n * 4 / most) } { (thousands(*n)) } }
                            (_, Cell::Status(s)) => { td class={ "s-" (s.as_str()) } { (self.cell(cell)) } }
                            (_, Cell::Standing(s, ..)) => { td class={ "s-" (s.as_str()) } title=(status(*s)) { (self.cell(cell)) } }
                            _ => { td class=[(table.look == Look::Plain && column.kind.is_number()).then_some("n")] { (self.cell(cell)) } }
                        }
                    }
                }
            }
        }
    }

    fn line(&self, line: &Line) -> Markup {
        html! { @for cell in &line.0 { (self.sentence(cell)) } }
    }

    /// A fact inside a sentence, where counts stand without smaller print.
    fn sentence(&self, cell: &Cell) -> Markup {
        match cell {
            Cell::Share(c) => html! { (percent(*c)) " (" (of(*c)) ")" },
            other => self.cell(other),
        }
    }

    fn cell(&self, cell: &Cell) -> Markup {
        match cell {
            Cell::Digest(text) => {
                let digits = text.strip_prefix("sha256:").unwrap_or(text);
                html! { code.id title=(text) { (digits.get(..DIGITS).unwrap_or(digits)) } }
            }
            Cell::Code(text) if text.len() <= 12 => html! { code.id { (text) } },
            Cell::Code(text) => html! { code { @for piece in pieces(text) { (piece) wbr; } } },
            Cell::Status(s) => html! { span aria-hidden="true" { (symbol(*s)) } " " (status(*s)) },
            Cell::Share(c) => html! { (percent(*c)) " " small { (of(*c)) } },
            Cell::Hidden => html! { span title="hidden: a small number of people" { "*" } },
            Cell::Date(day) => html! { span.day { (day.to_string()) } },
            Cell::Link { to, text } => html! { a href=(self.leads(to)) { (text) } },
            Cell::Led(inner, to) => html! { a href=(self.leads(to)) { (self.cell(inner)) } },
            Cell::Strong(inner) => html! { b { (self.sentence(inner)) } },
            Cell::Marked(inner, mark) => html! { (self.cell(inner)) " (" (mark.as_str()) ")" },
            Cell::Line(line) => self.line(line),
            other => html! { (other.plain()) },
        }
    }

    /// Where a section is: on this page or on that of its subject.
    fn leads(&self, to: &str) -> String {
        if self.part == Part::Whole {
            return format!("#{to}");
        }
        let here = self.outline.on(self.part).any(|s| names(s, to));
        let there = self.outline.sections.iter().find(|s| names(s, to)).and_then(Section::subject);
        match there {
            Some(i) if !here && to == sections::anchor(i) => file(i),
            Some(i) if !here => format!("{}#{to}", file(i)),
            _ => format!("#{to}"),
        }
    }
}

fn names(section: &Section, id: &str) -> bool {
    let rows = |block: &Block| match block {
        Block::Table(table) => table.rows.iter().any(|row| row.anchor.as_deref() == Some(id)),
        _ => false,
    };
    section.id == id || section.blocks.iter().any(rows) || section.sections.iter().any(|s| names(s, id))
}

/// Whether a page shows anything of a block.
fn shows(block: &Block) -> bool {
    match block {
        Block::Table(table) | Block::Fold(_, table) => !table.is_empty() && table.reach != Reach::Data,
        _ => true,
    }
}

fn count(cell: &Cell) -> Option<u64> {
    match cell.bare() {
        Cell::Count(n) => Some(*n),
        _ => None,
    }
}

/// Where a long path, URL or digest may break: after a dot or slash, and within long runs.
fn pieces(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (i, c) in text.char_indices() {
        let end = i + c.len_utf8();
        let at_mark = matches!(c, '.' | '/' | '-' | ':') && text[end..].starts_with(|n: char| n.is_alphanumeric());
        if at_mark || end - start >= 16 {
            out.push(&text[start..end]);
            start = end;
        }
    }
    out.push(&text[start..]);
    out
}
