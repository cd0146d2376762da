//! The last gate: no text that looks like an NHS number leaves in masked output, wherever it came from.

use std::io::{self, Write};

use crate::text::scrub::{clean, scrub};

/// Sits before an output stream and cleans every line. Text only: a workbook cleans its cells itself.
pub struct LeakGate<W: Write> {
    out: W,
    line: Vec<u8>,
    kind: Kind,
    /// Within a string of JSON.
    inside: bool,
}

/// What passes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Lines of text.
    Text,
    /// Lines of text with colours for a terminal, which are characters that nobody sees.
    Coloured,
    /// JSON: its own numbers are counts of ours, and stay.
    Json,
}

/// A line is let through in parts of about this size, so that memory stays bounded.
const PART: usize = 1 << 20;

impl<W: Write> LeakGate<W> {
    /// A gate before `out`. Call `flush` at the end.
    pub fn new(out: W) -> Self {
        Self::of(out, Kind::Text)
    }

    /// A gate for text with colours.
    pub fn coloured(out: W) -> Self {
        Self::of(out, Kind::Coloured)
    }

    /// A gate for JSON.
    pub fn json(out: W) -> Self {
        Self::of(out, Kind::Json)
    }

    fn of(out: W, kind: Kind) -> Self {
        Self { out, line: Vec::new(), kind, inside: false }
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
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        match self.kind {
            Kind::Text => self.out.write_all(clean(&text).as_bytes())?,
            Kind::Coloured => self.out.write_all(scrub(&text).as_bytes())?,
            Kind::Json => self.strings(&text)?,
        }
        self.line = line;
        self.line.clear();
        Ok(())
    }

    /// Cleans what stands in quotes.
    fn strings(&mut self, text: &str) -> io::Result<()> {
        let mut from = 0;
        let mut escaped = false;
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if self.inside => escaped = true,
                b'"' => {
                    let part = &text[from..at];
                    let part = if self.inside { clean(part) } else { part.into() };
                    self.out.write_all(part.as_bytes())?;
                    (self.inside, from) = (!self.inside, at);
                }
                _ => {}
            }
        }
        let rest = &text[from..];
        let rest = if self.inside { clean(rest) } else { rest.into() };
        self.out.write_all(rest.as_bytes())
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

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn counts_of_json_are_no_numbers_of_patients() {
        let mut out = Vec::new();
        let mut gate = LeakGate::json(&mut out);
        gate.write_all(b"{\"n\":9990000018,\"a\\\" 9990000018\":[9990000018,\"999 000 0018 \\n\"]}").unwrap();
        gate.flush().unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "{\"n\":9990000018,\"a\\\" ##########\":[9990000018,\"### ### #### \\n\"]}");
    }
}
