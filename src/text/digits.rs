//! Check digits over plain digits, shared by whoever must recognise a number without knowing what it means.

/// Whether ten digits pass the modulus 11 check with weights 10 to 2 (NHS Data Dictionary, NHS NUMBER).
pub fn modulus_11_fits(digits: &[u8; 10]) -> bool {
    let sum: u32 = digits[..9].iter().zip((2..=10).rev()).map(|(d, w): (&u8, u32)| u32::from(*d) * w).sum();
    let check = (11 - sum % 11) % 11;
    check != 10 && check == u32::from(digits[9])
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
