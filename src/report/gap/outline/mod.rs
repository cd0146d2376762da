//! The outline of a report: sections of sentences, tables and charts, built once and walked by every format.

mod cell;
mod chart;
mod table;

pub(super) use cell::threshold;
pub(super) use cell::{Cell, Line, Mark, line};
pub(super) use chart::{Chart, Day, Drawn, Scale, Step, StepKind, Whisker, parts_of, step_text};
pub(super) use table::{Column, Kind, Look, Reach, Role, Row, Table};

use crate::kitemark::Subject;

/// A report laid out. Whatever stands here stands in every format that can hold it.
#[derive(Clone, Debug)]
pub(super) struct Outline {
    /// What kind of report it is.
    pub(super) kind: &'static str,
    /// Whom it is about, in the order of the report.
    pub(super) subjects: Vec<About>,
    /// The table that its reader works with: what CSV, which holds one table, holds.
    pub(super) main: &'static str,
    /// Sections in order.
    pub(super) sections: Vec<Section>,
}

/// One subject.
#[derive(Clone, Debug)]
pub(super) struct About {
    /// Its name in a few words.
    pub(super) name: String,
    /// Its keys.
    pub(super) subject: Subject,
}

/// One section.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// Anchor, unique in the outline.
    pub(super) id: String,
    pub(super) title: Line,
    /// The pages it stands on when a report is spread over several.
    pub(super) pages: Pages,
    /// It begins a new sheet of paper.
    pub(super) sheet: bool,
    /// Set apart, as one of many alike.
    pub(super) card: bool,
    pub(super) blocks: Vec<Block>,
    pub(super) sections: Vec<Section>,
}

/// Which pages a section stands on. A section inside another stands where that one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pages {
    /// All.
    Every,
    /// Those that show all partners.
    Together,
    /// The first page of several, and no page that stands alone.
    Index,
    /// Those that show this subject.
    Subject(usize),
    /// Those that show this subject and no other.
    Alone(usize),
}

/// Which part of a report a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// Partners side by side; each leads to a page of its own.
    Index,
    /// One subject.
    One(usize),
}

/// What a section holds.
#[derive(Clone, Debug)]
pub(super) enum Block {
    /// A paragraph.
    Text(Weight, Line),
    /// What decides, in a box.
    Box(Vec<Block>),
    /// Words with what they are.
    Terms(Terms, Vec<(Line, Line)>),
    /// Points.
    List(Vec<Line>),
    Table(Table),
    /// A table that is folded away under a line.
    Fold(Line, Table),
    Chart(Chart),
    /// What the symbols of statuses mean.
    Legend,
}

/// How a list of words is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Terms {
    /// Facts, a line each.
    Facts,
    /// Words and their meanings.
    Words,
}

/// How much a paragraph weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Lead,
    Plain,
    Note,
}

impl Outline {
    /// The sections that stand on a part, in order.
    pub(super) fn on(&self, part: Part) -> impl Iterator<Item = &Section> {
        let alone = self.subjects.len() == 1;
        self.sections.iter().filter(move |s| match (part, s.pages) {
            (_, Pages::Every) => true,
            (Part::Whole, Pages::Alone(_)) => alone,
            (Part::Whole, pages) => pages != Pages::Index,
            (Part::Index, pages) => matches!(pages, Pages::Together | Pages::Index),
            (Part::One(i), pages) => pages == Pages::Subject(i) || pages == Pages::Alone(i),
        })
    }
}

impl Section {
    pub(super) fn new(id: impl Into<String>, title: impl Into<Line>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            pages: Pages::Every,
            sheet: false,
            card: false,
            blocks: Vec::new(),
            sections: Vec::new(),
        }
    }

    /// Begins a new sheet of paper.
    pub(super) fn on_a_sheet(mut self) -> Self {
        self.sheet = true;
        self
    }

    pub(super) fn on(mut self, pages: Pages) -> Self {
        self.pages = pages;
        self
    }

    pub(super) fn with(mut self, block: impl Into<Block>) -> Self {
        self.blocks.push(block.into());
        self
    }

    /// Adds what may be there or not: an option, a list.
    pub(super) fn with_all<B: Into<Block>>(mut self, blocks: impl IntoIterator<Item = B>) -> Self {
        self.blocks.extend(blocks.into_iter().map(Into::into));
        self
    }

    pub(super) fn say(self, line: impl Into<Line>) -> Self {
        self.with(Block::Text(Weight::Plain, line.into()))
    }

    pub(super) fn note(self, line: impl Into<Line>) -> Self {
        self.with(Block::Text(Weight::Note, line.into()))
    }

    pub(super) fn inside(mut self, section: Self) -> Self {
        self.sections.push(section);
        self
    }

    /// The subject it is about, where it is about one.
    pub(super) fn subject(&self) -> Option<usize> {
        match self.pages {
            Pages::Subject(i) | Pages::Alone(i) => Some(i),
            Pages::Every | Pages::Together | Pages::Index => None,
        }
    }

    /// Every block of it and of what is inside it, with the section that each stands in.
    pub(super) fn walk<'s>(&'s self, visit: &mut impl FnMut(&'s Self, &'s Block)) {
        fn blocks<'s>(section: &'s Section, list: &'s [Block], visit: &mut impl FnMut(&'s Section, &'s Block)) {
            for block in list {
                match block {
                    Block::Box(inner) => blocks(section, inner, visit),
                    block => visit(section, block),
                }
            }
        }
        blocks(self, &self.blocks, visit);
        self.sections.iter().for_each(|s| s.walk(visit));
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

impl From<Chart> for Block {
    fn from(chart: Chart) -> Self {
        Self::Chart(chart)
    }
}
