//! Strings and numbers of JSON: where they end, and what they say once escapes are undone.

/// How a string ended.
pub(super) struct Quoted {
    /// Byte after the last byte of the content (the closing quote stands there).
    pub end: usize,
    /// Whether it holds escapes.
    pub escaped: bool,
    /// First raw control character, if any.
    pub control: Option<usize>,
}

/// Scans string content from `at` (after the opening quote); `None` when the text ends first.
pub(super) fn scan(bytes: &[u8], mut at: usize) -> Option<Quoted> {
    let mut escaped = false;
    let mut control = None;
    loop {
        // Most strings are short: a byte loop beats a vector search here.
        match *bytes.get(at)? {
            b'"' => return Some(Quoted { end: at, escaped, control }),
            b'\\' => {
                escaped = true;
                at += 2;
            }
            0..=0x1F => {
                control.get_or_insert(at);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// What an escape was at fault for.
pub(super) enum Escape {
    /// Not an escape JSON knows: offset in the content.
    Unknown(usize),
    /// Half a surrogate pair: offset in the content.
    Surrogate(usize),
}

/// Appends `raw` to `out` with escapes undone; faults come back with the offset inside `raw`.
pub(super) fn unescape(raw: &str, out: &mut String) -> Result<(), Escape> {
    let mut result = Ok(());
    let mut rest = 0;
    while let Some(found) = memchr::memchr(b'\\', &raw.as_bytes()[rest..]) {
        let at = rest + found;
        out.push_str(&raw[rest..at]);
        let (c, used) = match raw.as_bytes().get(at + 1) {
            Some(b'"') => ('"', 2),
            Some(b'\\') => ('\\', 2),
            Some(b'/') => ('/', 2),
            Some(b'b') => ('\u{8}', 2),
            Some(b'f') => ('\u{c}', 2),
            Some(b'n') => ('\n', 2),
            Some(b'r') => ('\r', 2),
            Some(b't') => ('\t', 2),
            Some(b'u') => match unicode(raw, at) {
                Some(pair) => pair,
                None => {
                    result = Err(Escape::Surrogate(at));
                    ('\u{FFFD}', if hex4(raw, at + 2).is_some() { 6 } else { 2 })
                }
            },
            _ => return Err(Escape::Unknown(at)),
        };
        out.push(c);
        rest = at + used;
    }
    out.push_str(&raw[rest..]);
    result
}

fn hex4(raw: &str, at: usize) -> Option<u32> {
    let digits = raw.get(at..at + 4)?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

fn unicode(raw: &str, at: usize) -> Option<(char, usize)> {
    let first = hex4(raw, at + 2)?;
    if !(0xD800..0xE000).contains(&first) {
        return char::from_u32(first).map(|c| (c, 6));
    }
    if first >= 0xDC00 || raw.get(at + 6..at + 8)? != "\\u" {
        return None;
    }
    let second = hex4(raw, at + 8)?;
    if !(0xDC00..0xE000).contains(&second) {
        return None;
    }
    char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)).map(|c| (c, 12))
}

/// End of the number that starts at `at`; `Err` holds the byte at fault.
pub(super) fn number(bytes: &[u8], at: usize) -> Result<usize, usize> {
    let digits = |mut i: usize| {
        let start = i;
        while bytes.get(i).is_some_and(u8::is_ascii_digit) {
            i += 1;
        }
        if i == start { Err(i) } else { Ok(i) }
    };
    let mut i = at;
    if bytes.get(i) == Some(&b'-') {
        i += 1;
    }
    if bytes.get(i) == Some(&b'0') {
        i += 1;
        if bytes.get(i).is_some_and(u8::is_ascii_digit) {
            return Err(i);
        }
    } else {
        i = digits(i)?;
    }
    if bytes.get(i) == Some(&b'.') {
        i = digits(i + 1)?;
    }
    if matches!(bytes.get(i), Some(b'e' | b'E')) {
        i += 1;
        if matches!(bytes.get(i), Some(b'+' | b'-')) {
            i += 1;
        }
        i = digits(i)?;
    }
    Ok(i)
}
