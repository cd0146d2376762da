//! Conversions between system types.

use super::decimal::plain_decimal;
use super::functions::Fun;
use super::quantity::{Quantity, Unit};
use super::scalars::Problem;
use super::temporal::{Precision, Temporal, TemporalKind};
use super::value::Value;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// Converts one value; `None` when it does not convert.
pub(super) fn convert<'t>(fun: Fun, value: &Value<'t>, unit: Option<&Value<'t>>) -> Result<Option<Value<'t>>, Problem> {
    let Some(system) = value.system() else { return Ok(None) };
    Ok(match fun {
        Fun::ToBoolean => boolean(&system).map(Value::Boolean),
        Fun::ToInteger => integer(&system).filter(|n| i32::try_from(*n).is_ok()).map(Value::Integer),
        Fun::ToLong => integer(&system).map(Value::Long),
        Fun::ToDecimal => decimal(&system).map(Value::Decimal),
        Fun::ToDate => temporal(&system, TemporalKind::Date).map(Value::Temporal),
        Fun::ToDateTime => temporal(&system, TemporalKind::DateTime).map(Value::Temporal),
        Fun::ToTime => temporal(&system, TemporalKind::Time).map(Value::Temporal),
        Fun::ToQuantity => quantity(&system, unit).map(|q| Value::Quantity(Box::new(q))),
        Fun::ToString => string(value, &system),
        _ => None,
    })
}

fn boolean(value: &Value<'_>) -> Option<bool> {
    let number = match value {
        Value::Boolean(b) => return Some(*b),
        Value::Integer(n) | Value::Long(n) => Decimal::from(*n),
        Value::Decimal(d) => *d,
        Value::String(text) => {
            return match text.to_ascii_lowercase().as_str() {
                "true" | "t" | "yes" | "y" | "1" | "1.0" => Some(true),
                "false" | "f" | "no" | "n" | "0" | "0.0" => Some(false),
                _ => None,
            };
        }
        _ => return None,
    };
    if number == Decimal::ONE {
        return Some(true);
    }
    number.is_zero().then_some(false)
}

fn integer(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Boolean(b) => Some((*b).into()),
        Value::Integer(n) | Value::Long(n) => Some(*n),
        Value::String(text) => {
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            digits.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
        }
        _ => None,
    }
}

fn decimal(value: &Value<'_>) -> Option<Decimal> {
    match value {
        Value::Boolean(true) => Some(Decimal::new(10, 1)),
        Value::Boolean(false) => Some(Decimal::new(0, 1)),
        Value::Integer(n) | Value::Long(n) => Some((*n).into()),
        Value::Decimal(d) => Some(*d),
        Value::String(text) => plain_decimal(text),
        _ => None,
    }
}

fn temporal(value: &Value<'_>, kind: TemporalKind) -> Option<Temporal> {
    let t = match value {
        Value::String(text) => return Temporal::parse(kind, text.strip_prefix('T').unwrap_or(text)),
        Value::Temporal(t) => *t,
        _ => return None,
    };
    match (t.kind, kind) {
        (a, b) if a == b => Some(t),
        (TemporalKind::Date, TemporalKind::DateTime) => Some(Temporal { kind, ..t }),
        (TemporalKind::DateTime, TemporalKind::Date) => {
            let precision = t.precision.min(Precision::Day);
            Some(Temporal { precision, kind, hour: 0, minute: 0, second: 0, nanos: 0, digits: 0, offset: None, ..t })
        }
        _ => None,
    }
}

fn quantity<'t>(value: &Value<'t>, unit: Option<&Value<'t>>) -> Option<Quantity<'t>> {
    let quantity = match value {
        Value::Quantity(q) => (**q).clone(),
        Value::String(text) => Quantity::parse(text.trim())?,
        other => Quantity::unity(decimal(other)?),
    };
    match unit {
        None => Some(quantity),
        Some(unit) => {
            let code = unit.as_text()?.to_owned();
            let zero = Quantity { value: Decimal::ZERO, unit: Unit::Ucum(code.into()) };
            zero.add(&quantity, false)
        }
    }
}

fn string<'t>(value: &Value<'t>, system: &Value<'t>) -> Option<Value<'t>> {
    match (value, system) {
        // Numbers and dates of a message keep the text they were written with.
        (Value::Element(e), s) if !matches!(s, Value::Quantity(_)) => e.value().map(Value::text),
        (_, Value::Type { .. }) => None,
        (_, Value::String(_)) => Some(system.clone()),
        (_, other) => Some(Value::text(other.to_string())),
    }
}

/// A whole number out of an argument.
pub(super) fn whole(value: &Value<'_>) -> Option<i64> {
    match value.system()? {
        Value::Integer(n) | Value::Long(n) => Some(n),
        Value::Decimal(d) if d.fract().is_zero() => d.to_i64(),
        _ => None,
    }
}
