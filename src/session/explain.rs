//! What a name means: a rule from its metadata, a profile or an element of one from its definition.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use super::codes;
use super::hallmark::Hallmark;
use crate::engine::registry;
use crate::finding::{Meta, Verdict};
use crate::pack::catalogue::Catalogue;
use crate::pack::model::{ElementDef, Release, Structure};
use crate::text::on_deep_stack;

/// The meaning of a name.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What was found under it.
    pub subject: Subject,
    /// A page about it, as text.
    pub text: String,
}

/// What a name stands for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Subject {
    /// A rule.
    Rule(&'static Meta),
    /// A profile or type.
    Profile {
        /// Its canonical.
        canonical: String,
        /// Its release.
        release: Release,
    },
    /// A value set or code system.
    Codes {
        /// Its canonical.
        canonical: String,
        /// Its release.
        release: Release,
    },
    /// An element of one.
    Element {
        /// The canonical.
        canonical: String,
        /// The release.
        release: Release,
        /// What was asked for, as `Patient.identifier` or an element id.
        element: String,
    },
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A name that means nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unexplained {
    /// Nothing is called so; the nearest rule or profile, if one is near.
    Nothing(Option<String>),
    /// The profile has no such element: its canonical, and the nearest element, if one is near.
    NoElement(String, Option<String>),
}

impl Hallmark {
    /// Explains a rule by id or name, a profile by canonical or name, or `PROFILE#element.path`. Where both releases know a profile
    /// the one that was given to the builder is taken, else STU3.
    ///
    /// # Errors
    /// What nothing is called, with the nearest name.
    pub fn explain(&self, name: &str) -> Result<Explanation, Unexplained> {
        on_deep_stack(|| self.explain_here(name))
    }

    fn explain_here(&self, name: &str) -> Result<Explanation, Unexplained> {
        if let Some(meta) = registry::find(name) {
            return Ok(Explanation { subject: Subject::Rule(meta), text: rule(meta) });
        }
        let (profile, element) = match name.split_once('#') {
            Some((profile, element)) => (profile, Some(element)),
            None => (name, None),
        };
        let Some((release, structure)) = self.profile(profile) else {
            if element.is_none()
                && let Some((release, canonical, text)) = self.codes(name)
            {
                return Ok(Explanation { subject: Subject::Codes { canonical, release }, text });
            }
            let words = registry::all().iter().flat_map(|m| [m.id, m.name]);
            let near = crate::text::nearest(name, words).map(str::to_owned).or_else(|| {
                let catalogue = self.inner.check.plans.catalogue();
                catalogue.known().like(profile, None, 1).first().map(|url| (*url).to_owned())
            });
            return Err(Unexplained::Nothing(near));
        };
        let canonical = structure.url.clone();
        match element {
            None => {
                let text = crate::pack::show::show(&structure);
                Ok(Explanation { subject: Subject::Profile { canonical, release }, text })
            }
            Some(path) => match self.element_of(release, &structure, path, 0) {
                Some(text) => {
                    Ok(Explanation { subject: Subject::Element { canonical, release, element: path.to_owned() }, text })
                }
                None => {
                    let near = nearest_element(&structure, path);
                    Err(Unexplained::NoElement(canonical, near))
                }
            },
        }
    }

    /// An element in full; what the structure leaves to a type is looked up there.
    fn element_of(&self, release: Release, structure: &Structure, path: &str, depth: u32) -> Option<String> {
        if let Some(element) = find_element(structure, path) {
            return Some(element_page(structure, element));
        }
        let (outer, inner) = path.char_indices().rev().filter(|(_, c)| *c == '.').find_map(|(at, _)| {
            let outer = find_element(structure, &path[..at])?;
            Some((outer, &path[at + 1..]))
        })?;
        let [ty] = outer.types.as_slice() else { return None };
        let catalogue = self.inner.check.plans.catalogue();
        let held = ty.profiles.first().and_then(|profile| catalogue.structure(release, profile));
        let of_type = held.or_else(|| catalogue.type_structure(release, &ty.code)).filter(|_| depth < INNER)?;
        let page = self.element_of(release, &of_type, inner, depth + 1)?;
        Some(format!("{} is a {}, as {} has it:\n\n{page}", outer.id, ty.code, of_type.url))
    }

    /// The codes of a value set or code system, by canonical or name.
    fn codes(&self, name: &str) -> Option<(Release, String, String)> {
        let check = &self.inner.check;
        self.releases().into_iter().find_map(|release| {
            let (canonical, text) = codes::page(&check.sets, check.plans.catalogue(), release, name)?;
            Some((release, canonical, text))
        })
    }

    /// Releases that names are looked up in.
    fn releases(&self) -> Vec<Release> {
        match self.inner.check.asked.release {
            Some(release) => vec![release],
            None => vec![Release::Stu3, Release::R4],
        }
    }

    /// A profile by canonical, else by name or the last part of its canonical.
    fn profile(&self, name: &str) -> Option<(Release, Arc<Structure>)> {
        let check = &self.inner.check;
        let catalogue = check.plans.catalogue();
        self.releases().into_iter().find_map(|release| Some((release, find(catalogue, release, name)?)))
    }
}

fn find(catalogue: &Catalogue, release: Release, name: &str) -> Option<Arc<Structure>> {
    catalogue.structure(release, name).or_else(|| catalogue.structure_by_name(release, name))
}

/// One rule as a page.
fn rule(meta: &Meta) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} {}\n", meta.id, meta.name);
    let _ = writeln!(out, "What      {}", meta.title);
    let _ = writeln!(
        out,
        "Severity  {}{}",
        meta.severity,
        meta.production.map(|s| format!(" ({s} in production)")).unwrap_or_default()
    );
    let _ = writeln!(out, "Family    {}, {}", meta.family.as_str(), meta.dimension.as_str());
    if !meta.criterion.is_empty() {
        let _ = writeln!(out, "Criterion {}", meta.criterion);
    }
    let _ = writeln!(out, "Basis     {}", meta.basis);
    if !meta.explains.is_empty() {
        let mut less: Vec<&str> = meta.explains.iter().map(|e| e.rule).collect();
        less.dedup();
        let _ = writeln!(out, "Takes in  what {} would say of the same fault", less.join(", "));
    }
    let _ = writeln!(out, "\nWhy it matters\n  {}", meta.why);
    let _ = writeln!(out, "\nWhat to do\n  {}", meta.remedy);
    if !meta.fix.is_empty() {
        let _ = writeln!(out, "  hallmark fix {}", meta.fix);
    }
    for example in meta.examples {
        let verdict = match example.verdict {
            Verdict::Flagged => "flagged",
            Verdict::Silent => "not flagged",
        };
        let against =
            if example.profile.is_empty() { String::new() } else { format!(", checked against {}", example.profile) };
        let _ = writeln!(out, "\nExample, {verdict}: {} (FHIR {}{against})", example.title, example.release);
        let _ = writeln!(out, "  {}", example.input);
        for definition in example.definitions {
            let _ = writeln!(out, "  with this definition given: {definition}");
        }
    }
    out
}

/// The element whose path is nearest to one that the structure has not; the whole path, as `explain` takes it.
fn nearest_element(structure: &Structure, path: &str) -> Option<String> {
    let rest = |e: &'_ ElementDef| e.id.split_once('.').map(|(_, rest)| rest.to_owned());
    let path = path.strip_prefix(&format!("{}.", structure.ty)).unwrap_or(path);
    let all: Vec<String> = structure.elements.iter().filter_map(rest).collect();
    let near = crate::text::nearest(path, all.iter().map(String::as_str));
    // The last step alone: `family` for `name.family`.
    let ends = || all.iter().find(|id| id.rsplit('.').next() == path.rsplit('.').next()).map(String::as_str);
    near.or_else(ends).map(str::to_owned)
}

/// Types within types that an element is looked up in.
const INNER: u32 = 6;

/// An element by its id or path, with or without the type before it.
fn find_element<'s>(structure: &'s Structure, path: &str) -> Option<&'s ElementDef> {
    let rest = |id: &str| id.split_once('.').is_some_and(|(_, rest)| rest == path);
    structure.elements.iter().find(|e| e.id == path || e.path == path || rest(&e.id))
}

/// One element in full.
pub(super) fn element_page(structure: &Structure, element: &ElementDef) -> String {
    let mut out = String::new();
    let max = element.max.map_or("*".to_owned(), |m| m.to_string());
    let _ = writeln!(out, "{}\n\n  stands    {}..{max}", element.id, element.min);
    for ty in &element.types {
        let _ = writeln!(out, "  type      {}", ty.code);
        for profile in &ty.profiles {
            let _ = writeln!(out, "            meeting {profile}");
        }
        for target in &ty.targets {
            let _ = writeln!(out, "            to {target}");
        }
    }
    if let Some(fixed) = &element.fixed {
        let _ = writeln!(out, "  fixed     {}", crate::conform::datum_text(&fixed.value));
    }
    if let Some(pattern) = &element.pattern {
        let _ = writeln!(out, "  pattern   {}", crate::conform::datum_text(&pattern.value));
    }
    if let Some(binding) = &element.binding {
        let _ = writeln!(out, "  codes     {} from {}", binding.strength, binding.value_set);
        if !binding.value_set.is_empty() {
            let _ = writeln!(out, "            hallmark explain '{}' lists them", binding.value_set);
        }
    }
    if element.must_support {
        let _ = writeln!(out, "  must be supported by receivers");
    }
    if let Some(slicing) = &element.slicing {
        let by: Vec<String> = slicing.discriminators.iter().map(|(kind, path)| format!("{kind} of {path}")).collect();
        let _ = writeln!(out, "  slices    by {} ({})", by.join(" and "), slicing.rules);
        let prefix = format!("{}:", element.id);
        for slice in
            structure.elements.iter().filter(|e| e.id.starts_with(&prefix) && !e.id[prefix.len()..].contains('.'))
        {
            let _ = writeln!(
                out,
                "            {} {}..{}",
                slice.slice,
                slice.min,
                slice.max.map_or("*".to_owned(), |m| m.to_string())
            );
        }
    }
    for constraint in &element.constraints {
        let weight = if constraint.error { "error" } else { "warning" };
        let _ = writeln!(out, "  rule      {} ({weight}): {}", constraint.key, constraint.expression);
    }
    out
}
