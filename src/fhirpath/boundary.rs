//! `lowBoundary`, `highBoundary` and `precision` (FHIRPath 3.0, draft).

use super::convert::whole;
use super::quantity::Quantity;
use super::scalars::{Problem, Results, maybe};
use super::temporal::{Precision, Temporal, TemporalKind};
use super::value::Value;
use crate::text::days_in;
use rust_decimal::{Decimal, RoundingStrategy};
use smallvec::smallvec;

/// Digits a decimal boundary has unless told otherwise.
const DIGITS: i64 = 8;
/// Most digits behind the point that are held.
const MOST: i64 = 28;

pub(super) fn boundary<'t>(value: &Value<'t>, args: &[Value<'t>], high: bool) -> Results<'t> {
    let precision = match args.first() {
        None => None,
        Some(arg) => Some(whole(arg).ok_or_else(|| Problem::Type("a precision is a whole number".into()))?),
    };
    let decimals = precision.unwrap_or(DIGITS);
    match value.system() {
        Some(Value::Integer(n) | Value::Long(n)) => Ok(maybe(decimal(n.into(), decimals, high).map(Value::Decimal))),
        Some(Value::Decimal(d)) => Ok(maybe(decimal(d, decimals, high).map(Value::Decimal))),
        Some(Value::Quantity(q)) => {
            let value = decimal(q.value, decimals, high);
            Ok(maybe(value.map(|value| Value::Quantity(Box::new(Quantity { value, unit: q.unit.clone() })))))
        }
        Some(Value::Temporal(t)) => Ok(maybe(temporal(t, precision, high).map(Value::Temporal))),
        _ => Err(Problem::Type("only numbers, quantities, dates and times have boundaries".into())),
    }
}

/// Half a unit of the last digit away, rounded outwards to the digits asked for.
fn decimal(d: Decimal, digits: i64, high: bool) -> Option<Decimal> {
    if !(0..=MOST).contains(&digits) {
        return None;
    }
    let half = Decimal::try_from_i128_with_scale(5, d.scale() + 1).ok()?;
    let exact = if high { d.checked_add(half)? } else { d.checked_sub(half)? };
    let strategy = if high { RoundingStrategy::ToPositiveInfinity } else { RoundingStrategy::ToNegativeInfinity };
    let digits = digits as u32;
    let mut rounded = exact.round_dp_with_strategy(digits, strategy);
    rounded.rescale(digits);
    (rounded.scale() == digits).then_some(rounded)
}

/// Digits of the text of each precision, without separators.
const DATE: [(i64, Precision); 3] = [(4, Precision::Year), (6, Precision::Month), (8, Precision::Day)];
const DATE_TIME: [(i64, Precision); 7] = [
    (4, Precision::Year),
    (6, Precision::Month),
    (8, Precision::Day),
    (10, Precision::Hour),
    (12, Precision::Minute),
    (14, Precision::Second),
    (17, Precision::Fraction),
];
const TIME: [(i64, Precision); 4] =
    [(2, Precision::Hour), (4, Precision::Minute), (6, Precision::Second), (9, Precision::Fraction)];

fn scale(kind: TemporalKind) -> &'static [(i64, Precision)] {
    match kind {
        TemporalKind::Date => &DATE,
        TemporalKind::DateTime => &DATE_TIME,
        TemporalKind::Time => &TIME,
    }
}

/// Zones run from -12:00 to +14:00, in minutes.
const EARLIEST: i16 = 14 * 60;
const LATEST: i16 = -12 * 60;

fn temporal(t: Temporal, digits: Option<i64>, high: bool) -> Option<Temporal> {
    // A date written with an hour's precision asked for becomes a date-time.
    let kind =
        if t.kind == TemporalKind::Date && digits.is_some_and(|d| d > 8) { TemporalKind::DateTime } else { t.kind };
    let scale = scale(kind);
    let wanted = match digits {
        None => scale.last()?.1,
        Some(digits) => scale.iter().find(|(d, _)| *d == digits)?.1,
    };
    let mut out = Temporal { kind, precision: wanted, ..t };
    if t.precision < Precision::Month {
        out.month = if high { 12 } else { 1 };
    }
    if t.precision < Precision::Day && kind != TemporalKind::Time {
        out.day = if high { days_in(out.year.into(), out.month) } else { 1 };
    }
    if t.precision < Precision::Hour {
        out.hour = if high { 23 } else { 0 };
    }
    if t.precision < Precision::Minute {
        out.minute = if high { 59 } else { 0 };
    }
    if t.precision < Precision::Second {
        out.second = if high { 59 } else { 0 };
    }
    if t.precision < Precision::Fraction {
        out.nanos = if high { 999_000_000 } else { 0 };
        out.digits = 3;
    }
    if kind == TemporalKind::DateTime && wanted > Precision::Day {
        out.offset = t.offset.or(Some(if high { LATEST } else { EARLIEST }));
    } else {
        out.offset = None;
    }
    Some(cut(out))
}

/// Parts beyond the precision go back to their lowest value.
fn cut(mut t: Temporal) -> Temporal {
    if t.precision < Precision::Fraction {
        (t.nanos, t.digits) = (0, 0);
    }
    if t.precision < Precision::Second {
        t.second = 0;
    }
    if t.precision < Precision::Minute {
        t.minute = 0;
    }
    if t.precision < Precision::Hour {
        t.hour = 0;
    }
    if t.precision < Precision::Day {
        t.day = 1;
    }
    if t.precision < Precision::Month {
        t.month = 1;
    }
    t
}

pub(super) fn precision<'t>(value: &Value<'t>) -> Results<'t> {
    let digits = match value.system() {
        Some(Value::Integer(_) | Value::Long(_)) => 0,
        Some(Value::Decimal(d)) => d.scale().into(),
        Some(Value::Temporal(t)) => {
            scale(t.kind).iter().find(|(_, p)| *p == t.precision).map_or(8, |(digits, _)| *digits)
        }
        _ => return Err(Problem::Type("only numbers, dates and times have a precision".into())),
    };
    Ok(smallvec![Value::Integer(digits)])
}
