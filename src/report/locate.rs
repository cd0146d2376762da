//! The list of doubles and contradictions: every member with its place, as CSV. For the machine that holds the key, and never part of a
//! record.

use std::io::{self, Write};

use super::sheet::{BYTE_ORDER_MARK, row};
use crate::finding::Dimension;
use crate::record::SightingSorter;
use crate::tally::KeyKind;

const HEADS: [&str; 11] =
    ["kind", "what", "group", "pseudonym", "variant", "source", "payload", "line", "resource", "id", "message"];

/// Writes the list. Without a key (`keyed`) only payloads of the same bytes are told, and no pseudonym is shown. Returns the groups by
/// kind.
///
/// # Errors
/// What the output says, and when a temporary file cannot be read.
pub fn locate(sorter: SightingSorter, keyed: bool, out: &mut impl Write) -> io::Result<Vec<(KeyKind, u64)>> {
    out.write_all(BYTE_ORDER_MARK)?;
    row(out, &HEADS)?;
    sorter.finish(&mut |group, fact, seen| {
        let kind = seen.row.kind;
        let what = if kind.dimension() == Dimension::Consistency { "contradiction" } else { "double" };
        let pseudonym = if keyed { hex::encode(seen.row.key) } else { String::new() };
        let variant = if kind.has_facts() { letters(fact) } else { String::new() };
        let (group, payload, line) = (group.to_string(), seen.payload.to_string(), seen.line.to_string());
        let place = [&*seen.source, &payload, &line, &seen.resource, &seen.id, &seen.message];
        let head = [kind.as_str(), what, &group, &pseudonym, &variant];
        row(out, &[&head[..], &place[..]].concat())
    })
}

/// Writes which names of sources stand for which files.
///
/// # Errors
/// What the output says.
pub fn names(told: &[(String, String)], out: &mut impl Write) -> io::Result<()> {
    out.write_all(BYTE_ORDER_MARK)?;
    row(out, &["name", "file"])?;
    told.iter().try_for_each(|(name, file)| row(out, &[name, file]))
}

/// `a`, `b`, … `z`, `aa`: what tells the facts of a group apart without saying them.
fn letters(mut n: usize) -> String {
    let mut out = Vec::new();
    loop {
        out.push(b'a' + (n % 26) as u8);
        if n < 26 {
            break;
        }
        n = n / 26 - 1;
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn variants_have_letters() {
        for (n, text) in [(0, "a"), (25, "z"), (26, "aa"), (27, "ab"), (701, "zz"), (702, "aaa")] {
            assert_eq!(super::letters(n), text);
        }
    }
}
