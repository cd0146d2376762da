//! The last gate: no text that looks like an NHS number leaves in masked output, wherever it came from.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::text::digits::modulus_11_fits;

/// Sits before an output stream and scrubs every line. Text only: a workbook scrubs its cells itself.
pub struct LeakGate<W: Write> {
    out: W,
    line: Vec<u8>,
}

/// A line is let through in parts of about this size, so that memory stays bounded.
const PART: usize = 1 << 20;

impl<W: Write> LeakGate<W> {
    /// A gate before `out`. Call `flush` at the end.
    pub fn new(out: W) -> Self {
        Self { out, line: Vec::new() }
    }

    /// Lets the last line through and gives the stream back.
    ///
    /// # Errors
    /// What the stream says.
    pub fn finish(mut self) -> io::Result<W> {
        self.pass()?;
        Ok(self.out)
    }

    fn pass(&mut self) -> io::Result<()> {
        match std::str::from_utf8(&self.line) {
            Ok(text) => self.out.write_all(scrub(text).as_bytes())?,
            Err(_) => self.out.write_all(&self.line)?,
        }
        self.line.clear();
        Ok(())
    }
}

impl<W: Write> Write for LeakGate<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|b| *b == b'\n') {
            self.line.extend_from_slice(part);
            // A long line is cut after a quote, which is never inside a number.
            if part.ends_with(b"\n") || (self.line.len() > PART && part.contains(&b'"')) {
                let keep = match self.line.last() {
                    Some(b'\n') => Vec::new(),
                    _ => match self.line.iter().rposition(|b| *b == b'"') {
                        Some(at) => self.line.split_off(at + 1),
                        None => Vec::new(),
                    },
                };
                self.pass()?;
                self.line = keep;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass()?;
        self.out.flush()
    }
}

/// Replaces the digits of every NHS-number-shaped run (ten digits, also as 3-3-4, check digit right) by `#`.
/// Digits that belong to a longer word, such as a digest, are left alone. What JSON, URIs and logging commands escape is
/// no letter of a word: a number may follow it, and an escaped space may stand inside one.
pub fn scrub(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out: Option<Vec<u8>> = None;
    let mut at = 0;
    // Where the last escape ended.
    let mut escaped = 0;
    while at < bytes.len() {
        if let Some(length) = escape(&bytes[at..]) {
            at += length;
            escaped = at;
            continue;
        }
        if !bytes[at].is_ascii_digit() || (at > escaped && is_word(bytes[at - 1])) {
            at += 1;
            continue;
        }
        let (digits, end) = run(bytes, at);
        if let Some(digits) = digits
            && !bytes.get(end).copied().is_some_and(is_word)
            && modulus_11_fits(&digits)
        {
            let out = out.get_or_insert_with(|| bytes.to_vec());
            let mut i = at;
            while i < end {
                let separator = separator(&bytes[i..]);
                if separator == 0 {
                    out[i] = b'#';
                }
                i += separator.max(1);
            }
        }
        at = end.max(at + 1);
    }
    match out.map(String::from_utf8) {
        Some(Ok(text)) => text.into(),
        _ => text.into(),
    }
}

/// Length of the escape at the start: `%20`, `%AZP25`, `\n`, `\u00a0`.
fn escape(bytes: &[u8]) -> Option<usize> {
    let hex = |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|h| h.iter().all(u8::is_ascii_hexdigit));
    match bytes {
        [b'%', b'A', b'Z', b'P', b'2', b'5', ..] => Some(6),
        [b'%', ..] if hex(1..3) => Some(3),
        [b'\\', b'u', ..] if hex(2..6) => Some(6),
        [b'\\', b'b' | b'f' | b'n' | b'r' | b't', ..] => Some(2),
        _ => None,
    }
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b >= 0x80
}

/// Length of what may stand between the parts of a number: a space, a no-break space, a hyphen; or 0.
fn separator(bytes: &[u8]) -> usize {
    match bytes {
        [b' ' | b'-', ..] => 1,
        [0xC2, 0xA0, ..] => 2,
        [b'%', b'2', b'0', ..] => 3,
        _ => 0,
    }
}

/// Ten digits from `at`, written together or as 3-3-4 with one separator between; and where the run ends.
fn run(bytes: &[u8], at: usize) -> (Option<[u8; 10]>, usize) {
    let mut digits = [0; 10];
    let mut n = 0;
    let mut i = at;
    while n < 10 {
        match bytes.get(i) {
            Some(b) if b.is_ascii_digit() => {
                digits[n] = b - b'0';
                n += 1;
                i += 1;
            }
            Some(_) if n == 3 || n == 6 => {
                let length = separator(&bytes[i..]);
                if length == 0 || !bytes.get(i + length).is_some_and(u8::is_ascii_digit) {
                    return (None, i);
                }
                i += length;
            }
            _ => return (None, i),
        }
    }
    (Some(digits), i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_pass_the_check_are_hidden() {
        for (text, expected) in [
            ("Patient/9990000018 x", "Patient/########## x"),
            ("999 000 0018", "### ### ####"),
            ("999-000-0018.", "###-###-####."),
            ("9990000019", "9990000019"),
            ("19990000018", "19990000018"),
            ("sha256:a9990000018", "sha256:a9990000018"),
            ("99900000181", "99900000181"),
            ("2026-11-21 12:00", "2026-11-21 12:00"),
            ("a%209990000018.json", "a%20##########.json"),
            ("999%20000%200018", "###%20###%20####"),
            ("%3A9990000018", "%3A##########"),
            ("%AZP259990000018", "%AZP25##########"),
            (r"line\n9990000018", r"line\n##########"),
            (r"\u00e99990000018", r"\u00e9##########"),
            ("999\u{a0}000\u{a0}0018", "###\u{a0}###\u{a0}####"),
        ] {
            assert_eq!(scrub(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_split_between_writes_are_hidden() {
        let mut out = Vec::new();
        {
            let mut gate = LeakGate::new(&mut out);
            gate.write_all(b"a \"99900").unwrap();
            gate.write_all(b"00018\" b\nnext 99900000").unwrap();
            gate.write_all(b"18").unwrap();
            gate.flush().unwrap();
        }
        assert_eq!(String::from_utf8(out).unwrap(), "a \"##########\" b\nnext ##########");
    }
}
