//! What may stand at a place of a message, for whoever writes one: elements, codes, extensions, profiles, systems.

use std::collections::HashSet;
use std::sync::Arc;

use super::explain::element_page;
use super::hallmark::Hallmark;
use crate::pack::known::Kind;
use crate::pack::model::{ElementDef, Release, Structure, StructureKind, TypeRef};
use crate::terminology::Listed;
use crate::text::on_deep_stack;
use crate::uk::{registry, systems};

/// What a definition says of one element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementFacts {
    /// Its name as it is written: `valueQuantity` for one type of `value[x]`.
    pub name: String,
    /// Its path in the definition: `Observation.value[x]`.
    pub path: String,
    /// Canonical of that definition.
    pub definition: String,
    /// Times that it must stand.
    pub min: u32,
    /// Times that it may stand; `None` is any number.
    pub max: Option<u32>,
    /// Whether the base type lets it repeat, so that it is an array in JSON.
    pub repeats: bool,
    /// Types; one where the name tells it.
    pub types: Vec<String>,
    /// Strength and canonical of the value set that its codes come from.
    pub binding: Option<(String, String)>,
    /// All of this and more as text, as [`Hallmark::explain`] says it.
    pub page: String,
}

/// A place in a structure below which elements stand.
struct At {
    structure: Arc<Structure>,
    path: String,
}

impl Hallmark {
    /// What `definition` (a type, or the canonical of a profile) says of the element at the end of `steps`, which are names as they are
    /// written, from the root of a resource: `["name", "family"]`. Nothing where it has none. Elements of resources within
    /// (`contained`, `entry.resource`) are asked of their own type.
    ///
    /// ```
    /// use hallmark::session::{Hallmark, Release};
    /// use hallmark::settings::Date;
    ///
    /// let day = Date::parse("2026-11-21").ok_or("no day")?;
    /// let hallmark = Hallmark::builder().today(day).build()?;
    /// let gender = hallmark.element(Release::R4, "Patient", &["gender"]).ok_or("none")?;
    /// assert_eq!((gender.min, gender.max, gender.types.as_slice()), (0, Some(1), ["code".to_owned()].as_slice()));
    /// let (strength, value_set) = gender.binding.ok_or("none")?;
    /// assert_eq!(strength, "required");
    /// let codes = hallmark.codes_of(Release::R4, &value_set, 10);
    /// assert!(codes.iter().any(|c| c.code == "female" && c.display == "Female"));
    /// let unit = hallmark.element(Release::R4, "Observation", &["valueQuantity", "unit"]).ok_or("none")?;
    /// assert_eq!(unit.types, ["string"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn element(&self, release: Release, definition: &str, steps: &[&str]) -> Option<ElementFacts> {
        on_deep_stack(|| {
            let (last, before) = steps.split_last()?;
            let at = self.at(release, definition, before)?;
            let (element, ty) = found(&at, last)?;
            Some(facts(&at.structure, element, last, ty))
        })
    }

    /// What may stand below the element at the end of `steps`, in the order of the definition; of a choice every type.
    pub fn members(&self, release: Release, definition: &str, steps: &[&str]) -> Vec<ElementFacts> {
        on_deep_stack(|| {
            let Some(at) = self.at(release, definition, steps) else { return Vec::new() };
            let mut seen = HashSet::new();
            let mut out = Vec::new();
            for element in &at.structure.elements {
                let Some(name) = below(&at, element).filter(|_| element.slice.is_empty() && element.max != Some(0))
                else {
                    continue;
                };
                match name.strip_suffix("[x]") {
                    Some(base) => {
                        let named =
                            element.types.iter().map(|ty| (format!("{base}{}", upper_first(&ty.code)), Some(ty)));
                        out.extend(
                            named
                                .filter(|(name, _)| seen.insert(name.clone()))
                                .map(|(name, ty)| facts(&at.structure, element, &name, ty)),
                        );
                    }
                    None if seen.insert(name.to_owned()) => out.push(facts(&at.structure, element, name, None)),
                    None => {}
                }
            }
            out
        })
    }

    /// Codes of a value set with their systems and displays, as far as packages that are held list them: at most `most`.
    pub fn codes_of(&self, release: Release, value_set: &str, most: usize) -> Vec<Listed> {
        on_deep_stack(|| self.inner.check.sets.codes(release, value_set, most))
    }

    /// Names of the types of resources, sorted.
    pub fn resource_types(&self, release: Release) -> Vec<String> {
        on_deep_stack(|| {
            let catalogue = self.inner.check.plans.catalogue();
            let held = catalogue.known().of(Kind::Type, release);
            let types = held.filter_map(|url| catalogue.structure(release, url));
            let types = types.filter(|s| s.kind == Some(StructureKind::Resource) && !s.abstract_ && !s.constraint);
            sorted(types.map(|structure| structure.ty.clone()).collect())
        })
    }

    /// Canonicals of the extensions that are held, sorted.
    pub fn extensions(&self, release: Release) -> Vec<String> {
        let held = self.inner.check.plans.catalogue().known().of(Kind::Extension, release);
        sorted(held.map(str::to_owned).collect())
    }

    /// Canonicals of the profiles on a type that are held, sorted.
    pub fn profiles_on(&self, release: Release, ty: &str) -> Vec<String> {
        on_deep_stack(|| {
            let catalogue = self.inner.check.plans.catalogue();
            let on = |url: &&str| catalogue.structure(release, url).is_some_and(|s| s.ty == ty && s.constraint);
            sorted(catalogue.known().of(Kind::Profile, release).filter(on).map(str::to_owned).collect())
        })
    }

    fn at(&self, release: Release, definition: &str, steps: &[&str]) -> Option<At> {
        let structure = self.definition(release, definition)?;
        let path = structure.elements.first()?.path.clone();
        let mut at = At { structure, path };
        for step in steps {
            at = self.inside(release, &at, step)?;
        }
        Some(at)
    }

    fn definition(&self, release: Release, name: &str) -> Option<Arc<Structure>> {
        let catalogue = self.inner.check.plans.catalogue();
        if name.contains(':') { catalogue.structure(release, name) } else { catalogue.type_structure(release, name) }
    }

    /// Where what is below an element is defined: beside it, where it refers to, or in its type.
    fn inside(&self, release: Release, at: &At, step: &str) -> Option<At> {
        let (element, ty) = found(at, step)?;
        let front = format!("{}.", element.path);
        if at.structure.elements.iter().any(|e| e.path.starts_with(&front)) {
            return Some(At { structure: Arc::clone(&at.structure), path: element.path.clone() });
        }
        if let Some((_, path)) = element.content_reference.split_once('#') {
            // A profile refers to the definition of its type.
            let has = |s: &Structure| s.elements.iter().any(|e| e.path == path);
            let own = Some(Arc::clone(&at.structure)).filter(|s| has(s));
            let structure = own.or_else(|| self.definition(release, path.split('.').next()?))?;
            return Some(At { structure, path: path.to_owned() });
        }
        let ty = ty.or(element.types.first())?;
        let meeting = ty.profiles.first().and_then(|url| self.definition(release, url));
        let structure = meeting.or_else(|| self.definition(release, &ty.code))?;
        let path = structure.elements.first()?.path.clone();
        Some(At { structure, path })
    }
}

/// Systems of identifiers that UK bodies keep, sorted.
pub fn identifier_systems() -> Vec<&'static str> {
    // Of the registry those that are no systems of codes.
    let of_identifiers = |url: &&str| url.contains("/Id/") && !url.ends_with("-codes");
    sorted(registry::KNOWN.iter().copied().filter(of_identifiers).chain([systems::NHS_NUMBER]).collect())
}

/// The last segment of an element that stands right below a place.
fn below<'e>(at: &At, element: &'e ElementDef) -> Option<&'e str> {
    element.path.strip_prefix(&at.path)?.strip_prefix('.').filter(|name| !name.contains('.'))
}

/// The element that is written as `step`, and its type where the name tells one.
fn found<'a>(at: &'a At, step: &str) -> Option<(&'a ElementDef, Option<&'a TypeRef>)> {
    at.structure.elements.iter().filter(|element| element.slice.is_empty()).find_map(|element| {
        let name = below(at, element)?;
        if name == step {
            return Some((element, None));
        }
        let ty = step.strip_prefix(name.strip_suffix("[x]")?)?;
        element.types.iter().find(|of| upper_first(&of.code) == ty).map(|of| (element, Some(of)))
    })
}

fn facts(structure: &Structure, element: &ElementDef, name: &str, ty: Option<&TypeRef>) -> ElementFacts {
    let types = match ty {
        Some(ty) => vec![ty.code.clone()],
        None => element.types.iter().map(|ty| ty.code.clone()).collect(),
    };
    let binding = element.binding.as_ref().filter(|b| !b.value_set.is_empty());
    ElementFacts {
        name: name.to_owned(),
        path: element.path.clone(),
        definition: structure.url.clone(),
        min: element.min,
        max: element.max,
        repeats: element.base_max != Some(1) && element.path.contains('.'),
        types,
        binding: binding.map(|b| (b.strength.clone(), b.value_set.clone())),
        page: element_page(structure, element),
    }
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list.dedup();
    list
}
