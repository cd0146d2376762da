//! Documents that are open, as the editor has them.

use std::path::PathBuf;
use std::sync::Arc;

use hallmark::session::{Checked, Release};
use lsp_types::{TextDocumentContentChangeEvent, Uri};

use crate::lines::Lines;
use crate::outline::Outline;

/// An open document.
#[derive(Debug)]
pub struct Document {
    /// Its text.
    pub text: String,
    /// Its version, as the editor counts.
    pub version: i32,
    /// Where its lines begin.
    pub lines: Lines,
    /// Its shape, once somebody has asked.
    outline: Option<Arc<Outline>>,
    /// What the last check found, and the version that it saw.
    pub checked: Option<(i32, Arc<Checked>)>,
}

impl Document {
    /// As it was opened.
    pub fn new(text: String, version: i32) -> Self {
        let lines = Lines::new(&text);
        Self { text, version, lines, outline: None, checked: None }
    }

    /// Makes a change.
    pub fn change(&mut self, change: TextDocumentContentChangeEvent, version: i32) {
        match change.range {
            Some(range) => {
                let start = self.lines.byte(&self.text, range.start);
                let end = self.lines.byte(&self.text, range.end).max(start);
                self.text.replace_range(start..end, &change.text);
            }
            None => self.text = change.text,
        }
        self.lines = Lines::new(&self.text);
        self.version = version;
        self.outline = None;
    }

    /// Its shape.
    pub fn outline(&mut self) -> Arc<Outline> {
        Arc::clone(self.outline.get_or_insert_with(|| Arc::new(Outline::new(&self.text))))
    }

    /// Release that it was last read as.
    pub fn release(&self) -> Release {
        self.checked.as_ref().and_then(|(_, checked)| checked.release).unwrap_or(Release::R4)
    }

    /// Bytes of a mark at its start, which spans of findings do not count.
    pub fn mark(&self) -> usize {
        if self.text.starts_with('\u{feff}') { 3 } else { 0 }
    }
}

/// The path of a document that is a file.
pub fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let rest = &rest[rest.find('/')?..];
    let mut bytes = Vec::new();
    let mut left = rest.as_bytes();
    while let [first, more @ ..] = left {
        let escaped = (*first == b'%').then(|| std::str::from_utf8(more.get(..2)?).ok()).flatten();
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                left = &more[2..];
            }
            None => {
                bytes.push(*first);
                left = more;
            }
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    // `/c:/folder` of Windows.
    let drive = text.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if drive { &text[1..] } else { &text }))
}
