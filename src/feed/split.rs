//! Cuts a stream into payloads: the whole of it, or one per line of NDJSON, in bounded memory.

use std::io::{self, BufRead};

/// One payload: a whole file or one line.
#[derive(Debug)]
pub struct Payload {
    /// From 1.
    pub number: u64,
    /// Line of the source on which it starts, from 1.
    pub line: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// It was longer than the limit; `bytes` holds only its beginning.
    pub too_long: bool,
    /// When it came in, in seconds since 1970, where somebody knows.
    pub received: Option<i64>,
}

/// What was read of a line.
struct Line {
    /// Bytes, its end among them.
    read: u64,
    /// It is longer than the limit.
    too_long: bool,
    /// It holds nothing but blanks, also beyond the limit; a byte order mark is one.
    blank: bool,
}

/// Lines of an NDJSON stream; blank lines are no payloads, and a stream of them alone is one that is empty.
pub struct Lines<R> {
    reader: R,
    number: u64,
    line: u64,
    limit: u64,
    spare: Vec<Vec<u8>>,
}

impl<R: BufRead> Lines<R> {
    /// Cuts `reader` into lines of at most `limit` bytes.
    pub fn new(reader: R, limit: u64) -> Self {
        Self { reader, number: 0, line: 0, limit, spare: Vec::new() }
    }

    /// Gives a used buffer back.
    pub fn recycle(&mut self, mut bytes: Vec<u8>) {
        bytes.clear();
        self.spare.push(bytes);
    }

    /// The next line that is not blank.
    ///
    /// # Errors
    /// When the stream cannot be read.
    pub fn next_payload(&mut self) -> io::Result<Option<Payload>> {
        loop {
            let mut bytes = self.spare.pop().unwrap_or_default();
            let Line { read, too_long, blank } = self.read_line(&mut bytes)?;
            if read == 0 {
                // Nothing at all is a payload that is empty, as an empty file is.
                if self.number == 0 {
                    self.number = 1;
                    return Ok(Some(Payload { number: 1, line: 1, bytes, too_long: false, received: None }));
                }
                return Ok(None);
            }
            self.line += 1;
            if self.line == 1 && bytes.starts_with(b"\xEF\xBB\xBF") {
                bytes.drain(..3);
            }
            if blank {
                self.recycle(bytes);
                continue;
            }
            self.number += 1;
            return Ok(Some(Payload { number: self.number, line: self.line, bytes, too_long, received: None }));
        }
    }

    /// Reads up to and including the next line feed; what goes beyond the limit is read over.
    fn read_line(&mut self, out: &mut Vec<u8>) -> io::Result<Line> {
        let mut read = 0u64;
        let mut blank = true;
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok(Line { read, too_long: read > self.limit, blank });
            }
            let (used, done) = match memchr::memchr(b'\n', chunk) {
                Some(at) => (at + 1, true),
                None => (chunk.len(), false),
            };
            let room = self.limit.saturating_sub(out.len() as u64).min(used as u64) as usize;
            let seen = chunk[..used].iter().enumerate().find(|(at, b)| {
                let mark = self.line == 0 && read + (*at as u64) < 3 && b"\xEF\xBB\xBF".contains(b);
                !mark && !b.is_ascii_whitespace()
            });
            blank = blank && seen.is_none();
            out.extend_from_slice(&chunk[..room]);
            self.reader.consume(used);
            read += used as u64;
            if done {
                while matches!(out.last(), Some(b'\n' | b'\r')) {
                    out.pop();
                }
                return Ok(Line { read, too_long: read > self.limit + 1, blank });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_and_bounded() {
        let text = b"\xEF\xBB\xBF{\"a\":1}\r\n\n  \n{\"b\":2}\n0123456789ABCDEF";
        let mut lines = Lines::new(&text[..], 10);
        let mut seen = Vec::new();
        while let Some(p) = lines.next_payload().unwrap() {
            seen.push((p.number, p.line, String::from_utf8(p.bytes).unwrap(), p.too_long));
        }
        assert_eq!(seen[0], (1, 1, "{\"a\":1}".to_owned(), true));
        assert_eq!(seen[1], (2, 4, "{\"b\":2}".to_owned(), false));
        assert!(seen[2].3);
    }

    #[test]
    fn no_byte_that_is_not_blank_is_lost() {
        let wide = [&b" ".repeat(20)[..], b"{}"].concat();
        for (text, payloads) in [
            (&b""[..], vec![false]),
            (b"\n \n", vec![false]),
            (b"\xEF\xBB\xBF\n", vec![false]),
            (b"\xEF\xBB\xBF{}", vec![false]),
            (&wide, vec![true]),
            (&b" ".repeat(40), vec![false]),
            (b"{}\n\n{}\n", vec![false, false]),
        ] {
            for room in 1..=text.len().max(1) {
                let mut lines = Lines::new(io::BufReader::with_capacity(room, text), 10);
                let mut seen = Vec::new();
                while let Some(payload) = lines.next_payload().unwrap() {
                    seen.push(payload.too_long);
                }
                assert_eq!(seen, payloads, "{text:?} {room}");
            }
        }
    }
}
