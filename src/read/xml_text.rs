//! Attribute values and text of XML: the five named entities and character references, nothing else.

/// Appends `raw` to `out` with references resolved and line breaks and tabs read as spaces (XML 1.0, 3.3.3).
/// `Err` holds the offset in `raw` of a reference that is not allowed.
pub(super) fn resolve(raw: &str, out: &mut String) -> Result<(), usize> {
    let mut at = 0;
    while let Some(found) = raw.as_bytes()[at..].iter().position(|b| matches!(b, b'&' | b'\n' | b'\r' | b'\t')) {
        let next = at + found;
        out.push_str(&raw[at..next]);
        if raw.as_bytes()[next] != b'&' {
            if raw.as_bytes()[next..].starts_with(b"\r\n") {
                at = next + 2;
            } else {
                at = next + 1;
            }
            out.push(' ');
            continue;
        }
        let Some(len) = raw[next..].find(';') else { return Err(next) };
        let c = reference(&raw[next + 1..next + len]).ok_or(next)?;
        out.push(c);
        at = next + len + 1;
    }
    out.push_str(&raw[at..]);
    Ok(())
}

/// The character behind `&name;` or `&#…;`.
pub(super) fn reference(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) if !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
                    u32::from_str_radix(hex, 16).ok()?
                }
                None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse().ok()?,
                _ => return None,
            };
            char::from_u32(code).filter(|&c| is_char(c))
        }
    }
}

/// Whether XML 1.0 allows the character.
pub(super) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// What XML takes for white space: not the form feed, and no blank beyond ASCII.
pub(super) const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];

/// Whether a byte is white space.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether a name may begin with this byte; multi-byte characters are let through.
pub(super) fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || byte >= 0x80
}

/// Whether a name may continue with this byte.
pub(super) fn in_name(byte: u8) -> bool {
    starts_name(byte) || byte.is_ascii_digit() || byte == b'-' || byte == b'.'
}
