//! Where a JSON pointer stands in well-formed JSON text, and which member stands there twice.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// The span of the value at `pointer`, and of its key when it is a member. The text must be well formed.
pub(super) fn locate(text: &str, pointer: &[String]) -> Option<(Option<Range<usize>>, Range<usize>)> {
    let mut at = Cursor { bytes: text.as_bytes(), at: 0 };
    let mut key = None;
    for step in pointer {
        at.space();
        match at.peek()? {
            b'{' => key = Some(at.member(step)?),
            b'[' => {
                at.item(step.parse().ok()?)?;
                key = None;
            }
            _ => return None,
        }
    }
    at.space();
    let start = at.at;
    at.skip()?;
    Some((key, start..at.at))
}

/// The second key of the first member that stands twice in one object. Readers of JSON differ in which of the two they
/// take, so that one file could say two things. The text must be well formed.
pub(super) fn twice(text: &str) -> Option<Range<usize>> {
    Cursor { bytes: text.as_bytes(), at: 0 }.repeated()
}

struct Cursor<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Cursor<'t> {
    /// Past one value, unless a member of it stands there twice: then the key.
    fn repeated(&mut self) -> Option<Range<usize>> {
        self.space();
        let object = match self.peek()? {
            b'{' => true,
            b'[' => false,
            _ => {
                self.skip();
                return None;
            }
        };
        self.at += 1;
        let bytes: &'t [u8] = self.bytes;
        let mut seen: HashSet<Cow<'t, str>> = HashSet::new();
        loop {
            self.space();
            match self.peek()? {
                b'}' | b']' => {
                    self.at += 1;
                    return None;
                }
                b',' => {
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            if object {
                let start = self.at;
                self.skip()?;
                let key = start..self.at;
                let raw = std::str::from_utf8(&bytes[key.clone()]).ok()?;
                let name = match raw.contains('\\') {
                    true => serde_json::from_str::<String>(raw).ok()?.into(),
                    false => raw.trim_matches('"').into(),
                };
                if !seen.insert(name) {
                    return Some(key);
                }
                self.space();
                self.at += 1;
            }
            if let Some(found) = self.repeated() {
                return Some(found);
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Moves to the value of a member; gives the span of the key.
    fn member(&mut self, name: &str) -> Option<Range<usize>> {
        self.at += 1;
        loop {
            self.space();
            if self.peek()? == b'}' {
                return None;
            }
            let start = self.at;
            self.skip()?;
            let key = start..self.at;
            let found = std::str::from_utf8(&self.bytes[key.clone()]).ok()?;
            let found: String = serde_json::from_str(found).ok()?;
            self.space();
            self.at += 1;
            self.space();
            if found == name {
                return Some(key);
            }
            self.skip()?;
            self.comma();
        }
    }

    fn item(&mut self, index: usize) -> Option<()> {
        self.at += 1;
        for _ in 0..index {
            self.space();
            if self.peek()? == b']' {
                return None;
            }
            self.skip()?;
            self.comma();
        }
        Some(())
    }

    fn comma(&mut self) {
        self.space();
        if self.peek() == Some(b',') {
            self.at += 1;
        }
    }

    /// Past one value.
    fn skip(&mut self) -> Option<()> {
        self.space();
        match self.peek()? {
            b'"' => {
                self.at += 1;
                while self.peek()? != b'"' {
                    self.at += if self.peek()? == b'\\' { 2 } else { 1 };
                }
                self.at += 1;
            }
            b'{' | b'[' => {
                let mut depth = 0usize;
                loop {
                    match self.peek()? {
                        b'"' => {
                            self.skip()?;
                            continue;
                        }
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth -= 1,
                        _ => {}
                    }
                    self.at += 1;
                    if depth == 0 {
                        break;
                    }
                }
            }
            _ => {
                while self.peek().is_some_and(|b| !b.is_ascii_whitespace() && !b",]}".contains(&b)) {
                    self.at += 1;
                }
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_that_stand_twice_are_found() {
        for (text, found) in [
            (r#"{"a": 1, "b": {"a": [1, {"a": "}"}]}}"#, None),
            (r#"{"a": 1, "a": 1}"#, Some(9)),
            (r#"[{}, {"x": [{"b": "{", "\u0062": 2}]}]"#, Some(23)),
            (r#"{"a": [], "c": {"d": 1, "e": {}, "d": 2}}"#, Some(33)),
        ] {
            let parsed: serde_json::Value = serde_json::from_str(text).unwrap();
            assert!(parsed.is_object() || parsed.is_array());
            assert_eq!(twice(text).map(|span| span.start), found, "{text}");
        }
    }

    #[test]
    fn pointers_find_their_place() {
        let text = r#"{ "a": [1, {"b\"c": "x]"}, true], "d": {"e": null} }"#;
        for (pointer, expected) in [
            (vec!["a"], r#"[1, {"b\"c": "x]"}, true]"#),
            (vec!["a", "1", "b\"c"], r#""x]""#),
            (vec!["a", "2"], "true"),
            (vec!["d", "e"], "null"),
        ] {
            let pointer: Vec<String> = pointer.into_iter().map(String::from).collect();
            let (_, span) = locate(text, &pointer).unwrap();
            assert_eq!(&text[span], expected);
        }
        assert!(locate(text, &["z".into()]).is_none());
        assert!(locate(text, &["a".into(), "9".into()]).is_none());
    }
}
