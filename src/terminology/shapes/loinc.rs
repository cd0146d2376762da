//! LOINC codes: digits, a dash, a check digit (Luhn mod 10, as in the LOINC users' guide).

/// What is wrong with a LOINC code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoincFault {
    /// Not one to seven digits, a dash and one digit.
    #[error("not one to seven digits, a dash and a check digit")]
    Shape,
    /// The digit after the dash should be another.
    #[error("the check digit is wrong: {expected} fits")]
    CheckDigit {
        /// The digit that fits.
        expected: u8,
    },
}

/// Checks a LOINC code exactly as given.
pub fn loinc(code: &str) -> Result<(), LoincFault> {
    let (number, check) = code.split_once('-').ok_or(LoincFault::Shape)?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(number) || number.len() > 7 || !digits(check) || check.len() != 1 {
        return Err(LoincFault::Shape);
    }
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            // The right-most digit is doubled, then every other one; the digits of a product are added.
            if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit }
        })
        .sum();
    let expected = ((10 - sum % 10) % 10) as u8;
    if check.as_bytes()[0] - b'0' == expected { Ok(()) } else { Err(LoincFault::CheckDigit { expected }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        for good in ["85354-9", "8310-5", "8867-4", "59408-5", "9279-1", "8480-6", "8462-4", "29463-7", "39156-5"] {
            assert_eq!(loinc(good), Ok(()), "{good}");
        }
        assert_eq!(loinc("85354-8"), Err(LoincFault::CheckDigit { expected: 9 }));
        for bad in ["", "85354", "85354-", "-9", "85354-99", "12345678-1", "LP1234-5", "85354 -9"] {
            assert_eq!(loinc(bad), Err(LoincFault::Shape), "{bad}");
        }
    }
}
