//! Reads ECL as UK value sets have published it, faults included, and says what was made of it.

use super::ast::*;
use super::parse::Parser;
use super::{Ecl, EclError};
use crate::text::Span;

/// One fault that was repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Where.
    pub span: Span,
    /// What was made of it.
    pub kind: RepairKind,
}

/// Kinds of repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RepairKind {
    /// A term without its closing pipe.
    #[error("the term is not closed with a pipe; it was taken to end before the next operator or bracket")]
    UnclosedTerm,
    /// A term without pipes.
    #[error("a term without pipes was passed over")]
    BareTerm,
    /// Prose.
    #[error("text that is no ECL was passed over")]
    Prose,
    /// Two operands side by side.
    #[error("an operator is missing between two operands; OR was assumed")]
    MissingOr,
    /// An operator before the term of the operand it follows.
    #[error("OR stands between a concept and its term; it was taken to stand after the term or not at all")]
    MisplacedOperator,
    /// `&lt;` or `lt;`.
    #[error("the operator is HTML-escaped; it was read unescaped")]
    Escaped,
    /// No closing bracket.
    #[error("a bracket is not closed; it was closed at the end")]
    UnclosedBracket,
    /// A closing bracket too many.
    #[error("a closing bracket has no opening one; it was passed over")]
    StrayBracket,
    /// `< <`.
    #[error("the two signs of an operator stand apart; they were read as one")]
    SplitOperator,
    /// `A MINUS B MINUS C`.
    #[error("MINUS is chained without brackets; it was read from left to right")]
    ChainedMinus,
}

/// Parses strictly, and where that fails with repairs for the faults known from published UK value sets.
/// No repairs means the text is good ECL. Fails with the strict parser's error when the faults are others.
pub fn parse_tolerant(text: &str) -> Result<(Ecl, Vec<Repair>), EclError> {
    let strict = match Ecl::parse(text) {
        Ok(ecl) => return Ok((ecl, Vec::new())),
        Err(fault) => fault,
    };
    let mut parser = Parser::new(text, true);
    match parser.whole() {
        Ok(ecl) => Ok((ecl, parser.repairs)),
        Err(_) => Err(strict),
    }
}

impl Parser<'_> {
    /// At the end of the whole text.
    pub(super) fn drop_closing_brackets(&mut self) {
        let start = self.c.pos;
        loop {
            self.c.space();
            if !self.c.take(")") {
                break;
            }
        }
        if self.c.text.get(start..self.c.pos).is_some_and(|skipped| skipped.contains(')')) {
            self.repair(start, RepairKind::StrayBracket);
        }
    }

    /// `lt;` and its kin are rewritten to the operator they stand for; the cursor is put behind them.
    /// Only a run of escapes directly before an operand counts.
    pub(super) fn unescape_operator(&mut self) {
        let start = self.c.pos;
        let mut count = 0usize;
        let mut end = start;
        loop {
            let rest = self.c.text.get(end..).unwrap_or("");
            let bare = rest.strip_prefix('&').unwrap_or(rest);
            if !bare.starts_with("lt;") {
                break;
            }
            end += rest.len() - bare.len() + 3;
            count += 1;
        }
        if count == 0 || count > 2 {
            return;
        }
        self.escaped = Some(if count == 1 { Hierarchy::Descendants } else { Hierarchy::DescendantsOrSelf });
        self.c.pos = end;
        self.repair(start, RepairKind::Escaped);
    }

    /// Whether another operand follows although no operator does. Prose in brackets is passed over first.
    pub(super) fn missing_operator(&mut self) -> bool {
        let at = self.c.pos;
        if matches!(self.c.peek(), b'<' | b'>' | b'^' | b'(' | b'0'..=b'9') {
            self.repair(at, RepairKind::MissingOr);
            return true;
        }
        false
    }

    /// The term of a concept, closed or not, with or without pipes.
    pub(super) fn lenient_term(&mut self, before: usize) -> Option<Box<str>> {
        let start = self.c.pos;
        let mut term = None;
        if self.c.peek() == b'|' {
            let end = self.term_end(start + 1);
            term = self.c.text.get(start + 1..end).map(str::trim).filter(|t| !t.is_empty()).map(Into::into);
            if self.c.at(end) == b'|' {
                self.c.pos = end + 1;
            } else {
                self.c.pos = end;
                self.repair(start, RepairKind::UnclosedTerm);
            }
        } else if self.c.peek().is_ascii_alphabetic() && !self.keyword_at(start) {
            self.c.pos = self.term_end(start);
            self.repair(start, RepairKind::BareTerm);
        } else {
            self.c.pos = before;
        }
        self.pass_over_prose();
        term
    }

    /// `(prose)` and stray words after a term.
    fn pass_over_prose(&mut self) {
        let before = self.c.pos;
        self.c.space();
        let start = self.c.pos;
        if self.c.peek() == b'('
            && !self.bracket_is_ecl()
            && let Some(end) = self.c.after_bracket()
        {
            self.c.pos = end;
            self.repair(start, RepairKind::Prose);
            return;
        }
        self.c.pos = before;
    }

    fn bracket_is_ecl(&self) -> bool {
        let inside = self.c.text.get(self.c.pos + 1..).unwrap_or("").trim_start();
        let word: String =
            inside.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        word.is_empty() || word.ends_with("of") && word.len() > 2
    }

    /// Whether AND, OR or MINUS stands here with an operand, a pipe or an opening bracket after it.
    fn keyword_at(&self, pos: usize) -> bool {
        let rest = self.c.text.get(pos..).unwrap_or("");
        let end = rest.bytes().position(|b| !b.is_ascii_alphabetic()).unwrap_or(rest.len());
        if !["and", "or", "minus"].iter().any(|keyword| rest[..end].eq_ignore_ascii_case(keyword)) {
            return false;
        }
        let after = rest[end..].trim_start();
        after.starts_with(['<', '>', '^', '|', '*', '(', '&'])
            || after.starts_with("lt;")
            || starts_with_identifier(after)
            || starts_with_word(after)
    }

    /// Where a term that starts here ends: at its pipe, before an operator with an operand, before an operand, or
    /// before a closing bracket that it did not open.
    fn term_end(&self, start: usize) -> usize {
        let bytes = self.c.text.as_bytes();
        let mut open = 0u32;
        let mut pos = start;
        let mut boundary = true;
        while pos < bytes.len() {
            match bytes[pos] {
                b'|' => return pos,
                b'(' => open += 1,
                b')' if open == 0 => return pos,
                b')' => open -= 1,
                b'<' | b'^' => {
                    let rest = self.c.text.get(pos..).unwrap_or("");
                    if starts_with_identifier(rest.trim_start_matches(['<', '^', '!', ' '])) {
                        return pos;
                    }
                }
                _ if boundary && open == 0 => {
                    let rest = self.c.text.get(pos..).unwrap_or("");
                    if self.keyword_at(pos) || starts_with_identifier(rest) {
                        return pos;
                    }
                }
                _ => {}
            }
            boundary = !bytes[pos].is_ascii_alphanumeric();
            pos += 1;
        }
        pos
    }
}

fn starts_with_identifier(text: &str) -> bool {
    text.bytes().take_while(u8::is_ascii_digit).count() >= 6
}

/// A long-form operator.
fn starts_with_word(text: &str) -> bool {
    let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    ["descendantof", "descendantorselfof", "memberof", "childof", "childorselfof"].contains(&word.as_str())
}
