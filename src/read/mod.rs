//! Bytes to (tree, faults), never `Err`: what cannot be read is said, and the run goes on.

mod decode;
pub mod faults;
mod json;
mod json_text;
mod limits;
pub mod recognise;
mod siblings;
mod xml;
mod xml_text;

use std::borrow::Cow;

use crate::tree::Tree;

pub use decode::decode;
pub use faults::Fault;
pub use limits::Limits;

/// The two formats of FHIR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// XML.
    Xml,
}

/// The format of a text by its first visible character; `None` when it is neither.
pub fn sniff(text: &str) -> Option<Format> {
    match text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']).as_bytes().first()? {
        b'{' | b'[' => Some(Format::Json),
        b'<' => Some(Format::Xml),
        _ => None,
    }
}

/// Reads one payload. The tree is empty when nothing could be read; it is partial after a fatal fault.
pub fn read<'p>(text: &'p str, limits: &Limits) -> (Tree<'p>, Vec<Fault>) {
    read_into(text, limits, Vec::new())
}

/// As [`read`], with the node store of an earlier tree to reuse.
pub fn read_into<'p>(text: &'p str, limits: &Limits, store: Vec<crate::tree::Node>) -> (Tree<'p>, Vec<Fault>) {
    let mut tree = Tree::new(text);
    tree.nodes = store;
    tree.nodes.clear();
    let mut found = Vec::new();
    match sniff(text) {
        Some(Format::Json) => json::read(&mut tree, limits, &mut found),
        Some(Format::Xml) => xml::read(&mut tree, limits, &mut found),
        None => found.push(Fault::fatal(&faults::NOT_A_MESSAGE, 0, text.len().min(1) as u32, recognise::text(text))),
    }
    // After a fatal fault nothing else can be trusted, what was said of the parts before it included.
    if found.iter().any(|f| f.fatal) {
        found.retain(|f| f.fatal);
        for fault in found.iter_mut().filter(|f| f.meta.id == faults::SYNTAX.id) {
            if recognise::is_template(text, fault.span.start as usize) {
                fault.says = format!("a template expression was left in: {}", fault.says);
            }
        }
    }
    (tree, found)
}

/// Text of one payload, decoded; faults say what was wrong with the bytes.
pub fn text_of<'b>(bytes: &'b [u8], limits: &Limits, found: &mut Vec<Fault>) -> Option<Cow<'b, str>> {
    if bytes.len() as u64 > limits.payload_bytes {
        let says = format!("the payload is larger than the limit of {} bytes (payload-bytes)", limits.payload_bytes);
        found.push(Fault::fatal(&faults::LIMIT, 0, 0, says));
        return None;
    }
    if let Some(says) = recognise::bytes(bytes) {
        found.push(Fault::fatal(&faults::NOT_A_MESSAGE, 0, 0, says));
        return None;
    }
    decode(bytes, found)
}
