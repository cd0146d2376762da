//! Shapes of names that carry no words: UUIDs and OIDs.

/// 8-4-4-4-12 hexadecimal digits in either case, without prefix (RFC 9562).
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// Numbers joined by dots, at least two, the first 0 to 2, none with leading zeros (ISO/IEC 9834).
pub fn is_oid(text: &str) -> bool {
    let number = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()) && (p == "0" || !p.starts_with('0'));
    let Some((first, rest)) = text.split_once('.') else { return false };
    matches!(first, "0" | "1" | "2") && rest.split('.').all(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids() {
        for (text, expected) in [
            ("0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", true),
            ("0C3151BD-1CBF-4D64-B04D-CD9187A4C6E0", true),
            ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", false),
            ("0c3151bd1cbf4d64b04dcd9187a4c6e0", false),
            ("0c3151bd-1cbf-4d64-b04d-cd9187a4c6eg", false),
            ("", false),
        ] {
            assert_eq!(is_uuid(text), expected, "{text}");
        }
    }

    #[test]
    fn oids() {
        for (text, expected) in [
            ("2.16.840", true),
            ("1.0", true),
            ("2.016", false),
            ("3.1", false),
            ("1", false),
            ("1.", false),
            ("1..2", false),
            ("", false),
        ] {
            assert_eq!(is_oid(text), expected, "{text}");
        }
    }
}
