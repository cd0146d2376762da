//! SNOMED CT's implicit value sets, and displays from the index when there is one.

use super::sets::{Displays, Lookup};
use super::snomed::{Index, Sctid};
use crate::pack::model::Include;

/// The code system.
pub const SNOMED: &str = "http://snomed.info/sct";

/// The include behind an implicit value set (`http://snomed.info/sct?fhir_vs=ecl/...`); `None` for other URLs.
pub fn implicit(url: &str) -> Option<Include> {
    let (edition, query) = url.split_once("?fhir_vs")?;
    if edition != SNOMED && !edition.strip_prefix(SNOMED)?.starts_with('/') {
        return None;
    }
    let version = if edition == SNOMED { String::new() } else { edition.to_owned() };
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
    Some(Include { system: SNOMED.to_owned(), version, filters, ..Include::default() })
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
        assert_eq!(filters("http://snomed.info/sctx?fhir_vs"), None);
        let pinned = implicit("http://snomed.info/sct/83821000000107/version/20250312?fhir_vs=isa/73211009").unwrap();
        assert_eq!((pinned.system.as_str(), pinned.filters.len()), (SNOMED, 1));
        assert_eq!(pinned.version, "http://snomed.info/sct/83821000000107/version/20250312");
    }

    #[test]
    fn without_an_index_nothing_is_decided() {
        assert_eq!(lookup(None, "73211009"), Lookup::NotHeld);
    }
}
