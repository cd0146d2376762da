//! Check digits over plain digits, shared by whoever must recognise a number without knowing what it means.

/// The tenth digit that follows from nine: modulus 11 with weights 10 to 2 (NHS Data Dictionary, NHS NUMBER). Nothing where the
/// remainder is 1, for which there is none.
pub fn modulus_11(nine: &[u8]) -> Option<u8> {
    let sum: u32 = nine.iter().zip((2..=10u32).rev()).map(|(d, weight)| u32::from(*d) * weight).sum();
    match 11 - sum % 11 {
        10 => None,
        check => Some((check % 11) as u8),
    }
}

/// Whether the last of ten digits follows from the others.
pub fn modulus_11_fits(digits: &[u8; 10]) -> bool {
    modulus_11(&digits[..9]) == Some(digits[9])
}

/// The ten digits of a text that is exactly that.
pub fn ten(text: &str) -> Option<[u8; 10]> {
    let bytes: [u8; 10] = text.as_bytes().try_into().ok()?;
    bytes.iter().all(u8::is_ascii_digit).then(|| bytes.map(|b| b - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        for (text, fits) in [("9990000018", true), ("9990000019", false), ("1234567890", false), ("999000001", false)] {
            assert_eq!(ten(text).is_some_and(|d| modulus_11_fits(&d)), fits, "{text}");
        }
    }
}
