//! Rows of one RF2 file: tab-separated lines, read in blocks, split in place.

use super::file::ReleaseFile;
use crate::terminology::snomed::SnomedError;

/// Most columns a row is split into; what follows stays in the last one.
const WIDTH: usize = 24;
const BLOCK: usize = 1 << 20;
const LONGEST: usize = 16 << 20;

/// The columns of one row.
pub(in crate::terminology::snomed) struct Columns<'l> {
    cells: [&'l [u8]; WIDTH],
    count: usize,
}

impl<'l> Columns<'l> {
    fn split(mut line: &'l [u8]) -> Self {
        let mut cells: [&[u8]; WIDTH] = [&[]; WIDTH];
        let mut count = 0;
        while count < WIDTH - 1 {
            match memchr::memchr(b'\t', line) {
                Some(tab) => {
                    cells[count] = &line[..tab];
                    line = &line[tab + 1..];
                    count += 1;
                }
                None => break,
            }
        }
        cells[count] = line;
        Self { cells, count: count + 1 }
    }

    /// Bytes of the whole line, its end included.
    pub(in crate::terminology::snomed) fn bytes(&self) -> usize {
        self.cells[..self.count].iter().map(|cell| cell.len() + 1).sum()
    }

    /// Number of columns.
    pub(in crate::terminology::snomed) fn len(&self) -> usize {
        self.count
    }

    /// A column; empty past the end.
    pub(in crate::terminology::snomed) fn get(&self, column: usize) -> &'l [u8] {
        self.cells.get(column).copied().unwrap_or(&[])
    }
}

/// How the rows of a file ended.
pub(in crate::terminology::snomed) struct RowsEnd {
    /// Lines, the header among them.
    pub(in crate::terminology::snomed) lines: u64,
    /// Whether the last one has its end.
    pub(in crate::terminology::snomed) whole: bool,
}

/// Calls `row` with each row and its line number; line 1 is the header. Empty lines are passed over.
/// An error stops the reading.
pub(in crate::terminology::snomed) fn each_row(
    file: &ReleaseFile,
    row: &mut dyn FnMut(&Columns<'_>, u64) -> Result<(), SnomedError>,
) -> Result<RowsEnd, SnomedError> {
    file.open(|reader| {
        let mut buffer = vec![0u8; BLOCK];
        let mut filled = 0;
        let mut line = 0u64;
        let mut one = |mut bytes: &[u8]| {
            line += 1;
            if line == 1 {
                bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            }
            bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
            if bytes.is_empty() { Ok(()) } else { row(&Columns::split(bytes), line) }
        };
        loop {
            let read = match reader.read(&mut buffer[filled..]) {
                Ok(read) => read,
                Err(fault) if fault.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(source) => return Err(SnomedError::Io { path: file.path().to_owned(), source }),
            };
            if read == 0 {
                let whole = filled == 0;
                if !whole {
                    one(&buffer[..filled])?;
                }
                return Ok(RowsEnd { lines: line, whole });
            }
            // Only the new bytes can hold a line end, the rest was searched before.
            let Some(last) = memchr::memrchr(b'\n', &buffer[filled..filled + read]) else {
                filled += read;
                if filled >= LONGEST {
                    return Err(SnomedError::LongLine(file.name.clone()));
                }
                if filled == buffer.len() {
                    buffer.resize(filled * 2, 0);
                }
                continue;
            };
            let whole = filled + last + 1;
            let end = filled + read;
            let mut start = 0;
            for newline in memchr::memchr_iter(b'\n', &buffer[..whole]) {
                one(&buffer[start..newline])?;
                start = newline + 1;
            }
            buffer.copy_within(whole..end, 0);
            filled = end - whole;
            if filled == buffer.len() {
                buffer.resize(filled * 2, 0);
            }
        }
    })
}

/// A run of 1 to 18 digits.
pub(in crate::terminology::snomed) fn number(cell: &[u8]) -> Option<u64> {
    if cell.is_empty() || cell.len() > 18 {
        return None;
    }
    let mut value = 0u64;
    for byte in cell {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u64::from(digit);
    }
    Some(value)
}

/// `YYYYMMDD` as a number.
pub(in crate::terminology::snomed) fn date(cell: &[u8]) -> Option<u32> {
    if cell.len() != 8 {
        return None;
    }
    let value = number(cell)? as u32;
    (matches!(value / 100 % 100, 1..=12) && matches!(value % 100, 1..=31)).then_some(value)
}

/// `0` or `1`.
pub(in crate::terminology::snomed) fn flag(cell: &[u8]) -> Option<bool> {
    match cell {
        b"0" => Some(false),
        b"1" => Some(true),
        _ => None,
    }
}

/// The key of a refset member: its UUID, or for any other text a 128-bit FNV-1a of it (second value false).
pub(in crate::terminology::snomed) fn member_key(cell: &[u8]) -> (u128, bool) {
    let mut value = 0u128;
    let mut digits = 0;
    let mut well_formed = cell.len() == 36;
    for (i, byte) in cell.iter().enumerate() {
        let digit = match byte {
            b'-' if matches!(i, 8 | 13 | 18 | 23) => continue,
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            b'A'..=b'F' => byte - b'A' + 10,
            _ => {
                well_formed = false;
                break;
            }
        };
        value = value << 4 | u128::from(digit);
        digits += 1;
    }
    if well_formed && digits == 32 {
        return (value, true);
    }
    let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    for byte in cell {
        hash = (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    (hash, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells() {
        for (cell, value) in
            [("138875005", Some(138_875_005)), ("", None), ("12a", None), ("1234567890123456789", None)]
        {
            assert_eq!(number(cell.as_bytes()), value, "{cell}");
        }
        for (cell, value) in [("20250312", Some(20_250_312)), ("20251312", None), ("2025031", None), ("20250300", None)]
        {
            assert_eq!(date(cell.as_bytes()), value, "{cell}");
        }
        assert_eq!(
            member_key(b"800AA109-431F-4407-A431-6FE65E9DB160"),
            member_key(b"800aa109-431f-4407-a431-6fe65e9db160")
        );
        assert!(member_key(b"800aa109-431f-4407-a431-6fe65e9db160").1);
        assert!(!member_key(b"17").1);
        assert_ne!(member_key(b"17").0, member_key(b"18").0);
    }

    #[test]
    fn splits_a_wide_row() {
        let line = "a\t".repeat(20);
        let columns = Columns::split(line.as_bytes());
        assert_eq!(columns.bytes(), line.len() + 1);
        assert_eq!(columns.get(0), b"a");
        assert_eq!(columns.get(99), b"");
    }
}
