//! Tables: columns of a kind, and rows of cells.

use super::Cell;

/// One table.
#[derive(Clone, Debug)]
pub(in crate::report::gap) struct Table {
    /// Kebab-case name: sheet, class. Tables of one name have the same columns.
    pub(in crate::report::gap) name: &'static str,
    pub(in crate::report::gap) caption: String,
    pub(in crate::report::gap) columns: Vec<Column>,
    pub(in crate::report::gap) rows: Vec<Row>,
    /// Rows shown where people read; the others stand in the formats that hold data.
    pub(in crate::report::gap) shown: usize,
    pub(in crate::report::gap) reach: Reach,
    pub(in crate::report::gap) look: Look,
}

/// Where a table stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::gap) enum Reach {
    /// Everywhere.
    Everywhere,
    /// On a page alone: a view of what another table holds.
    Page,
    /// Not on a page, where it would be too long to be read.
    Data,
}

/// How a page sets a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::gap) enum Look {
    Plain,
    /// Many standings side by side.
    Heat,
    /// Counts whose cells darken as they rise.
    Volume,
}

/// One column.
#[derive(Clone, Debug)]
pub(in crate::report::gap) struct Column {
    pub(in crate::report::gap) head: String,
    pub(in crate::report::gap) kind: Kind,
    /// The section that its head leads to.
    pub(in crate::report::gap) link: Option<String>,
}

/// What the cells of a column hold; hidden and empty ones besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::gap) enum Kind {
    /// Words, lines and whatever may be read as such.
    Text,
    Code,
    Count,
    /// Shares with their counts; a status where there is none.
    Share,
    /// A number on the scale of its row.
    Number,
    Interval,
    Threshold,
    Date,
    Level,
    Status,
    Standing,
}

impl Kind {
    /// Whether it is set to the right.
    pub(in crate::report::gap) const fn is_number(self) -> bool {
        matches!(self, Self::Count | Self::Share | Self::Number)
    }

    fn takes(self, cell: &Cell) -> bool {
        matches!(
            (self, cell.bare()),
            (_, Cell::Hidden | Cell::Empty)
                | (Self::Text, _)
                | (Self::Code, Cell::Code(_) | Cell::Digest(_) | Cell::Text(_) | Cell::Link { .. })
                | (Self::Count, Cell::Count(_))
                | (Self::Share, Cell::Share(_) | Cell::Status(_))
                | (Self::Number, Cell::Count(_) | Cell::Percent(_) | Cell::Number(_))
                | (Self::Interval, Cell::Interval(..))
                | (Self::Threshold, Cell::Threshold { .. })
                | (Self::Date, Cell::Date(_) | Cell::Text(_))
                | (Self::Level, Cell::Level(..) | Cell::Count(_) | Cell::Text(_))
                | (Self::Status, Cell::Status(_))
                | (Self::Standing, Cell::Standing(..) | Cell::Count(_))
        )
    }
}

/// One row; it has a cell for each column, but for a head over rows, which has one.
#[derive(Clone, Debug)]
pub(in crate::report::gap) struct Row {
    pub(in crate::report::gap) role: Role,
    /// Anchor, unique in the outline, of what others lead to.
    pub(in crate::report::gap) anchor: Option<String>,
    pub(in crate::report::gap) cells: Vec<Cell>,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::gap) enum Role {
    Plain,
    /// A head over the rows that follow.
    Head,
    /// What they come to.
    Sum,
}

impl Table {
    pub(in crate::report::gap) fn new(
        name: &'static str,
        caption: impl Into<String>,
        columns: &[(&str, Kind)],
    ) -> Self {
        Self {
            name,
            caption: caption.into(),
            columns: columns
                .iter()
                .map(|(head, kind)| Column { head: (*head).to_owned(), kind: *kind, link: None })
                .collect(),
            rows: Vec::new(),
            shown: usize::MAX,
            reach: Reach::Everywhere,
            look: Look::Plain,
        }
    }

    /// Shows at most `rows` where people read.
    pub(in crate::report::gap) fn at_most(mut self, rows: usize) -> Self {
        self.shown = rows;
        self
    }

    pub(in crate::report::gap) fn reaching(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    pub(in crate::report::gap) fn looking(mut self, look: Look) -> Self {
        self.look = look;
        self
    }

    pub(in crate::report::gap) fn row(&mut self, cells: Vec<Cell>) {
        self.push(Role::Plain, cells);
    }

    pub(in crate::report::gap) fn push(&mut self, role: Role, cells: Vec<Cell>) {
        debug_assert!(
            role == Role::Head || cells.len() == self.columns.len(),
            "{}: {} cells, {} columns",
            self.name,
            cells.len(),
            self.columns.len()
        );
        debug_assert!(
            self.columns.iter().zip(&cells).all(|(column, cell)| column.kind.takes(cell)),
            "{}: {cells:?}",
            self.name
        );
        self.rows.push(Row { role, anchor: None, cells });
    }

    /// Gives the last row an anchor.
    pub(in crate::report::gap) fn anchored(&mut self, anchor: String) {
        if let Some(row) = self.rows.last_mut() {
            row.anchor = Some(anchor);
        }
    }

    /// Whether a column has something in any row that people are shown.
    pub(in crate::report::gap) fn has(&self, column: usize) -> bool {
        let filled =
            |row: &Row| row.role != Role::Head && row.cells.get(column).is_some_and(|c| *c.bare() != Cell::Empty);
        self.page_rows().iter().any(filled)
    }

    pub(in crate::report::gap) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Rows that people are shown.
    pub(in crate::report::gap) fn page_rows(&self) -> &[Row] {
        &self.rows[..self.rows.len().min(self.shown)]
    }

    /// How many they are not.
    pub(in crate::report::gap) fn left_out(&self) -> u64 {
        self.rows.len().saturating_sub(self.shown) as u64
    }
}
