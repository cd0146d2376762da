//! Line and column of a byte offset, computed only when something is found.

/// Where something stands in a source: both 1-based, column in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Start offsets of the lines of one payload, and how many characters stand before each block of it: a payload of one
/// long line with many findings must not be counted through for each of them.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Characters before every block; empty when all are ASCII.
    before: Vec<u32>,
}

/// Bytes in a block.
const BLOCK: usize = 4096;

/// Characters that begin in `bytes`.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|b| (**b & 0xC0) != 0x80).count() as u32
}

impl LineIndex {
    /// Indexes `text`; lines end at `\n`.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i as u32 + 1));
        let mut before = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            for block in text.as_bytes().chunks(BLOCK) {
                before.push(count);
                count += characters(block);
            }
            before.push(count);
        }
        Self { starts, before }
    }

    /// Characters before byte `offset`.
    fn characters_before(&self, text: &str, offset: u32) -> u32 {
        let offset = offset as usize;
        match self.before.get(offset / BLOCK) {
            Some(&before) => before + characters(&text.as_bytes()[offset / BLOCK * BLOCK..offset]),
            None => offset as u32,
        }
    }

    /// The place of byte `offset`; offsets past the end give the end.
    pub fn place(&self, text: &str, offset: u32) -> Place {
        let offset = offset.min(text.len() as u32);
        let line = self.starts.partition_point(|&s| s <= offset) - 1;
        let column = self.characters_before(text, offset) - self.characters_before(text, self.starts[line]) + 1;
        Place { line: line as u32 + 1, column }
    }

    /// The text of a 1-based line without its line break.
    pub fn line<'t>(&self, text: &'t str, line: u32) -> &'t str {
        let i = line.saturating_sub(1) as usize;
        let Some(&start) = self.starts.get(i) else { return "" };
        let end = self.starts.get(i + 1).map_or(text.len(), |&e| e as usize);
        text.get(start as usize..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters() {
        let text = "ab\nçd\n";
        let index = LineIndex::new(text);
        assert_eq!(index.place(text, 0), Place { line: 1, column: 1 });
        assert_eq!(index.place(text, 5), Place { line: 2, column: 2 });
        assert_eq!(index.place(text, 99), Place { line: 3, column: 1 });
        assert_eq!(index.line(text, 2), "çd");
        let long = format!("{}\n{}x", "a".repeat(5000), "é".repeat(6000));
        let index = LineIndex::new(&long);
        assert_eq!(index.place(&long, long.len() as u32 - 1), Place { line: 2, column: 6001 });
    }
}
