//! NDJSON, the lossless master, and the same rows as one JSON document.

use std::io::{self, Write};

use serde_json::json;

use super::row::{Row, summary};
use super::{WriteOptions, Writer};
use crate::finding::Finding;
use crate::tally::RunOutcome;

/// One JSON object a line: findings, then `not-assessed`, then one `summary`.
pub(super) struct Ndjson<'o, W> {
    options: &'o WriteOptions,
    out: W,
}

impl<'o, W: Write> Ndjson<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, out: W) -> Self {
        Self { options, out }
    }
}

impl<W: Write> Writer for Ndjson<'_, W> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, &Row::new(finding))?;
        self.out.write_all(b"\n")
    }

    fn close(mut self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        for row in not_assessed(outcome) {
            serde_json::to_writer(&mut self.out, &row)?;
            self.out.write_all(b"\n")?;
        }
        serde_json::to_writer(&mut self.out, &summary(outcome, self.options))?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

/// `{"findings":[…],"notAssessed":[…],"summary":{…}}`.
pub(super) struct Json<'o, W> {
    options: &'o WriteOptions,
    out: W,
    first: bool,
}

impl<'o, W: Write> Json<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, mut out: W) -> io::Result<Self> {
        out.write_all(b"{\"findings\":[")?;
        Ok(Self { options, out, first: true })
    }
}

impl<W: Write> Writer for Json<'_, W> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        serde_json::to_writer(&mut self.out, &Row::new(finding)).map_err(io::Error::from)
    }

    fn close(mut self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        self.out.write_all(b"\n],\"notAssessed\":[")?;
        for (i, row) in not_assessed(outcome).enumerate() {
            self.out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut self.out, &row)?;
        }
        self.out.write_all(b"\n],\"summary\":")?;
        serde_json::to_writer(&mut self.out, &summary(outcome, self.options))?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

fn not_assessed(outcome: &RunOutcome) -> impl Iterator<Item = serde_json::Value> + '_ {
    outcome.not_assessed.iter().map(
        |(what, count)| json!({"type": "not-assessed", "what": what.what, "canonical": what.canonical, "count": count}),
    )
}
