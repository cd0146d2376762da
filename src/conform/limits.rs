//! Lengths and the least and greatest value an element may have.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::checker::{Checker, Pass, excerpt};
use super::datum;
use crate::fhirpath::Quantity;
use crate::finding::{Example, Meta};
use crate::pack::model::{Datum, TypedDatum};
use crate::text::{Canonical, Date};
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
    examples: &[
        Example::bad(
            "a reference of 256 characters",
            r#"{"resourceType": "MessageHeader", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ITK-MessageHandling-2", "extension": [{"url": "SenderReference", "valueString": "«xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx»"}]}], "event": {"system": "https://hospital.test/events", "code": "a"}, "timestamp": "2026-01-01T00:00:00Z", "source": {"endpoint": "https://hospital.test/"}}"#,
        ),
        Example::good("no limit", r#"{"resourceType": "Patient", "name": [{"family": "Test"}]}"#),
    ],
    ..Meta::NEW
};

/// A profile that allows no dates of birth before 1900.
const LIVING: &[&str] = &[
    r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/Living", "name": "Living", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint", "differential": {"element": [{"id": "Patient", "path": "Patient"}, {"id": "Patient.birthDate", "path": "Patient.birthDate", "minValueDate": "1900-01-01"}]}}"#,
];

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
    examples: &[
        Example::bad("born before the earliest date", r#"{"resourceType": "Patient", "birthDate": "«1890-01-01»"}"#)
            .r4()
            .against("https://hospital.test/StructureDefinition/Living")
            .holding(LIVING),
        Example::good("born on it", r#"{"resourceType": "Patient", "birthDate": "1900-01-01"}"#)
            .r4()
            .against("https://hospital.test/StructureDefinition/Living")
            .holding(LIVING),
    ],
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
            match compare(at, limit, &self.cx.options.today) {
                Some(order) if order == wrong => {
                    let says = format!("{path} is {word} value allowed, {}", datum::text(&limit.value));
                    let mut draft = self.draft(&RANGE, pass, node, at, says);
                    draft.excerpt = excerpt(at);
                    self.emit(draft);
                }
                Some(_) => {}
                None => self.skip("range", Canonical::of_definition(&format!("{}#{}", pass.plan.url, definition.id))),
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
fn compare(at: Element<'_>, limit: &TypedDatum, today: &str) -> Option<Ordering> {
    match &limit.value {
        Datum::Object(_) if limit.ty == "Duration" && at.value().is_some() => {
            let (value, bound) = (at.value()?, from_today(&limit.value, today)?);
            let length = value.len().min(bound.len());
            Some(value.get(..length)?.cmp(bound.get(..length)?))
        }
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

/// The date that lies a duration after `today` (before it when negative), `YYYY-MM-DD`.
fn from_today(duration: &Datum, today: &str) -> Option<String> {
    let count: i64 = duration.str("value")?.parse().ok()?;
    let day = Date::parse(today)?;
    let after = |days: i64| day.days().checked_add(days).map(Date::from_days);
    let shifted = match duration.str("code").or(duration.str("unit"))? {
        "a" | "year" | "years" => day.plus_months(i32::try_from(count.checked_mul(12)?).ok()?),
        "mo" | "month" | "months" => day.plus_months(i32::try_from(count).ok()?),
        "d" | "day" | "days" => after(count)?,
        "wk" | "week" | "weeks" => after(count.checked_mul(7)?)?,
        _ => return None,
    };
    Some(shifted.to_string())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_counted_from_today() {
        let cases = [
            ("10", "a", "2036-02-28"),
            ("-14", "mo", "2024-12-28"),
            ("2", "d", "2026-03-02"),
            ("-9", "wk", "2025-12-27"),
        ];
        for (value, code, expected) in cases {
            let member = |name: &str, text: &str| (name.to_owned(), Datum::Primitive(text.to_owned()));
            let duration = Datum::Object(vec![member("value", value), member("code", code)]);
            assert_eq!(from_today(&duration, "2026-02-28").as_deref(), Some(expected));
        }
    }
}
