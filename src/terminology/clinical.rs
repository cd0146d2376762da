//! SNOMED CT in value sets: filters, implicit value sets and displays, answered by the index when there is one.

use super::sets::{Displays, Lookup};
use super::snomed::{ConceptSet, Ecl, Index, Sctid, parse_tolerant};
use crate::pack::model::Include;

/// The code system.
pub const SNOMED: &str = "http://snomed.info/sct";

/// Why a set cannot be listed: what is missing, and its name.
pub type Missing = (&'static str, String);

/// Concepts of an include of SNOMED CT by filters, or of all of it.
///
/// # Errors
/// When there is no index, or the filter cannot be evaluated.
pub fn listed(index: Option<&Index>, include: &Include) -> Result<ConceptSet, Missing> {
    let Some(index) = index else { return Err(("snomed", SNOMED.to_owned())) };
    let unread = |what: &str| ("value-set-filter", format!("{SNOMED} {what}"));
    if include.filters.is_empty() {
        return evaluate(index, "*").ok_or_else(|| unread("*"));
    }
    let mut whole: Option<ConceptSet> = None;
    let mut done: Vec<(&str, &str)> = Vec::new();
    for (property, op, _) in &include.filters {
        if done.contains(&(property.as_str(), op.as_str())) {
            continue;
        }
        done.push((property, op));
        // Several filters of one kind are alternatives: FHIR would join them by AND, which leaves nothing, and every
        // published UK value set that does so means OR.
        let mut any: Option<ConceptSet> = None;
        for (_, _, value) in include.filters.iter().filter(|(p, o, _)| p == property && o == op) {
            let text = expression(property, op, value).ok_or_else(|| unread(&format!("{property} {op}")))?;
            let set = evaluate(index, &text).ok_or_else(|| unread(&format!("{property} {op}")))?;
            match &mut any {
                Some(all) => all.union(&set),
                None => any = Some(set),
            }
        }
        match (&mut whole, any) {
            (Some(all), Some(set)) => all.intersect(&set),
            (slot, Some(set)) => *slot = Some(set),
            (_, None) => {}
        }
    }
    whole.ok_or_else(|| unread("without filters"))
}

/// A FHIR filter as ECL (FHIR, Using SNOMED CT with FHIR: filter properties).
fn expression(property: &str, op: &str, value: &str) -> Option<String> {
    let value = value.trim();
    Some(match (property, op) {
        ("concept", "is-a") => format!("<< {value}"),
        ("concept", "descendent-of" | "descendant-of") => format!("< {value}"),
        ("concept", "=") => value.to_owned(),
        ("concept", "in") => format!("^ {}", value.trim_start_matches('^').trim_start()),
        ("constraint" | "expression", "=") => value.to_owned(),
        ("parent", "=") => format!("<! {value}"),
        _ => return None,
    })
}

fn evaluate(index: &Index, text: &str) -> Option<ConceptSet> {
    let ecl: Ecl = parse_tolerant(text).ok()?.0;
    index.evaluate(&ecl).ok()
}

/// The include behind an implicit value set (`http://snomed.info/sct?fhir_vs=ecl/...`); `None` for other URLs.
pub fn implicit(url: &str) -> Option<Include> {
    let (system, query) = url.split_once("?fhir_vs")?;
    if !system.starts_with(SNOMED) {
        return None;
    }
    let filter = |op: &str, value: &str| vec![("concept".to_owned(), op.to_owned(), value.to_owned())];
    let filters = match query.strip_prefix('=') {
        None => Vec::new(),
        Some(rest) => match rest.split_once('/') {
            Some(("isa", id)) => filter("is-a", id),
            Some(("refset", id)) => filter("in", id),
            Some(("ecl", text)) => vec![("constraint".to_owned(), "=".to_owned(), decoded(text))],
            _ => return None,
        },
    };
    Some(Include { system: SNOMED.to_owned(), filters, ..Include::default() })
}

/// Percent-decoded text.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let hex = |b: Option<u8>| b.and_then(|b| (b as char).to_digit(16));
        match byte {
            b'%' => match (hex(bytes.next()), hex(bytes.next())) {
                (Some(high), Some(low)) => out.push((high * 16 + low) as u8),
                _ => out.push(b'%'),
            },
            b'+' => out.push(b' '),
            other => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Whether a code is in a set of concepts.
pub fn holds(index: &Index, set: &ConceptSet, code: &str) -> bool {
    Sctid::parse(code).is_ok_and(|id| index.holds(set, id.value()))
}

/// What the release says of a code. A code of another namespace than the core may be newer than the release, or local:
/// nothing is said about it.
pub fn lookup(index: Option<&Index>, code: &str) -> Lookup {
    let (Some(index), Ok(id)) = (index, Sctid::parse(code)) else { return Lookup::NotHeld };
    match index.lookup(id.value()) {
        Some(concept) => {
            let first = concept.preferred_term();
            let others =
                concept.descriptions().filter(|d| d.active() && d.term() != first).map(|d| d.term().to_owned());
            let listed = std::iter::once(first.to_owned()).filter(|t| !t.is_empty()).chain(others).collect();
            Lookup::Found(Displays::Listed(listed))
        }
        None if id.namespace().is_none() => Lookup::NoCode,
        None => Lookup::Fragment,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn implicit_value_sets_are_read() {
        let filters = |url: &str| implicit(url).map(|i| i.filters);
        assert_eq!(filters("http://snomed.info/sct?fhir_vs"), Some(vec![]));
        assert_eq!(
            filters("http://snomed.info/sct?fhir_vs=isa/73211009").map(|f| f[0].1.clone()).as_deref(),
            Some("is-a")
        );
        assert_eq!(
            filters("http://snomed.info/sct?fhir_vs=ecl/%3C%2073211009").map(|f| f[0].2.clone()).as_deref(),
            Some("< 73211009")
        );
        assert_eq!(filters("http://hl7.org/fhir/ValueSet/x"), None);
    }

    #[test]
    fn without_an_index_nothing_is_decided() {
        let include = Include { system: SNOMED.to_owned(), ..Include::default() };
        assert_eq!(listed(None, &include).err(), Some(("snomed", SNOMED.to_owned())));
        assert_eq!(lookup(None, "73211009"), Lookup::NotHeld);
    }
}
