//! The formats of `check`, one entry each, and the one way to their writers, where the last gate stands.

use std::io::{self, Write};

use super::gate::LeakGate;
use super::{
    azure, checkstyle, compact, csv, github, gitlab, json, junit, markdown, operation_outcome, sarif, text, xlsx,
};
use crate::finding::{Finding, Severity};
use crate::tally::RunOutcome;
use crate::text::Disclosure;

/// A format of `check`: one entry of [`FORMATS`]. Help, completions, the configuration schema, the page of formats and
/// every test of formats read the entries; nothing else lists formats.
pub struct Format {
    /// The word that `--format` takes.
    pub name: &'static str,
    /// What it is and who reads it, in a few words.
    pub about: &'static str,
    /// What the name of a file of it ends with.
    pub extension: &'static str,
    /// IANA media type.
    pub media_type: &'static str,
    /// When findings are written.
    pub flow: Flow,
    /// What keeps numbers of patients out of it.
    pub masking: Masking,
    /// Makes its writer. Private, so that the one way to a writer is [`open`], where the last gate stands.
    writer: Make,
}

/// Makes the writer of a format.
type Make = for<'o> fn(&'o WriteOptions, Sink<'o>) -> io::Result<Box<dyn Writer + 'o>>;

/// Where a writer's bytes go.
pub(super) type Sink<'o> = Box<dyn Write + 'o>;

/// When a format writes its findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Each as it comes.
    Streaming,
    /// All at the end, since they are sorted, grouped or counted before.
    Whole,
}

impl Flow {
    /// Its words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Streaming => "as they come",
            Self::Whole => "at the end",
        }
    }
}

/// What keeps numbers of patients out of masked output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Masking {
    /// Lines of text pass the last gate.
    Gate,
    /// It is compressed, so that no gate could read it: the writer scrubs every cell.
    Cells,
}

/// Every format, in the order that help lists them.
pub static FORMATS: [Format; 14] = [
    Format {
        name: "text",
        about: "code frames for people, each defect once",
        extension: "txt",
        media_type: "text/plain",
        flow: Flow::Whole,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(text::Text::new(options, out))),
    },
    Format {
        name: "compact",
        about: "one line a finding, as compilers write them",
        extension: "txt",
        media_type: "text/plain",
        flow: Flow::Streaming,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(compact::Compact::new(options, out))),
    },
    Format {
        name: "json",
        about: "one JSON document",
        extension: "json",
        media_type: "application/json",
        flow: Flow::Streaming,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(json::Json::new(options, out)?)),
    },
    Format {
        name: "ndjson",
        about: "one JSON object a line: the lossless master of all formats",
        extension: "ndjson",
        media_type: "application/x-ndjson",
        flow: Flow::Streaming,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(json::Ndjson::new(options, out))),
    },
    Format {
        name: "sarif",
        about: "SARIF 2.1.0, for code scanning",
        extension: "sarif",
        media_type: "application/sarif+json",
        flow: Flow::Whole,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(sarif::Sarif::new(options, out))),
    },
    Format {
        name: "junit",
        about: "JUnit XML, a test case for each payload, or with --junit by-rule for each rule and profile",
        extension: "xml",
        media_type: "application/xml",
        flow: Flow::Whole,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(junit::Junit::new(options, out))),
    },
    Format {
        name: "github",
        about: "annotations of GitHub workflows",
        extension: "txt",
        media_type: "text/plain",
        flow: Flow::Whole,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(github::Github::new(options, out))),
    },
    Format {
        name: "gitlab",
        about: "GitLab code quality",
        extension: "json",
        media_type: "application/json",
        flow: Flow::Streaming,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(gitlab::Gitlab::new(options, out)?)),
    },
    Format {
        name: "azure",
        about: "logging commands of Azure pipelines",
        extension: "txt",
        media_type: "text/plain",
        flow: Flow::Streaming,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(azure::Azure::new(options, out))),
    },
    Format {
        name: "checkstyle",
        about: "Checkstyle XML, which most tools read",
        extension: "xml",
        media_type: "application/xml",
        flow: Flow::Streaming,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(checkstyle::Checkstyle::new(options, out)?)),
    },
    Format {
        name: "operation-outcome",
        about: "FHIR OperationOutcome, one for each source",
        extension: "json",
        media_type: "application/fhir+json",
        flow: Flow::Whole,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(operation_outcome::Outcomes::new(options, out))),
    },
    Format {
        name: "csv",
        about: "a row for each finding (RFC 4180, with a byte order mark)",
        extension: "csv",
        media_type: "text/csv",
        flow: Flow::Streaming,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(csv::Csv::new(options, out)?)),
    },
    Format {
        name: "xlsx",
        about: "a workbook: summary, findings, what was not assessed, rules",
        extension: "xlsx",
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        flow: Flow::Whole,
        masking: Masking::Cells,
        writer: |options, out| Ok(Box::new(xlsx::Xlsx::new(options, out))),
    },
    Format {
        name: "markdown",
        about: "a comment for a pull request or a step summary",
        extension: "md",
        media_type: "text/markdown",
        flow: Flow::Whole,
        masking: Masking::Gate,
        writer: |options, out| Ok(Box::new(markdown::Markdown::new(options, out))),
    },
];

impl Format {
    /// The format that text is written in unless another is asked for: code frames.
    pub const TEXT: &'static str = "text";

    /// The format of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|f| f.name == name)
    }
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Format({})", self.name)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

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
    /// Defects that the text format shows at most; `None` shows all.
    pub most: Option<usize>,
    /// The text format leaves out single findings.
    pub statistics: bool,
    /// The JUnit format has a test case for each rule and profile, not for each payload.
    pub junit_by_rule: bool,
    /// Where the documentation of rules is served, a page for each (`BASE/HM0105.html`); or empty.
    pub rule_pages: String,
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
            most: None,
            statistics: false,
            junit_by_rule: false,
            rule_pages: String::new(),
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

/// Opens a writer of `format` on `out`: the only way to one. Unless values may be shown the last gate stands between the
/// writer and `out`, for whatever a writer lets slip.
///
/// # Errors
/// What the output says when a head is written.
pub fn open<'o>(format: &Format, options: &'o WriteOptions, out: impl Write + 'o) -> io::Result<Box<dyn Writer + 'o>> {
    let sink: Sink<'o> = match (options.disclosure, format.masking) {
        (Disclosure::Masked, Masking::Gate) if format.media_type.contains("json") => Box::new(LeakGate::json(out)),
        (Disclosure::Masked, Masking::Gate) if options.colour => Box::new(LeakGate::coloured(out)),
        (Disclosure::Masked, Masking::Gate) => Box::new(LeakGate::new(out)),
        (Disclosure::Masked, Masking::Cells) | (Disclosure::Shown, _) => Box::new(out),
    };
    let writer = (format.writer)(options, sink)?;
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
pub fn write(format: &Format, outcome: &RunOutcome, options: &WriteOptions, out: impl Write) -> io::Result<()> {
    let mut writer = open(format, options, out)?;
    for finding in &outcome.findings {
        writer.finding(finding)?;
    }
    writer.close(outcome)
}
