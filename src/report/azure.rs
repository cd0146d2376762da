//! Logging commands of Azure pipelines, which know two severities.

use std::io::{self, Write};

use super::row::{bracketed, says_marked, sentence};
use super::{WriteOptions, Writer};
use crate::finding::{Finding, Severity};
use crate::tally::RunOutcome;

pub(super) struct Azure<'o, W> {
    options: &'o WriteOptions,
    out: W,
}

impl<'o, W: Write> Azure<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, out: W) -> Self {
        Self { options, out }
    }
}

impl<W: Write> Writer for Azure<'_, W> {
    fn finding(&mut self, f: &Finding) -> io::Result<()> {
        let kind = if f.counts() && f.severity.reaches(Severity::Error) { "error" } else { "warning" };
        writeln!(
            self.out,
            "##vso[task.logissue type={kind};sourcepath={};linenumber={};columnnumber={};code={};]{}: {}{}",
            property(&self.options.relative(&f.source)),
            f.line,
            f.column,
            f.meta.id,
            f.severity,
            data(&says_marked(f)),
            data(&bracketed(&f.path))
        )
    }

    fn close(mut self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        writeln!(self.out, "{}", sentence(outcome, self.options.new_only))?;
        self.out.flush()
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(']', "%5D").replace(';', "%3B")
}
