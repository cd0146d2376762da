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

/// Lines of an NDJSON stream; blank lines are no payloads.
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
            let (read, too_long) = self.read_line(&mut bytes)?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            if self.line == 1 && bytes.starts_with(b"\xEF\xBB\xBF") {
                bytes.drain(..3);
            }
            if bytes.iter().all(u8::is_ascii_whitespace) {
                self.recycle(bytes);
                continue;
            }
            self.number += 1;
            return Ok(Some(Payload { number: self.number, line: self.line, bytes, too_long, received: None }));
        }
    }

    /// Reads up to and including the next line feed; what goes beyond the limit is read over.
    fn read_line(&mut self, out: &mut Vec<u8>) -> io::Result<(u64, bool)> {
        let mut read = 0u64;
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok((read, read > self.limit));
            }
            let (used, done) = match memchr::memchr(b'\n', chunk) {
                Some(at) => (at + 1, true),
                None => (chunk.len(), false),
            };
            let room = self.limit.saturating_sub(out.len() as u64).min(used as u64) as usize;
            out.extend_from_slice(&chunk[..room]);
            self.reader.consume(used);
            read += used as u64;
            if done {
                while matches!(out.last(), Some(b'\n' | b'\r')) {
                    out.pop();
                }
                return Ok((read, read > self.limit + 1));
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
}
