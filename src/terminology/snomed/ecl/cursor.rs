//! Reads a text byte by byte for the parsers: white space, comments, words, identifiers, terms and strings.

use super::EclError;
use crate::text::Span;

/// Deepest nesting of brackets that is parsed.
pub(in crate::terminology::snomed) const DEPTH: u32 = 100;

/// A place in a text.
pub(in crate::terminology::snomed) struct Cursor<'t> {
    pub(in crate::terminology::snomed) text: &'t str,
    pub(in crate::terminology::snomed) pos: usize,
    pub(in crate::terminology::snomed) depth: u32,
}

impl<'t> Cursor<'t> {
    pub(in crate::terminology::snomed) fn new(text: &'t str) -> Self {
        Self { text, pos: 0, depth: 0 }
    }

    pub(in crate::terminology::snomed) fn peek(&self) -> u8 {
        self.at(self.pos)
    }

    /// The byte at a place, 0 past the end.
    pub(in crate::terminology::snomed) fn at(&self, pos: usize) -> u8 {
        self.text.as_bytes().get(pos).copied().unwrap_or(0)
    }

    pub(in crate::terminology::snomed) fn rest(&self) -> &'t str {
        self.text.get(self.pos..).unwrap_or("")
    }

    pub(in crate::terminology::snomed) fn at_end(&self) -> bool {
        self.pos >= self.text.len()
    }

    pub(in crate::terminology::snomed) fn span(&self, start: usize) -> Span {
        Span::new(start as u32, self.pos as u32)
    }

    pub(in crate::terminology::snomed) fn fault<T>(&self, expected: &'static str) -> Result<T, EclError> {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        Err(EclError { span: Span::new(self.pos as u32, (self.pos + length) as u32), expected })
    }

    /// Skips white space and `/* */`. A comment without an end is left where it is, to be reported there.
    pub(in crate::terminology::snomed) fn space(&mut self) {
        loop {
            match self.peek() {
                b' ' | b'\t' | b'\r' | b'\n' => self.pos += 1,
                b'/' if self.at(self.pos + 1) == b'*' => match self.rest().get(2..).and_then(|r| r.find("*/")) {
                    Some(end) => self.pos += end + 4,
                    None => return,
                },
                _ => return,
            }
        }
    }

    /// Whether white space or a comment is next.
    pub(in crate::terminology::snomed) fn is_space(&self) -> bool {
        matches!(self.peek(), b' ' | b'\t' | b'\r' | b'\n') || self.rest().starts_with("/*")
    }

    /// Takes `literal` when it is next.
    pub(in crate::terminology::snomed) fn take(&mut self, literal: &str) -> bool {
        let there = self.rest().starts_with(literal);
        if there {
            self.pos += literal.len();
        }
        there
    }

    pub(in crate::terminology::snomed) fn need(
        &mut self,
        literal: &str,
        expected: &'static str,
    ) -> Result<(), EclError> {
        if self.take(literal) { Ok(()) } else { self.fault(expected) }
    }

    /// The run of letters that is next, which may be empty.
    pub(in crate::terminology::snomed) fn word(&self) -> &'t str {
        let rest = self.rest();
        let end = rest.bytes().position(|b| !b.is_ascii_alphabetic()).unwrap_or(rest.len());
        &rest[..end]
    }

    /// Takes a keyword in any case, when it is the whole next word.
    pub(in crate::terminology::snomed) fn keyword(&mut self, keyword: &str) -> bool {
        let word = self.word();
        let there = word.eq_ignore_ascii_case(keyword);
        if there {
            self.pos += word.len();
        }
        there
    }

    /// Takes a run of digits.
    pub(in crate::terminology::snomed) fn digits(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
        self.pos += end;
        &rest[..end]
    }

    /// Takes an identifier: 6 to 18 digits, no zero in front. The check digit is not looked at here.
    pub(in crate::terminology::snomed) fn identifier(&mut self) -> Result<u64, EclError> {
        let start = self.pos;
        let digits = self.digits();
        let id = digits.parse::<u64>().ok().filter(|_| (6..=18).contains(&digits.len()) && !digits.starts_with('0'));
        match id {
            Some(id) => Ok(id),
            None => Err(EclError {
                span: Span::new(start as u32, self.pos.max(start + 1) as u32),
                expected: "an identifier of 6 to 18 digits",
            }),
        }
    }

    /// Takes `|term|` when a pipe is next.
    pub(in crate::terminology::snomed) fn term(&mut self) -> Result<Option<Box<str>>, EclError> {
        if self.peek() != b'|' {
            return Ok(None);
        }
        let start = self.pos;
        match self.rest().get(1..).and_then(|rest| rest.split_once('|')) {
            Some((term, _)) if !term.trim().is_empty() => {
                self.pos += term.len() + 2;
                Ok(Some(term.trim().into()))
            }
            Some(_) => self.fault("a term between the pipes"),
            None => Err(EclError {
                span: Span::new(start as u32, self.text.len() as u32),
                expected: "a pipe to close the term",
            }),
        }
    }

    /// Takes a string in double quotes; a backslash escapes a quote or a backslash.
    pub(in crate::terminology::snomed) fn string(&mut self) -> Result<Box<str>, EclError> {
        let start = self.pos;
        self.need("\"", "a string in double quotes")?;
        let mut out = String::new();
        let mut escaped = false;
        for c in self.rest().chars() {
            self.pos += c.len_utf8();
            match c {
                '"' if !escaped => return Ok(out.into()),
                '\\' if !escaped => escaped = true,
                '"' | '\\' => {
                    out.push(c);
                    escaped = false;
                }
                _ => {
                    if escaped {
                        out.push('\\');
                        escaped = false;
                    }
                    out.push(c);
                }
            }
        }
        Err(EclError {
            span: Span::new(start as u32, self.text.len() as u32),
            expected: "a double quote to close the string",
        })
    }

    /// Takes the digits of a number: sign, digits, fraction.
    pub(in crate::terminology::snomed) fn number(&mut self) -> Result<Box<str>, EclError> {
        let start = self.pos;
        if matches!(self.peek(), b'+' | b'-') {
            self.pos += 1;
        }
        let whole = self.digits();
        if whole.is_empty() {
            return self.fault("a number");
        }
        if whole.len() > 1 && whole.starts_with('0') {
            self.pos = start;
            return self.fault("a number without zeros in front");
        }
        if self.peek() == b'.' && self.at(self.pos + 1).is_ascii_digit() {
            self.pos += 1;
            self.digits();
        }
        Ok(self.text[start..self.pos].into())
    }

    /// One level of brackets deeper.
    pub(in crate::terminology::snomed) fn descend(&mut self) -> Result<(), EclError> {
        self.depth += 1;
        if self.depth > DEPTH { self.fault("fewer nested brackets: at most 100") } else { Ok(()) }
    }

    /// From an opening bracket, the place after its partner; terms, strings and comments are skipped.
    pub(in crate::terminology::snomed) fn after_bracket(&self) -> Option<usize> {
        let mut inner = Cursor { text: self.text, pos: self.pos, depth: 0 };
        let mut open = 0u32;
        while !inner.at_end() {
            inner.space();
            match inner.peek() {
                b'(' => open += 1,
                b')' => {
                    open = open.checked_sub(1)?;
                    if open == 0 {
                        return Some(inner.pos + 1);
                    }
                }
                b'|' => inner.pos += inner.rest().get(1..)?.find('|')? + 1,
                b'"' => {
                    inner.string().ok()?;
                    continue;
                }
                _ => {}
            }
            inner.pos += inner.rest().chars().next().map_or(1, char::len_utf8);
        }
        None
    }
}
