//! GitLab code quality: an array of objects with a unique fingerprint and a line from 1.

use std::io::{self, Write};

use serde_json::json;

use super::row::{bracketed, hash, says_marked};
use super::{WriteOptions, Writer};
use crate::finding::{Finding, Severity};
use crate::tally::RunOutcome;

pub(super) struct Gitlab<'o, W> {
    options: &'o WriteOptions,
    out: W,
    first: bool,
}

impl<'o, W: Write> Gitlab<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, mut out: W) -> io::Result<Self> {
        out.write_all(b"[")?;
        Ok(Self { options, out, first: true })
    }
}

impl<W: Write> Writer for Gitlab<'_, W> {
    fn finding(&mut self, f: &Finding) -> io::Result<()> {
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        let severity = match f.severity {
            _ if !f.counts() => "info",
            Severity::Fatal => "blocker",
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Information => "info",
        };
        let path = self.options.relative(&f.source);
        serde_json::to_writer(
            &mut self.out,
            &json!({
                "description": format!("{} {}: {}{}", f.meta.id, f.meta.name, says_marked(f), bracketed(&f.path)),
                "check_name": f.meta.name,
                "fingerprint": hash(&[&path, &f.fingerprint]),
                "severity": severity,
                "location": {"path": path, "lines": {"begin": f.line.max(1), "end": f.end.0.max(f.line).max(1)}},
            }),
        )
        .map_err(io::Error::from)
    }

    fn close(mut self: Box<Self>, _outcome: &RunOutcome) -> io::Result<()> {
        self.out.write_all(b"\n]\n")?;
        self.out.flush()
    }
}
