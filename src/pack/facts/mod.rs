//! The text form of packs. A definition begins at the start of a line; what it says is indented, one fact a line;
//! words are parted by single spaces, and the last fact of a line may be text that runs to its end.
//!
//! In a word, `\s` is a space, `\n`, `\r` and `\t` are themselves, `\d` a dot, `\c` a colon, `\q` nothing at all
//! (before a first character that would mean something else) and `\\` a backslash; `-` is an empty word.

pub mod structures;
pub mod terms;

use super::error::PackError;

/// Appends `text` as one word.
fn word(out: &mut String, text: &str) {
    if text.is_empty() {
        out.push('-');
        return;
    }
    if text.starts_with(['-', '^', '>', '+', '=', '@', '&', '!', '~', '#', '.']) || text.starts_with("b=") {
        out.push_str("\\q");
    }
    escape(out, text, true);
}

/// Appends `text` to the end of a line.
fn line_text(out: &mut String, text: &str) {
    escape(out, text, false);
}

fn escape(out: &mut String, text: &str, spaces: bool) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' ' if spaces => out.push_str("\\s"),
            c => out.push(c),
        }
    }
}

/// The text of a word or of the end of a line.
fn plain(text: &str) -> String {
    if text == "-" {
        return String::new();
    }
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('s') => out.push(' '),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('d') => out.push('.'),
            Some('c') => out.push(':'),
            Some('q') | None => {}
            Some(other) => out.push(other),
        }
    }
    out
}

/// Where HL7's own structures live: written `~`.
const CORE: &str = super::import::CORE;

/// Appends a canonical as a word.
fn canonical(out: &mut String, url: &str) {
    match url.strip_prefix(CORE) {
        Some(rest) => {
            out.push('~');
            escape(out, rest, true);
        }
        None => word(out, url),
    }
}

/// A canonical as one word.
pub fn canonical_word(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    canonical(&mut out, url);
    out
}

/// The canonical that a word stands for.
fn url(text: &str) -> String {
    match text.strip_prefix('~') {
        Some(rest) => format!("{CORE}{}", plain(rest)),
        None => plain(text),
    }
}

/// The canonical that [`canonical_word`] wrote.
pub fn canonical_of(text: &str) -> String {
    url(text)
}

/// One line of facts: its indentation and its text.
#[derive(Clone, Copy)]
struct Line<'a> {
    indent: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    /// The first word and the rest.
    fn split(self) -> (&'a str, &'a str) {
        self.text.split_once(' ').unwrap_or((self.text, ""))
    }

    fn wrong(self, what: &str) -> PackError {
        PackError::Facts { pack: String::new(), what: what.to_owned(), line: self.text.to_owned() }
    }
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    text.lines().filter(|line| !line.is_empty()).map(|line| {
        let indent = line.bytes().take_while(|byte| *byte == b' ').count();
        Line { indent, text: &line[indent..] }
    })
}

/// The first `N` words of a text and what follows them.
fn words<const N: usize>(text: &str) -> ([&str; N], &str) {
    let mut out = [""; N];
    let mut rest = text;
    for word in &mut out {
        (*word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    }
    (out, rest)
}

/// A name as one word.
pub fn name_word(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    word(&mut out, text);
    out
}

/// Kind, canonical, version and name in the first line of a definition.
pub fn heading(definition: &str) -> (&str, String, String, String) {
    let first = definition.lines().next().unwrap_or_default();
    let ([kind, canonical, version, name], _) = words::<4>(first);
    (kind, url(canonical), plain(version), plain(name))
}

fn header(out: &mut String, kind: &str, url: &str, version: &str, name: &str) {
    out.push_str(kind);
    out.push(' ');
    canonical(out, url);
    for text in [version, name] {
        out.push(' ');
        word(out, text);
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back() {
        for text in ["", "-", "a b", "\\n\n\t", "^x", "~y", "b=1", ".", "é %resource"] {
            let mut out = String::new();
            word(&mut out, text);
            assert!(!out.contains(' '));
            assert_eq!(plain(&out), text);
        }
    }
}
