//! Lengths and the least and greatest value an element may have.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::checker::{Checker, Pass, excerpt};
use super::datum;
use crate::fhirpath::Quantity;
use crate::finding::{Example, Meta};
use crate::pack::model::{Datum, TypedDatum};
use crate::tree::{Element, names};

/// Length.
pub static LENGTH: Meta = Meta {
    id: "HM0113",
    name: "value-length",
    title: "the value is longer or shorter than the profile allows",
    issue: "too-long",
    basis: "FHIR, ElementDefinition.maxLength and the minLength extension",
    criterion: "INT-2",
    why: "Receivers that reserve that many characters cut the value off.",
    remedy: "Shorten the value, or send it where the profile leaves room.",
    examples: &[Example::good("no limit", r#"{"resourceType": "Patient", "name": [{"family": "Test"}]}"#)],
    ..Meta::NEW
};

/// Range.
pub static RANGE: Meta = Meta {
    id: "HM0114",
    name: "value-range",
    title: "the value is outside the range the profile allows",
    issue: "value",
    basis: "FHIR, ElementDefinition.minValue[x] and maxValue[x]",
    criterion: "INT-2",
    why: "Values outside the range are faults of measurement or unit, or mean something else.",
    remedy: "Check the value and its unit against the limit named.",
    examples: &[Example::good("no limit", r#"{"resourceType": "Patient", "birthDate": "1980-01-01"}"#)],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// Length and range of one element.
    pub(super) fn limits(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        let definition = &pass.plan.nodes[node as usize];
        let path = &definition.path;
        if let Some(value) = at.value() {
            let length = value.chars().count();
            let wrong = if definition.max_length.is_some_and(|max| length > max as usize) {
                Some(format!(
                    "{path} has {length} characters, at most {} are allowed",
                    definition.max_length.unwrap_or(0)
                ))
            } else if definition.min_length.is_some_and(|min| length < min as usize) {
                Some(format!(
                    "{path} has {length} characters, at least {} are needed",
                    definition.min_length.unwrap_or(0)
                ))
            } else {
                None
            };
            if let Some(says) = wrong {
                let draft = self.draft(&LENGTH, pass, node, at, says);
                self.emit(draft);
            }
        }
        let sides = [
            (&definition.min_value, Ordering::Less, "below the least"),
            (&definition.max_value, Ordering::Greater, "above the greatest"),
        ];
        for (limit, wrong, word) in sides {
            let Some(limit) = limit else { continue };
            match compare(at, limit) {
                Some(order) if order == wrong => {
                    let says = format!("{path} is {word} value allowed, {}", datum::text(&limit.value));
                    let mut draft = self.draft(&RANGE, pass, node, at, says);
                    draft.excerpt = excerpt(at);
                    self.emit(draft);
                }
                Some(_) => {}
                None => self.skip("range", format!("{}#{}", pass.plan.url, definition.id)),
            }
        }
    }
}

/// Orders two decimals exactly.
fn decimals(a: &str, b: &str) -> Option<Ordering> {
    let exact = |text: &str| Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok();
    Some(exact(a)?.cmp(&exact(b)?))
}

/// Orders the element against a limit; `None` when they cannot be compared.
fn compare(at: Element<'_>, limit: &TypedDatum) -> Option<Ordering> {
    match &limit.value {
        Datum::Primitive(bound) => {
            let value = at.value()?;
            match limit.ty.as_str() {
                "integer" | "positiveInt" | "unsignedInt" | "decimal" => decimals(value, bound),
                // Dates and times of one precision order as text; others only as far as both go.
                _ => {
                    let length = value.len().min(bound.len());
                    let order = value.get(..length)?.cmp(bound.get(..length)?);
                    (order != Ordering::Equal || value.len() == bound.len()).then_some(order).or(Some(Ordering::Equal))
                }
            }
        }
        Datum::Object(_) => quantity(at, &limit.value),
        Datum::Array(_) => None,
    }
}

fn quantity(at: Element<'_>, limit: &Datum) -> Option<Ordering> {
    let Datum::Object(members) = limit else { return None };
    let member = |name: &str| {
        members.iter().find_map(|(n, v)| match v {
            Datum::Primitive(text) if n == name => Some(text.as_str()),
            _ => None,
        })
    };
    let value = at.text(names::VALUE)?;
    let bound = member("value")?;
    let unit = at.text(names::CODE).unwrap_or("");
    let bound_unit = member("code").unwrap_or("");
    if unit == bound_unit {
        return decimals(value, bound);
    }
    let parsed = |value: &str, unit: &str| Quantity::parse(&format!("{value} '{unit}'"));
    parsed(value, unit)?.compare(&parsed(bound, bound_unit)?)
}
