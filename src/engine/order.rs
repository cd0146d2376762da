//! Drafts to findings: places, frames, order and fingerprints.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::finding::{Draft, Finding, definition_path, fingerprint};
use crate::text::{FileName, LineIndex, Masked, Span};

/// Longest part of a source line that a frame keeps, in bytes before and after the span.
const FRAME: usize = 160;

/// Where the drafts of one payload stand.
#[derive(Debug)]
pub(super) struct Origin<'p> {
    /// Source name, safe to print.
    pub source: &'p FileName,
    /// Order of the source.
    pub source_index: usize,
    /// Payload number.
    pub payload: u64,
    /// Line of the source on which the payload starts, from 1.
    pub first_line: u64,
    /// Its text.
    pub text: &'p str,
}

/// Turns drafts into findings, sorted by place, rule and words.
pub(super) fn findings(drafts: Vec<Draft>, origin: &Origin<'_>) -> Vec<Finding> {
    if drafts.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(origin.text);
    let mut drafts = drafts;
    drafts.sort_by(|a, b| {
        (a.span.start, a.meta.id, &a.path, &a.profile, &a.says, a.span.end).cmp(&(
            b.span.start,
            b.meta.id,
            &b.path,
            &b.profile,
            &b.says,
            b.span.end,
        ))
    });
    drafts.into_iter().map(|draft| finding(draft, origin, &lines)).collect()
}

fn finding(draft: Draft, origin: &Origin<'_>, lines: &LineIndex) -> Finding {
    let start = lines.place(origin.text, draft.span.start);
    let end = lines.place(origin.text, draft.span.end.max(draft.span.start));
    let offset = origin.first_line - 1;
    Finding {
        frame: frame(draft.span, origin.text, lines),
        meta: draft.meta,
        severity: draft.severity,
        source: origin.source.clone(),
        source_index: origin.source_index,
        payload: origin.payload,
        line: u64::from(start.line) + offset,
        column: start.column,
        end: (u64::from(end.line) + offset, end.column),
        span: draft.span,
        path: draft.path,
        profile: draft.profile,
        element: draft.element,
        key: draft.key,
        origin: draft.origin,
        says: draft.says,
        notes: draft.notes,
        excerpt: draft.excerpt,
        resource: draft.resource,
        fix: draft.fix,
        fingerprint: String::new(),
        waived: None,
        shadow: false,
        new: true,
    }
}

/// The line a span starts on, cut to what a screen holds, with the span's range in it.
fn frame(span: Span, text: &str, lines: &LineIndex) -> Option<(Masked, std::ops::Range<usize>)> {
    if text.is_empty() {
        return None;
    }
    let place = lines.place(text, span.start);
    let line = lines.line(text, place.line);
    let start = span.start as usize - (line.as_ptr() as usize - text.as_ptr() as usize);
    let end = (start + span.len() as usize).clamp(start, line.len().max(start)).min(line.len());
    let start = start.min(line.len());
    let mut from = start.saturating_sub(FRAME);
    let mut to = (end.min(start + FRAME) + FRAME).min(line.len());
    while !line.is_char_boundary(from) {
        from -= 1;
    }
    while !line.is_char_boundary(to) {
        to += 1;
    }
    let end = end.min(to);
    Some((Masked::new(&line[from..to]), start - from..end - from))
}

/// Gives each finding of a source its fingerprint: rule, profile, path without indices, occurrence.
#[derive(Debug, Default)]
pub struct Fingerprints {
    seen: HashMap<u64, u32>,
}

impl Fingerprints {
    /// Stamps one finding. Findings come in output order.
    pub fn stamp(&mut self, finding: &mut Finding) {
        let path = definition_path(&finding.path);
        let mut hasher = DefaultHasher::new();
        (finding.meta.id, &finding.profile, &path).hash(&mut hasher);
        let occurrence = self.seen.entry(hasher.finish()).or_default();
        *occurrence += 1;
        finding.fingerprint = fingerprint(finding.meta.id, &finding.profile, &path, *occurrence);
    }
}
