//! ICD-10 5th edition as used in the UK, and OPCS-4.

/// Whether a code has the shape of ICD-10: a letter, two digits, then optionally a dot, a fourth character (digit,
/// or `X` as filler), a fifth (digit or dash) and a dagger or asterisk letter (`D`, `A`). Upper case only.
pub fn icd10(code: &str) -> bool {
    let bytes = code.as_bytes();
    let [letter, tens, units, rest @ ..] = bytes else { return false };
    if !letter.is_ascii_uppercase() || !tens.is_ascii_digit() || !units.is_ascii_digit() {
        return false;
    }
    let mut rest = rest;
    // A dot needs its fourth character.
    if let [b'.', fourth, ..] = rest {
        if !is_fourth(*fourth) {
            return false;
        }
        rest = &rest[1..];
    }
    if let [fourth, after @ ..] = rest
        && is_fourth(*fourth)
    {
        rest = after;
    }
    if let [b'0'..=b'9' | b'-', after @ ..] = rest {
        rest = after;
    }
    matches!(rest, [] | [b'D' | b'A'])
}

fn is_fourth(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'X'
}

/// Whether a code has the shape of OPCS-4: a letter, two digits, then optionally a digit with or without a dot.
pub fn opcs4(code: &str) -> bool {
    match code.as_bytes() {
        [letter, tens, units, rest @ ..] => {
            letter.is_ascii_uppercase()
                && tens.is_ascii_digit()
                && units.is_ascii_digit()
                && matches!(rest, [] | [b'0'..=b'9'] | [b'.', b'0'..=b'9'])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icd() {
        for good in ["I21.9", "I219", "K35X", "K35.X", "M8000", "M80.00", "I21", "A170D", "G01XA", "S720-"] {
            assert!(icd10(good), "{good}");
        }
        for bad in ["I2.19", "", "i21.9", "I21.", "I21.9999", "21.9", "I21.9Z", "I21 9", "I21..9"] {
            assert!(!icd10(bad), "{bad}");
        }
    }

    #[test]
    fn opcs() {
        for good in ["H01.1", "H011", "H01"] {
            assert!(opcs4(good), "{good}");
        }
        for bad in ["HH11", "H1", "h01.1", "H01.", "H01.11", "H0111", ""] {
            assert!(!opcs4(bad), "{bad}");
        }
    }
}
