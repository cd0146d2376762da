//! The formats of `check` and the one door to their writers.

use std::io::{self, Write};

use super::{
    azure, checkstyle, compact, csv, github, gitlab, json, junit, markdown, operation_outcome, sarif, text, xlsx,
};
use crate::finding::{Finding, RunOutcome, Severity};
use crate::text::Disclosure;

/// A format of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Code frames for people.
    Text,
    /// One line a finding.
    Compact,
    /// One JSON document.
    Json,
    /// One JSON object a line: the lossless master.
    Ndjson,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit XML.
    Junit,
    /// GitHub workflow commands.
    Github,
    /// GitLab code quality.
    Gitlab,
    /// Azure pipelines logging commands.
    Azure,
    /// Checkstyle XML.
    Checkstyle,
    /// FHIR OperationOutcome, one per source.
    OperationOutcome,
    /// RFC 4180 with a byte order mark.
    Csv,
    /// A workbook.
    Xlsx,
    /// A comment for a pull request.
    Markdown,
}

impl Format {
    /// All formats, in the order help lists them.
    pub const ALL: [Self; 14] = [
        Self::Text,
        Self::Compact,
        Self::Json,
        Self::Ndjson,
        Self::Sarif,
        Self::Junit,
        Self::Github,
        Self::Gitlab,
        Self::Azure,
        Self::Checkstyle,
        Self::OperationOutcome,
        Self::Csv,
        Self::Xlsx,
        Self::Markdown,
    ];

    /// The word `--format` takes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Compact => "compact",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Azure => "azure",
            Self::Checkstyle => "checkstyle",
            Self::OperationOutcome => "operation-outcome",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Markdown => "markdown",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == text)
    }
}

/// What the writers need to know besides the findings.
#[derive(Clone, Debug)]
pub struct WriteOptions {
    /// Whether values of messages may be shown.
    pub disclosure: Disclosure,
    /// Version of hallmark.
    pub version: String,
    /// ODS code of the partner, or `unknown`.
    pub partner: String,
    /// Severity at which a finding fails the run; `None` never fails.
    pub fail_on: Option<Severity>,
    /// ANSI colours in the text format.
    pub colour: bool,
    /// Box drawing characters in the text format.
    pub unicode: bool,
    /// Width of the text format in columns.
    pub width: usize,
    /// A baseline was given, so `Finding::new` means something.
    pub baseline: bool,
    /// Leave out findings that the baseline knows.
    pub new_only: bool,
    /// Absolute source names below this folder are written relative to it; empty leaves them alone.
    pub base: String,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            disclosure: Disclosure::Masked,
            version: String::new(),
            partner: "unknown".into(),
            fail_on: Some(Severity::Error),
            colour: false,
            unicode: true,
            width: 120,
            baseline: false,
            new_only: false,
            base: String::new(),
        }
    }
}

impl WriteOptions {
    /// Whether a finding fails the run.
    pub fn fails(&self, finding: &Finding) -> bool {
        finding.counts() && self.fail_on.is_some_and(|at| finding.severity.reaches(at))
    }

    /// A source name relative to `base`, with forward slashes.
    pub fn relative<'n>(&self, name: &'n str) -> std::borrow::Cow<'n, str> {
        let mut name = name;
        if !self.base.is_empty()
            && let Some(rest) = name.strip_prefix(self.base.trim_end_matches(['/', '\\']))
            && let Some(rest) = rest.strip_prefix(['/', '\\'])
        {
            name = rest;
        }
        let name = name.strip_prefix("./").unwrap_or(name);
        if name.contains('\\') { name.replace('\\', "/").into() } else { name.into() }
    }
}

/// Takes findings one by one, in output order, and then the counts of the whole run.
pub trait Writer {
    /// One finding.
    ///
    /// # Errors
    /// What the output says.
    fn finding(&mut self, finding: &Finding) -> io::Result<()>;

    /// The end: everything but `outcome.findings` is read.
    ///
    /// # Errors
    /// What the output says.
    fn close(self: Box<Self>, outcome: &RunOutcome) -> io::Result<()>;
}

/// Opens a writer of `format` on `out`.
///
/// # Errors
/// What the output says when a head is written.
pub fn open<'o>(format: Format, options: &'o WriteOptions, out: impl Write + 'o) -> io::Result<Box<dyn Writer + 'o>> {
    let writer: Box<dyn Writer + 'o> = match format {
        Format::Text => Box::new(text::Text::new(options, out)),
        Format::Compact => Box::new(compact::Compact::new(options, out)),
        Format::Json => Box::new(json::Json::new(options, out)?),
        Format::Ndjson => Box::new(json::Ndjson::new(options, out)),
        Format::Sarif => Box::new(sarif::Sarif::new(options, out)),
        Format::Junit => Box::new(junit::Junit::new(options, out)),
        Format::Github => Box::new(github::Github::new(options, out)),
        Format::Gitlab => Box::new(gitlab::Gitlab::new(options, out)?),
        Format::Azure => Box::new(azure::Azure::new(options, out)),
        Format::Checkstyle => Box::new(checkstyle::Checkstyle::new(options, out)?),
        Format::OperationOutcome => Box::new(operation_outcome::Outcomes::new(options, out)),
        Format::Csv => Box::new(csv::Csv::new(options, out)?),
        Format::Xlsx => Box::new(xlsx::Xlsx::new(options, out)),
        Format::Markdown => Box::new(markdown::Markdown::new(options, out)),
    };
    Ok(if options.new_only { Box::new(NewOnly(writer)) } else { writer })
}

/// Leaves out what the baseline knows.
struct NewOnly<'o>(Box<dyn Writer + 'o>);

impl Writer for NewOnly<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if finding.new { self.0.finding(finding) } else { Ok(()) }
    }

    fn close(self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        self.0.close(outcome)
    }
}

/// Writes a whole outcome in one go.
///
/// # Errors
/// What the output says.
pub fn write(format: Format, outcome: &RunOutcome, options: &WriteOptions, out: impl Write) -> io::Result<()> {
    let mut writer = open(format, options, out)?;
    for finding in &outcome.findings {
        writer.finding(finding)?;
    }
    writer.close(outcome)
}
