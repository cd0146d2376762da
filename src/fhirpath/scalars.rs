//! Functions of one value: conversion, strings, mathematics, dates. They know nothing of evaluation.

use std::sync::OnceLock;

use super::boundary;
use super::convert;
use super::functions::Fun;
use super::quantity::Quantity;
use super::strings;
use super::temporal::{Precision, Temporal, TemporalKind};
use super::value::{Collection, Value};
use regex::Regex;
use rust_decimal::prelude::*;
use smallvec::smallvec;

/// Why a function gave no result.
pub(super) enum Problem {
    /// The value or an argument is of the wrong type.
    Type(String),
    /// An argument has no meaning.
    Argument(String),
    /// Beyond what this engine holds.
    Beyond(String),
}

pub(super) type Results<'t> = Result<Collection<'t>, Problem>;

/// No result, or one.
pub(super) fn maybe(value: Option<Value<'_>>) -> Collection<'_> {
    value.into_iter().collect()
}

/// The parts of the current date-time that a function is about.
pub(super) fn clock(fun: Fun, now: Temporal) -> Temporal {
    match fun {
        Fun::Today => Temporal {
            kind: TemporalKind::Date,
            precision: Precision::Day,
            hour: 0,
            minute: 0,
            second: 0,
            nanos: 0,
            digits: 0,
            offset: None,
            ..now
        },
        Fun::TimeOfDay => Temporal { kind: TemporalKind::Time, year: 1, month: 1, day: 1, offset: None, ..now },
        _ => now,
    }
}

/// Applies a function to one value; empty arguments were dealt with before.
pub(super) fn apply<'t>(
    fun: Fun,
    value: &Value<'t>,
    args: &[Value<'t>],
    pattern: Option<&OnceLock<Option<Regex>>>,
) -> Results<'t> {
    match fun {
        Fun::ToBoolean
        | Fun::ToInteger
        | Fun::ToLong
        | Fun::ToDecimal
        | Fun::ToDate
        | Fun::ToDateTime
        | Fun::ToTime
        | Fun::ToQuantity
        | Fun::ToString => Ok(maybe(convert::convert(fun, value, args.first())?)),
        Fun::ConvertsToBoolean => converts(Fun::ToBoolean, value, args),
        Fun::ConvertsToInteger => converts(Fun::ToInteger, value, args),
        Fun::ConvertsToLong => converts(Fun::ToLong, value, args),
        Fun::ConvertsToDecimal => converts(Fun::ToDecimal, value, args),
        Fun::ConvertsToDate => converts(Fun::ToDate, value, args),
        Fun::ConvertsToDateTime => converts(Fun::ToDateTime, value, args),
        Fun::ConvertsToTime => converts(Fun::ToTime, value, args),
        Fun::ConvertsToQuantity => converts(Fun::ToQuantity, value, args),
        Fun::ConvertsToString => converts(Fun::ToString, value, args),
        Fun::Abs | Fun::Ceiling | Fun::Exp | Fun::Floor | Fun::Ln | Fun::Log => mathematics(fun, value, args),
        Fun::Power | Fun::Round | Fun::Sqrt | Fun::Truncate => mathematics(fun, value, args),
        Fun::LowBoundary => boundary::boundary(value, args, false),
        Fun::HighBoundary => boundary::boundary(value, args, true),
        Fun::Precision => boundary::precision(value),
        Fun::Comparable => match (value.system(), args[0].system()) {
            (Some(Value::Quantity(a)), Some(Value::Quantity(b))) => Ok(smallvec![Value::Boolean(a.comparable(&b))]),
            _ => Err(Problem::Type("only quantities are comparable".into())),
        },
        Fun::YearOf
        | Fun::MonthOf
        | Fun::DayOf
        | Fun::HourOf
        | Fun::MinuteOf
        | Fun::SecondOf
        | Fun::MillisecondOf
        | Fun::TimezoneOffsetOf
        | Fun::DateOf
        | Fun::TimeOf => match value.system() {
            Some(Value::Temporal(t)) => Ok(maybe(part(fun, t))),
            _ => Err(Problem::Type("only dates and times have parts".into())),
        },
        _ => strings::apply(fun, value, args, pattern),
    }
}

fn converts<'t>(fun: Fun, value: &Value<'t>, args: &[Value<'t>]) -> Results<'t> {
    Ok(smallvec![Value::Boolean(convert::convert(fun, value, args.first())?.is_some())])
}

fn part<'t>(fun: Fun, t: Temporal) -> Option<Value<'t>> {
    let dated = t.kind != TemporalKind::Time;
    let number = |least: Precision, dated_part: bool, n: i64| {
        (t.precision >= least && (dated || !dated_part)).then_some(Value::Integer(n))
    };
    match fun {
        Fun::YearOf => number(Precision::Year, true, t.year.into()),
        Fun::MonthOf => number(Precision::Month, true, t.month.into()),
        Fun::DayOf => number(Precision::Day, true, t.day.into()),
        Fun::HourOf => number(Precision::Hour, false, t.hour.into()),
        Fun::MinuteOf => number(Precision::Minute, false, t.minute.into()),
        Fun::SecondOf => number(Precision::Second, false, t.second.into()),
        Fun::MillisecondOf => number(Precision::Fraction, false, (t.nanos / 1_000_000).into()),
        Fun::TimezoneOffsetOf => t.offset.map(|m| Value::Decimal((Decimal::from(m) / Decimal::from(60)).normalize())),
        Fun::DateOf if dated => {
            let precision = t.precision.min(Precision::Day);
            Some(Value::Temporal(Temporal { precision, ..clock(Fun::Today, t) }))
        }
        Fun::TimeOf if t.precision >= Precision::Hour => Some(Value::Temporal(clock(Fun::TimeOfDay, t))),
        _ => None,
    }
}

fn mathematics<'t>(fun: Fun, value: &Value<'t>, args: &[Value<'t>]) -> Results<'t> {
    let system = value.system();
    let decimal = |v: Option<&Value<'t>>| v.and_then(super::compare::number);
    let arg = match args.first() {
        None => None,
        Some(arg) => match decimal(arg.system().as_ref()) {
            Some(n) => Some(n),
            None => return Err(Problem::Type("the argument must be a number".into())),
        },
    };
    if let (Fun::Abs | Fun::Round, Some(Value::Quantity(q))) = (fun, &system) {
        let value = if fun == Fun::Abs { q.value.abs() } else { round(q.value, arg)? };
        return Ok(smallvec![Value::Quantity(Box::new(Quantity { value, unit: q.unit.clone() }))]);
    }
    let Some(n) = decimal(system.as_ref()) else { return Err(Problem::Type("a number is needed".into())) };
    let whole = matches!(system, Some(Value::Integer(_) | Value::Long(_)));
    let integer = |d: Decimal| d.to_i64().map(Value::Integer);
    let result = match fun {
        Fun::Abs if whole => integer(n.abs()),
        Fun::Abs => Some(Value::Decimal(n.abs())),
        Fun::Ceiling => integer(n.ceil()),
        Fun::Floor => integer(n.floor()),
        Fun::Truncate => integer(n.trunc()),
        Fun::Round => Some(Value::Decimal(round(n, arg)?)),
        Fun::Exp => n.checked_exp().map(tidy),
        Fun::Ln => n.checked_ln().map(tidy),
        Fun::Sqrt => n.sqrt().map(tidy),
        Fun::Log => {
            let base = arg.and_then(|b| b.checked_ln()).filter(|b| !b.is_zero());
            n.checked_ln().zip(base).and_then(|(n, b)| n.checked_div(b)).map(tidy)
        }
        Fun::Power => power(n, arg.unwrap_or(Decimal::ONE), whole),
        _ => None,
    };
    Ok(maybe(result))
}

fn round(n: Decimal, digits: Option<Decimal>) -> Result<Decimal, Problem> {
    match digits.map_or(Some(0), |d| d.to_u32()) {
        Some(digits) => Ok(n.round_dp_with_strategy(digits.min(28), RoundingStrategy::MidpointAwayFromZero)),
        None => Err(Problem::Argument("the precision cannot be negative".into())),
    }
}

/// Series end in noise far behind the digits that mean anything.
fn tidy<'t>(n: Decimal) -> Value<'t> {
    Value::Decimal(n.round_dp(16).normalize())
}

fn power<'t>(n: Decimal, exponent: Decimal, whole: bool) -> Option<Value<'t>> {
    if exponent.fract().is_zero() {
        let result = n.checked_powi(exponent.to_i64()?)?;
        return match whole && result.fract().is_zero() {
            true => result.to_i64().map(Value::Integer),
            false => Some(Value::Decimal(result)),
        };
    }
    if n.is_sign_negative() {
        return None;
    }
    n.checked_powd(exponent).map(tidy)
}
