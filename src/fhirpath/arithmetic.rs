//! Signs, arithmetic operators and concatenation.

use super::ast::BinaryOp;
use super::compare::number;
use super::error::{Cause, Fault};
use super::eval::{Frame, Run, Sink, Step};
use super::program::OpId;
use super::quantity::{Quantity, Unit, duration};
use super::temporal::{DAY, Precision, SECOND, Temporal, TemporalKind};
use super::value::Value;
use crate::text::days_in;
use rust_decimal::prelude::*;

/// Why two values cannot be combined.
enum Refusal {
    Types,
    Unit,
}

impl<'t> Run<'t> {
    pub fn sign(&self, id: OpId, minus: bool, operand: OpId, frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let Some(value) = self.one(operand, frame)? else { return Ok(true) };
        let signed = match value.system() {
            Some(Value::Integer(n)) => Value::Integer(if minus { n.wrapping_neg() } else { n }),
            Some(Value::Long(n)) => Value::Long(if minus { n.wrapping_neg() } else { n }),
            Some(Value::Decimal(d)) => Value::Decimal(if minus { -d } else { d }),
            Some(Value::Quantity(mut q)) => {
                if minus {
                    q.value = -q.value;
                }
                Value::Quantity(q)
            }
            _ => return Err(self.fail(id, Cause::Type, "only numbers and quantities have a sign")),
        };
        sink(signed)
    }

    pub fn arithmetic(
        &self,
        id: OpId,
        op: BinaryOp,
        (left, right): (OpId, OpId),
        frame: Frame<'_, 't>,
        sink: Sink<'_, 't>,
    ) -> Step {
        let left = self.scoped(|| self.one(left, frame))?;
        let right = self.scoped(|| self.one(right, frame))?;
        if op == BinaryOp::Concat {
            return sink(self.concat(id, left.as_ref(), right.as_ref())?);
        }
        let (Some(left), Some(right)) = (left, right) else { return Ok(true) };
        let (Some(a), Some(b)) = (left.system(), right.system()) else {
            return Err(self.refuse(id, op, &left, &right));
        };
        self.spend(id, left.as_text().map_or(0, str::len) / 16 + right.as_text().map_or(0, str::len) / 16)?;
        match combine(op, &a, &b) {
            Ok(Some(value)) => sink(value),
            Ok(None) => Ok(true),
            Err(Refusal::Types) => Err(self.refuse(id, op, &a, &b)),
            Err(Refusal::Unit) => Err(self.fail(id, Cause::Type, "this unit cannot be added to a date or time")),
        }
    }

    fn refuse(&self, id: OpId, op: BinaryOp, a: &Value<'_>, b: &Value<'_>) -> Fault {
        let says = format!("{} cannot join {} and {}", op.text(), a.type_name(), b.type_name());
        self.fail(id, Cause::Type, says)
    }

    fn concat(&self, id: OpId, a: Option<&Value<'t>>, b: Option<&Value<'t>>) -> Result<Value<'t>, Fault> {
        let mut out = String::new();
        for value in [a, b].into_iter().flatten() {
            match value.system() {
                Some(Value::String(text)) => out.push_str(&text),
                // Published expressions concatenate codes and other primitives.
                Some(other) if value.element().is_some() => out.push_str(&other.to_string()),
                _ => return Err(self.fail(id, Cause::Type, "only strings can be joined with &")),
            }
        }
        self.spend(id, out.len() / 16)?;
        Ok(Value::text(out))
    }
}

fn combine<'t>(op: BinaryOp, a: &Value<'t>, b: &Value<'t>) -> Result<Option<Value<'t>>, Refusal> {
    match (a, b) {
        (Value::String(a), Value::String(b)) if op == BinaryOp::Add => Ok(Some(Value::text(format!("{a}{b}")))),
        (Value::Integer(a), Value::Integer(b)) => Ok(whole(op, *a, *b, Value::Integer)),
        (Value::Integer(a) | Value::Long(a), Value::Integer(b) | Value::Long(b)) => Ok(whole(op, *a, *b, Value::Long)),
        (Value::Temporal(t), Value::Quantity(q)) if matches!(op, BinaryOp::Add | BinaryOp::Subtract) => {
            add(*t, q, op == BinaryOp::Subtract).map(|t| t.map(Value::Temporal))
        }
        (Value::Quantity(a), Value::Quantity(b)) => Ok(quantities(op, a, b).ok_or(Refusal::Types)?),
        (Value::Quantity(a), b) if number(b).is_some() => {
            let b = Quantity::unity(number(b).unwrap_or_default());
            quantities(op, a, &b).ok_or(Refusal::Types)
        }
        (a, Value::Quantity(b)) if number(a).is_some() => {
            let a = Quantity::unity(number(a).unwrap_or_default());
            quantities(op, &a, b).ok_or(Refusal::Types)
        }
        _ => match (number(a), number(b)) {
            (Some(a), Some(b)) => Ok(decimals(op, a, b)),
            _ => Err(Refusal::Types),
        },
    }
}

fn whole<'t>(op: BinaryOp, a: i64, b: i64, make: fn(i64) -> Value<'t>) -> Option<Value<'t>> {
    let result = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Subtract => a.checked_sub(b),
        BinaryOp::Multiply => a.checked_mul(b),
        BinaryOp::Div => a.checked_div(b),
        BinaryOp::Mod => a.checked_rem(b),
        _ => return decimals(op, a.into(), b.into()),
    };
    result.map(make)
}

fn decimals<'t>(op: BinaryOp, a: Decimal, b: Decimal) -> Option<Value<'t>> {
    let result = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Subtract => a.checked_sub(b),
        BinaryOp::Multiply => a.checked_mul(b),
        BinaryOp::Divide => a.checked_div(b),
        BinaryOp::Mod => a.checked_rem(b),
        BinaryOp::Div => return a.checked_div(b)?.trunc().to_i64().map(Value::Integer),
        _ => None,
    };
    result.map(Value::Decimal)
}

/// The outer `None`: no such operator between quantities.
#[allow(clippy::option_option)]
fn quantities<'t>(op: BinaryOp, a: &Quantity<'t>, b: &Quantity<'t>) -> Option<Option<Value<'t>>> {
    let result = match op {
        BinaryOp::Add => a.add(b, false),
        BinaryOp::Subtract => a.add(b, true),
        BinaryOp::Multiply => a.multiply(b),
        BinaryOp::Divide => a.divide(b),
        _ => return None,
    };
    Some(result.map(|q| Value::Quantity(Box::new(q))))
}

/// A date or time moved by a duration; only whole units count.
fn add(t: Temporal, q: &Quantity<'_>, minus: bool) -> Result<Option<Temporal>, Refusal> {
    let code = match &q.unit {
        Unit::Calendar(word) => duration(word).map(|(_, code)| code),
        // A calendar word in quotes is taken for what it says; UCUM's own years and months are no calendar's.
        Unit::Ucum(code) => match duration(code) {
            Some((_, code)) => Some(code),
            None => ["wk", "d", "h", "min", "s", "ms"].into_iter().find(|known| *known == code),
        },
        Unit::Local { .. } => None,
    };
    let code = code.ok_or(Refusal::Unit)?;
    let Some(count) = q.value.trunc().to_i64().map(|n| if minus { -n } else { n }) else { return Ok(None) };
    if t.kind == TemporalKind::Time {
        return clock(t, count, code);
    }
    match code {
        "a" => Ok(months(t, count.checked_mul(12))),
        "mo" => Ok(months(t, Some(count))),
        _ => Ok(shift(t, i128::from(count) * length(code))),
    }
}

fn length(code: &str) -> i128 {
    match code {
        "wk" => 7 * DAY,
        "d" => DAY,
        "h" => 3600 * SECOND,
        "min" => 60 * SECOND,
        "s" => SECOND,
        _ => SECOND / 1000,
    }
}

fn clock(t: Temporal, count: i64, code: &str) -> Result<Option<Temporal>, Refusal> {
    if matches!(code, "a" | "mo" | "wk" | "d") {
        return Err(Refusal::Unit);
    }
    let day = t.nanoseconds().div_euclid(DAY) * DAY;
    let moved = (t.nanoseconds() - day + i128::from(count) * length(code)).rem_euclid(DAY);
    Ok(t.at(day + moved))
}

/// Months later; the last day of a shorter month stands for days it does not have.
fn months(t: Temporal, count: Option<i64>) -> Option<Temporal> {
    let count = if t.precision == Precision::Year { count? / 12 * 12 } else { count? };
    let total = (i64::from(t.year) * 12 + i64::from(t.month) - 1).checked_add(count)?;
    let year = u16::try_from(total.div_euclid(12)).ok().filter(|y| (1..=9999).contains(y))?;
    let month = total.rem_euclid(12) as u8 + 1;
    Some(Temporal { year, month, day: t.day.min(days_in(year.into(), month)), ..t })
}

/// A duration added to a coarser value counts in whole parts of that precision.
fn shift(t: Temporal, nanoseconds: i128) -> Option<Temporal> {
    match t.precision {
        Precision::Year => months(t, i64::try_from(nanoseconds / (365 * DAY) * 12).ok()),
        Precision::Month => months(t, i64::try_from(nanoseconds / (30 * DAY)).ok()),
        Precision::Day => t.at(t.nanoseconds().checked_add(nanoseconds / DAY * DAY)?),
        Precision::Hour => t.at(t.nanoseconds().checked_add(nanoseconds / (3600 * SECOND) * 3600 * SECOND)?),
        Precision::Minute => t.at(t.nanoseconds().checked_add(nanoseconds / (60 * SECOND) * 60 * SECOND)?),
        Precision::Second => t.at(t.nanoseconds().checked_add(nanoseconds / SECOND * SECOND)?),
        Precision::Fraction => t.at(t.nanoseconds().checked_add(nanoseconds)?),
    }
}
