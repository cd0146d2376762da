//! What a reference points at, by the rules of the release.

use super::{BundleIndex, Message};
use crate::pack::model::Release;
use crate::tree::{Element, names};

/// What a reference leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved<'t> {
    /// A contained resource.
    Contained(Element<'t>),
    /// The resource of a Bundle entry.
    Bundled(Element<'t>),
    /// `#id` with no such contained resource.
    NoContained,
    /// In a Bundle, but no entry matches.
    NotInBundle,
    /// Several entries match: the first two of them.
    Ambiguous([Element<'t>; 2]),
    /// Outside the message, so nothing can be said about it.
    External,
}

impl<'t> Resolved<'t> {
    /// The target, when there is one.
    pub fn target(self) -> Option<Element<'t>> {
        match self {
            Self::Contained(e) | Self::Bundled(e) => Some(e),
            _ => None,
        }
    }
}

/// Whether a reference has a scheme.
pub fn is_absolute(url: &str) -> bool {
    let scheme = url.bytes().position(|b| !b.is_ascii_alphanumeric() && !b"+-.".contains(&b));
    scheme.is_some_and(|end| end > 0 && url.as_bytes()[end] == b':')
}

/// Type and id of a RESTful reference (`Patient/1`, `https://x/fhir/Patient/1/_history/2`), with what stands before.
pub fn logical_id(reference: &str) -> Option<(&str, &str, &str)> {
    let (bare, _) = without_version(reference);
    let (rest, id) = last_slash(bare)?;
    let (base, ty) = last_slash(rest).unwrap_or(("", rest));
    let type_ok =
        ty.bytes().next().is_some_and(|b| b.is_ascii_uppercase()) && ty.bytes().all(|b| b.is_ascii_alphabetic());
    let id_ok =
        !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    (type_ok && id_ok).then_some((base, ty, id))
}

/// What stands before and after the last slash.
fn last_slash(text: &str) -> Option<(&str, &str)> {
    let at = memchr::memrchr(b'/', text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
}

/// A reference and the version it names, if it names one.
fn without_version(reference: &str) -> (&str, Option<&str>) {
    let versioned = last_slash(reference).and_then(|(rest, version)| Some((rest.strip_suffix("/_history")?, version)));
    match versioned {
        Some((bare, version)) if !version.is_empty() => (bare, Some(version)),
        _ => (reference, None),
    }
}

impl<'t> Message<'t> {
    /// Resolves `reference` as it stands at `at`.
    pub fn resolve(&self, at: Element<'t>, reference: &str) -> Resolved<'t> {
        if at.type_id() == names::T_REFERENCE
            && at.text(names::REFERENCE).is_some_and(|own| std::ptr::eq(own, reference))
            && let Ok(known) = self.leads.binary_search_by_key(&at.id(), |(node, _)| *node)
        {
            return self.leads[known].1;
        }
        self.follow(at, reference)
    }

    pub(super) fn follow(&self, at: Element<'t>, reference: &str) -> Resolved<'t> {
        if let Some(id) = reference.strip_prefix('#') {
            return self.contained(at, id);
        }
        let mut inside = at;
        let mut seen_bundle = false;
        while let Some((bundle, index)) = self.bundle_of(inside) {
            seen_bundle = true;
            let from = self.entry_of(at, bundle);
            match self.in_bundle(index, from, reference) {
                Resolved::NotInBundle => inside = bundle,
                found => return found,
            }
        }
        if seen_bundle {
            return Resolved::NotInBundle;
        }
        if !self.parameters.is_empty()
            && let Some((_, ty, id)) = logical_id(reference)
            && let Some(&node) = self.parameters.get(&(names::intern(ty), id))
        {
            return Resolved::Bundled(Element::new(self.tree, node));
        }
        Resolved::External
    }

    fn contained(&self, at: Element<'t>, id: &str) -> Resolved<'t> {
        let holder = at.root_resource();
        if id.is_empty() {
            return Resolved::Contained(holder);
        }
        match self.contained.get(&(holder.id(), id)) {
            Some(&node) => Resolved::Contained(Element::new(self.tree, node)),
            None => Resolved::NoContained,
        }
    }

    fn in_bundle(&self, index: &BundleIndex<'t>, from: Option<Element<'t>>, reference: &str) -> Resolved<'t> {
        let (bare, version) = without_version(reference);
        let mut wanted = std::borrow::Cow::Borrowed(bare);
        if !is_absolute(bare) {
            let Some((_, ty, id)) = logical_id(bare) else { return Resolved::NotInBundle };
            let full_url = from.and_then(|e| e.text(names::FULL_URL));
            match from.zip(full_url).and_then(|(entry, url)| self.base_of(entry, url)) {
                // A relative fullUrl is a fault of its own; what it names is still found by it.
                Some("") => wanted = format!("{ty}/{id}").into(),
                Some(base) => wanted = format!("{base}/{ty}/{id}").into(),
                None if self.release == Release::Stu3 || full_url.is_none() => {
                    return self.by_type_and_id(index, ty, id);
                }
                None => return Resolved::NotInBundle,
            }
        }
        let found = index.by_url.get(wanted.as_ref()).map_or(&[][..], |all| all.as_slice());
        let mut matching = found.iter().filter_map(|&i| index.entries[i as usize].resource).filter(|r| match version {
            Some(version) => r.child(names::META).and_then(|m| m.text(names::VERSION_ID)) == Some(version),
            None => true,
        });
        match (matching.next(), matching.next()) {
            (Some(one), None) => Resolved::Bundled(one),
            (Some(one), Some(_)) if version.is_none() && all_versions_of_one(found, index) => Resolved::Bundled(one),
            (Some(one), Some(other)) => Resolved::Ambiguous([one, other]),
            (None, _) => match (self.release, logical_id(bare)) {
                (Release::Stu3, Some((_, ty, id))) if !is_absolute(bare) => self.by_type_and_id(index, ty, id),
                _ => Resolved::NotInBundle,
            },
        }
    }

    /// What stands before type and id in a RESTful fullUrl; in R4 only where the resource has that id.
    fn base_of<'u>(&self, entry: Element<'t>, full_url: &'u str) -> Option<&'u str> {
        let (base, _, id) = logical_id(full_url)?;
        let own = entry.child(names::RESOURCE).and_then(|r| r.text(names::ID));
        (self.release == Release::Stu3 || own == Some(id)).then_some(base)
    }

    fn by_type_and_id(&self, index: &BundleIndex<'t>, ty: &str, id: &str) -> Resolved<'t> {
        match index.by_id.get(&(names::intern(ty), id)).map_or(&[][..], |all| all.as_slice()) {
            [] => Resolved::NotInBundle,
            [one] => index.entries[*one as usize].resource.map_or(Resolved::NotInBundle, Resolved::Bundled),
            [one, other, ..] => match [one, other].map(|i| index.entries[*i as usize].resource) {
                [Some(one), Some(other)] => Resolved::Ambiguous([one, other]),
                [one, other] => one.or(other).map_or(Resolved::NotInBundle, Resolved::Bundled),
            },
        }
    }
}

/// Entries of one fullUrl that differ in `meta.versionId` are versions of one resource (history).
fn all_versions_of_one(found: &[u32], index: &BundleIndex<'_>) -> bool {
    found.iter().all(|&i| {
        let resource = index.entries[i as usize].resource;
        resource.and_then(|r| r.child(names::META)).and_then(|m| m.text(names::VERSION_ID)).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        assert_eq!(logical_id("Patient/1"), Some(("", "Patient", "1")));
        assert_eq!(logical_id("https://x.org/fhir/Patient/1/_history/3"), Some(("https://x.org/fhir", "Patient", "1")));
        assert_eq!(logical_id("urn:uuid:1"), None);
        assert!(is_absolute("urn:uuid:1") && is_absolute("https://x") && !is_absolute("Patient/1"));
    }
}
