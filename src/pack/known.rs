//! What a URL that nobody holds may have meant: whose it is, and what is held that looks like it.
//!
//! A base (a canonical up to its last `/`) belongs to the packs that define FHIR's own types there. Elsewhere it belongs
//! to a family of names (`Extension-UKCore-…`, `CareConnect-GPC-…`: the first word that is not `Extension`), once the
//! packs hold at least five extensions of that family there; to one that has most of its extensions it belongs
//! altogether. All of this is read from what the packs hold, for each release.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use super::import::CORE;
use super::model::Release;
use crate::text::{TextMap, distance, nearest};

/// Extensions of one family that make a base the family's.
const FAMILY: usize = 5;

/// A structure that is held somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structural {
    /// Canonical.
    pub url: String,
    /// Release of its pack; `None` serves any.
    pub release: Option<Release>,
    /// Name of its pack or package.
    pub pack: String,
    /// What it is.
    pub kind: Kind,
}

/// What a structure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A type of FHIR.
    Type,
    /// An extension.
    Extension,
    /// A profile, or what a logical model defines.
    Profile,
}

/// What is held that a URL may have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// The same URL, in a pack of another release: its name.
    Release(Release, String),
    /// The same name under another base: its canonical.
    Base(String),
    /// A name that differs by a slip of the pen: its canonical.
    Near(String),
}

/// All structures of a run by name, with the bases that are somebody's.
#[derive(Debug, Default)]
pub struct Known {
    held: Vec<Structural>,
    owned: HashMap<Release, Owned>,
    /// What was found for a URL, for profiles and extensions of each release.
    found: HashMap<(Release, bool), RwLock<Found>>,
}

type Found = TextMap<Box<str>, Option<Arc<Meant>>>;

/// URLs of which it is remembered what they meant: a feed that makes one up in each message must not fill the memory.
const REMEMBERED: usize = 10_000;

#[derive(Debug, Default)]
struct Owned {
    /// Bases that are somebody's altogether.
    whole: HashSet<String>,
    /// Families that have a part of a base.
    part: HashMap<String, HashSet<String>>,
}

impl Known {
    /// Reads the bases from what is held.
    pub fn new(held: Vec<Structural>) -> Self {
        let owned = [Release::Stu3, Release::R4].map(|release| (release, Owned::of(&held, release)));
        let kinds = [Release::Stu3, Release::R4].into_iter().flat_map(|release| [(release, false), (release, true)]);
        Self { held, owned: owned.into_iter().collect(), found: kinds.map(|kind| (kind, RwLock::default())).collect() }
    }

    /// Whether the package that defines what stands under the base of `url` is held: what it does not define, nobody does.
    pub fn owns(&self, release: Release, url: &str) -> bool {
        let (base, name) = parts(url.trim_end_matches('/'));
        let Some(owned) = self.owned.get(&release) else { return false };
        owned.whole.contains(base)
            || family(name).is_some_and(|family| owned.part.get(base).is_some_and(|held| held.contains(family)))
    }

    /// What `url`, which nobody holds for `release`, may have meant: an extension or another structure.
    pub fn meant(&self, release: Release, url: &str, extension: bool) -> Option<Arc<Meant>> {
        let found = self.found.get(&(release, extension))?;
        if let Some(known) = found.read().unwrap_or_else(PoisonError::into_inner).get(url) {
            return known.clone();
        }
        let meant = self.look(release, url, extension).map(Arc::new);
        let mut found = found.write().unwrap_or_else(PoisonError::into_inner);
        if found.len() < REMEMBERED {
            found.insert(url.into(), meant.clone());
        }
        meant
    }

    /// Canonicals of one kind that serve a release.
    pub fn of(&self, kind: Kind, release: Release) -> impl Iterator<Item = &str> {
        let serves = move |held: &&Structural| held.kind == kind && held.release.is_none_or(|own| own == release);
        self.held.iter().filter(serves).map(|held| &*held.url)
    }

    /// Profiles whose name is near to that of `word`, a canonical or a name, the nearest first: at most `most`.
    pub fn like(&self, word: &str, release: Option<Release>, most: usize) -> Vec<&str> {
        let wanted = parts(word).1.to_lowercase();
        let limit = wanted.chars().count().div_ceil(3).max(1);
        let mut near: Vec<(usize, &str)> = self
            .held
            .iter()
            .filter(|held| {
                held.kind == Kind::Profile && (release.is_none() || held.release.is_none_or(|own| Some(own) == release))
            })
            .map(|held| {
                let name = parts(&held.url).1.to_lowercase();
                let within = wanted.len() > 3 && name.contains(&wanted);
                (if within { 1 } else { distance(&wanted, &name, limit) }, &*held.url)
            })
            .filter(|(far, _)| *far <= limit)
            .collect();
        near.sort_by_key(|(far, url)| (*far, url.len(), *url));
        near.dedup();
        near.into_iter().take(most).map(|(_, url)| url).collect()
    }

    fn look(&self, release: Release, url: &str, extension: bool) -> Option<Meant> {
        let (base, name) = parts(url);
        let serves = |held: &&Structural| held.release.is_none_or(|own| own == release);
        let alike = |held: &&Structural| (held.kind == Kind::Extension) == extension;
        if name.is_empty() {
            return None;
        }
        if let Some(other) = self.held.iter().find(|held| held.url == url) {
            return Some(Meant::Release(other.release.filter(|own| *own != release)?, other.pack.clone()));
        }
        // A plain word may be anybody's; a compound one, or one of the same publisher, is hardly chosen twice.
        let telling = |held: &&Structural| name.contains('-') || publisher(&held.url) == publisher(url);
        let same = |held: &&Structural| parts(&held.url).1.eq_ignore_ascii_case(name) && held.url != url;
        let own = || self.held.iter().filter(serves).filter(alike);
        if let Some(found) = own().filter(telling).find(|held| parts(&held.url).0 != base && same(held)) {
            return Some(Meant::Base(found.url.clone()));
        }
        let beside = own().map(|held| parts(&held.url)).filter(|(other, _)| *other == base).map(|(_, name)| name);
        nearest(name, beside).filter(|near| slip(name, near)).map(|near| Meant::Near(format!("{base}{near}")))
    }
}

impl Owned {
    fn of(held: &[Structural], release: Release) -> Self {
        let mut out = Self::default();
        let mut counts: HashMap<&str, (usize, HashMap<&str, usize>)> = HashMap::new();
        for one in held.iter().filter(|held| held.release.is_none_or(|own| own == release)) {
            let (base, name) = parts(&one.url);
            match one.kind {
                Kind::Type if base == CORE => {
                    out.whole.insert(base.to_owned());
                }
                Kind::Extension => {
                    let (all, families) = counts.entry(base).or_default();
                    *all += 1;
                    if let Some(family) = family(name) {
                        *families.entry(family).or_default() += 1;
                    }
                }
                Kind::Type | Kind::Profile => {}
            }
        }
        for (base, (all, families)) in counts {
            for (family, count) in families.into_iter().filter(|(_, count)| *count >= FAMILY) {
                out.part.entry(base.to_owned()).or_default().insert(family.to_owned());
                if count * 4 >= all * 3 {
                    out.whole.insert(base.to_owned());
                }
            }
        }
        out
    }
}

/// A canonical, its version left out, cut behind its last `/`.
fn parts(url: &str) -> (&str, &str) {
    let url = url.split('|').next().unwrap_or(url);
    url.split_at(url.rfind('/').map_or(0, |at| at + 1))
}

/// The word that tells whose a compound name is.
fn family(name: &str) -> Option<&str> {
    let mut words = name.split('-').filter(|word| !word.eq_ignore_ascii_case("extension"));
    let first = words.next()?;
    words.next().map(|_| first)
}

/// Who registered a URL's host: `nhs.uk`, `hl7.org`, `hl7.org.uk`.
fn publisher(url: &str) -> &str {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let labels = if [".org.uk", ".co.uk", ".gov.uk", ".ac.uk"].iter().any(|open| host.ends_with(open)) { 2 } else { 1 };
    let at = host.rmatch_indices('.').nth(labels).map_or(0, |(at, _)| at + 1);
    &host[at..]
}

/// Whether a name is close enough to another to be a slip: one letter in eight, at least one.
fn slip(name: &str, near: &str) -> bool {
    let limit = (name.chars().count() / 8).max(1);
    distance(&name.to_lowercase(), &near.to_lowercase(), limit) <= limit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(urls: &[(&str, Kind, Release)]) -> Known {
        let held = |(url, kind, release): &(&str, Kind, Release)| Structural {
            url: (*url).to_owned(),
            release: Some(*release),
            pack: "pack.of.it".to_owned(),
            kind: *kind,
        };
        Known::new(urls.iter().map(held).collect())
    }

    #[test]
    fn bases_are_owned_by_types_or_by_families_of_names() {
        let ext = |url| (url, Kind::Extension, Release::R4);
        let known = known(&[
            ("http://hl7.org/fhir/StructureDefinition/Patient", Kind::Type, Release::R4),
            ext("https://one.test/Extension-One-a"),
            ext("https://one.test/Extension-One-b"),
            ext("https://one.test/Extension-One-c"),
            ext("https://one.test/One-d"),
            ext("https://one.test/extension-One-e"),
            ext("https://shared.test/Two-a"),
            ext("https://shared.test/Two-b"),
            ext("https://shared.test/Two-c"),
            ext("https://shared.test/Two-d"),
            ext("https://shared.test/Two-e"),
            ext("https://shared.test/Three-a"),
            ext("https://shared.test/Four-a"),
            ext("https://shared.test/Five"),
        ]);
        for (url, owned) in [
            ("http://hl7.org/fhir/StructureDefinition/anything", true),
            ("http://hl7.org/fhir/us/core/StructureDefinition/anything", false),
            ("https://one.test/other", true),
            ("https://one.test/deeper/One-x", false),
            ("https://shared.test/Extension-Two-x", true),
            ("https://shared.test/Three-x", false),
            ("https://shared.test/Five", false),
        ] {
            assert_eq!(known.owns(Release::R4, url), owned, "{url}");
            assert!(!known.owns(Release::Stu3, url), "{url} is of the other release");
        }
    }

    #[test]
    fn what_a_url_meant() {
        let known = known(&[
            ("https://a.nhs.uk/StructureDefinition/Extension-X-Colour", Kind::Extension, Release::R4),
            ("https://a.nhs.uk/StructureDefinition/plain", Kind::Extension, Release::R4),
            ("https://a.nhs.uk/STU3/StructureDefinition/X-Patient-1", Kind::Profile, Release::Stu3),
        ]);
        let meant = |release, url: &str, extension| known.meant(release, url, extension).as_deref().cloned();
        let base = |url: &str| Some(Meant::Base(url.to_owned()));
        let colour = "https://a.nhs.uk/StructureDefinition/Extension-X-Colour";
        assert_eq!(meant(Release::R4, "https://b.test/Extension-X-Colour", true), base(colour));
        assert_eq!(meant(Release::R4, "https://b.test/plain", true), None, "a plain word may be anybody's");
        let plain = "https://a.nhs.uk/StructureDefinition/plain";
        assert_eq!(meant(Release::R4, "https://c.nhs.uk/plain", true), base(plain));
        let near = meant(Release::R4, "https://a.nhs.uk/StructureDefinition/Extension-X-Color", true);
        assert_eq!(near, Some(Meant::Near(colour.to_owned())));
        assert_eq!(meant(Release::Stu3, colour, true), Some(Meant::Release(Release::R4, "pack.of.it".to_owned())));
        let wrong = "https://a.nhs.uk/StructureDefinition/X-Patient-1";
        assert_eq!(meant(Release::Stu3, wrong, false), base("https://a.nhs.uk/STU3/StructureDefinition/X-Patient-1"));
        assert_eq!(meant(Release::Stu3, wrong, true), None, "a profile is not an extension");
        assert_eq!(meant(Release::R4, wrong, false), None);
        assert_eq!(meant(Release::R4, "urn:x", true), None);
        assert_eq!(
            ["https://fhir.hl7.org.uk/x", "http://fhir.nhs.uk", "hl7.org/y"].map(publisher),
            ["hl7.org.uk", "nhs.uk", "hl7.org"]
        );
    }
}
