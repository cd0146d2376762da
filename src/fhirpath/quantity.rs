//! Quantities: UCUM and calendar units, exact conversion, three-valued comparison.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use super::ast::CALENDAR;
use crate::tree::{Element, names};
use octofhir_ucum::{EvalResult, Number, SpecialKind, evaluate, parse_expression, unit_divide, unit_multiply};
use rust_decimal::prelude::*;

/// Unit of a quantity.
#[derive(Clone, Debug, PartialEq)]
pub enum Unit<'t> {
    /// A UCUM code.
    Ucum(Cow<'t, str>),
    /// A calendar duration by name, as written (`week`, `weeks`).
    Calendar(Cow<'t, str>),
    /// A code of another system, or a unit text without a system.
    Local {
        /// System, or empty.
        system: &'t str,
        /// Code or text.
        code: &'t str,
    },
}

/// A number with a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity<'t> {
    /// Value with its scale.
    pub value: Decimal,
    /// Unit.
    pub unit: Unit<'t>,
}

/// UCUM's system.
pub const UCUM: &str = "http://unitsofmeasure.org";

/// Calendar units with their UCUM code; only up to weeks do the two mean the same length.
const DURATIONS: [(&str, &str); 8] = [
    ("year", "a"),
    ("month", "mo"),
    ("week", "wk"),
    ("day", "d"),
    ("hour", "h"),
    ("minute", "min"),
    ("second", "s"),
    ("millisecond", "ms"),
];

/// Singular and UCUM code of a calendar unit.
pub fn duration(word: &str) -> Option<(&'static str, &'static str)> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    DURATIONS.into_iter().find(|(name, _)| *name == singular)
}

fn number(value: Decimal) -> Option<Number> {
    Number::parse(&value.to_string())
}

fn decimal(number: Number) -> Option<Decimal> {
    let (digits, exponent) = number.to_integer_and_exponent();
    if exponent <= 0 {
        return Decimal::try_from_i128_with_scale(digits, exponent.unsigned_abs()).ok();
    }
    let scale = 10i128.checked_pow(exponent.unsigned_abs())?;
    Decimal::try_from_i128_with_scale(digits.checked_mul(scale)?, 0).ok()
}

/// Degrees of an interval scale as a shift of their own steps (UCUM section 29).
fn shift(kind: SpecialKind) -> Option<&'static str> {
    match kind {
        SpecialKind::Celsius => Some("273.15"),
        SpecialKind::Fahrenheit => Some("459.67"),
        SpecialKind::Reaumur => Some("218.52"),
        _ => None,
    }
}

struct Based {
    unit: EvalResult,
    value: Number,
}

impl<'t> Quantity<'t> {
    /// A quantity in UCUM's unity.
    pub fn unity(value: Decimal) -> Self {
        Self { value, unit: Unit::Ucum(Cow::Borrowed("1")) }
    }

    /// The system quantity of an element of type Quantity: UCUM code, else code or unit text as they stand. `None`
    /// without a value, with a comparator, or when the value is no decimal this engine holds.
    pub fn of(element: Element<'t>) -> Option<Self> {
        let value = super::decimal::decimal_of(element.text(names::VALUE)?)?;
        if element.child(names::COMPARATOR).is_some() {
            return None;
        }
        // R4's Money names its currency in an element of its own.
        if let Some(code) = element.get("currency").and_then(Element::value) {
            return Some(Self { value, unit: Unit::Local { system: "urn:iso:std:iso:4217", code } });
        }
        let system = element.text(names::SYSTEM).unwrap_or("");
        let code = element.text(names::CODE);
        let unit = match (system, code, element.text(names::UNIT)) {
            (UCUM, Some(code), _) => Unit::Ucum(Cow::Borrowed(code)),
            (_, None, None) => Unit::Ucum(Cow::Borrowed("1")),
            (_, Some(code), _) => Unit::Local { system, code },
            (_, None, Some(code)) => Unit::Local { system: "", code },
        };
        Some(Self { value, unit })
    }

    /// Reads `1 day`, `4.5 'mg'`, `10`.
    pub fn parse(text: &str) -> Option<Quantity<'static>> {
        let digits = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))).unwrap_or(text.len());
        let (value, rest) = text.split_at(digits);
        let value = super::decimal::plain_decimal(value)?;
        let unit = rest.trim_start();
        if unit.is_empty() {
            return rest.is_empty().then(|| Quantity::unity(value));
        }
        let quoted = unit.strip_prefix('\'').and_then(|u| u.strip_suffix('\'')).filter(|u| !u.is_empty());
        let unit = match quoted {
            Some(code) => Unit::Ucum(Cow::Owned(code.to_owned())),
            None if rest.len() > unit.len() && CALENDAR.contains(&unit) => Unit::Calendar(Cow::Owned(unit.to_owned())),
            None => return None,
        };
        Some(Quantity { value, unit })
    }

    fn code(&self) -> Option<&str> {
        match &self.unit {
            Unit::Ucum(code) => Some(code),
            Unit::Calendar(word) => duration(word).map(|(_, code)| code),
            Unit::Local { .. } => None,
        }
    }

    fn based(&self) -> Option<Based> {
        let unit = evaluate(&parse_expression(self.code()?).ok()?).ok()?;
        let mut value = number(self.value)?;
        if let Some(special) = unit.special {
            let shift = Number::parse(shift(special.unit.special)?)?;
            value = value.checked_mul(special.scale)?.checked_add(shift)?;
        }
        let value = value.checked_mul(unit.factor)?;
        Some(Based { unit, value })
    }

    /// Years and months by the calendar have no fixed length: UCUM's do.
    fn is_loose(&self) -> bool {
        matches!(&self.unit, Unit::Calendar(word) if matches!(duration(word), Some((_, "a" | "mo"))))
    }

    fn is_ucum(&self) -> bool {
        matches!(self.unit, Unit::Ucum(_))
    }

    fn same_unit(&self, other: &Quantity<'_>) -> bool {
        match (&self.unit, &other.unit) {
            (Unit::Calendar(a), Unit::Calendar(b)) => duration(a) == duration(b),
            (Unit::Ucum(a), Unit::Ucum(b)) => a == b,
            (Unit::Local { system, code }, Unit::Local { system: s, code: c }) => system == s && code == c,
            _ => false,
        }
    }

    /// Order; `None` when the units cannot be compared.
    pub fn compare(&self, other: &Quantity<'_>) -> Option<Ordering> {
        if self.same_unit(other) {
            return Some(self.value.cmp(&other.value));
        }
        if self.is_loose() && other.is_ucum() || self.is_ucum() && other.is_loose() {
            return None;
        }
        let (a, b) = (self.based()?, other.based()?);
        if !a.unit.is_commensurable(&b.unit) {
            return None;
        }
        let gap = a.value.checked_sub(b.value)?;
        Some(if gap.is_zero() {
            Ordering::Equal
        } else if gap.is_negative() {
            Ordering::Less
        } else {
            Ordering::Greater
        })
    }

    /// Whether both units measure the same kind of thing.
    pub fn comparable(&self, other: &Quantity<'_>) -> bool {
        self.same_unit(other)
            || matches!((self.based(), other.based()), (Some(a), Some(b)) if a.unit.is_commensurable(&b.unit))
    }

    /// Equivalence: equal once the finer one is converted and rounded to the scale of the coarser.
    pub fn equivalent(&self, other: &Quantity<'_>) -> bool {
        let (coarse, fine) =
            if self.value.scale() <= other.value.scale() { (self.value, other) } else { (other.value, self) };
        let into = if std::ptr::eq(fine, other) { self.code() } else { other.code() };
        let Some(converted) = (if self.same_unit(other) { Some(fine.value) } else { fine.convert(into) }) else {
            return false;
        };
        converted.round_dp_with_strategy(coarse.scale(), RoundingStrategy::MidpointAwayFromZero) == coarse
    }

    fn convert(&self, into: Option<&str>) -> Option<Decimal> {
        let target = evaluate(&parse_expression(into?).ok()?).ok()?;
        let own = self.based()?;
        if !own.unit.is_commensurable(&target) {
            return None;
        }
        let mut value = own.value.checked_div(target.factor)?;
        if let Some(special) = target.special {
            let shift = Number::parse(shift(special.unit.special)?)?;
            value = value.checked_sub(shift)?.checked_div(special.scale)?;
        }
        decimal(value)
    }

    /// Sum or difference in the unit of `self`; `None` when units differ in kind or the result does not fit.
    pub fn add(&self, other: &Quantity<'_>, minus: bool) -> Option<Quantity<'t>> {
        let mut value = if self.same_unit(other) { other.value } else { other.convert(self.code())? };
        if minus {
            value = -value;
        }
        Some(Quantity { value: self.value.checked_add(value)?, unit: self.unit.clone() })
    }

    /// Product, its unit the product of the units; `None` when a unit takes part in no algebra.
    pub fn multiply(&self, other: &Quantity<'_>) -> Option<Quantity<'t>> {
        let value = self.value.checked_mul(other.value)?;
        self.combined(value, other, |a, b| unit_multiply(a, b).ok().map(|u| u.expression))
    }

    /// Quotient, likewise; `None` also for a divisor of zero.
    pub fn divide(&self, other: &Quantity<'_>) -> Option<Quantity<'t>> {
        let value = self.value.checked_div(other.value)?;
        self.combined(value, other, |a, b| unit_divide(a, b).ok().map(|u| u.expression))
    }

    fn combined(
        &self,
        value: Decimal,
        other: &Quantity<'_>,
        unit: impl Fn(&str, &str) -> Option<String>,
    ) -> Option<Quantity<'t>> {
        let code = unit(self.code()?, other.code()?)?;
        Some(Quantity { value, unit: Unit::Ucum(Cow::Owned(code)) })
    }
}

impl fmt::Display for Quantity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.unit {
            Unit::Ucum(code) => write!(f, "{} '{code}'", self.value),
            Unit::Calendar(word) => write!(f, "{} {word}", self.value),
            Unit::Local { code, .. } => write!(f, "{} '{code}'", self.value),
        }
    }
}
