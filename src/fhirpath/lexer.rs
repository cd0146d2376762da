//! Text of an expression into tokens, each with its span.

use super::error::SyntaxError;
use crate::text::Span;

/// What a token is; its text is the span of the source.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// An identifier; quoted with backticks it is never a keyword.
    Name {
        /// Its text without backticks.
        text: String,
        /// Whether it stood in backticks.
        quoted: bool,
    },
    /// A string, unescaped.
    String(String),
    /// Digits without a point.
    Integer,
    /// Digits with `L` behind them.
    Long,
    /// Digits with a point.
    Decimal,
    /// `@2015-02`.
    Date,
    /// `@2015-02T`, `@2015-02-04T14:34+01:00`.
    DateTime,
    /// `@T14:34`.
    Time,
    /// `%name`; the name may be quoted.
    External(String),
    /// `$this`, `$index`, `$total`.
    Dollar,
    /// An operator or a bracket.
    Symbol(&'static str),
    /// The end.
    End,
}

/// A token with its place.
#[derive(Clone, Debug)]
pub struct Lexeme {
    /// What it is.
    pub token: Token,
    /// Where it stands in the expression.
    pub span: Span,
}

/// Longest expression taken, in bytes.
pub const LONGEST: usize = 64 * 1024;

const SYMBOLS: [&str; 22] =
    ["!=", "!~", "<=", ">=", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "&", "|", "=", "~", "<", ">"];

struct Scan<'s> {
    text: &'s str,
    at: usize,
    strict: bool,
}

/// Splits an expression. `strict` refuses unknown escapes in strings; otherwise they stand for themselves, which is
/// what published patterns such as `'\d+'` mean.
///
/// # Errors
/// A character that starts no token, an unfinished string, comment or name, a bad escape, or too long a text.
pub fn lex(text: &str, strict: bool) -> Result<Vec<Lexeme>, SyntaxError> {
    if text.len() > LONGEST {
        return Err(SyntaxError::new("the expression is too long", Span::new(0, 0)));
    }
    let mut scan = Scan { text, at: 0, strict };
    let mut out = Vec::new();
    loop {
        scan.blank()?;
        let start = scan.at;
        let token = scan.token()?;
        let end = token == Token::End;
        out.push(Lexeme { token, span: Span::new(start as u32, scan.at as u32) });
        if end {
            return Ok(out);
        }
    }
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn fail(&self, start: usize, says: impl Into<String>) -> SyntaxError {
        let mut end = (start + 1).max(self.at).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        SyntaxError::new(says, Span::new(start.min(end) as u32, end as u32))
    }

    fn blank(&mut self) -> Result<(), SyntaxError> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let start = self.at;
            if self.rest().starts_with("//") {
                self.at += self.rest().find(['\n', '\r']).unwrap_or(self.rest().len());
            } else if self.rest().starts_with("/*") {
                match self.rest().find("*/") {
                    Some(end) => self.at += end + 2,
                    None => {
                        self.at = self.text.len();
                        return Err(self.fail(start, "the comment is not finished"));
                    }
                }
            } else {
                return Ok(());
            }
        }
    }

    fn token(&mut self) -> Result<Token, SyntaxError> {
        let start = self.at;
        match self.peek(0) {
            0 if start >= self.text.len() => Ok(Token::End),
            b'\'' | b'"' => Ok(Token::String(self.quoted(self.peek(0))?)),
            b'`' => Ok(Token::Name { text: self.quoted(b'`')?, quoted: true }),
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => Ok(Token::Name { text: self.word().to_owned(), quoted: false }),
            b'0'..=b'9' => Ok(self.number()),
            b'@' => self.temporal(),
            b'%' => self.external(),
            b'$' => {
                self.at += 1;
                match self.word() {
                    "this" | "index" | "total" => Ok(Token::Dollar),
                    _ => Err(self.fail(start, "only $this, $index and $total are known")),
                }
            }
            _ => match SYMBOLS.into_iter().find(|s| self.rest().starts_with(s)) {
                Some(symbol) => {
                    self.at += symbol.len();
                    Ok(Token::Symbol(symbol))
                }
                None => Err(self.fail(start, "this character starts nothing")),
            },
        }
    }

    fn word(&mut self) -> &str {
        let start = self.at;
        while self.peek(0).is_ascii_alphanumeric() || self.peek(0) == b'_' {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek(0).is_ascii_digit() {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Token {
        self.digits();
        if self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
            self.at += 1;
            self.digits();
            return Token::Decimal;
        }
        if self.peek(0) == b'L' && !(self.peek(1).is_ascii_alphanumeric() || self.peek(1) == b'_') {
            self.at += 1;
            return Token::Long;
        }
        Token::Integer
    }

    fn exactly(&mut self, count: usize, start: usize) -> Result<(), SyntaxError> {
        if self.digits() == count { Ok(()) } else { Err(self.fail(start, "this date or time has a bad form")) }
    }

    fn temporal(&mut self) -> Result<Token, SyntaxError> {
        let start = self.at;
        self.at += 1;
        if self.peek(0) == b'T' {
            self.at += 1;
            self.clock(start)?;
            return Ok(Token::Time);
        }
        self.exactly(4, start)?;
        for _ in 0..2 {
            if self.peek(0) != b'-' || !self.peek(1).is_ascii_digit() {
                break;
            }
            self.at += 1;
            self.exactly(2, start)?;
        }
        if self.peek(0) != b'T' {
            return Ok(Token::Date);
        }
        self.at += 1;
        if self.peek(0).is_ascii_digit() {
            self.clock(start)?;
        }
        if self.peek(0) == b'Z' {
            self.at += 1;
        } else if matches!(self.peek(0), b'+' | b'-') && self.zone() {
            self.at += 6;
        }
        Ok(Token::DateTime)
    }

    fn zone(&self) -> bool {
        let digit = |n: usize| self.peek(n).is_ascii_digit();
        digit(1) && digit(2) && self.peek(3) == b':' && digit(4) && digit(5)
    }

    fn clock(&mut self, start: usize) -> Result<(), SyntaxError> {
        self.exactly(2, start)?;
        for _ in 0..2 {
            if self.peek(0) != b':' {
                return Ok(());
            }
            self.at += 1;
            self.exactly(2, start)?;
        }
        if self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
            self.at += 1;
            self.digits();
        }
        Ok(())
    }

    fn external(&mut self) -> Result<Token, SyntaxError> {
        let start = self.at;
        self.at += 1;
        match self.peek(0) {
            b'`' | b'\'' => Ok(Token::External(self.quoted(self.peek(0))?)),
            _ => {
                let from = self.at;
                self.word();
                // Published expressions write `%vs-name` and `%ext-name` without quotes.
                if matches!(&self.text[from..self.at], "vs" | "ext") {
                    while self.peek(0) == b'-' && self.peek(1).is_ascii_alphanumeric() {
                        self.at += 1;
                        self.word();
                    }
                }
                let name = self.text[from..self.at].to_owned();
                if name.is_empty() {
                    return Err(self.fail(start, "a name must follow %"));
                }
                Ok(Token::External(name))
            }
        }
    }

    fn quoted(&mut self, mark: u8) -> Result<String, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let Some(c) = self.rest().chars().next() else {
                return Err(self.fail(start, "the closing quote is missing"));
            };
            let at = self.at;
            self.at += c.len_utf8();
            if c == char::from(mark) {
                return Ok(out);
            }
            if c != '\\' {
                out.push(c);
                continue;
            }
            let Some(escaped) = self.rest().chars().next() else {
                return Err(self.fail(start, "the closing quote is missing"));
            };
            self.at += escaped.len_utf8();
            match escaped {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                'f' => out.push('\u{c}'),
                '\\' | '/' | '\'' | '"' | '`' => out.push(escaped),
                'u' => out.push(self.unicode(at)?),
                _ if self.strict => return Err(self.fail(at, "this escape is unknown")),
                other => out.extend(['\\', other]),
            }
        }
    }

    fn four(&mut self) -> Option<u32> {
        let code = u32::from_str_radix(self.rest().get(..4)?, 16).ok()?;
        self.at += 4;
        Some(code)
    }

    fn unicode(&mut self, start: usize) -> Result<char, SyntaxError> {
        let bad = "\\u takes four hexadecimal digits of a character";
        let high = self.four().ok_or_else(|| self.fail(start, bad))?;
        if (0xd800..0xdc00).contains(&high) && self.rest().starts_with("\\u") {
            self.at += 2;
            let low = self.four().filter(|l| (0xdc00..0xe000).contains(l)).ok_or_else(|| self.fail(start, bad))?;
            let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            return char::from_u32(code).ok_or_else(|| self.fail(start, bad));
        }
        char::from_u32(high).ok_or_else(|| self.fail(start, bad))
    }
}
