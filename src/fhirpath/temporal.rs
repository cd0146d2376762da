//! Dates, date-times and times at the precision they were written with; comparison is three-valued.

use std::cmp::Ordering;
use std::fmt::{self, Write as _};

use crate::text::{Date, days_in, days_since_epoch};

/// Which of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum TemporalKind {
    Date,
    DateTime,
    Time,
}

/// The last part that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Precision {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Fraction,
}

/// A date, date-time or time. Parts beyond the precision hold their lowest value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Temporal {
    /// Which of the three.
    pub kind: TemporalKind,
    /// The last part that was written.
    pub precision: Precision,
    /// 1 to 9999; 1 for times.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 60: leap seconds are data.
    pub second: u8,
    /// Fraction of a second in nanoseconds; further digits are dropped.
    pub nanos: u32,
    /// Digits of the fraction as written, at most nine.
    pub digits: u8,
    /// Minutes east of UTC, if a zone was written.
    pub offset: Option<i16>,
}

/// Nanoseconds in a second.
pub const SECOND: i128 = 1_000_000_000;
/// Nanoseconds in a day.
pub const DAY: i128 = 86_400 * SECOND;
/// A date-time without a zone may lie this much before and after the same one in UTC (zones run from +14:00 to -12:00).
const EARLIER: i128 = 14 * 3600 * SECOND;
const LATER: i128 = 12 * 3600 * SECOND;

const MIDNIGHT: Temporal = Temporal {
    kind: TemporalKind::Date,
    precision: Precision::Year,
    year: 1,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    nanos: 0,
    digits: 0,
    offset: None,
};

/// The day that is `days` after 1970-01-01, in the years 1 to 9999.
fn civil_from_days(days: i64) -> Option<(u16, u8, u8)> {
    let range = days_since_epoch(1, 1, 1)..=days_since_epoch(9999, 12, 31);
    let date = range.contains(&days).then(|| Date::from_days(days))?;
    Some((date.year() as u16, date.month_number(), date.day()))
}

struct Cut<'s>(&'s [u8]);

impl Cut<'_> {
    fn number(&mut self, digits: usize) -> Option<u16> {
        let part = self.0.get(..digits)?;
        let mut n = 0u16;
        for b in part {
            n = n * 10 + u16::from(b.checked_sub(b'0').filter(|d| *d < 10)?);
        }
        self.0 = &self.0[digits..];
        Some(n)
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.0.first() == Some(&byte);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }
}

impl Temporal {
    /// Reads a value of one kind: `2015-02`, `2015-02-04T14:34:28.123+10:00` (also `2015T`, `2015-02T`), `14:34`.
    /// `None` for anything else, days the calendar does not have included.
    pub fn parse(kind: TemporalKind, text: &str) -> Option<Self> {
        let mut cut = Cut(text.as_bytes());
        let mut t = Self { kind, ..MIDNIGHT };
        if kind != TemporalKind::Time {
            t.year = cut.number(4).filter(|y| *y > 0)?;
            if cut.take(b'-') {
                t.month = cut.number(2).filter(|m| (1..=12).contains(m))? as u8;
                t.precision = Precision::Month;
                if cut.take(b'-') {
                    let days = u16::from(days_in(t.year.into(), t.month));
                    t.day = cut.number(2).filter(|d| (1..=days).contains(d))? as u8;
                    t.precision = Precision::Day;
                }
            }
            if kind == TemporalKind::Date || cut.0.is_empty() {
                return cut.0.is_empty().then_some(t);
            }
            if !cut.take(b'T') {
                return None;
            }
            if cut.0.is_empty() {
                return Some(t);
            }
            if t.precision != Precision::Day {
                return None;
            }
        }
        t.hour = cut.number(2).filter(|h| *h < 24)? as u8;
        t.precision = Precision::Hour;
        if cut.take(b':') {
            t.minute = cut.number(2).filter(|m| *m < 60)? as u8;
            t.precision = Precision::Minute;
            if cut.take(b':') {
                t.second = cut.number(2).filter(|s| *s <= 60)? as u8;
                t.precision = Precision::Second;
                if cut.take(b'.') {
                    t.fraction(&mut cut)?;
                }
            }
        }
        if kind == TemporalKind::DateTime {
            t.offset = Self::zone(&mut cut)?;
        }
        cut.0.is_empty().then_some(t)
    }

    fn fraction(&mut self, cut: &mut Cut<'_>) -> Option<()> {
        let mut scale = 100_000_000;
        let mut any = false;
        while let Some(digit) = cut.0.first().filter(|b| b.is_ascii_digit()) {
            any = true;
            if scale > 0 {
                self.nanos += u32::from(digit - b'0') * scale;
                self.digits += 1;
                scale /= 10;
            }
            cut.0 = &cut.0[1..];
        }
        self.precision = Precision::Fraction;
        any.then_some(())
    }

    fn zone(cut: &mut Cut<'_>) -> Option<Option<i16>> {
        if cut.0.is_empty() {
            return Some(None);
        }
        if cut.take(b'Z') {
            return Some(Some(0));
        }
        let west = cut.take(b'-');
        if !west && !cut.take(b'+') {
            return None;
        }
        let hours = cut.number(2).filter(|h| *h <= 14)? as i16;
        if !cut.take(b':') {
            return None;
        }
        let minutes = cut.number(2).filter(|m| *m < 60)? as i16;
        let offset = hours * 60 + minutes;
        Some(Some(if west { -offset } else { offset }))
    }

    /// Nanoseconds since 1970-01-01T00:00Z of its first instant, a missing zone counted as UTC.
    pub fn nanoseconds(self) -> i128 {
        let days = i128::from(days_since_epoch(self.year.into(), self.month, self.day));
        let seconds = i128::from(self.hour) * 3600 + i128::from(self.minute) * 60 + i128::from(self.second)
            - i128::from(self.offset.unwrap_or(0)) * 60;
        days * DAY + seconds * SECOND + i128::from(self.nanos)
    }

    /// The same kind, precision and zone at another instant; `None` outside the years 1 to 9999.
    pub fn at(self, nanoseconds: i128) -> Option<Self> {
        let local = nanoseconds + i128::from(self.offset.unwrap_or(0)) * 60 * SECOND;
        let (year, month, day) = civil_from_days(i64::try_from(local.div_euclid(DAY)).ok()?)?;
        let rest = local.rem_euclid(DAY);
        let seconds = rest / SECOND;
        Some(Self {
            year,
            month,
            day,
            hour: (seconds / 3600) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
            nanos: (rest % SECOND) as u32,
            ..self
        })
    }

    /// Its last instant (the nanosecond before the next value of the same precision), a missing zone counted as UTC.
    fn last(self) -> i128 {
        let first = self.nanoseconds();
        let length = match self.precision {
            Precision::Year => {
                let leap = days_in(self.year.into(), 2) == 29;
                DAY * if leap { 366 } else { 365 }
            }
            Precision::Month => DAY * i128::from(days_in(self.year.into(), self.month)),
            Precision::Day => DAY,
            Precision::Hour => 3600 * SECOND,
            Precision::Minute => 60 * SECOND,
            Precision::Second | Precision::Fraction => 1,
        };
        first + length - 1
    }

    /// Whether seconds and their fraction count as one precision, as the specification has it.
    fn same_precision(self, other: Self) -> bool {
        self.precision == other.precision || self.precision >= Precision::Second && other.precision >= Precision::Second
    }

    /// Order of two values of the same kind (a date counts as a date-time); `None` when their precision or a missing
    /// zone leaves it open.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        let timed = |t: Self| t.precision >= Precision::Hour && t.kind != TemporalKind::Time;
        let mixed = self.offset.is_some() != other.offset.is_some() && (timed(self) || timed(other));
        if self.same_precision(other) && !mixed {
            return Some(self.nanoseconds().cmp(&other.nanoseconds()));
        }
        let range = |t: Self| {
            let loose = mixed && t.offset.is_none();
            let (early, late) = if loose { (EARLIER, LATER) } else { (0, 0) };
            (t.nanoseconds() - early, t.last() + late)
        };
        let (a, b) = (range(self), range(other));
        if a.1 < b.0 {
            Some(Ordering::Less)
        } else if a.0 > b.1 {
            Some(Ordering::Greater)
        } else {
            None
        }
    }

    /// Equivalence: the same precision and instant.
    pub fn equivalent(self, other: Self) -> bool {
        self.same_precision(other) && self.compare(other) == Some(Ordering::Equal)
    }

    /// The literal without `@`: date-times end in `T` when they have no time, times start with it.
    pub fn literal(self) -> String {
        match self.kind {
            TemporalKind::Time => format!("T{self}"),
            TemporalKind::DateTime if self.precision <= Precision::Day => format!("{self}T"),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Temporal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind != TemporalKind::Time {
            write!(f, "{:04}", self.year)?;
            if self.precision >= Precision::Month {
                write!(f, "-{:02}", self.month)?;
            }
            if self.precision >= Precision::Day {
                write!(f, "-{:02}", self.day)?;
            }
            if self.precision <= Precision::Day {
                return Ok(());
            }
            f.write_char('T')?;
        }
        write!(f, "{:02}", self.hour)?;
        if self.precision >= Precision::Minute {
            write!(f, ":{:02}", self.minute)?;
        }
        if self.precision >= Precision::Second {
            write!(f, ":{:02}", self.second)?;
        }
        if self.precision == Precision::Fraction {
            let digits = usize::from(self.digits);
            let all = format!("{:09}", self.nanos);
            write!(f, ".{}", all.get(..digits).unwrap_or(&all))?;
        }
        match self.offset {
            None => Ok(()),
            Some(0) => f.write_char('Z'),
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60)
            }
        }
    }
}
