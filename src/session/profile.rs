//! Profiles by the words that ask for them: a canonical, or a name, id or last part of one that is held.

use super::BuildError;
use crate::pack::catalogue::Catalogue;
use crate::pack::model::{Release, Structure};

const ALL: [Release; 2] = [Release::R4, Release::Stu3];
/// Suggestions at most.
const SUGGESTIONS: usize = 3;

/// The canonical of the profile that `word` asks for, with `|version` where that was asked for. `said` is where.
///
/// # Errors
/// When no package that is held defines one.
pub(super) fn named(
    word: &str,
    said: &str,
    release: Option<Release>,
    catalogue: &Catalogue,
) -> Result<String, BuildError> {
    // A whole canonical that is held for the other release is what was meant: HM0134 says of each resource that it cannot be met.
    if ALL.iter().any(|release| catalogue.structure(*release, word).is_some()) {
        return Ok(word.to_owned());
    }
    let releases = release.as_ref().map_or(&ALL[..], std::slice::from_ref);
    let (name, version) = word.split_once('|').unwrap_or((word, ""));
    let by_name = || releases.iter().find_map(|release| catalogue.structure_by_name(*release, name));
    if let Some(found) = (!name.contains(':')).then(by_name).flatten() {
        let canonical = if version.is_empty() { found.url.clone() } else { format!("{}|{version}", found.url) };
        if version.is_empty() || releases.iter().any(|release| catalogue.structure(*release, &canonical).is_some()) {
            return Ok(canonical);
        }
    }
    Err(BuildError::Profile {
        name: word.to_owned(),
        from: said.to_owned(),
        why: why(name, version, release, catalogue),
    })
}

/// What is wrong with a word that names nothing, and what may have been meant.
fn why(name: &str, version: &str, release: Option<Release>, catalogue: &Catalogue) -> String {
    let held = |structure: &Structure, release: Release| {
        let version = match &*structure.version {
            "" => "without a version".to_owned(),
            version => format!("in version {version}"),
        };
        format!("{} is held {version}, for FHIR {}", structure.url, release.as_str())
    };
    for other in ALL {
        let found = catalogue.structure(other, name).or_else(|| catalogue.structure_by_name(other, name));
        if let Some(found) = found.filter(|_| !version.is_empty() || release.is_some_and(|only| only != other)) {
            return held(&found, other);
        }
    }
    let near = catalogue.known().like(name, release, SUGGESTIONS);
    match near.as_slice() {
        [] => "no package that is held defines it; load the one that does with --package".to_owned(),
        [one] => format!("no package that is held defines it; did you mean {one}?"),
        [front @ .., last] => {
            format!("no package that is held defines it; did you mean {} or {last}?", front.join(", "))
        }
    }
}
