//! Separated values as people send them: quotes as in RFC 4180, any one separator, a place for every cell.

use std::ops::Range;

use crate::schema::{Fault, Faults};
use crate::text::sanitise;

/// One cell and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Text, trimmed, quotes resolved.
    pub(super) text: String,
    /// Bytes in the file.
    pub(super) span: Range<usize>,
}

/// Rows of cells; rows without text are left out.
///
/// # Errors
/// A quote that is not closed, with its place.
pub(super) fn rows(name: &str, text: &str, separator: char) -> Result<Vec<Vec<Cell>>, Faults> {
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut row: Vec<Cell> = Vec::new();
    let mut cell = String::new();
    let (mut from, mut quoted) = (start, None);
    let mut chars = text[start..].char_indices().map(|(i, c)| (start + i, c)).peekable();
    let end = |row: &mut Vec<Cell>, cell: &mut String, from: usize, to: usize| {
        let text = sanitise::lines(std::mem::take(cell).trim());
        row.push(Cell { text, span: from..to });
    };
    while let Some((at, c)) = chars.next() {
        match (quoted, c) {
            (Some(_), '"') if chars.peek().is_some_and(|(_, next)| *next == '"') => {
                chars.next();
                cell.push('"');
            }
            (Some(_), '"') => quoted = None,
            (Some(_), c) => cell.push(c),
            (None, '"') if cell.trim().is_empty() => quoted = Some(at),
            (None, '\n') => {
                end(&mut row, &mut cell, from, at);
                rows.push(std::mem::take(&mut row));
                from = at + 1;
            }
            (None, c) if c == separator => {
                end(&mut row, &mut cell, from, at);
                from = at + c.len_utf8();
            }
            (None, c) => cell.push(c),
        }
    }
    if let Some(at) = quoted {
        return Err(Fault::new(name, text, at..at + 1, "this quote is not closed", "Close it, or double it").into());
    }
    end(&mut row, &mut cell, from, text.len());
    rows.push(row);
    rows.retain(|row| row.iter().any(|cell| !cell.text.is_empty()));
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_ends_of_lines() {
        let texts = |text: &str, separator| -> Vec<Vec<String>> {
            let rows = rows("a.csv", text, separator).unwrap();
            rows.into_iter().map(|r| r.into_iter().map(|c| c.text).collect()).collect()
        };
        assert_eq!(texts("\u{FEFF}a, b\r\n\"x, \"\"y\"\"\nz\",2\n\n", ','), [["a", "b"], ["x, \"y\"\nz", "2"]]);
        assert_eq!(texts("a|b,c", '|'), [["a", "b,c"]]);
        let cells = rows("a.csv", "ab,cd\n", ',').unwrap();
        assert_eq!(cells[0][1].span, 3..5);
        assert!(rows("a.csv", "a,\"b", ',').unwrap_err().to_string().contains("a.csv:1:3"));
    }
}
