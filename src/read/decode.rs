//! Bytes to text: UTF-8 with or without a byte order mark, UTF-16 with one.

use std::borrow::Cow;

use super::faults::{self, Fault};
use crate::text::Span;
use crate::tree::NONE;

/// Decodes one payload. `None`, with a fatal fault, when the bytes are no text.
pub fn decode<'b>(bytes: &'b [u8], found: &mut Vec<Fault>) -> Option<Cow<'b, str>> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, found),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes, found),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes, found),
        // XML may be UTF-16 without a mark: `<?` tells the byte order.
        [b'<', 0, b'?', 0, ..] => utf16(bytes, u16::from_le_bytes, found),
        [0, b'<', 0, b'?', ..] => utf16(bytes, u16::from_be_bytes, found),
        // JSON may not be, but is: what the receiver cannot read is still worth checking.
        [b'{', 0, second, 0, ..] if second.is_ascii() => utf16(bytes, u16::from_le_bytes, found),
        [0, b'{', 0, second, ..] if second.is_ascii() => utf16(bytes, u16::from_be_bytes, found),
        _ => utf8(bytes, found),
    }
}

fn utf8<'b>(bytes: &'b [u8], found: &mut Vec<Fault>) -> Option<Cow<'b, str>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(error) => {
            let good = error.valid_up_to();
            let line = memchr::memchr_iter(b'\n', &bytes[..good]).count() + 1;
            let says = format!("the bytes are not UTF-8 (line {line}, byte {good} of the payload)");
            found.push(Fault { line: Some(line as u32), ..Fault::fatal(&faults::ENCODING, 0, 0, says) });
            None
        }
    }
}

fn utf16<'b>(bytes: &[u8], unit: fn([u8; 2]) -> u16, found: &mut Vec<Fault>) -> Option<Cow<'b, str>> {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    let decoded: Result<String, _> = char::decode_utf16(units).collect();
    if decoded.is_err() || bytes.len() % 2 == 1 {
        found.push(Fault::fatal(&faults::ENCODING, 0, 0, "the bytes are not UTF-16 although they begin as such"));
        return None;
    }
    if decoded.as_ref().is_ok_and(|text| super::sniff(text) == Some(super::Format::Json)) {
        let says = "the JSON is UTF-16; receivers read UTF-8 only";
        found.push(Fault::at(&faults::ENCODING, NONE, Span::new(0, 1), says));
    }
    decoded.ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_feeds_send() {
        let mut found = Vec::new();
        assert_eq!(decode(b"\xEF\xBB\xBF{}", &mut found).as_deref(), Some("{}"));
        assert_eq!(decode(b"\xFF\xFE<\0a\0", &mut found).as_deref(), Some("<a"));
        assert_eq!(decode(b"\xFE\xFF\0<\0a", &mut found).as_deref(), Some("<a"));
        assert_eq!(decode(b"<\0?\0", &mut found).as_deref(), Some("<?"));
        assert!(found.is_empty());
        for json in [&b"\xFF\xFE{\0}\0"[..], b"{\0}\0", b"\0{\0}"] {
            assert_eq!(decode(json, &mut found).as_deref(), Some("{}"));
            assert!(found.pop().is_some_and(|f| !f.fatal && f.meta.id == "HM0002"));
        }
        assert_eq!(decode(b"{\0\0\0}\0\0\0", &mut found).as_deref(), Some("{\0}\0"));
        found.clear();
        assert!(decode(b"{\n\"a\xFF\"}", &mut found).is_none());
        assert_eq!(found[0].line, Some(2));
        assert!(decode(b"\xFF\xFE<", &mut found).is_none());
    }
}
