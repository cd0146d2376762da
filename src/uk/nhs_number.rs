//! NHS, CHI and Health and Care numbers: how messages spell their systems, arithmetic and ranges over ten digits.

use super::systems::NHS_NUMBER;
use crate::text::Date;
use crate::text::digits::modulus_11;
pub use crate::text::digits::ten as digits;

/// The OID of the NHS number in HL7 v3 and CDA.
const OID: &str = "2.16.840.1.113883.2.1.4.1";

/// What a system says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// The canonical system.
    Canonical,
    /// A known spelling of it that receivers do not know.
    Wrong,
    /// The OID, as a URI.
    Oid,
    /// Something else.
    Other,
}

/// How `system` spells the system of the NHS number.
pub fn spelling(system: &str) -> Spelling {
    if system == NHS_NUMBER {
        return Spelling::Canonical;
    }
    if system.strip_prefix("urn:oid:") == Some(OID) {
        return Spelling::Oid;
    }
    let bare = system.trim();
    if bare == OID {
        return Spelling::Wrong;
    }
    let bare = bare.trim_end_matches('/');
    let Some((front, name)) = bare.rsplit_once('/') else { return Spelling::Other };
    if !["nhs-number", "nhsnumber", "nhs_number"].iter().any(|n| name.eq_ignore_ascii_case(n)) {
        return Spelling::Other;
    }
    let host = front.rsplit("//").find(|part| part.contains('.')).unwrap_or(front);
    let host = host.split('/').next().unwrap_or_default();
    let known = super::registry::HOSTS.iter().chain(&["www.hl7.org.uk", "nhs.uk"]);
    if known.into_iter().any(|k| host.eq_ignore_ascii_case(k)) { Spelling::Wrong } else { Spelling::Other }
}

/// Whether `system` is the NHS number's, in whatever spelling.
pub fn is_system(system: &str) -> bool {
    spelling(system) != Spelling::Other
}

/// Whether `system` is that of the Health and Care number. No one URI is published for it, so it is known by the last part.
pub fn is_health_and_care_system(system: &str) -> bool {
    const NAMES: &[&str] =
        &["health-and-care-number", "h-and-c-number", "hc-number", "hcn-number", "hsc-number", "hcn"];
    let name = system.rsplit('/').next().unwrap_or_default();
    NAMES.iter().any(|n| name.eq_ignore_ascii_case(n))
}

/// What the check digit of a ten-digit number says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckDigit {
    /// It fits.
    Fits,
    /// It does not fit.
    Differs,
    /// The first nine digits leave remainder 1, for which no check digit exists: the number was never issued.
    NoneExists,
}

/// NHS Data Dictionary, attribute NHS NUMBER: weights 10 to 2, modulus 11.
pub fn check_digit(number: &[u8; 10]) -> CheckDigit {
    match modulus_11(&number[..9]) {
        None => CheckDigit::NoneExists,
        Some(check) if check == number[9] => CheckDigit::Fits,
        Some(_) => CheckDigit::Differs,
    }
}

/// Luhn over ten digits, used for CHI numbers issued since the replacement of the CHI system.
pub fn luhn(number: &[u8; 10]) -> bool {
    let doubled = |d: u8| if d > 4 { 2 * d - 9 } else { 2 * d };
    let sum: u8 = number.iter().enumerate().map(|(i, d)| if i % 2 == 0 { doubled(*d) } else { *d }).sum();
    sum.is_multiple_of(10)
}

/// One digit ten times over: all ten of these pass the check.
pub fn is_repeated(number: &[u8; 10]) -> bool {
    number.iter().all(|d| d == &number[0])
}

/// Who issues a range of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// England, Wales and the Isle of Man.
    England,
    /// Scotland: Community Health Index.
    Scotland,
    /// Northern Ireland: Health and Care number.
    NorthernIreland,
    /// Ireland: Individual Health Identifier.
    Ireland,
    /// Held back, not issued.
    Reserved,
    /// Given to nobody.
    Unallocated,
    /// Made up for tests.
    Test,
}

/// The range a number falls in, by its first four digits: all borders are whole multiples of a million.
pub fn range(number: &[u8; 10]) -> Range {
    let front = number[..4].iter().fold(0u16, |n, d| n * 10 + u16::from(*d));
    match front {
        0..=99 => Range::Unallocated,
        100..=3112 => Range::Scotland,
        3113..=3199 => Range::Unallocated,
        3200..=3999 => Range::NorthernIreland,
        4000..=4999 | 6000..=7999 => Range::England,
        5000..=5999 => Range::Reserved,
        8000..=8599 => Range::Ireland,
        8600..=8999 => Range::Unallocated,
        _ => Range::Test,
    }
}

/// Whether day and month at the front of a CHI number exist in a year 19yy or 20yy.
pub fn has_chi_date(number: &[u8; 10]) -> bool {
    chi_dates(number).iter().any(Option::is_some)
}

/// The two days a CHI number may stand for: 19yy and 20yy.
pub fn chi_dates(number: &[u8; 10]) -> [Option<Date>; 2] {
    let two = |i: usize| number[i] * 10 + number[i + 1];
    [1900, 2000].map(|century| Date::new(century + i32::from(two(4)), two(2), two(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_the_system() {
        for (system, expected) in [
            ("https://fhir.nhs.uk/Id/nhs-number", Spelling::Canonical),
            ("http://fhir.nhs.uk/Id/nhs-number", Spelling::Wrong),
            ("http://fhir.nhs.net/Id/nhs-number", Spelling::Wrong),
            ("https://fhir.nhs.uk/id/nhs-number", Spelling::Wrong),
            ("https://fhir.hl7.org.uk/Id/nhs-number", Spelling::Wrong),
            ("https://fhir.nhs.uk/Id/nhs-number/", Spelling::Wrong),
            (" https://fhir.nhs.uk/Id/nhs-number ", Spelling::Wrong),
            ("https://https://fhir.nhs.uk/Id/nhs-number", Spelling::Wrong),
            ("https://fhir.nhs.uk//Id//nhs-number", Spelling::Wrong),
            ("fhir.nhs.uk/Id/nhs-number", Spelling::Wrong),
            ("2.16.840.1.113883.2.1.4.1", Spelling::Wrong),
            ("urn:oid:2.16.840.1.113883.2.1.4.1", Spelling::Oid),
            ("https://hospital.test/nhs-number", Spelling::Other),
            ("https://fhir.nhs.uk/Id/chi-number", Spelling::Other),
            ("", Spelling::Other),
        ] {
            assert_eq!(spelling(system), expected, "{system}");
        }
    }

    fn check(text: &str) -> CheckDigit {
        check_digit(&digits(text).unwrap())
    }

    #[test]
    fn check_digits() {
        for text in ["9434765919", "9000000009", "4010232137", "4000000004", "9990000018", "0123456789", "9876543210"] {
            assert_eq!(check(text), CheckDigit::Fits, "{text}");
        }
        for text in ["1352465790", "9900002831", "3478526985", "9912003890", "9690937287", "9434765918"] {
            assert_eq!(check(text), CheckDigit::Differs, "{text}");
        }
        for last in 0..10 {
            assert_eq!(check(&format!("123456789{last}")), CheckDigit::NoneExists);
            let same = last.to_string().repeat(10);
            assert_eq!(check(&same), CheckDigit::Fits);
            assert!(is_repeated(&digits(&same).unwrap()));
        }
        for text in ["", "943476591", "94347659190", "943476591x", "943 476 59", "９４３４"] {
            assert!(digits(text).is_none(), "{text}");
        }
    }

    #[test]
    fn every_single_error_and_neighbour_swap_is_found() {
        let good = digits("9434765919").unwrap();
        for i in 0..10 {
            for d in 0..10 {
                let mut changed = good;
                changed[i] = d;
                assert_eq!(check_digit(&changed) == CheckDigit::Fits, changed == good);
            }
            if i < 9 && good[i] != good[i + 1] {
                let mut swapped = good;
                swapped.swap(i, i + 1);
                assert_ne!(check_digit(&swapped), CheckDigit::Fits);
            }
        }
    }

    #[test]
    fn ranges_at_their_borders() {
        for (text, expected) in [
            ("0000000019", Range::Unallocated),
            ("0099999999", Range::Unallocated),
            ("0100000000", Range::Scotland),
            ("3112999999", Range::Scotland),
            ("3113000000", Range::Unallocated),
            ("3199999999", Range::Unallocated),
            ("3200000000", Range::NorthernIreland),
            ("3999999999", Range::NorthernIreland),
            ("4000000000", Range::England),
            ("4999999999", Range::England),
            ("5000000000", Range::Reserved),
            ("6000000000", Range::England),
            ("7999999999", Range::England),
            ("8000000000", Range::Ireland),
            ("8599999999", Range::Ireland),
            ("8600000000", Range::Unallocated),
            ("9000000000", Range::Test),
        ] {
            assert_eq!(range(&digits(text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn chi_dates_and_luhn() {
        assert!(has_chi_date(&digits("0101336489").unwrap()));
        assert!(!has_chi_date(&digits("3113336489").unwrap()));
        // 29 February 2000 exists, 1900 had none.
        assert!(has_chi_date(&digits("2902000000").unwrap()));
        assert!(!has_chi_date(&digits("2902010000").unwrap()));
        for (text, passes) in [("0101336485", true), ("1502801234", true), ("0101336489", false), ("0101336486", false)]
        {
            assert_eq!(luhn(&digits(text).unwrap()), passes, "{text}");
        }
    }
}
