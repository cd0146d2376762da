//! Which FHIR release a payload is written in.

use super::typing::{looks_like_type, type_tree};
use crate::pack::model::Release;
use crate::plan::Plans;
use crate::text::Span;
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

/// Resources whose `fhirVersion` is the release that they are written in (FHIR, CapabilityStatement, StructureDefinition and
/// ImplementationGuide: fhirVersion).
const DEFINITIONS: [&str; 3] = ["CapabilityStatement", "StructureDefinition", "ImplementationGuide"];
/// What the URL of every profile of HL7's base begins with.
const BASE: &str = "http://hl7.org/fhir/";

/// What is said of a payload that says itself that it is of a release other than STU3 and R4, and where it says so: by the
/// `fhirVersion` of a definition, or by a profile of HL7's base that nobody holds.
pub fn other_release(root: Element<'_>, plans: &Plans) -> Option<(String, Span)> {
    let says = |name: &str| format!("the payload says that it is FHIR {name}; STU3 and R4 are checked here");
    std::iter::once(root).chain(of_entries(root)).find_map(|resource| {
        if DEFINITIONS.contains(&names::text(resource.type_id()))
            && let Some(at) = resource.get("fhirVersion")
            && let Some(name) = at.value().and_then(later_than_r4)
        {
            return Some((says(name), at.mark()));
        }
        resource.child(names::META)?.named(names::PROFILE).find_map(|at| {
            let url = at.value()?;
            let name = named_by(url)?;
            let held = [Release::Stu3, Release::R4].iter().any(|r| plans.catalogue().structure(*r, url).is_some());
            (!held).then(|| (says(name), at.mark()))
        })
    })
}

/// The release that a profile of HL7's base is of: `http://hl7.org/fhir/5.0/StructureDefinition/…`, or `…|5.0.0`.
fn named_by(url: &str) -> Option<&'static str> {
    let rest = url.strip_prefix(BASE)?;
    let (first, path) = rest.split_once('/')?;
    match path.strip_prefix("StructureDefinition/") {
        Some(_) => other(first),
        None => (first == "StructureDefinition").then(|| path.split_once('|')).flatten().and_then(|(_, v)| other(v)),
    }
}

/// The name of a release that is neither STU3 nor R4, by its version.
fn other(version: &str) -> Option<&'static str> {
    if version == "1.0" || version.starts_with("1.0.") { Some("DSTU2") } else { later_than_r4(version) }
}

/// The name of a release after R4, by its version (FHIR, version history).
fn later_than_r4(version: &str) -> Option<&'static str> {
    let mut numbers = version.split(['.', '-']).map(str::parse::<u16>);
    match (numbers.next()?.ok()?, numbers.next()?.ok()?) {
        (4, 1 | 3) => Some("R4B"),
        (4, 2 | 4..) | (5, _) => Some("R5"),
        (6, _) => Some("R6"),
        _ => None,
    }
}

/// The first resources in a Bundle tell as much as all of them; 50 entries bound the cost.
fn of_entries(root: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    root.named(names::ENTRY).take(50).filter_map(|e| e.child(names::RESOURCE))
}

fn release_stated(root: Element<'_>, plans: &Plans) -> Option<(Release, Clue)> {
    if let Some(version) = root.get("fhirVersion").and_then(Element::value)
        && let Some(release) = Release::parse(version)
    {
        return Some((release, Clue::FhirVersion));
    }
    std::iter::once(root)
        .chain(of_entries(root))
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
