//! CSV: one row a finding, columns as in NDJSON.

use std::io::{self, Write};

use super::row::says;
use super::sheet::{BYTE_ORDER_MARK, row};
use super::{WriteOptions, Writer};
use crate::finding::Finding;
use crate::tally::RunOutcome;

/// Column heads, shared with the workbook.
pub(super) const HEADS: [&str; 15] = [
    "rule",
    "name",
    "severity",
    "source",
    "payload",
    "line",
    "column",
    "path",
    "profile",
    "element",
    "origin",
    "says",
    "fingerprint",
    "waived",
    "shadow",
];

pub(super) struct Csv<'o, W> {
    options: &'o WriteOptions,
    out: W,
}

impl<'o, W: Write> Csv<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, mut out: W) -> io::Result<Self> {
        out.write_all(BYTE_ORDER_MARK)?;
        row(&mut out, &HEADS)?;
        Ok(Self { options, out })
    }
}

impl<W: Write> Writer for Csv<'_, W> {
    fn finding(&mut self, f: &Finding) -> io::Result<()> {
        row(
            &mut self.out,
            &[
                f.meta.id,
                f.meta.name,
                f.severity.as_str(),
                &self.options.relative(&f.source),
                &f.payload.to_string(),
                &f.line.to_string(),
                &f.column.to_string(),
                &f.path,
                &f.profile,
                &f.element,
                f.origin.as_str(),
                &says(f),
                &f.fingerprint,
                f.waived.as_deref().unwrap_or_default(),
                if f.shadow { "true" } else { "" },
            ],
        )
    }

    fn close(mut self: Box<Self>, _outcome: &RunOutcome) -> io::Result<()> {
        self.out.flush()
    }
}
