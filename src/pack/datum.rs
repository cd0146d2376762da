//! Reading FHIR JSON into `Datum`: the small, forgiving reader that definitions need; numbers keep their source text.

use super::model::Datum;

/// Deepest nesting of a definition that is read.
const MAX_DEPTH: usize = 200;

impl Datum {
    /// The member `name` of an object.
    pub fn get(&self, name: &str) -> Option<&Datum> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Text of the primitive member `name`.
    pub fn str(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Datum::text)
    }

    /// Text of a primitive.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Primitive(text) => Some(text),
            _ => None,
        }
    }

    /// Items of the member `name`: none, one (also when it does not stand in an array) or many.
    pub fn items(&self, name: &str) -> &[Datum] {
        match self.get(name) {
            Some(Self::Array(items)) => items,
            Some(one) => std::slice::from_ref(one),
            None => &[],
        }
    }

    /// Members of an object in source order.
    pub fn members(&self) -> &[(String, Datum)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// Drops members that hold only primitives' ids and extensions (`_name`), at any depth.
    pub fn without_underscored(self) -> Self {
        match self {
            Self::Object(members) => Self::Object(
                members
                    .into_iter()
                    .filter(|(key, _)| !key.starts_with('_'))
                    .map(|(key, value)| (key, value.without_underscored()))
                    .collect(),
            ),
            Self::Array(items) => Self::Array(items.into_iter().map(Self::without_underscored).collect()),
            other => other,
        }
    }
}

/// Members of a definition that hold only prose, never read.
fn is_prose(name: &str) -> bool {
    matches!(name, "definition" | "requirements" | "meaningWhenMissing" | "mapping" | "contact" | "purpose")
}

/// Reads one JSON value. Errors say what is wrong and at which byte.
pub fn parse_json(bytes: &[u8]) -> Result<Datum, String> {
    let mut reader = Reader { bytes: strip_bom(bytes), at: 0 };
    let value = reader.value(0)?;
    reader.space();
    if reader.at < reader.bytes.len() { Err(reader.wrong("text after the end")) } else { Ok(value) }
}

/// Reads only the primitive members of the outermost object, passing over all else: enough to index a definition.
pub fn skim_json(bytes: &[u8]) -> Result<Datum, String> {
    let mut reader = Reader { bytes: strip_bom(bytes), at: 0 };
    reader.space();
    reader.expect(b'{')?;
    let mut members = Vec::new();
    reader.space();
    if reader.peek() == Some(b'}') {
        return Ok(Datum::Object(members));
    }
    loop {
        reader.space();
        let key = reader.string()?;
        reader.space();
        reader.expect(b':')?;
        reader.space();
        if matches!(reader.peek(), Some(b'{' | b'[')) || key == "description" || key == "copyright" {
            reader.skip(0)?;
        } else {
            let value = reader.value(0)?;
            members.push((key, value));
        }
        reader.space();
        match reader.next() {
            Some(b',') => {}
            Some(b'}') => return Ok(Datum::Object(members)),
            _ => return Err(reader.wrong("expected , or }")),
        }
    }
}

fn strip_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        self.at += 1;
        byte
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn wrong(&self, what: &str) -> String {
        format!("{what} at byte {}", self.at.min(self.bytes.len()))
    }

    fn expect(&mut self, byte: u8) -> Result<(), String> {
        if self.next() == Some(byte) { Ok(()) } else { Err(self.wrong(&format!("expected {}", byte as char))) }
    }

    fn value(&mut self, depth: usize) -> Result<Datum, String> {
        if depth > MAX_DEPTH {
            return Err(self.wrong("nested too deeply"));
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => {
                self.at += 1;
                let mut items = Vec::new();
                self.space();
                if self.peek() == Some(b']') {
                    self.at += 1;
                    return Ok(Datum::Array(items));
                }
                loop {
                    items.push(self.value(depth + 1)?);
                    self.space();
                    match self.next() {
                        Some(b',') => {}
                        Some(b']') => return Ok(Datum::Array(items)),
                        _ => return Err(self.wrong("expected , or ]")),
                    }
                }
            }
            Some(b'"') => self.string().map(Datum::Primitive),
            Some(_) => self.bare().map(|text| Datum::Primitive(text.to_owned())),
            None => Err(self.wrong("nothing left")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Datum, String> {
        self.at += 1;
        let mut members = Vec::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Datum::Object(members));
        }
        loop {
            self.space();
            let key = self.string()?;
            self.space();
            self.expect(b':')?;
            if is_prose(&key) {
                self.skip(depth + 1)?;
            } else {
                let value = self.value(depth + 1)?;
                members.push((key, value));
            }
            self.space();
            match self.next() {
                Some(b',') => {}
                Some(b'}') => return Ok(Datum::Object(members)),
                _ => return Err(self.wrong("expected , or }")),
            }
        }
    }

    /// `true`, `null` or a number, as it stands.
    fn bare(&mut self) -> Result<&str, String> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.')) {
            self.at += 1;
        }
        match std::str::from_utf8(&self.bytes[start..self.at]) {
            Ok(text) if !text.is_empty() => Ok(text),
            _ => Err(self.wrong("expected a value")),
        }
    }

    fn skip(&mut self, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(self.wrong("nested too deeply"));
        }
        self.space();
        match self.peek() {
            Some(b'"') => self.skip_string(),
            Some(open @ (b'{' | b'[')) => {
                let close = if open == b'{' { b'}' } else { b']' };
                self.at += 1;
                self.space();
                if self.peek() == Some(close) {
                    self.at += 1;
                    return Ok(());
                }
                loop {
                    if open == b'{' {
                        self.space();
                        if self.peek() != Some(b'"') {
                            return Err(self.wrong("expected a name"));
                        }
                        self.skip_string()?;
                        self.space();
                        self.expect(b':')?;
                    }
                    self.skip(depth + 1)?;
                    self.space();
                    match self.next() {
                        Some(b',') => {}
                        Some(byte) if byte == close => return Ok(()),
                        _ => return Err(self.wrong("expected , or an end")),
                    }
                }
            }
            _ => self.bare().map(|_| ()),
        }
    }

    fn skip_string(&mut self) -> Result<(), String> {
        self.at += 1;
        loop {
            match memchr::memchr2(b'"', b'\\', self.bytes.get(self.at..).unwrap_or_default()) {
                Some(offset) if self.bytes[self.at + offset] == b'"' => {
                    self.at += offset + 1;
                    return Ok(());
                }
                Some(offset) => self.at += offset + 2,
                None => return Err(self.wrong("text without an end")),
            }
        }
    }

    fn string(&mut self) -> Result<String, String> {
        self.expect(b'"')?;
        let mut out: Vec<u8> = Vec::new();
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(offset) = memchr::memchr2(b'"', b'\\', rest) else {
                return Err(self.wrong("text without an end"));
            };
            out.extend_from_slice(&rest[..offset]);
            self.at += offset + 1;
            if rest[offset] == b'"' {
                return String::from_utf8(out).map_err(|_| self.wrong("text that is not UTF-8"));
            }
            let plain = match self.next() {
                Some(b'n') => '\n',
                Some(b't') => '\t',
                Some(b'r') => '\r',
                Some(b'b') => '\u{8}',
                Some(b'f') => '\u{c}',
                Some(b'u') => self.unicode()?,
                Some(byte @ (b'"' | b'\\' | b'/')) => byte as char,
                _ => return Err(self.wrong("unknown escape")),
            };
            out.extend_from_slice(plain.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }

    fn hex4(&mut self) -> Result<u32, String> {
        let digits = self.bytes.get(self.at..self.at + 4).and_then(|b| std::str::from_utf8(b).ok());
        let number = digits.and_then(|d| u32::from_str_radix(d, 16).ok());
        self.at += 4;
        number.ok_or_else(|| self.wrong("bad \\u escape"))
    }

    fn unicode(&mut self) -> Result<char, String> {
        let first = self.hex4()?;
        if (0xD800..0xDC00).contains(&first) && self.bytes.get(self.at..).is_some_and(|r| r.starts_with(b"\\u")) {
            self.at += 2;
            let second = self.hex4()?;
            if (0xDC00..0xE000).contains(&second) {
                let both = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(both).unwrap_or('\u{FFFD}'));
            }
            return Ok('\u{FFFD}');
        }
        Ok(char::from_u32(first).unwrap_or('\u{FFFD}'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_number_text_and_order() {
        let datum = parse_json(br#"{"b": 1.50, "a": [true, null, "x\u00e9\ud83d\ude00\n"], "definition": {"x": "}"}}"#)
            .unwrap();
        assert_eq!(datum.str("b"), Some("1.50"));
        assert_eq!(datum.items("a")[2].text(), Some("xé😀\n"));
        assert_eq!(datum.members().len(), 2);
    }

    #[test]
    fn broken_text_is_an_error() {
        for bad in
            ["", "{", "{\"a\"", "{\"a\":", "[1,", "\"\\u12", "\"\\", "{\"a\":1}x", "{\"a\" 1}", "\"\\ud800\\u00", "{,}"]
        {
            assert!(parse_json(bad.as_bytes()).is_err(), "{bad}");
            // Skimming stops at the end of the object.
            assert!(skim_json(bad.as_bytes()).is_err() || bad.ends_with("}x"), "{bad}");
        }
        for bad in ["{\"x\":{\"a\":1,}}", "{\"x\":[1}", "{\"x\":[1 2]}", "{\"x\":{1:2}}"] {
            assert!(skim_json(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(skim_json(format!("{{\"x\":{}", "[".repeat(100_000)).as_bytes()).is_err());
        assert!(parse_json("[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn skims_the_header() {
        let datum = skim_json(br#"{"resourceType":"ValueSet","compose":{"a":["]"]},"url":"u","x":[]}"#).unwrap();
        assert_eq!(datum.str("url"), Some("u"));
        assert_eq!(datum.members().len(), 2);
    }
}
