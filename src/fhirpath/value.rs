//! Values of an evaluation: elements of a tree and system values.

use std::borrow::Cow;
use std::fmt;

use super::decimal::decimal_of;
use super::quantity::Quantity;
use super::temporal::{Temporal, TemporalKind};
use super::types::{self, Class};
use crate::tree::{Element, names};
use rust_decimal::Decimal;
use smallvec::SmallVec;

/// Items of a result; few need the heap.
pub type Collection<'t> = SmallVec<[Value<'t>; 2]>;

/// One item.
#[derive(Clone, Debug)]
pub enum Value<'t> {
    /// An element of a tree.
    Element(Element<'t>),
    /// System.Boolean.
    Boolean(bool),
    /// System.Integer (32 bits by the specification; kept wider while it is computed with).
    Integer(i64),
    /// System.Long.
    Long(i64),
    /// System.Decimal with its scale.
    Decimal(Decimal),
    /// System.String.
    String(Cow<'t, str>),
    /// System.Date, System.DateTime or System.Time.
    Temporal(Temporal),
    /// System.Quantity.
    Quantity(Box<Quantity<'t>>),
    /// What `type()` gives.
    Type {
        /// `System` or `FHIR`.
        namespace: &'static str,
        /// `Integer`, `Patient`.
        name: &'static str,
    },
}

impl<'t> Value<'t> {
    /// A string.
    pub fn text(text: impl Into<Cow<'t, str>>) -> Self {
        Self::String(text.into())
    }

    /// The element, if it is one.
    pub fn element(&self) -> Option<Element<'t>> {
        match self {
            Self::Element(element) => Some(*element),
            _ => None,
        }
    }

    /// The system value: of a primitive element the value of its type (text that is none of its type stays text), of
    /// a Quantity its quantity; other elements give `None`.
    pub fn system(&self) -> Option<Value<'t>> {
        match self {
            Self::Element(element) => system(*element),
            other => Some(other.clone()),
        }
    }

    /// Text of strings and of elements with text, without copying.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            Self::Element(element) if types::class_of(*element) == Class::Text => element.value(),
            _ => None,
        }
    }

    /// The boolean it is, if it is one.
    pub fn as_boolean(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            Self::Element(element) if types::class_of(*element) == Class::Boolean => match element.value()? {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The whole number it is, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self.system()? {
            Value::Integer(n) | Value::Long(n) => Some(n),
            _ => None,
        }
    }

    /// Name of its type: `Patient`, `code`, `Integer`; `Element` when unknown.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Element(element) => match types::type_of(*element) {
                names::OTHER => "Element",
                ty => names::text(ty),
            },
            Self::Boolean(_) => "Boolean",
            Self::Integer(_) => "Integer",
            Self::Long(_) => "Long",
            Self::Decimal(_) => "Decimal",
            Self::String(_) => "String",
            Self::Temporal(t) => match t.kind {
                TemporalKind::Date => "Date",
                TemporalKind::DateTime => "DateTime",
                TemporalKind::Time => "Time",
            },
            Self::Quantity(_) => "Quantity",
            Self::Type { .. } => "TypeInfo",
        }
    }
}

fn system(element: Element<'_>) -> Option<Value<'_>> {
    let class = types::class_of(element);
    if class == Class::Quantity {
        return Quantity::of(element).map(|q| Value::Quantity(Box::new(q)));
    }
    let text = element.value()?;
    let temporal = |kind| Temporal::parse(kind, text).map(Value::Temporal);
    let value = match class {
        Class::Boolean => text.parse().ok().map(Value::Boolean),
        Class::Integer => text.parse().ok().map(Value::Integer),
        Class::Decimal => decimal_of(text).map(Value::Decimal),
        Class::Date => temporal(TemporalKind::Date),
        Class::DateTime => temporal(TemporalKind::DateTime),
        Class::Time => temporal(TemporalKind::Time),
        _ => None,
    };
    Some(value.unwrap_or(Value::String(Cow::Borrowed(text))))
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element(element) => match (types::class_of(*element), element.value()) {
                (Class::Quantity, _) => match Quantity::of(*element) {
                    Some(quantity) => quantity.fmt(f),
                    None => f.write_str(self.type_name()),
                },
                (_, Some(text)) => f.write_str(text),
                (_, None) => f.write_str(self.type_name()),
            },
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) | Self::Long(value) => value.fmt(f),
            Self::Decimal(value) => value.fmt(f),
            Self::String(text) => f.write_str(text),
            Self::Temporal(value) => value.fmt(f),
            Self::Quantity(value) => value.fmt(f),
            Self::Type { namespace, name } => write!(f, "{namespace}.{name}"),
        }
    }
}
