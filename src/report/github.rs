//! GitHub workflow commands, most severe first and within the ten of each kind that a step shows.

use std::io::{self, Write};

use super::row::{bracketed, counted, says_marked, sentence};
use super::{WriteOptions, Writer};
use crate::finding::{Finding, Severity};
use crate::tally::RunOutcome;

/// A step shows ten annotations of each kind; one is kept for what did not fit.
const CAP: usize = 10;

pub(super) struct Github<'o, W> {
    options: &'o WriteOptions,
    out: W,
    kinds: [Kind; 3],
}

#[derive(Default)]
struct Kind {
    count: u64,
    lines: Vec<(Severity, String)>,
}

const NAMES: [&str; 3] = ["error", "warning", "notice"];

impl<'o, W: Write> Github<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, out: W) -> Self {
        Self { options, out, kinds: Default::default() }
    }
}

impl<W: Write> Writer for Github<'_, W> {
    fn finding(&mut self, f: &Finding) -> io::Result<()> {
        let at = match f.severity {
            _ if !f.counts() => 2,
            Severity::Fatal | Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Information => 2,
        };
        let kind = &mut self.kinds[at];
        kind.count += 1;
        // A fatal finding that comes late still gets its place.
        if kind.lines.len() >= CAP {
            match kind.lines.iter().rposition(|(severity, _)| *severity > f.severity) {
                Some(less) => kind.lines.remove(less),
                None => return Ok(()),
            };
        }
        let line = format!(
            "::{} file={},line={},endLine={},col={},title={}::{}",
            NAMES[at],
            property(&self.options.relative(&f.source)),
            f.line,
            f.end.0.max(f.line),
            f.column,
            property(&format!("{} {}", f.meta.id, f.meta.name)),
            data(&format!("{}{}\n{}", says_marked(f), bracketed(&f.path), f.meta.remedy))
        );
        kind.lines.push((f.severity, line));
        Ok(())
    }

    fn close(mut self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        for (kind, name) in self.kinds.iter_mut().zip(NAMES) {
            kind.lines.sort_by_key(|(severity, _)| *severity);
            if kind.count as usize > CAP {
                kind.lines.truncate(CAP - 1);
                let more = kind.count - kind.lines.len() as u64;
                let text =
                    format!("and {} that do not fit here; see the step summary or SARIF", counted(more, "finding"));
                kind.lines.push((Severity::Information, format!("::{name} title=hallmark::{}", data(&text))));
            }
            for (_, line) in &kind.lines {
                writeln!(self.out, "{line}")?;
            }
        }
        writeln!(self.out, "{}", sentence(outcome, self.options.new_only))?;
        self.out.flush()
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn more_than_ten_end_in_a_count() {
        let outcome = sample::repeated(25);
        let options = WriteOptions::default();
        let mut out = Vec::new();
        super::super::write(super::super::Format::named("github").unwrap(), &outcome, &options, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().filter(|l| l.starts_with("::error ")).count(), 10);
        assert!(text.contains("and 16 findings that do not fit"), "{text}");
    }
}
