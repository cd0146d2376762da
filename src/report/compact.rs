//! One line a finding: `source:line:column: severity HM0421 name: says [path]`.

use std::io::{self, Write};

use super::row::{bracketed, says_marked, sentence};
use super::{WriteOptions, Writer};
use crate::finding::Finding;
use crate::tally::RunOutcome;

pub(super) struct Compact<'o, W> {
    options: &'o WriteOptions,
    out: W,
}

impl<'o, W: Write> Compact<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, out: W) -> Self {
        Self { options, out }
    }
}

impl<W: Write> Writer for Compact<'_, W> {
    fn finding(&mut self, f: &Finding) -> io::Result<()> {
        let source = self.options.relative(&f.source);
        writeln!(
            self.out,
            "{source}:{}:{}: {} {} {}: {}{}",
            f.line,
            f.column,
            f.severity,
            f.meta.id,
            f.meta.name,
            says_marked(f),
            bracketed(&f.path)
        )
    }

    fn close(mut self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        writeln!(self.out, "{}", sentence(outcome, self.options.new_only))?;
        self.out.flush()
    }
}
