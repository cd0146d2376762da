//! Calendar days; proleptic Gregorian, no time zone.

use std::fmt;

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

impl Date {
    /// A day that exists.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        (1..=days_in(year, month)).contains(&day).then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD`; a time after it is ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() < 10 || bytes[4] != b'-' || bytes[7] != b'-' || bytes.get(10).is_some_and(|b| !b"T ".contains(b))
        {
            return None;
        }
        Self::new(number(&bytes[..4])?, number(&bytes[5..7])? as u8, number(&bytes[8..10])? as u8)
    }

    /// The first day of `YYYY` or `YYYY-MM`.
    pub fn of_month(text: &str) -> Option<Self> {
        match text.as_bytes() {
            year if year.len() == 4 => Self::new(number(year)?, 1, 1),
            [year @ .., b'-', a, b] if year.len() == 4 => Self::new(number(year)?, number(&[*a, *b])? as u8, 1),
            _ => None,
        }
    }

    /// `YYYY-MM`.
    pub fn month(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month_number(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        days_since_epoch(self.year, self.month, self.day)
    }

    /// The day that is `days` after 1970-01-01 (the inverse of [`Self::days`]).
    pub fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let of_era_years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * of_era_years + of_era_years / 4 - of_era_years / 100);
        let part = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * part + 2) / 5 + 1) as u8;
        let month = if part < 10 { part + 3 } else { part - 9 } as u8;
        let year = of_era_years + era * 400 + i64::from(month <= 2);
        Self { year: year as i32, month, day }
    }

    /// The same day `months` later, or the last day of that month.
    pub fn plus_months(self, months: i32) -> Self {
        let count = self.year * 12 + i32::from(self.month) - 1 + months;
        let (year, month) = (count.div_euclid(12), (count.rem_euclid(12) + 1) as u8);
        Self { year, month, day: self.day.min(days_in(year, month)) }
    }

    /// Seconds since 1970-01-01T00:00:00Z of a date-time with a zone, `YYYY-MM-DDThh:mm:ss[.s]zone`; nothing without one.
    pub fn moment(text: &str) -> Option<i64> {
        let day = Self::parse(text)?;
        let [h1, h2, _, m1, m2, _, s1, s2, rest @ ..] = text.as_bytes().get(11..)? else { return None };
        let two = |a: &u8, b: &u8| number(&[*a, *b]).map(i64::from);
        let (hour, minute, second) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
        let part = rest.iter().take_while(|b| **b == b'.' || b.is_ascii_digit()).count();
        let offset = match &rest[part..] {
            [b'Z'] => 0,
            [sign @ (b'+' | b'-'), h1, h2, _, m1, m2] => {
                let minutes = two(h1, h2)? * 60 + two(m1, m2)?;
                if *sign == b'+' { minutes } else { -minutes }
            }
            _ => return None,
        };
        Some(day.days() * 86_400 + hour * 3_600 + minute * 60 + second - offset * 60)
    }

    /// Weekday, 1 for Monday to 7 for Sunday (ISO 8601).
    pub fn weekday(self) -> u8 {
        ((self.days() + 3).rem_euclid(7) + 1) as u8
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The number that a few ASCII digits write.
fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + i32::from(b - b'0')))
}

/// Days of a month, 1 to 12; none of any other.
pub const fn days_in(year: i32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
pub fn days_since_epoch(year: i32, month: u8, day: u8) -> i64 {
    let (month, day) = (i64::from(month), i64::from(day));
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_and_months_roll() {
        for (text, days, weekday) in [("1970-01-01", 0, 4), ("2000-03-01", 11017, 3), ("2026-11-21", 20778, 6)] {
            let date = Date::parse(text).unwrap();
            assert_eq!((date.days(), date.weekday()), (days, weekday), "{text}");
        }
        assert_eq!(Date::moment("1970-01-02T01:00:00.5+01:00"), Some(86_400));
        assert_eq!(Date::moment("1970-01-02T01:00:00"), None);
        let date = Date::parse("2027-11-30").unwrap();
        assert_eq!(date.plus_months(3).to_string(), "2028-02-29");
        assert_eq!(date.plus_months(-12).to_string(), "2026-11-30");
        for bad in ["2026-02-29", "2026-13-01", "2026-1-01", "20261121", "2026-11-21x", "+026-01-01"] {
            assert!(Date::parse(bad).is_none(), "{bad}");
        }
    }
}
