//! Text from a feed on its way to a person: nothing that is not seen, no number in names.

use super::chars::{digit, is_gap, unseen};
use super::scrub::scrub;

/// One line of text without control or bidirectional characters.
pub fn line(text: &str) -> String {
    text.chars().map(|c| if unseen(c) { '\u{FFFD}' } else { c }).collect()
}

/// Lines of text, without what a reader does not see.
pub fn lines(text: &str) -> String {
    text.chars().map(|c| if unseen(c) && !matches!(c, '\n' | '\r' | '\t') { '\u{FFFD}' } else { c }).collect()
}

/// Whether `text` holds a run of ten or more digits, blanks and dashes between digits not counted as breaks.
pub fn has_ten_digits(text: &str) -> bool {
    let mut run = 0;
    let mut last_was_gap = false;
    for c in text.chars() {
        if digit(c).is_some() {
            run += 1;
            last_was_gap = false;
            if run >= 10 {
                return true;
            }
        } else if is_gap(c) && run > 0 && !last_was_gap {
            last_was_gap = true;
        } else if !unseen(c) || c.is_control() {
            run = 0;
            last_was_gap = false;
        }
    }
    false
}

/// A URL or canonical that a message holds, safe to print; what has no scheme or holds blanks is not shown. URL characters only, at most 200 of them, and every digit
/// of a run of ten digits replaced by `9`.
pub fn url(text: &str) -> String {
    let scheme = text.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.len() < 12
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    });
    if !scheme || text.contains(char::is_whitespace) {
        return "(no URL)".to_owned();
    }
    let hide = has_ten_digits(text);
    let mut out: String = text
        .chars()
        .take(200)
        .map(|c| match c {
            '0'..='9' if hide => '9',
            c if c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%|".contains(c) => c,
            _ => '?',
        })
        .collect();
    if text.chars().count() > 200 {
        out.push('…');
    }
    scrub(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_no_text() {
        assert_eq!(line("a\u{202E}b\u{7}"), "a\u{FFFD}b\u{FFFD}");
        assert_eq!(line("a\u{200B}b\u{E0041}"), "a\u{FFFD}b\u{FFFD}");
    }

    #[test]
    fn urls_hide_numbers() {
        for (text, shown) in [
            ("http://hl7.org/fhir/ValueSet/a|4.0.1", "http://hl7.org/fhir/ValueSet/a|4.0.1"),
            ("urn:oid:2.16.840.1.113883.2.1.4.1", "urn:oid:2.16.840.1.113883.2.1.4.1"),
            ("http://a/9990000018", "http://a/9999999999"),
            ("http://a/999.000.0018", "http://a/###.###.####"),
            ("http://a/999%2e000%2e0018", "http://a/###%2e###%2e####"),
            ("Smith", "(no URL)"),
            ("http://a b", "(no URL)"),
            ("http://a/\u{1b}[31m<b>\u{202E}", "http://a/?[31m?b??"),
        ] {
            assert_eq!(url(text), shown, "{text}");
        }
    }
}
