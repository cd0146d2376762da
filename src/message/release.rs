//! Which FHIR release a payload is written in.

use super::typing::{looks_like_type, type_tree};
use crate::pack::model::Release;
use crate::plan::Plans;
use crate::tree::{Element, Tree, names};
use crate::uk::profiles;

/// What told the release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clue {
    /// The command line or configuration.
    Given,
    /// A profile that is held, or is named as of one release.
    Profile,
    /// A `fhirVersion` element.
    FhirVersion,
    /// Elements that one release knows and the other does not.
    Shape,
    /// URLs of code systems and extensions that only one release uses.
    Vocabulary,
    /// Nothing: 4.0 is assumed.
    Assumed,
}

/// Finds the release of `tree` and types it. Returns the release, what told it, and the count of elements that do not fit it.
pub fn release_of(tree: &mut Tree<'_>, plans: &Plans, given: Option<Release>) -> (Release, Clue, usize) {
    let told = match given {
        Some(release) => Some((release, Clue::Given)),
        None => tree.root().and_then(|root| release_stated(root, plans)),
    };
    if let Some((release, clue)) = told {
        let unknown = type_tree(tree, plans, release);
        return (release, clue, unknown);
    }
    let stu3 = type_tree(tree, plans, Release::Stu3);
    let r4 = type_tree(tree, plans, Release::R4);
    if stu3 < r4 {
        type_tree(tree, plans, Release::Stu3);
        return (Release::Stu3, Clue::Shape, stu3);
    }
    if stu3 == r4
        && let Some(release) = vocabulary(tree.text)
    {
        let unknown = if release == Release::Stu3 { type_tree(tree, plans, release) } else { r4 };
        return (release, Clue::Vocabulary, unknown);
    }
    (Release::R4, if r4 < stu3 { Clue::Shape } else { Clue::Assumed }, r4)
}

/// Code systems and extensions of HL7 and the NHS moved between the releases: where one of the two sets of URLs is used
/// and the other is not, the payload is of that release.
fn vocabulary(text: &str) -> Option<Release> {
    let uses = |urls: &[&str]| urls.iter().any(|u| memchr::memmem::find(text.as_bytes(), u.as_bytes()).is_some());
    match (uses(profiles::vocabulary(Release::Stu3)), uses(profiles::vocabulary(Release::R4))) {
        (true, false) => Some(Release::Stu3),
        (false, true) => Some(Release::R4),
        _ => None,
    }
}

fn release_stated(root: Element<'_>, plans: &Plans) -> Option<(Release, Clue)> {
    if let Some(version) = root.get("fhirVersion").and_then(Element::value)
        && let Some(release) = Release::parse(version)
    {
        return Some((release, Clue::FhirVersion));
    }
    // The first claims of a bundle tell as much as all of them; 50 entries bound the cost.
    let entries = root.named(names::ENTRY).take(50).filter_map(|e| e.child(names::RESOURCE));
    std::iter::once(root)
        .chain(entries)
        .filter(|r| looks_like_type(r.type_id()))
        .find_map(|r| claim(r, plans))
        .map(|r| (r, Clue::Profile))
}

fn claim(resource: Element<'_>, plans: &Plans) -> Option<Release> {
    let meta = resource.child(names::META)?;
    meta.named(names::PROFILE).filter_map(Element::value).find_map(|url| {
        let held = |release| plans.catalogue().structure(release, url).is_some();
        match (held(Release::Stu3), held(Release::R4)) {
            (true, false) => Some(Release::Stu3),
            (false, true) => Some(Release::R4),
            _ => profiles::release_of(url),
        }
    })
}
