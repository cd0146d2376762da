//! Every rule there is: reading, conformance, UK rules, set-up.

use std::sync::LazyLock;

use crate::finding::Meta;
use crate::{conform, read, rules, settings};

static ALL: LazyLock<Vec<&'static Meta>> = LazyLock::new(|| {
    let reading = read::faults::ALL.iter().copied();
    let conformance = conform::ALL.iter().copied();
    let uk = rules::all().flat_map(|r| r.metas.iter().copied());
    let setup = settings::RULES.iter().copied();
    reading.chain(conformance).chain(uk).chain(setup).collect()
});

/// All metadata in listing order.
pub fn all() -> &'static [&'static Meta] {
    &ALL
}

/// A rule by id (any case) or name.
pub fn find(word: &str) -> Option<&'static Meta> {
    ALL.iter().copied().find(|m| m.id.eq_ignore_ascii_case(word) || m.name == word)
}
