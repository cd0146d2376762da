//! Resource ids, claimed profiles and security labels.

use super::checker::{Checker, Pass, Standard};
use super::extension::{elsewhere, in_other_case};
use super::primitive::is_id;
use crate::finding::{Dimension, Example, Fix, Meta, Origin, Severity};
use crate::text::{TextMap, TextSet, sanitise};
use crate::tree::{Element, names};

/// A profile that is claimed or asked for and not held.
pub static PROFILE_NOT_HELD: Meta = Meta {
    id: "HM0134",
    name: "profile-not-held",
    title: "the profile is in no package held, so it was not assessed",
    severity: Severity::Warning,
    issue: "not-found",
    basis: "FHIR, Meta.profile",
    criterion: "INT-2",
    why: "The resource says it meets a profile, and nobody checked.",
    fix: "writes the canonical in the case in which it is defined",
    remedy: "Load the package that defines the profile with --package, or correct the URL or its version.",
    examples: &[
        Example::bad(
            "a canonical in another case",
            r#"{"resourceType": "Patient", "meta": {"profile": ["«http://hl7.org/fhir/structuredefinition/Patient»"]}}"#,
        )
        .r4(),
        Example::bad(
            "nobody holds it",
            r#"{"resourceType": "Patient", "meta": {"profile": ["«http://nobody.test/StructureDefinition/x»"]}, "active": true}"#,
        ),
        Example::good(
            "held",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"]}, "name": [{"use": "official", "family": "Test"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The same label twice.
pub static LABEL: Meta = Meta {
    id: "HM0135",
    name: "security-label-duplicate",
    title: "a security label stands here twice",
    issue: "duplicate",
    dimension: Dimension::Uniqueness,
    basis: "FHIR, Meta.security",
    criterion: "IG-7",
    why: "Access rules that count labels decide wrongly.",
    remedy: "Send each label once.",
    examples: &[
        Example::bad(
            "twice",
            r#"{"resourceType": "Patient", "meta": {"security": [{"system": "http://hl7.org/fhir/v3/Confidentiality", "code": "R"}, «{"system": "http://hl7.org/fhir/v3/Confidentiality", "code": "R"}»]}, "active": true}"#,
        ),
        Example::good(
            "once",
            r#"{"resourceType": "Patient", "meta": {"security": [{"system": "http://hl7.org/fhir/v3/Confidentiality", "code": "R"}]}, "active": true}"#,
        ),
    ],
    ..Meta::NEW
};

/// Bad id.
pub static RESOURCE_ID: Meta = Meta {
    id: "HM0136",
    name: "resource-id-malformed",
    title: "the resource id is malformed",
    issue: "invalid",
    basis: "FHIR, Resource.id",
    criterion: "INT-1",
    why: "Servers refuse the resource; references to it break.",
    remedy: "Use 1 to 64 letters, digits, hyphens and dots.",
    examples: &[
        Example::bad("an underscore", r#"{"resourceType": "Patient", "id": "«a_b»", "active": true}"#),
        Example::good("a hyphen", r#"{"resourceType": "Patient", "id": "a-b", "active": true}"#),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// The id of a resource, whose own findings begin at `before`.
    pub(super) fn resource_id(&mut self, at: Element<'t>, before: usize) {
        let Some(id) = at.child(names::ID) else { return };
        if let Some(extension) = id.child(names::EXTENSION) {
            let draft = self.plain(&RESOURCE_ID, id, extension.span(), "the id of a resource has no extensions");
            self.emit(draft);
        }
        let Some(value) = id.value() else { return };
        if !is_id(value) {
            let says = if value.len() > 64 {
                "the id has more than 64 characters"
            } else {
                "the id holds characters other than letters, digits, hyphens and dots"
            };
            let draft = self.plain(&RESOURCE_ID, id, id.mark(), says);
            // The type's own format finding would say the same.
            let path = id.path();
            self.out.retain_since(before, |d| d.meta.id != super::primitive::FORMAT.id || d.path != path);
            self.emit(draft);
        }
    }

    /// Checks a resource against the profiles it claims, or against the standard's profile when it claims none.
    pub(super) fn claims(&mut self, at: Element<'t>) {
        let claimed: Vec<&'t str> = at
            .child(names::META)
            .map(|m| m.named(names::PROFILE).filter_map(Element::value).collect())
            .unwrap_or_default();
        if claimed.is_empty() {
            self.unclaimed += 1;
            self.standard(at);
            return;
        }
        for url in claimed {
            self.apply(at, url, true);
        }
    }

    /// Checks a resource against the standard's profile for its type, if it has one.
    fn standard(&mut self, at: Element<'t>) {
        let ty = names::text(at.type_id());
        let url = match self.cx.options.standard.as_deref() {
            Some(Standard::Template { release, template }) if *release == self.release() => template.replace("{}", ty),
            Some(Standard::Listed(by_type)) => match by_type.get(ty) {
                Some(url) => url.clone(),
                None => return,
            },
            _ => return,
        };
        if self.cx.plans.of(self.release(), &url).is_some() {
            self.apply(at, &url, false);
        } else {
            self.skip("standard", url);
        }
    }

    /// A profile that no package holds.
    pub(super) fn profile_not_held(&mut self, at: Element<'t>, canonical: &str, claimed: bool) {
        let shown = sanitise::url(canonical);
        self.skip("profile", shown.clone());
        if self.claimed_at.0 != Some(at.id()) {
            let claims = at.child(names::META).into_iter().flat_map(|m| m.named(names::PROFILE));
            let mut by_url = TextMap::default();
            for claim in claims {
                claim.value().into_iter().for_each(|url| _ = by_url.entry(url).or_insert(claim.id()));
            }
            self.claimed_at = (Some(at.id()), by_url);
        }
        let place = self.claimed_at.1.get(canonical).map(|node| Element::new(self.message.tree, *node));
        let claim = if claimed { "the claimed profile" } else { "the profile" };
        let catalogue = self.cx.plans.catalogue();
        let url = canonical.split('|').next().unwrap_or(canonical);
        let other_version = catalogue.structure(self.release(), url).filter(|_| url != canonical);
        let known = other_version.is_none().then(|| catalogue.known().meant(self.release(), url, false)).flatten();
        let right = known.as_deref().filter(|_| !canonical.contains('|')).and_then(|meant| in_other_case(meant, url));
        let meant = match other_version {
            Some(held) if held.version.is_empty() => "; it is held without a version".to_owned(),
            Some(held) => format!("; version {} of it is held", held.version),
            None => known.as_deref().map(elsewhere).unwrap_or_default(),
        };
        let says = format!("no package held defines {claim} {shown}{meant}");
        let mut draft =
            self.plain(&PROFILE_NOT_HELD, place.unwrap_or(at), place.map_or(at.span(), Element::mark), says);
        draft.origin = Origin::Profile;
        draft.profile = shown;
        if let (Some(right), Some(place)) = (right, place) {
            draft.mended_by(Fix::published(place.mark(), url, &right));
        }
        self.emit(draft);
    }

    /// Security labels of one meta element.
    pub(super) fn meta(&mut self, at: Element<'t>, pass: Pass<'_>) {
        let labels: Vec<Element<'t>> = at.named(names::SECURITY).collect();
        let mut seen = TextSet::default();
        for label in &labels {
            let key = (label.text(names::SYSTEM), label.text(names::CODE));
            if key.1.is_some() && !seen.insert(key) {
                let mut draft =
                    self.draft(&LABEL, pass, 0, *label, "the security label stands here a second time".to_owned());
                draft.span = label.span();
                self.emit(draft);
            }
        }
    }
}
