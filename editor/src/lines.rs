//! Places in a text, as editors count them (lines, and units of UTF-16) and as bytes.

use std::ops::Range;

use lsp_types::{Position, Range as Between};

/// Where lines begin.
#[derive(Clone, Debug, Default)]
pub struct Lines(Vec<usize>);

impl Lines {
    /// Of a text; a line ends with \n, \r\n or \r.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(at + 1);
            }
        }
        Self(starts)
    }

    /// The byte of a position; what is beyond a line is its end, what is beyond the text is its end.
    pub fn byte(&self, text: &str, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.0.get(line).copied() else { return text.len() };
        let end = self.0.get(line + 1).copied().unwrap_or(text.len());
        let mut left = position.character as usize;
        for (at, c) in text[start..end].char_indices() {
            // The inside of a pair of units is its start.
            if c == '\n' || c == '\r' || left < c.len_utf16() {
                return start + at;
            }
            left -= c.len_utf16();
        }
        end
    }

    /// The position of a byte.
    pub fn position(&self, text: &str, byte: usize) -> Position {
        let mut byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.0.partition_point(|start| *start <= byte) - 1;
        let units = text[self.0[line]..byte].encode_utf16().count();
        Position::new(line as u32, units as u32)
    }

    /// The positions of a span of bytes.
    pub fn between(&self, text: &str, span: &Range<usize>) -> Between {
        Between::new(self.position(text, span.start), self.position(text, span.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_units_of_utf_16() {
        let text = "a\r\né𝄞b\rc\n";
        let lines = Lines::new(text);
        for (byte, line, character) in
            [(0, 0, 0), (1, 0, 1), (3, 1, 0), (5, 1, 1), (9, 1, 3), (10, 1, 4), (11, 2, 0), (13, 3, 0)]
        {
            assert_eq!(lines.position(text, byte), Position::new(line, character), "byte {byte}");
            assert_eq!(lines.byte(text, Position::new(line, character)), byte, "{line}:{character}");
        }
        assert_eq!(lines.byte(text, Position::new(1, 2)), 5, "inside a pair of units");
        assert_eq!(lines.byte(text, Position::new(0, 99)), 1);
        assert_eq!(lines.byte(text, Position::new(99, 0)), text.len());
        assert_eq!(lines.position(text, 6), Position::new(1, 1), "inside a character");
    }
}
