//! Markdown for a pull request comment or a step summary: one defect a row, within one mebibyte.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::groups::Groups;
use super::row::{place, says_marked, sentence, thousands};
use super::{WriteOptions, Writer};
use crate::finding::Finding;
use crate::tally::RunOutcome;

/// A step summary may hold one mebibyte; some is kept for the head and the end.
const CAP: usize = (1 << 20) - 4096;

pub(super) struct Markdown<'o, W> {
    options: &'o WriteOptions,
    out: W,
    groups: Groups,
}

impl<'o, W: Write> Markdown<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, out: W) -> Self {
        Self { options, out, groups: Groups::default() }
    }
}

impl<W: Write> Writer for Markdown<'_, W> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.groups.add(finding);
        Ok(())
    }

    fn close(mut self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        let groups = std::mem::take(&mut self.groups).by_weight();
        let given = outcome.summary.payloads.given;
        let mut text = format!("## hallmark\n\n{}\n", sentence(outcome, self.options.new_only));
        let mut left_out = (0u64, 0u64);
        if !groups.is_empty() {
            text.push_str("\n| severity | rule | what | where | findings | payloads | first seen |\n");
            text.push_str("|---|---|---|---|--:|--:|---|\n");
        }
        for group in &groups {
            let f = &group.examples[0];
            if text.len() > CAP {
                left_out.0 += 1;
                left_out.1 += group.count;
                continue;
            }
            let _ = writeln!(
                text,
                "| {} | {} {} | {} | `{}` | {} | {} of {} | {}:{}:{} |",
                match (f.shadow, &f.waived) {
                    (true, _) => "shadow",
                    (false, Some(_)) => "waived",
                    (false, None) => f.severity.as_str(),
                },
                f.meta.id,
                f.meta.name,
                cell(&says_marked(f)),
                code(&place(&f.path)),
                thousands(group.count),
                thousands(group.payloads),
                thousands(given),
                cell(&self.options.relative(&f.source)),
                f.line,
                f.column,
            );
        }
        if left_out.0 > 0 {
            let _ = writeln!(
                text,
                "\n{} more defects with {} findings do not fit here.",
                thousands(left_out.0),
                thousands(left_out.1)
            );
        }
        if !outcome.not_assessed.is_empty() {
            text.push_str("\n**Not assessed**\n\n| what | which | times |\n|---|---|--:|\n");
            for (what, count) in outcome.not_assessed.iter().take(200) {
                let _ = writeln!(text, "| {} | `{}` | {} |", what.what, code(&what.canonical), thousands(*count));
            }
            if outcome.not_assessed.len() > 200 {
                let _ = writeln!(text, "\nand {} more kinds.", outcome.not_assessed.len() - 200);
            }
        }
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

/// Text inside a table cell.
pub(super) fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Text inside a code span inside a table cell.
fn code(text: &str) -> String {
    text.replace('|', "\\|").replace('`', "'").replace(['\n', '\r'], " ")
}
