//! Changes that rules declare mechanical, offered where their findings are.

use std::collections::HashMap;

use hallmark::session::Hallmark;
use lsp_types::{CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, TextEdit, Uri, WorkspaceEdit};

use crate::documents::Document;
use crate::findings;

/// All of a document at once.
pub const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.hallmark");

/// The actions of a range.
pub fn actions(document: &mut Document, hallmark: &Hallmark, params: &CodeActionParams) -> Vec<CodeActionOrCommand> {
    let outline = document.outline();
    let text = &document.text;
    if !outline.is_fhir(text) {
        return Vec::new();
    }
    let wanted = |kind: &CodeActionKind| {
        let only = params.context.only.as_ref();
        only.is_none_or(|only| {
            only.iter().any(|of| kind == of || kind.as_str().starts_with(&format!("{}.", of.as_str())))
        })
    };
    let fixed = hallmark.fix(text.as_bytes());
    let start = document.lines.byte(text, params.range.start);
    let end = document.lines.byte(text, params.range.end);
    let mut out = Vec::new();
    let mark = document.mark();
    for mended in fixed.mended.iter().filter(|_| wanted(&CodeActionKind::QUICKFIX)) {
        let span = findings::span(document, mended);
        if span.end < start || end < span.start {
            continue;
        }
        let edits = mended.fix.iter().flat_map(|fix| fix.edits(&text[mark..], outline.xml)).map(|(span, new_text)| {
            let whole = span.range();
            let range = document.lines.between(text, &(whole.start + mark..whole.end + mark));
            TextEdit { range, new_text }
        });
        out.push(CodeActionOrCommand::CodeAction(CodeAction {
            title: format!("Mend {}: {}", mended.meta.id, mended.says),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![findings::of(document, mended)]),
            edit: Some(edit(&params.text_document.uri, edits.collect())),
            is_preferred: Some(true),
            ..CodeAction::default()
        }));
    }
    let whole = String::from_utf8(fixed.bytes).unwrap_or_default();
    if !fixed.mended.is_empty() && !whole.is_empty() && wanted(&FIX_ALL) {
        let n = fixed.mended.len();
        out.push(CodeActionOrCommand::CodeAction(CodeAction {
            title: format!("Mend all that is mechanical ({n})"),
            kind: Some(FIX_ALL),
            edit: Some(edit(&params.text_document.uri, vec![difference(document, &whole)])),
            ..CodeAction::default()
        }));
    }
    out
}

/// One edit from the first byte that differs to the last.
fn difference(document: &Document, new: &str) -> TextEdit {
    let old = document.text.as_str();
    let mut front = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    while !old.is_char_boundary(front) || !new.is_char_boundary(front) {
        front -= 1;
    }
    let most = old.len().min(new.len()) - front;
    let mut back = old.bytes().rev().zip(new.bytes().rev()).take(most).take_while(|(a, b)| a == b).count();
    while !old.is_char_boundary(old.len() - back) || !new.is_char_boundary(new.len() - back) {
        back -= 1;
    }
    let range = document.lines.between(old, &(front..old.len() - back));
    TextEdit { range, new_text: new[front..new.len() - back].to_owned() }
}

#[allow(clippy::mutable_key_type, reason = "the protocol's own table")]
fn edit(uri: &Uri, edits: Vec<TextEdit>) -> WorkspaceEdit {
    WorkspaceEdit { changes: Some(HashMap::from([(uri.clone(), edits)])), ..WorkspaceEdit::default() }
}
