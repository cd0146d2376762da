//! What a postcode is: shapes of the United Kingdom, and those that stand for no place.

/// What a text is as a postcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Postcode {
    /// Well formed.
    Good,
    /// Well formed but for its spaces or case.
    Untidy,
    /// A pseudo postcode.
    Pseudo,
    /// No postcode.
    Bad,
}

/// Reads a postcode (NHS Data Dictionary, POSTCODE; BS 7666 shapes). Pseudo postcodes are looked for first: the shapes
/// would refuse them.
pub fn read(text: &str) -> Postcode {
    let mut bare = [0u8; 7];
    let mut length = 0;
    for b in text.bytes().filter(|b| *b != b' ') {
        if length == bare.len() || !b.is_ascii_alphanumeric() {
            return if is_bfpo(text) { Postcode::Good } else { Postcode::Bad };
        }
        bare[length] = b.to_ascii_uppercase();
        length += 1;
    }
    let bare = &bare[..length];
    if is_bfpo(text) {
        return Postcode::Good;
    }
    if length < 5 {
        return Postcode::Bad;
    }
    let (outward, inward) = bare.split_at(length - 3);
    if outward == b"ZZ99" {
        return if is_pseudo(inward) { Postcode::Pseudo } else { Postcode::Bad };
    }
    if !is_outward(outward) || !is_inward(inward) {
        return Postcode::Bad;
    }
    let tidy = text.len() == length + 1
        && text.as_bytes()[length - 3] == b' '
        && !text.bytes().any(|b| b.is_ascii_lowercase());
    if tidy { Postcode::Good } else { Postcode::Untidy }
}

/// Whether a text that is not a UK postcode looks as if one was meant: one or two letters and a digit in front, a digit and two
/// characters behind, five to eight in all. Codes of most other countries are digits only.
pub fn is_meant(text: &str) -> bool {
    let bare: Vec<u8> = text.bytes().filter(|b| *b != b' ').collect();
    let digit = |at: usize| bare.get(at).is_some_and(u8::is_ascii_digit);
    let letter = |at: usize| bare.get(at).is_some_and(u8::is_ascii_alphabetic);
    let front = letter(0) && (digit(1) || letter(1) && digit(2));
    let inward = bare.len().saturating_sub(3);
    (5..=8).contains(&bare.len()) && front && digit(inward) && (letter(inward + 1) || letter(inward + 2))
}

/// `GIR` or an area of one or two letters, a district of one or two digits, or a digit and a letter.
fn is_outward(outward: &[u8]) -> bool {
    let (letter, digit) = (u8::is_ascii_uppercase, u8::is_ascii_digit);
    let second = |b: &u8| letter(b) && !b"IZ".contains(b);
    match outward {
        b"GIR" => true,
        [a, b] => letter(a) && digit(b),
        [a, b, c] if digit(b) => letter(a) && (digit(c) || letter(c)),
        [a, b, c] => letter(a) && second(b) && digit(c),
        [a, b, c, d] => letter(a) && second(b) && digit(c) && (digit(d) || letter(d)),
        _ => false,
    }
}

/// A digit and two letters, none of C I K M O V.
fn is_inward(inward: &[u8]) -> bool {
    matches!(inward, [digit, a, b] if digit.is_ascii_digit()
        && [a, b].iter().all(|l| l.is_ascii_uppercase() && !b"CIKMOV".contains(l)))
}

/// British Forces Post Office.
fn is_bfpo(text: &str) -> bool {
    let Some(rest) = text.get(..4).filter(|f| f.eq_ignore_ascii_case("BFPO")).and_then(|_| text.get(4..)) else {
        return false;
    };
    let number = rest.trim_start_matches(' ');
    (1..=4).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
}

/// Whether it is the second part of a pseudo postcode that begins with `ZZ99` (NHS Data Dictionary, POSTCODE: pseudo country and
/// default codes): 3VZ no fixed abode, 3WZ not known, 3CZ, 3GZ, 1WZ and 2WZ the four countries, the others abroad. Which one it is says
/// something of the patient.
fn is_pseudo(inward: &[u8]) -> bool {
    match inward {
        b"3VZ" | b"3WZ" | b"3CZ" | b"3GZ" | b"1WZ" | b"2WZ" => true,
        // The letter is the region: A to H overseas countries by group.
        [digit, b'A'..=b'H', b'Z'] => digit.is_ascii_digit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_that_were_meant() {
        for (text, expected) in
            [("LS1 4OV", true), ("LS1288T", true), ("2537", false), ("10115", false), ("", false), ("D02 AF30", false)]
        {
            assert_eq!(is_meant(text), expected, "{text}");
        }
    }

    #[test]
    fn postcodes() {
        for (text, expected) in [
            ("LS1 4HY", Postcode::Good),
            ("M1 1AE", Postcode::Good),
            ("EC1A 1BB", Postcode::Good),
            ("W1A 0AX", Postcode::Good),
            ("GIR 0AA", Postcode::Good),
            ("BFPO 123", Postcode::Good),
            ("BFPO12", Postcode::Good),
            ("AA1 1AA", Postcode::Good),
            ("LS14HY", Postcode::Untidy),
            ("ls1 4hy", Postcode::Untidy),
            ("LS1  4HY", Postcode::Untidy),
            (" LS1 4HY", Postcode::Untidy),
            // The gap is in the wrong place.
            ("LS14 HY", Postcode::Untidy),
            ("LS1 4OV", Postcode::Bad),
            ("LS1288T", Postcode::Bad),
            ("GPC 111", Postcode::Bad),
            ("JIT", Postcode::Bad),
            ("", Postcode::Bad),
            ("[postal-code]", Postcode::Bad),
            ("LS1 4HYX1", Postcode::Bad),
            ("ＬＳ１ ４ＨＹ", Postcode::Bad),
            ("ZZ99 3VZ", Postcode::Pseudo),
            ("ZZ993WZ", Postcode::Pseudo),
            ("ZZ99 9ZZ", Postcode::Bad),
            ("ZZ99 1AZ", Postcode::Pseudo),
            ("ZZ99 VVV", Postcode::Bad),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
