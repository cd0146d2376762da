//! Tables that every format of the report shares.

use super::words::{of, percent, status, symbol, thousands};
use crate::kitemark::{Counted, Status};

/// One table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Kebab-case name: sheet, anchor.
    pub(super) name: &'static str,
    /// Caption.
    pub(super) caption: String,
    /// Column heads.
    pub(super) heads: Vec<&'static str>,
    /// Rows; each has a cell for each head.
    pub(super) rows: Vec<Vec<Cell>>,
    /// Rows that were left out of a page to keep it readable; data formats hold all.
    pub(super) shown: usize,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Text.
    Text(String),
    /// Text in a fixed width: ids, paths.
    Code(String),
    /// A count.
    Count(u64),
    /// A count about people that must not be shown.
    Hidden,
    /// Counts and their percentage.
    Share(Counted),
    /// A status with its symbol.
    Status(Status),
    /// Nothing.
    Empty,
}

impl Table {
    pub(super) fn new(name: &'static str, caption: impl Into<String>, heads: &[&'static str]) -> Self {
        Self { name, caption: caption.into(), heads: heads.to_vec(), rows: Vec::new(), shown: usize::MAX }
    }

    /// Shows at most `rows` on a page.
    pub(super) fn at_most(mut self, rows: usize) -> Self {
        self.shown = rows;
        self
    }

    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether a column holds numbers, so that it is set to the right.
    pub(super) fn is_number(&self, column: usize) -> bool {
        self.rows.iter().any(|r| matches!(r.get(column), Some(Cell::Count(_) | Cell::Share(_) | Cell::Hidden)))
    }
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    pub(super) fn code(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Code(text) }
    }

    /// A share about people, hidden where small numbers must be.
    pub(super) fn people(counted: Counted, disclosure: bool) -> Self {
        let shown = if disclosure { super::disclosure::share(counted) } else { Some(counted) };
        shown.map_or(Self::Hidden, Self::Share)
    }

    /// The cell as plain text.
    pub(super) fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Code(text) => text.clone(),
            Self::Count(n) => thousands(*n),
            Self::Hidden => "*".into(),
            Self::Share(counted) => format!("{} ({})", percent(*counted), of(*counted)),
            Self::Status(s) => format!("{} {}", symbol(*s), status(*s)),
            Self::Empty => String::new(),
        }
    }
}
