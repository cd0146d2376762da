//! Cells that spreadsheets must not run: what CSV and XLSX share.

use std::borrow::Cow;
use std::io::{self, Write};

/// Text that a spreadsheet would take for a formula, with a quote before it.
pub(super) fn inert(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}

/// One row of RFC 4180, ended by CRLF.
pub(super) fn row<W: Write>(out: &mut W, cells: &[&str]) -> io::Result<()> {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        let cell = inert(cell);
        if cell.contains([',', '"', '\r', '\n']) {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}

/// What tells a spreadsheet that a CSV file is UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_inert() {
        let mut out = Vec::new();
        row(&mut out, &["a,b", "say \"x\"", "=1+1", "-2", "plain"]).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "\"a,b\",\"say \"\"x\"\"\",'=1+1,'-2,plain\r\n");
    }
}
