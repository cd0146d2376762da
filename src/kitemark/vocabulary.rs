//! The names that a metric may use: what a record can count, and nothing else.

use std::sync::LazyLock;

use super::metric::DECLARED;
use crate::engine::registry;
use crate::finding::Family;
use crate::pack::catalogue::Catalogue;
use crate::pack::model::{Release, StructureKind};
use crate::rules::COMMON_TYPES;
use crate::tally::{Buckets, DERIVED, DistributionDefinition, EDGES, LONGER, SHARES, TALLIES};
use crate::text::nearest;

/// Refuses a word with the one that was meant, when it looks like a known one.
fn unknown<'k>(what: &str, word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    match nearest(word, known) {
        Some(near) => format!("there is no {what} `{word}`; did you mean `{near}`?"),
        None => format!("there is no {what} `{word}`"),
    }
}

/// A measure that a run or a CapabilityStatement can give.
///
/// # Errors
/// What is wrong with the name.
pub(super) fn measure(name: &str) -> Result<(), String> {
    let known = || SHARES.iter().chain(DERIVED).map(|d| d.name).chain([DECLARED]);
    if known().any(|k| k == name) { Ok(()) } else { Err(unknown("measure", name, known())) }
}

/// A distribution by name.
///
/// # Errors
/// What is wrong with the name.
pub(super) fn distribution(name: &str) -> Result<&'static DistributionDefinition, String> {
    let found = TALLIES.iter().find(|d| d.name == name);
    found.ok_or_else(|| unknown("distribution", name, TALLIES.iter().map(|d| d.name)))
}

/// A distribution of delays.
///
/// # Errors
/// What is wrong with the name.
pub(super) fn delays(name: &str) -> Result<(), String> {
    let is_delay = |d: &&DistributionDefinition| matches!(d.buckets, Buckets::Delays);
    if is_delay(&distribution(name)?) {
        return Ok(());
    }
    let known: Vec<&str> = TALLIES.iter().filter(is_delay).map(|d| d.name).collect();
    Err(format!("`{name}` has no delays; those that have are {}", known.join(" and ")))
}

/// A bar of a distribution whose bars are a closed list.
///
/// # Errors
/// What is wrong with the word.
pub(super) fn bucket(of: &DistributionDefinition, word: &str) -> Result<(), String> {
    let known: Vec<&str> = match of.buckets {
        Buckets::Words(words) => words.to_vec(),
        Buckets::Delays => EDGES.iter().map(|(edge, _)| *edge).chain([LONGER, crate::tally::BEFORE_EVENT]).collect(),
        Buckets::Hours | Buckets::Slots => return Ok(()),
    };
    if known.contains(&word) { Ok(()) } else { Err(unknown(&format!("bar of {}", of.name), word, known)) }
}

/// A rule by id or name, or a family of rules.
///
/// # Errors
/// What is wrong with the word.
pub(super) fn rules(word: &str) -> Result<(), String> {
    if Family::parse(word).is_some() || registry::find(word).is_some_and(|m| m.id == word || m.name == word) {
        return Ok(());
    }
    let all = registry::all().iter().flat_map(|m| [m.id, m.name]);
    Err(unknown("rule or family of rules", word, all.chain(Family::ALL.iter().map(|f| f.as_str()))))
}

static HELD: LazyLock<Option<Catalogue>> = LazyLock::new(|| Catalogue::new(&[]).ok());

/// A type of resource of either release.
///
/// # Errors
/// What is wrong with the word.
pub(super) fn resource(word: &str) -> Result<(), String> {
    // Packs that cannot be read stop a run elsewhere, and prove nothing here.
    let Some(catalogue) = &*HELD else { return Ok(()) };
    let is_type = |release| {
        let held = catalogue.type_structure(release, word);
        held.is_some_and(|s| s.kind == Some(StructureKind::Resource) && s.ty == word)
    };
    if is_type(Release::R4) || is_type(Release::Stu3) {
        return Ok(());
    }
    Err(unknown("type of resource", word, COMMON_TYPES.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_can_be_counted() {
        assert!(SHARES.iter().chain(DERIVED).all(|d| measure(d.name).is_ok()));
        assert_eq!(
            measure("populted-mandatory").unwrap_err(),
            "there is no measure `populted-mandatory`; did you mean `populated-mandatory`?"
        );
        assert_eq!(
            delays("event-to-mesage").unwrap_err(),
            "there is no distribution `event-to-mesage`; did you mean `event-to-message`?"
        );
        assert!(delays("volume").unwrap_err().contains("has no delays"));
        let status = distribution("verification-status").unwrap();
        assert!(bucket(status, "01").is_ok() && bucket(status, "1").is_err());
        assert!(rules("HM0200").is_ok() && rules("nhs-number").is_ok() && rules("nhs-number-check-digit").is_ok());
        assert!(rules("HM9999").is_err() && rules("hm0200").is_err());
        assert_eq!(
            rules("nhs-numbr").unwrap_err(),
            "there is no rule or family of rules `nhs-numbr`; did you mean `nhs-number`?"
        );
        assert!(
            resource("Patient").is_ok() && resource("ProcedureRequest").is_ok() && resource("ServiceRequest").is_ok()
        );
        assert_eq!(resource("Pateint").unwrap_err(), "there is no type of resource `Pateint`; did you mean `Patient`?");
        assert!(resource("Address").is_err());
    }
}
