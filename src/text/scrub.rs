//! What no output may hold: numbers that look like NHS numbers, however they are written, and characters that a reader does not see.

use std::borrow::Cow;

use super::chars::{digit, is_gap, unseen};
use super::digits::modulus_11_fits;

/// What one character, or one escape of it, means to a reader who looks for a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// A decimal digit of any script.
    Digit(u8),
    /// A blank or a dash.
    Gap,
    /// A full stop: between parts of a number, and of versions, addresses and object identifiers.
    Dot,
    /// An underscore or a solidus: between parts of a number, and between much else.
    Mark,
    /// Nothing that takes room.
    Unseen,
    /// A letter of ASCII.
    Letter,
    /// Anything else.
    Other,
}

/// How the parts of a number may be written: with gaps or marks between them, or with gaps alone.
const PARTS: [&[u8]; 3] = [&[10], &[3, 3, 4], &[3, 4, 3]];
const PARTS_WITH_GAPS: [&[u8]; 5] =
    [&[4, 3, 3], &[5, 5], &[3, 3, 2, 2], &[2, 2, 2, 2, 2], &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]];

fn unit_of(c: char) -> Unit {
    match c {
        c if c.is_ascii_alphabetic() => Unit::Letter,
        '.' | '\u{B7}' | '\u{2024}' | '\u{2027}' | '\u{FF0E}' => Unit::Dot,
        '_' | '/' | '\u{2044}' | '\u{FF0F}' => Unit::Mark,
        c if is_gap(c) => Unit::Gap,
        c if unseen(c) && !c.is_control() => Unit::Unseen,
        c => digit(c).map_or(Unit::Other, Unit::Digit),
    }
}

/// The unit at the start of a text that is not empty, and how many bytes it takes. What JSON, URIs, XML and logging commands
/// escape is the character that it stands for.
fn unit(text: &str) -> (Unit, usize) {
    let bytes = text.as_bytes();
    let escaped = match bytes[0] {
        b'%' => percent(bytes),
        b'\\' => backslash(bytes),
        b'&' => entity(text),
        _ => None,
    };
    if let Some((c, length)) = escaped {
        // A letter that is escaped is no part of a word beside it.
        let unit = match unit_of(c) {
            Unit::Letter => Unit::Other,
            unit => unit,
        };
        return (unit, length);
    }
    match text.chars().next() {
        Some(c) => (unit_of(c), c.len_utf8()),
        None => (Unit::Other, 1),
    }
}

fn hex(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0, |n, b| Some(n << 4 | char::from(*b).to_digit(16)?))
}

/// `%20`, `%C2%A0`; with the sign itself escaped, `%2520` and `%AZP2520`.
fn percent(bytes: &[u8]) -> Option<(char, usize)> {
    let mut decoded = Vec::new();
    let mut at = 0;
    loop {
        let rest = bytes.get(at..)?;
        let sign = if rest.starts_with(b"%AZP25") {
            6
        } else if rest.starts_with(b"%25") && rest.get(3..5).and_then(hex).is_some() {
            3
        } else if rest.starts_with(b"%") {
            1
        } else {
            return None;
        };
        match rest.get(sign..sign + 2).and_then(hex) {
            Some(byte) => (decoded.push(byte as u8), at += sign + 2),
            // The escape of the sign itself, before what is none.
            None if sign == 6 && decoded.is_empty() => return Some(('%', 6)),
            None => return None,
        };
        match std::str::from_utf8(&decoded) {
            Ok(text) => return Some((text.chars().next()?, at)),
            // No character: the sign stands for itself.
            Err(error) if error.error_len().is_some() || decoded.len() == 4 => {
                return bytes.starts_with(b"%AZP25").then_some(('%', 6));
            }
            Err(_) => {}
        }
    }
}

/// `\n`, `\u00a0`.
fn backslash(bytes: &[u8]) -> Option<(char, usize)> {
    match bytes.get(1)? {
        b'u' => Some((char::from_u32(bytes.get(2..6).and_then(hex)?).unwrap_or('\u{FFFD}'), 6)),
        b'b' | b'f' | b'n' | b'r' | b't' => Some(('\n', 2)),
        _ => None,
    }
}

/// `&#160;`, `&#xA0;`.
fn entity(text: &str) -> Option<(char, usize)> {
    let inner = text.strip_prefix("&#")?;
    let end = inner.bytes().take(8).position(|b| b == b';')?;
    let number = &inner[..end];
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    Some((char::from_u32(code.ok()?)?, end + 3))
}

/// Ten digits from the start of a text (nines alone are the shape of a value, not a value), as a number of that many is written, and where each of their units stands.
fn number(text: &str) -> Option<Vec<std::ops::Range<usize>>> {
    let mut places = Vec::with_capacity(10);
    let mut digits = [0u8; 10];
    let mut parts: Vec<u8> = vec![0];
    let (mut at, mut marks, mut dots, mut gap) = (0, false, false, 0);
    while places.len() < 10 {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let (unit, length) = unit(rest);
        match unit {
            Unit::Digit(value) => {
                if gap > 0 {
                    parts.push(0);
                    gap = 0;
                }
                digits[places.len()] = value;
                places.push(at..at + length);
                *parts.last_mut()? += 1;
            }
            Unit::Unseen => {}
            // One, or a dash between blanks.
            Unit::Gap | Unit::Mark | Unit::Dot if gap < 3 => {
                gap += 1;
                marks |= unit != Unit::Gap;
                dots |= unit == Unit::Dot;
            }
            _ => return None,
        }
        at += length;
    }
    let with_gaps = PARTS_WITH_GAPS.iter().filter(|_| !marks);
    if !PARTS.iter().chain(with_gaps).any(|known| *known == parts) || !modulus_11_fits(&digits) || digits == [9; 10] {
        return None;
    }
    // What goes on is another number: of eleven digits, or of more parts.
    let rest = &text[at..];
    let goes_on = !rest.is_empty()
        && match unit(rest) {
            (Unit::Digit(_), _) => true,
            (Unit::Dot, length) => dots && starts_with_digit(&rest[length..]),
            _ => false,
        };
    (!goes_on).then_some(places)
}

fn starts_with_digit(text: &str) -> bool {
    !text.is_empty() && matches!(unit(text).0, Unit::Digit(_))
}

/// A word of so many hexadecimal digits, letters among them, is a digest, and no number with letters beside it.
const DIGEST: usize = 12;

/// Whether the word that begins at `start` and goes on at `end` is a digest.
fn in_digest(text: &str, start: usize, end: usize) -> bool {
    let tail = text.as_bytes()[end..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let word = &text.as_bytes()[start..end + tail];
    word.len() >= DIGEST && word.iter().all(u8::is_ascii_hexdigit) && word.iter().any(u8::is_ascii_alphabetic)
}

/// Whether a text holds what [`scrub`] hides.
pub fn holds_number(text: &str) -> bool {
    matches!(scrub(text), Cow::Owned(_))
}

/// Replaces the digits of every number that may be an NHS number by `#`: ten digits whose last follows from the others, written
/// together or in the parts that people write, with blanks, dashes, full stops, underscores or solidi between, in any script.
/// Digits that belong to a digest or to a longer number are left alone.
pub fn scrub(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut done, mut at, mut word) = (0, 0, 0);
    // What stands before: a digit, or a full stop after a digit.
    let (mut digit, mut dotted) = (false, false);
    while at < text.len() {
        let (unit, length) = unit(&text[at..]);
        if let Unit::Digit(_) = unit
            && !digit
            && let Some(places) = number(&text[at..])
            && !(dotted && has_dots(&text[at..], &places))
            && !in_digest(text, word, at + places.last().map_or(0, |last| last.end))
        {
            for place in &places {
                out.push_str(&text[done..at + place.start]);
                out.push('#');
                done = at + place.end;
            }
            at = done;
            (digit, dotted) = (true, false);
            continue;
        }
        at += length;
        match unit {
            Unit::Digit(_) => (digit, dotted) = (true, false),
            Unit::Letter => (digit, dotted) = (false, false),
            Unit::Unseen => word = at,
            Unit::Dot => (digit, dotted, word) = (false, digit, at),
            Unit::Gap | Unit::Mark | Unit::Other => (digit, dotted, word) = (false, false, at),
        }
    }
    if done == 0 {
        return text.into();
    }
    out.push_str(&text[done..]);
    out.into()
}

/// Whether a full stop stands between the digits of a number.
fn has_dots(text: &str, places: &[std::ops::Range<usize>]) -> bool {
    places.windows(2).any(|pair| {
        let between = &text[pair[0].end..pair[1].start];
        !between.is_empty() && unit(between).0 == Unit::Dot
    })
}

/// A text as it may leave: without what a reader does not see, and without numbers. Line ends and tabs stay.
pub fn clean(text: &str) -> Cow<'_, str> {
    // A byte order mark may open a text.
    let hidden = |c: char| unseen(c) && !matches!(c, '\n' | '\r' | '\t' | '\u{FEFF}');
    if !text.chars().any(hidden) {
        return scrub(text);
    }
    let seen: String = text.chars().map(|c| if hidden(c) { '\u{FFFD}' } else { c }).collect();
    scrub(&seen).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_pass_the_check_are_hidden() {
        for (text, expected) in [
            ("Patient/9990000018 x", "Patient/########## x"),
            ("999 000 0018", "### ### ####"),
            ("999-000-0018.", "###-###-####."),
            ("9990000019", "9990000019"),
            ("19990000018", "19990000018"),
            ("sha256:a9990000018b", "sha256:a9990000018b"),
            ("b9990000018", "b##########"),
            ("9990000018af", "9990000018af"),
            ("99900000181", "99900000181"),
            ("2026-11-21 12:00", "2026-11-21 12:00"),
            ("a%209990000018.json", "a%20##########.json"),
            ("999%20000%200018", "###%20###%20####"),
            ("999%2520000%25200018", "###%2520###%2520####"),
            ("%3A9990000018", "%3A##########"),
            ("%AZP259990000018", "%AZP25##########"),
            ("%AZP25C2%AZP25A09990000018", "%AZP25C2%AZP25A0##########"),
            (r"line\n9990000018", r"line\n##########"),
            (r"\u00e99990000018", r"\u00e9##########"),
            ("é9990000018é", "é##########é"),
            ("999\u{a0}000\u{a0}0018", "###\u{a0}###\u{a0}####"),
            ("999.000.0018", "###.###.####"),
            ("999_000_0018_x", "###_###_####_x"),
            ("999/000/0018", "###/###/####"),
            ("999\u{2013}000\u{2013}0018", "###\u{2013}###\u{2013}####"),
            ("999\u{2011}000\u{2212}0018", "###\u{2011}###\u{2212}####"),
            ("999\u{202f}000\u{2009}0018", "###\u{202f}###\u{2009}####"),
            ("999 - 000 - 0018", "### - ### - ####"),
            ("999\u{200b}0000\u{200b}018", "###\u{200b}####\u{200b}###"),
            ("９９９０００００１８", "##########"),
            ("٩٩٩٠٠٠٠٠١٨", "##########"),
            ("\u{1D7D7}990000018", "##########"),
            ("999%C2%A0000%E2%80%930018", "###%C2%A0###%E2%80%93####"),
            ("999&#160;000&#xA0;0018", "###&#160;###&#xA0;####"),
            (r"999\u00a0000\u20130018", r"###\u00a0###\u2013####"),
            ("9 9 9 0 0 0 0 0 1 8", "# # # # # # # # # #"),
            ("99900 00018", "##### #####"),
            ("9990 000 018", "#### ### ###"),
            ("NHS9990000018", "NHS##########"),
            ("no9990000018x", "no##########x"),
            // Parts of an object identifier, an address and a version are no number.
            ("urn:oid:2.16.999.000.0018", "urn:oid:2.16.999.000.0018"),
            ("999.000.0018.1", "999.000.0018.1"),
            ("999.000.0018_1", "###.###.####_1"),
            ("999_000_0018_1", "###_###_####_1"),
            ("", ""),
        ] {
            assert_eq!(scrub(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_seen_is_made_visible() {
        assert_eq!(clean("a\u{1b}[31m\u{202e}b\n\t9990000018"), "a\u{FFFD}[31m\u{FFFD}b\n\t##########");
        assert!(matches!(clean("plain: ✓ é"), Cow::Borrowed(_)));
        assert_eq!(clean("999\u{200b}000\u{200b}0018"), "###\u{FFFD}###\u{FFFD}####");
    }
}
