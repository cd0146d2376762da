//! Text from a feed on its way to a person: no control characters, no bidi tricks, no run of ten digits in names.

/// One line of text without control or bidirectional characters.
pub fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || is_bidi(c) { '\u{FFFD}' } else { c }).collect()
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether `text` holds a run of ten or more digits, spaces and hyphens between digits not counted as breaks.
pub fn has_ten_digits(text: &str) -> bool {
    let mut run = 0;
    let mut last_was_gap = false;
    for c in text.chars() {
        match c {
            '0'..='9' => {
                run += 1;
                last_was_gap = false;
                if run >= 10 {
                    return true;
                }
            }
            ' ' | '-' if run > 0 && !last_was_gap => last_was_gap = true,
            _ => {
                run = 0;
                last_was_gap = false;
            }
        }
    }
    false
}

/// A path for output: a component that holds a run of ten digits is replaced by `#` and `ordinal`.
pub fn file_name(path: &str, ordinal: usize) -> String {
    let parts =
        path.split(['/', '\\']).map(|part| if has_ten_digits(part) { format!("#{ordinal}") } else { line(part) });
    parts.collect::<Vec<_>>().join("/")
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
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_hold_ten_digits_become_ordinals() {
        assert_eq!(file_name("in/pat-999 000 0018.json", 3), "in/#3");
        assert_eq!(file_name("in/2026-11/a.json", 3), "in/2026-11/a.json");
        assert_eq!(line("a\u{202E}b\u{7}"), "a\u{FFFD}b\u{FFFD}");
    }
}
