//! Standards by name: which profile a resource is checked against that claims none.

use std::collections::{BTreeMap, HashMap};

use super::BuildError;
use crate::conform::Standard;
use crate::pack::catalogue::Catalogue;
use crate::pack::model::StructureKind;
use crate::tally::RunOutcome;
use crate::text::nearest;
use crate::uk::profiles::{STANDARDS, standard_of_profile};

/// The standard that most resources of a run claim profiles of, and how many of those are claimed.
pub fn standard_of(outcome: &RunOutcome) -> Option<(&'static str, u64)> {
    let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
    for profile in &outcome.profiles {
        if let Some(standard) = standard_of_profile(&profile.canonical) {
            *counts.entry(standard).or_default() += profile.resources;
        }
    }
    counts.into_iter().max_by_key(|(_, n)| *n).filter(|(_, n)| *n > 0)
}

/// A standard by its name; other words name a package, whose profiles are taken. `said` is where it was asked for.
///
/// # Errors
/// When no package is called so.
pub(super) fn named(word: &str, said: &str, catalogue: &Catalogue) -> Result<Standard, BuildError> {
    if let Some((_, release, template)) = STANDARDS.iter().find(|(name, ..)| *name == word) {
        return Ok(Standard::Template { release: *release, template: (*template).to_owned() });
    }
    let none = |why: String| BuildError::Standard { name: word.to_owned(), from: format!("{said} "), why };
    let profiles = catalogue.profiles_of(word).map_err(|e| none(e.to_string()))?;
    if profiles.is_empty() {
        let packs = catalogue.packs();
        let known = STANDARDS.iter().map(|(name, ..)| *name).chain(packs.iter().map(|pack| &*pack.name));
        let near = nearest(word, known).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        return Err(none(format!("no package of that name has profiles{near}")));
    }
    // Of several profiles for one type the plainest name is the general one.
    let mut by_type: HashMap<String, String> = HashMap::new();
    for profile in profiles.iter().filter(|p| p.kind == Some(StructureKind::Resource)) {
        let url = by_type.entry(profile.ty.clone()).or_insert_with(|| profile.url.clone());
        if (profile.url.len(), &profile.url) < (url.len(), url) {
            url.clone_from(&profile.url);
        }
    }
    Ok(Standard::Listed(by_type))
}
