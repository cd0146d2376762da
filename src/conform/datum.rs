//! Compares elements with the values a profile holds: exactly (fixed) or as a subset (pattern).

use crate::pack::model::Datum;
use crate::tree::{Element, Kind, names};

/// Where and how a comparison failed; wording holds facts of the profile only.
#[derive(Debug)]
pub(super) struct Mismatch<'t> {
    /// The element at fault.
    pub at: Element<'t>,
    /// What was expected there.
    pub says: String,
}

/// Compares `at` with `datum`. With `exact`, nothing else may be present. Returns every difference.
pub(super) fn compare<'t>(at: Element<'t>, datum: &Datum, exact: bool) -> Vec<Mismatch<'t>> {
    let mut out = Vec::new();
    walk(at, datum, exact, &mut out);
    out
}

/// Whether `at` equals (or, not `exact`, contains) `datum`, an array meaning any of its items.
pub(super) fn fits(at: Element<'_>, datum: &Datum, exact: bool) -> bool {
    match datum {
        Datum::Primitive(text) => at.value() == Some(text.as_str()),
        Datum::Array(items) => items.iter().any(|item| fits(at, item, exact)),
        Datum::Object(members) => {
            members.iter().all(|(name, value)| {
                let mut found = at.children().filter(|c| c.name() == name);
                match value {
                    Datum::Array(items) => {
                        items.iter().all(|item| found.clone().any(|f| fits(f, item, exact)))
                            && (!exact || found.count() == items.len())
                    }
                    single => found.any(|f| fits(f, single, exact)),
                }
            }) && (!exact || !at.children().any(|c| is_surplus(c, members)))
        }
    }
}

fn walk<'t>(at: Element<'t>, datum: &Datum, exact: bool, out: &mut Vec<Mismatch<'t>>) {
    match datum {
        Datum::Primitive(text) => {
            if at.value() != Some(text.as_str()) {
                out.push(Mismatch { at, says: format!("must be {}", quoted(text)) });
            }
        }
        Datum::Object(members) => {
            for (name, value) in members {
                member(at, name, value, exact, out);
            }
            if exact {
                surplus(at, members, out);
            }
        }
        Datum::Array(items) => {
            for item in items {
                walk(at, item, exact, out);
            }
        }
    }
}

fn member<'t>(at: Element<'t>, name: &str, value: &Datum, exact: bool, out: &mut Vec<Mismatch<'t>>) {
    let found: Vec<Element<'t>> = at.children().filter(|c| c.name() == name).collect();
    let items: &[Datum] = match value {
        Datum::Array(items) => items,
        single => std::slice::from_ref(single),
    };
    if found.is_empty() {
        out.push(Mismatch { at, says: format!("must have {name}{}", expected(value)) });
        return;
    }
    if let ([one], [item]) = (found.as_slice(), items) {
        walk(*one, item, exact, out);
        return;
    }
    for (i, item) in items.iter().enumerate() {
        let ok = if exact {
            found.get(i).is_some_and(|f| fits(*f, item, true))
        } else {
            found.iter().any(|f| fits(*f, item, false))
        };
        if !ok {
            out.push(Mismatch { at, says: format!("must have {name}{}", expected(item)) });
        }
    }
    if exact && found.len() > items.len() {
        out.push(Mismatch { at: found[items.len()], says: "is one more than the fixed value has".to_owned() });
    }
}

fn surplus<'t>(at: Element<'t>, members: &[(String, Datum)], out: &mut Vec<Mismatch<'t>>) {
    for child in at.children() {
        if is_surplus(child, members) {
            out.push(Mismatch { at: child, says: "is not part of the fixed value".to_owned() });
        }
    }
}

fn is_surplus(child: Element<'_>, members: &[(String, Datum)]) -> bool {
    child.kind() != Kind::Null && child.name_id() != names::ID && !members.iter().any(|(name, _)| name == child.name())
}

fn expected(value: &Datum) -> String {
    match value {
        Datum::Primitive(text) => format!(" {}", quoted(text)),
        _ => String::new(),
    }
}

fn quoted(text: &str) -> String {
    format!("“{}”", crate::text::sanitise::line(text))
}

/// A datum in one line, for people.
pub fn text(datum: &Datum) -> String {
    match datum {
        Datum::Primitive(text) => crate::text::sanitise::line(text),
        Datum::Object(members) => {
            let parts: Vec<String> = members.iter().map(|(n, v)| format!("{n}: {}", self::text(v))).collect();
            format!("{{{}}}", parts.join(", "))
        }
        Datum::Array(items) => items.iter().map(self::text).collect::<Vec<_>>().join(", "),
    }
}
