//! A Parameters in XML taken apart, without touching the bytes of the resource in it.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::outcome::Refusal;
use crate::parameters::{Part, Sent, asked, blanked};

/// Takes a body apart; see [`crate::parameters::taken`].
///
/// # Errors
/// As there.
pub fn taken(body: &[u8]) -> Result<Sent<'_>, Refusal> {
    let bare = |kind| Sent { message: Cow::Borrowed(body), kind, ..Sent::default() };
    let Ok(text) = std::str::from_utf8(body) else { return Ok(bare(None)) };
    let mut reader = Reader::from_str(text);
    let root = loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => break start,
            Ok(Event::Empty(start)) => return Ok(bare(Some(local(&start)))),
            Ok(Event::Eof) | Err(_) => return Ok(bare(None)),
            Ok(_) => {}
        }
    };
    let kind = local(&root);
    if kind != "Parameters" {
        return Ok(bare(Some(kind)));
    }
    let mut walk = Walk { reader, spaces: vec![spaces(&root)], parts: Vec::new(), roots: Vec::new() };
    let unread = |at: u64| {
        let line = body[..usize::try_from(at).unwrap_or(0).min(body.len())].iter().filter(|b| **b == b'\n').count() + 1;
        Refusal::bad(format!("the Parameters cannot be read at line {line}"))
    };
    if walk.parameters().is_none() {
        return Err(unread(walk.reader.buffer_position()));
    }
    let (range, profiles, mode) = asked(walk.parts)?;
    let Some((_, (kind, name, declared))) = walk.roots.into_iter().find(|(at, _)| *at == range.start) else {
        return Err(unread(0));
    };
    let mut sent = Sent { kind: Some(kind), profiles, mode, ..Sent::default() };
    let mut message = blanked(body, range.clone());
    if !declared.is_empty() {
        // What the elements around it declare holds inside it: it is put behind the name of its root.
        let added: String = declared.iter().map(|(name, uri)| format!(" {name}=\"{uri}\"")).collect();
        let start = message.len() - range.len() + 1 + name.len();
        let before = &message[..start];
        let line = before.iter().filter(|b| **b == b'\n').count() as u64 + 1;
        let from = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(&before[from..]).chars().count() as u32 + 1;
        sent.put_in = Some((line, column, added.chars().count() as u32));
        message.splice(start..start, added.into_bytes());
    }
    sent.message = message.into();
    Ok(sent)
}

/// Name of the root, its name with a prefix, and namespaces that it has from around it.
type Root = (String, String, Vec<(String, String)>);

struct Walk<'b> {
    reader: Reader<&'b [u8]>,
    /// Namespaces that each open element declares.
    spaces: Vec<Vec<(String, String)>>,
    parts: Vec<Part>,
    /// The root of each resource, with where it starts.
    roots: Vec<(usize, Root)>,
}

impl Walk<'_> {
    /// Up to the end of the root; nothing where it is not well formed.
    fn parameters(&mut self) -> Option<()> {
        loop {
            match self.reader.read_event().ok()? {
                Event::Start(start) if local(&start) == "parameter" => {
                    let declared = spaces(&start);
                    self.parameter(declared)?;
                }
                Event::Start(start) => {
                    let end = start.to_end().into_owned();
                    self.reader.read_to_end(end.name()).ok()?;
                }
                Event::End(_) => return Some(()),
                Event::Eof => return None,
                _ => {}
            }
        }
    }

    fn parameter(&mut self, declared: Vec<(String, String)>) -> Option<()> {
        self.spaces.push(declared);
        let mut part = Part::default();
        loop {
            match self.reader.read_event().ok()? {
                Event::Empty(start) => Self::simple(&start, &mut part)?,
                Event::Start(start) if local(&start) == "resource" => {
                    let declared = spaces(&start);
                    part.resource = self.inside(declared)?;
                }
                Event::Start(start) => {
                    Self::simple(&start, &mut part)?;
                    let end = start.to_end().into_owned();
                    self.reader.read_to_end(end.name()).ok()?;
                }
                Event::End(_) => break,
                Event::Eof => return None,
                _ => {}
            }
        }
        self.spaces.pop();
        self.parts.push(part);
        Some(())
    }

    /// A name or a value.
    fn simple(start: &BytesStart<'_>, part: &mut Part) -> Option<()> {
        let name = local(start);
        let value = match start.try_get_attribute("value").ok()? {
            Some(value) => value.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned(),
            None => return Some(()),
        };
        match name.as_str() {
            "name" => part.name = value,
            _ if name.starts_with("value") => part.value = Some(value),
            _ => {}
        }
        Some(())
    }

    /// Where the one element inside `resource` stands.
    fn inside(&mut self, declared: Vec<(String, String)>) -> Option<Option<Range<usize>>> {
        self.spaces.push(declared);
        let mut found = None;
        loop {
            let at = usize::try_from(self.reader.buffer_position()).ok()?;
            match self.reader.read_event().ok()? {
                Event::Start(start) => {
                    let root = self.root(&start);
                    let end = start.to_end().into_owned();
                    self.reader.read_to_end(end.name()).ok()?;
                    self.roots.push((at, root));
                    found.get_or_insert(at..usize::try_from(self.reader.buffer_position()).ok()?);
                }
                Event::Empty(start) => {
                    let root = self.root(&start);
                    self.roots.push((at, root));
                    found.get_or_insert(at..usize::try_from(self.reader.buffer_position()).ok()?);
                }
                Event::End(_) => break,
                Event::Eof => return None,
                _ => {}
            }
        }
        self.spaces.pop();
        Some(found)
    }

    fn root(&self, start: &BytesStart<'_>) -> Root {
        let own = spaces(start);
        let mut around: Vec<(String, String)> = Vec::new();
        for (name, uri) in self.spaces.iter().rev().flatten() {
            let said = |list: &[(String, String)]| list.iter().any(|(other, _)| other == name);
            if !said(&own) && !said(&around) {
                around.push((name.clone(), uri.clone()));
            }
        }
        (local(start), String::from_utf8_lossy(start.name().as_ref()).into_owned(), around)
    }
}

fn local(start: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(start.local_name().as_ref()).into_owned()
}

/// Namespaces that an element declares, as they are written.
fn spaces(start: &BytesStart<'_>) -> Vec<(String, String)> {
    let mut attributes = start.attributes();
    let named = attributes
        .with_checks(false)
        .flatten()
        .map(|a| (String::from_utf8_lossy(a.key.as_ref()).into_owned(), a.value));
    let spaces = named.filter(|(name, _)| name == "xmlns" || name.starts_with("xmlns:"));
    // Whichever quotes it stood in, it stands in double ones now.
    spaces.map(|(name, uri)| (name, String::from_utf8_lossy(&uri).replace('"', "&quot;"))).collect()
}
