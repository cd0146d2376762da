//! Numbers of registers of people and of bookings and prescriptions: their shapes and check digits.

/// Whether `text` is digits only, as many as `count` says.
pub fn is_digits(text: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether `text` follows `shape`: `9` is a digit, `A` a capital letter, anything else itself.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(t, s)| match s {
            b'9' => t.is_ascii_digit(),
            b'A' => t.is_ascii_uppercase(),
            s => t == s,
        })
}

/// Whether all characters of a text are the same.
pub fn is_one_over_and_over(text: &str) -> bool {
    let first = text.bytes().next();
    text.bytes().all(|b| Some(b) == first)
}

/// General Medical Council: seven digits, or a letter and six of older registers.
pub fn is_gmc(text: &str) -> bool {
    is_seven_digits(text) || has_shape(text, "A999999") || has_shape(text, "C9999999")
}

/// Seven digits: a GMC number, or a GP code without its letter.
pub fn is_seven_digits(text: &str) -> bool {
    has_shape(text, "9999999")
}

/// General medical practitioner code: G and seven digits (NHS Data Dictionary, GENERAL MEDICAL PRACTITIONER PPD CODE).
pub fn is_gmp(text: &str) -> bool {
    has_shape(text, "G9999999")
}

/// Whether the last digit of a GP code follows from the six before it: weights 1, 3, 7, 1, 3, 7, modulus 10 of each product.
pub fn gmp_check_fits(code: &str) -> bool {
    let Some(digits) = code.as_bytes().get(1..8).filter(|_| is_gmp(code)) else { return false };
    let product = |(d, weight): (&u8, u8)| (d - b'0') * weight % 10;
    let sum: u8 = digits[..6].iter().zip([1, 3, 7, 1, 3, 7]).map(product).sum();
    sum % 10 == digits[6] - b'0'
}

/// Doctor index number.
pub fn is_din(text: &str) -> bool {
    is_digits(text, 6..=6)
}

/// Nursing and Midwifery Council PIN: two digits, the month as a letter from A to L, four digits, a letter.
pub fn is_nmc(text: &str) -> bool {
    has_shape(text, "99A9999A") && (b'A'..=b'L').contains(&text.as_bytes()[2])
}

/// Health and Care Professions Council: two letters and one to six digits.
pub fn is_hcpc(text: &str) -> bool {
    text.as_bytes().get(..2).is_some_and(|f| f.iter().all(u8::is_ascii_uppercase))
        && text.get(2..).is_some_and(|rest| is_digits(rest, 1..=6))
}

/// General Pharmaceutical Council: seven digits, the first 2.
pub fn is_gphc(text: &str) -> bool {
    is_digits(text, 7..=7) && text.starts_with('2')
}

/// SDS user id.
pub fn is_sds_user(text: &str) -> bool {
    is_digits(text, 12..=12)
}

/// SDS role profile id.
pub fn is_sds_role(text: &str) -> bool {
    is_digits(text, 12..=15)
}

/// Unique booking reference number of the e-Referral Service.
pub fn is_ubrn(text: &str) -> bool {
    is_digits(text, 12..=12)
}

/// Short prescription id of the Electronic Prescription Service: three groups of six, the last character a check character.
pub fn is_prescription(text: &str) -> bool {
    text.len() == 20
        && text.bytes().enumerate().all(|(i, b)| match i {
            6 | 13 => b == b'-',
            19 => b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'+',
            _ => b.is_ascii_digit() || b.is_ascii_uppercase(),
        })
}

/// Whether the check character of a short prescription id fits: ISO/IEC 7064, MOD 37-2 over digits, capital letters and `+`;
/// hyphens are passed over.
pub fn prescription_check_fits(text: &str) -> bool {
    let value = |b: u8| match b {
        b'0'..=b'9' => u32::from(b - b'0'),
        b'A'..=b'Z' => u32::from(b - b'A') + 10,
        _ => 36,
    };
    let mut characters = text.bytes().filter(|b| *b != b'-').map(value);
    let Some(check) = characters.next_back() else { return false };
    let sum = characters.fold(0, |sum, v| (sum + v) * 2 % 37);
    (sum + check) % 37 == 1
}

/// Ethnic categories of the NHS Data Dictionary: national letters, and the local detail that CareConnect publishes beside them.
pub fn is_ethnic_category(code: &str) -> bool {
    match code.as_bytes() {
        [letter] => b"ABCDEFGHJKLMNPRSZ".contains(letter),
        [b'C', detail] => matches!(detail, b'2' | b'3' | b'A'..=b'Y'),
        [b'G', detail] => matches!(detail, b'A'..=b'F'),
        [b'L', detail] => matches!(detail, b'A'..=b'K'),
        [b'P', detail] => matches!(detail, b'A'..=b'E'),
        [b'S', detail] => matches!(detail, b'A'..=b'E'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_of_gp_codes() {
        for (code, passes) in [
            ("G3345122", true),
            ("G9999998", true),
            ("G9999981", true),
            ("G1234567", false),
            ("G9999999", false),
            ("g3345123", false),
        ] {
            assert_eq!(gmp_check_fits(code), passes, "{code}");
        }
    }

    #[test]
    fn shapes() {
        let rows: &[(fn(&str) -> bool, &str, bool)] = &[
            (is_gmc, "1234567", true),
            (is_gmc, "C1234567", true),
            (is_gmc, "G1234567", false),
            (is_nmc, "12L3456A", true),
            (is_nmc, "12M3456A", false),
            (is_hcpc, "PH1", true),
            (is_hcpc, "é1", false),
            (is_gphc, "2123456", true),
            (is_gphc, "1123456", false),
            (is_sds_role, "123456789012", true),
            (is_sds_role, "12345678901", false),
            (is_prescription, "A0548B-A99968-451485", true),
            (is_prescription, "A0548BA99968451485", false),
            (is_ethnic_category, "C2", true),
            (is_ethnic_category, "Q", false),
            (is_one_over_and_over, "1111", true),
            (is_one_over_and_over, "1112", false),
        ];
        for (is, text, expected) in rows {
            assert_eq!(is(text), *expected, "{text}");
        }
    }
}
