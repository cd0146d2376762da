//! Numbers in sentences: thousands, singulars and plurals.

/// `41,203`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `1 error`, `2,000 errors`: a count and what is counted, given as one of it.
pub fn counted(n: u64, one: &str) -> String {
    format!("{} {}", thousands(n), noun(n, one))
}

/// A noun, given as one of it, as it stands after a number.
pub fn noun(n: u64, one: &str) -> String {
    if n == 1 { one.to_owned() } else { plural(one) }
}

/// The form of a verb that agrees with a number: `agrees(1, "claims", "claim")`.
pub const fn agrees(n: u64, one: &'static str, many: &'static str) -> &'static str {
    if n == 1 { one } else { many }
}

/// Many of something. Of several words the last is the noun.
fn plural(one: &str) -> String {
    let consonant_and_y = |stem: &str| !stem.ends_with(['a', 'e', 'i', 'o', 'u']);
    if one.ends_with("information") || one.ends_with("fatal") {
        return one.to_owned();
    }
    if let Some(stem) = one.strip_suffix("criterion") {
        return format!("{stem}criteria");
    }
    match one.strip_suffix('y') {
        Some(stem) if consonant_and_y(stem) => format!("{stem}ies"),
        _ if one.ends_with(['s', 'x']) || one.ends_with("ch") => format!("{one}es"),
        _ => format!("{one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (n, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(n), text);
        }
    }

    #[test]
    fn one_is_no_plural() {
        for (n, one, text) in [
            (1, "error", "1 error"),
            (0, "error", "0 errors"),
            (2, "information", "2 information"),
            (1, "criterion", "1 criterion"),
            (1200, "criterion", "1,200 criteria"),
            (2, "entry", "2 entries"),
            (2, "day", "2 days"),
            (2, "code system", "2 code systems"),
            (2, "address", "2 addresses"),
        ] {
            assert_eq!(counted(n, one), text);
        }
        assert_eq!((agrees(1, "claims", "claim"), agrees(0, "claims", "claim")), ("claims", "claim"));
    }
}
