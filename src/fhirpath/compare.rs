//! Equality, equivalence and order of single values, and sets built on equality.

use std::cmp::Ordering;

use super::quantity::Quantity;
use super::temporal::{Precision, Temporal, TemporalKind};
use super::types::{self, Class};
use super::value::{Collection, Value};
use crate::tree::Element;
use crate::tree::names::{FastMap, NameHasher};
use rust_decimal::Decimal;
use std::hash::Hasher as _;

/// `a = b`; `None` when it is open (dates of different precision, units that cannot be compared).
pub(super) fn equal(a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
    if let (Some(a), Some(b)) = (a.as_text(), b.as_text()) {
        return Some(a == b);
    }
    match (a, b) {
        (Value::Element(x), Value::Element(y)) if x == y => return Some(true),
        (Value::Element(x), Value::Element(y)) if is_structure(*x) || is_structure(*y) => return equal_deep(*x, *y, 0),
        (Value::Type { namespace, name }, Value::Type { namespace: n, name: m }) => {
            return Some(namespace == n && name == m);
        }
        _ => {}
    }
    let (Some(x), Some(y)) = (a.system(), b.system()) else { return Some(false) };
    match (&x, &y) {
        (Value::Boolean(a), Value::Boolean(b)) => Some(a == b),
        (Value::String(a), Value::String(b)) => Some(a == b),
        (Value::Integer(a) | Value::Long(a), Value::Integer(b) | Value::Long(b)) => Some(a == b),
        (Value::Temporal(a), Value::Temporal(b)) => match same_scale(*a, *b) {
            true => a.compare(*b).map(|order| order == Ordering::Equal),
            false => Some(false),
        },
        (Value::Quantity(a), Value::Quantity(b)) => a.compare(b).map(|order| order == Ordering::Equal),
        // A string beside an element of another primitive type compares with its text: `notGiven = 'false'`.
        (Value::String(text), _) => match b {
            Value::Element(e) => Some(e.value() == Some(text)),
            _ => Some(false),
        },
        (_, Value::String(text)) => match a {
            Value::Element(e) => Some(e.value() == Some(text)),
            _ => Some(false),
        },
        _ => match (quantity(&x), quantity(&y)) {
            (Some(a), Some(b)) if matches!(x, Value::Quantity(_)) || matches!(y, Value::Quantity(_)) => {
                a.compare(&b).map(|order| order == Ordering::Equal)
            }
            _ => match (number(&x), number(&y)) {
                (Some(a), Some(b)) => Some(a == b),
                _ => Some(false),
            },
        },
    }
}

fn is_structure(element: Element<'_>) -> bool {
    matches!(types::class_of(element), Class::Complex | Class::Resource | Class::Unknown)
}

/// A whole number or decimal as decimal.
pub(super) fn number(value: &Value<'_>) -> Option<Decimal> {
    match value {
        Value::Integer(n) | Value::Long(n) => Some(Decimal::from(*n)),
        Value::Decimal(d) => Some(*d),
        _ => None,
    }
}

fn quantity<'a>(value: &Value<'a>) -> Option<Quantity<'a>> {
    match value {
        Value::Quantity(q) => Some((**q).clone()),
        other => number(other).map(Quantity::unity),
    }
}

fn same_scale(a: Temporal, b: Temporal) -> bool {
    (a.kind == TemporalKind::Time) == (b.kind == TemporalKind::Time)
}

/// Elements nest at most this deep: readers refuse more.
const DEEP: u32 = 256;

fn equal_deep(a: Element<'_>, b: Element<'_>, depth: u32) -> Option<bool> {
    if depth > DEEP {
        return Some(false);
    }
    if a.value().is_some() || b.value().is_some() {
        return match (a.value(), b.value()) {
            (Some(_), Some(_)) if types::is_primitive(a.type_id()) && types::is_primitive(b.type_id()) => {
                equal(&Value::Element(a), &Value::Element(b))
            }
            (x, y) => Some(x == y),
        };
    }
    if a.is_resource() && a.type_id() != b.type_id() {
        return Some(false);
    }
    // Names may come in any order; items of one name may not.
    if a.children().count() != b.children().count() {
        return Some(false);
    }
    let mut open = false;
    for child in a.children() {
        let Some(twin) = b.named(child.base_id()).nth(child.index()) else { return Some(false) };
        match equal_deep(child, twin, depth + 1) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => open = true,
        }
    }
    if open { None } else { Some(true) }
}

/// `a ~ b`.
pub(super) fn equivalent(a: &Value<'_>, b: &Value<'_>) -> bool {
    if let (Some(a), Some(b)) = (a.as_text(), b.as_text()) {
        return equivalent_text(a, b);
    }
    if let (Value::Element(x), Value::Element(y)) = (a, b)
        && (is_structure(*x) || is_structure(*y))
    {
        return equivalent_deep(*x, *y, 0);
    }
    let (Some(x), Some(y)) = (a.system(), b.system()) else { return false };
    match (&x, &y) {
        (Value::String(a), Value::String(b)) => equivalent_text(a, b),
        (Value::Temporal(a), Value::Temporal(b)) => same_scale(*a, *b) && a.equivalent(*b),
        (Value::Quantity(a), Value::Quantity(b)) => a.equivalent(b),
        _ => match (number(&x), number(&y)) {
            (Some(a), Some(b)) => {
                let scale = a.scale().min(b.scale());
                rounded(a, scale) == rounded(b, scale)
            }
            _ => equal(&x, &y) == Some(true),
        },
    }
}

fn rounded(value: Decimal, scale: u32) -> Decimal {
    value.round_dp_with_strategy(scale, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}

/// Case and runs of white space make no difference.
fn equivalent_text(a: &str, b: &str) -> bool {
    let folded = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    a == b || folded(a) == folded(b)
}

fn equivalent_deep(a: Element<'_>, b: Element<'_>, depth: u32) -> bool {
    if depth > DEEP {
        return false;
    }
    match (a.value(), b.value()) {
        (None, None) => {}
        (Some(x), Some(y)) if is_structure(a) || is_structure(b) => return equivalent_text(x, y),
        (Some(_), Some(_)) => return equivalent(&Value::Element(a), &Value::Element(b)),
        // A structure and a primitive are never alike.
        _ => return false,
    }
    let mut used = Vec::new();
    a.children().count() == b.children().count()
        && a.children().all(|child| {
            let twin = b.named(child.base_id()).find(|t| !used.contains(&t.id()) && equivalent_child(child, *t, depth));
            used.extend(twin.map(Element::id));
            twin.is_some()
        })
}

fn equivalent_child(a: Element<'_>, b: Element<'_>, depth: u32) -> bool {
    match (a.value(), b.value()) {
        (None, None) => equivalent_deep(a, b, depth + 1),
        (Some(_), Some(_)) => equivalent(&Value::Element(a), &Value::Element(b)),
        _ => false,
    }
}

/// Two values that have no order between them.
pub(super) struct NoOrder;

/// Order of two values; `Ok(None)` when it is open.
pub(super) fn order(a: &Value<'_>, b: &Value<'_>) -> Result<Option<Ordering>, NoOrder> {
    let (Some(x), Some(y)) = (a.system(), b.system()) else {
        // A primitive without a value has nothing to compare.
        let nothing = |v: &Value<'_>| matches!(v, Value::Element(e) if e.value().is_none() && !is_structure(*e));
        return if nothing(a) || nothing(b) { Ok(None) } else { Err(NoOrder) };
    };
    match (&x, &y) {
        (Value::Integer(a) | Value::Long(a), Value::Integer(b) | Value::Long(b)) => Ok(Some(a.cmp(b))),
        (Value::String(a), Value::String(b)) => Ok(Some(a.cmp(b))),
        (Value::Temporal(a), Value::Temporal(b)) if same_scale(*a, *b) => Ok(a.compare(*b)),
        (Value::Quantity(a), Value::Quantity(b)) => Ok(a.compare(b)),
        _ => match (number(&x), number(&y)) {
            (Some(a), Some(b)) => Ok(Some(a.cmp(&b))),
            _ => Err(NoOrder),
        },
    }
}

/// Distinct values: few are compared one by one, many through a fingerprint.
#[derive(Default)]
pub(super) struct Distinct<'t> {
    pub items: Collection<'t>,
    buckets: FastMap<u64, Vec<u32>>,
}

const FEW: usize = 12;

impl<'t> Distinct<'t> {
    /// Adds a value; false when an equal one is held.
    pub fn add(&mut self, value: Value<'t>) -> bool {
        if self.contains(&value) {
            return false;
        }
        let at = self.items.len();
        if at >= FEW {
            if at == FEW {
                for (i, item) in self.items.iter().enumerate() {
                    self.buckets.entry(fingerprint(item)).or_default().push(i as u32);
                }
            }
            self.buckets.entry(fingerprint(&value)).or_default().push(at as u32);
        }
        self.items.push(value);
        true
    }

    /// Whether an equal value is held.
    pub fn contains(&self, value: &Value<'t>) -> bool {
        let same = |item: &Value<'t>| equal(item, value) == Some(true);
        if self.items.len() <= FEW {
            return self.items.iter().any(same);
        }
        self.buckets.get(&fingerprint(value)).is_some_and(|b| b.iter().any(|&i| same(&self.items[i as usize])))
    }
}

/// Equal values of one type have equal fingerprints.
fn fingerprint(value: &Value<'_>) -> u64 {
    let mut hasher = NameHasher::default();
    if let Some(text) = value.as_text() {
        hasher.write(text.as_bytes());
        return hasher.finish();
    }
    if let Value::Element(element) = value
        && is_structure(*element)
    {
        // A sum, because names may come in any order.
        return element.children().fold(0, |sum, child| {
            let mut one = NameHasher::default();
            one.write_u16(child.base_id().0);
            if types::class_of(child) == Class::Text {
                one.write(child.value().unwrap_or("").as_bytes());
            }
            one.finish().wrapping_add(sum)
        });
    }
    match value.system() {
        Some(Value::Boolean(b)) => hasher.write_u8(b.into()),
        Some(Value::Temporal(t)) => {
            hasher.write_u64(t.nanoseconds() as u64);
            hasher.write_u8(t.precision.min(Precision::Second) as u8);
        }
        Some(other) => {
            if let Some(n) = number(&other) {
                hasher.write(&n.normalize().serialize());
            }
        }
        None => {}
    }
    hasher.finish()
}
