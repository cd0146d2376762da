//! SNOMED CT identifiers: shape, check digit, partition and namespace. Pure functions, no index needed.

use std::fmt;

/// Dihedral group D5 multiplication (Verhoeff 1969).
const MULTIPLY: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

/// Inverses in D5.
const INVERSE: [u8; 10] = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9];

/// The position permutation, applied `i mod 8` times to the digit at position `i` from the right.
const PERMUTE: [[u8; 10]; 8] = {
    let once = [1u8, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut table = [[0u8; 10]; 8];
    let mut digit = 0;
    while digit < 10 {
        table[0][digit] = digit as u8;
        digit += 1;
    }
    let mut row = 1;
    while row < 8 {
        let mut digit = 0;
        while digit < 10 {
            table[row][digit] = once[table[row - 1][digit] as usize];
            digit += 1;
        }
        row += 1;
    }
    table
};

/// Verhoeff sum over ASCII digits, the right-most at position `first`; 0 is a pass when `first` is 0.
fn verhoeff(digits: &[u8], first: usize) -> u8 {
    let mut sum = 0u8;
    for (i, digit) in digits.iter().rev().enumerate() {
        let value = digit.wrapping_sub(b'0') % 10;
        sum = MULTIPLY[sum as usize][PERMUTE[(i + first) % 8][value as usize] as usize];
    }
    sum
}

/// The Verhoeff digit (0 to 9) to put after `digits`; `None` when there is something else than digits.
pub fn check_digit(digits: &str) -> Option<u8> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(INVERSE[verhoeff(digits.as_bytes(), 1) as usize])
}

/// What kind of component an identifier names: second digit of the partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Component {
    /// Partition 00 or 10.
    Concept,
    /// Partition 01 or 11.
    Description,
    /// Partition 02 or 12.
    Relationship,
}

/// Why a text is no SNOMED CT identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SctidFault {
    /// Nothing there.
    #[error("it is empty")]
    Empty,
    /// White space before or after the digits.
    #[error("white space stands around the digits")]
    WhiteSpace,
    /// Exponent form, as spreadsheets write long numbers.
    #[error("it is in exponent form, as a spreadsheet writes long numbers")]
    Exponent,
    /// Some other character.
    #[error("it holds something other than digits")]
    NotDigits,
    /// Under 6 or over 18 digits.
    #[error("it has {0} digits; 6 to 18 are allowed")]
    Length(usize),
    /// A zero in front.
    #[error("it starts with a zero")]
    LeadingZero,
    /// The Verhoeff check fails.
    #[error("the check digit is wrong")]
    CheckDigit,
    /// Not 00, 01, 02, 10, 11 or 12.
    #[error("the partition {0:02} does not exist")]
    Partition(u8),
    /// A long partition without room for item and namespace.
    #[error("the partition says a namespace is inside, but it is too short for one")]
    TooShortForNamespace,
}

/// A well-formed SNOMED CT identifier (6 to 18 digits, check digit and partition verified).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sctid(u64);

impl Sctid {
    /// Parses the digits exactly as given: nothing is trimmed.
    pub fn parse(text: &str) -> Result<Self, SctidFault> {
        let bytes = text.as_bytes();
        if bytes.is_empty() {
            return Err(SctidFault::Empty);
        }
        if !bytes.iter().all(u8::is_ascii_digit) {
            return Err(not_digits(text));
        }
        if bytes.len() < 6 || bytes.len() > 18 {
            return Err(SctidFault::Length(bytes.len()));
        }
        if bytes[0] == b'0' {
            return Err(SctidFault::LeadingZero);
        }
        if verhoeff(bytes, 0) != 0 {
            return Err(SctidFault::CheckDigit);
        }
        // At most 18 digits: always fits.
        let value = bytes.iter().fold(0u64, |n, b| n * 10 + u64::from(b - b'0'));
        let id = Self(value);
        let partition = id.partition();
        if partition % 10 > 2 || partition / 10 > 1 {
            return Err(SctidFault::Partition(partition));
        }
        if partition >= 10 && bytes.len() < 11 {
            return Err(SctidFault::TooShortForNamespace);
        }
        Ok(id)
    }

    /// The number.
    pub const fn value(self) -> u64 {
        self.0
    }

    /// The two partition digits as a number: 0, 1, 2, 10, 11 or 12.
    pub const fn partition(self) -> u8 {
        (self.0 / 10 % 100) as u8
    }

    /// Concept, description or relationship.
    pub const fn component(self) -> Component {
        match self.partition() % 10 {
            0 => Component::Concept,
            1 => Component::Description,
            _ => Component::Relationship,
        }
    }

    /// The 7-digit namespace of who minted the id; `None` for the short (core) format.
    /// The namespace does not tell the edition a component is in: its module does.
    pub const fn namespace(self) -> Option<u32> {
        if self.partition() < 10 { None } else { Some((self.0 / 1000 % 10_000_000) as u32) }
    }
}

impl fmt::Display for Sctid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Sctid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether the check digit of a number fits, whatever else it is.
pub fn fits(number: u64) -> bool {
    verhoeff(number.to_string().as_bytes(), 0) == 0
}

fn not_digits(text: &str) -> SctidFault {
    let trimmed = text.trim();
    if trimmed.len() < text.len() && !trimmed.is_empty() && trimmed.bytes().all(|b| b.is_ascii_digit()) {
        return SctidFault::WhiteSpace;
    }
    let exponent = trimmed.split_once(['e', 'E']).is_some_and(|(mantissa, power)| {
        let power = power.strip_prefix('+').unwrap_or(power);
        let number = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        number(mantissa) && !power.is_empty() && power.bytes().all(|b| b.is_ascii_digit())
    });
    if exponent { SctidFault::Exponent } else { SctidFault::NotDigits }
}

/// An identifier that went through a spreadsheet, which keeps 15 significant digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truncation {
    /// 16 digits: only the check digit was lost, so there is one repair.
    Repairable(Sctid),
    /// 17 or 18 digits (or a repair that is no identifier): what was lost cannot be known.
    Lost,
}

/// Recognises an identifier damaged by a spreadsheet: 16 to 18 digits, every digit after the fifteenth is 0, and
/// the check fails. `None` for anything else.
pub fn truncation(text: &str) -> Option<Truncation> {
    let bytes = text.as_bytes();
    if !(16..=18).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_digit) || bytes[0] == b'0' {
        return None;
    }
    if bytes[15..].iter().any(|b| *b != b'0') || verhoeff(bytes, 0) == 0 {
        return None;
    }
    if bytes.len() == 16 {
        let repaired = check_digit(&text[..15]).map(|digit| format!("{}{digit}", &text[..15]));
        if let Some(Ok(id)) = repaired.map(|text| Sctid::parse(&text)) {
            return Some(Truncation::Repairable(id));
        }
    }
    Some(Truncation::Lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_published_identifiers() {
        for text in [
            "138875005",
            "73211009",
            "22298006",
            "195967001",
            "763158003",
            "886921000000105",
            "1103671000000101",
            "1091811000000102",
            "44991000237108",
            "39113611000001102",
            "999000011000001104",
            "83821000000107",
            "900000000000207008",
        ] {
            let id = Sctid::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(id.component(), Component::Concept, "{text}");
            assert_eq!(id.to_string(), text);
        }
    }

    #[test]
    fn refuses_with_the_reason() {
        for (text, fault) in [
            ("", SctidFault::Empty),
            ("394595002 ", SctidFault::WhiteSpace),
            (" 86290005", SctidFault::WhiteSpace),
            ("1.08266E+15", SctidFault::Exponent),
            ("TBC", SctidFault::NotDigits),
            ("mL/h", SctidFault::NotDigits),
            ("12345", SctidFault::Length(5)),
            ("1234567890123456789", SctidFault::Length(19)),
            ("073211009", SctidFault::LeadingZero),
            ("22298007", SctidFault::CheckDigit),
            ("1091811000000100", SctidFault::CheckDigit),
        ] {
            assert_eq!(Sctid::parse(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn reads_partition_and_namespace() {
        for (text, component, namespace) in [
            ("900000000000207008", Component::Concept, None),
            ("1103671000000101", Component::Concept, Some(1_000_000)),
            ("39113611000001102", Component::Concept, Some(1_000_001)),
            ("44991000237108", Component::Concept, Some(1_000_237)),
            ("787121000006116", Component::Description, Some(1_000_006)),
        ] {
            let id = Sctid::parse(text).unwrap();
            assert_eq!((id.component(), id.namespace()), (component, namespace), "{text}");
        }
    }

    #[test]
    fn check_digit_completes() {
        for whole in ["138875005", "22298006", "1091811000000102", "39113611000001102"] {
            let (front, last) = whole.split_at(whole.len() - 1);
            assert_eq!(check_digit(front).map(|d| d.to_string()).as_deref(), Some(last));
        }
    }

    #[test]
    fn spreadsheet_damage() {
        for (damaged, repaired) in [
            ("1082661000000100", "1082661000000107"),
            ("1082551000000100", "1082551000000105"),
            ("1659111000000100", "1659111000000107"),
            ("1659121000000100", "1659121000000101"),
        ] {
            assert_eq!(truncation(damaged), Some(Truncation::Repairable(Sctid::parse(repaired).unwrap())), "{damaged}");
        }
        assert_eq!(truncation("39113611000001100"), Some(Truncation::Lost));
        assert_eq!(truncation("22298000"), None);
        assert_eq!(truncation("1082661000000107"), None);
    }
}
