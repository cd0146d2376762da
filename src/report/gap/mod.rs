//! The gap report: what run records and statements show against a criteria set, for three kinds of reader.

mod csv;
mod disclosure;
mod html;
mod json;
mod markdown;
mod model;
mod outline;
mod sections;
mod spc;
mod svg;
mod template;
mod words;
mod xlsx;

use std::io::{self, Write};

use super::LeakGate;

pub use html::{Page, pages};
pub use json::{Previous, SCHEMA};
pub use model::{Decided, Group, Material, MaterialKind, Report, ReportError, ReportInput, RuleTotals, View};
pub use spc::{Variation, Xmr, xmr};
pub use template::fill;

/// Who reads the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Who mends messages.
    Developer,
    /// Who answers for data quality.
    DqOfficer,
    /// Who decides.
    #[default]
    DesignAuthority,
}

impl Audience {
    /// All.
    pub const ALL: [Self; 3] = [Self::Developer, Self::DqOfficer, Self::DesignAuthority];

    /// The word `--for` takes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::DqOfficer => "dq-officer",
            Self::DesignAuthority => "design-authority",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.as_str() == text)
    }
}

/// A format of `report`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// One self-contained page.
    Html,
    /// What other programs read.
    Json,
    /// The same tables as text.
    Markdown,
    /// A workbook, one sheet a table.
    Xlsx,
    /// The table that the reader works with.
    Csv,
}

impl ReportFormat {
    /// All.
    pub const ALL: [Self; 5] = [Self::Html, Self::Json, Self::Markdown, Self::Xlsx, Self::Csv];

    /// The word `--format` takes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    /// What it is, in a few words.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Html => "one self-contained page, without script",
            Self::Json => "what other programs read, by schema",
            Self::Markdown => "the same as text",
            Self::Xlsx => "a workbook, one sheet a table",
            Self::Csv => "the one table that the reader works with",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == text)
    }
}

/// Writes a report. Text passes the last gate; a workbook scrubs its own cells.
///
/// # Errors
/// What the output says.
pub fn render(report: &Report, format: ReportFormat, mut out: impl Write) -> io::Result<()> {
    if format == ReportFormat::Xlsx {
        out.write_all(&xlsx::workbook(report).map_err(io::Error::other)?)?;
        return out.flush();
    }
    let mut out = if format == ReportFormat::Json { LeakGate::json(out) } else { LeakGate::new(out) };
    match format {
        ReportFormat::Html => out.write_all(html::page(report).as_bytes())?,
        ReportFormat::Json => json::write(report, &mut out)?,
        ReportFormat::Markdown => out.write_all(markdown::markdown(report).as_bytes())?,
        ReportFormat::Csv => csv::write(report, &mut out)?,
        ReportFormat::Xlsx => {}
    }
    out.flush()
}
