//! The strict model over held definitions.

use std::sync::Arc;

use super::types::{Model, ModelType};
use crate::pack::catalogue::Catalogue;
use crate::pack::model::{ElementDef, Release, Structure};

/// Element definitions of one release.
pub struct CatalogueModel<'c> {
    catalogue: &'c Catalogue,
    release: Release,
}

impl<'c> CatalogueModel<'c> {
    /// The definitions of `release` in a catalogue.
    pub fn new(catalogue: &'c Catalogue, release: Release) -> Self {
        Self { catalogue, release }
    }

    fn structure(&self, parent: &str) -> Option<Arc<Structure>> {
        let root = parent.split('.').next().unwrap_or(parent);
        self.catalogue.type_structure(self.release, root)
    }
}

impl Model for CatalogueModel<'_> {
    fn child(&self, parent: &str, name: &str) -> Option<Vec<ModelType>> {
        let structure = self.structure(parent)?;
        let found = structure.elements.iter().find(|e| {
            let child = e.path.strip_prefix(parent).and_then(|rest| rest.strip_prefix('.'));
            child.is_some_and(|c| c.strip_suffix("[x]").unwrap_or(c) == name)
        });
        Some(found.map(types_of).unwrap_or_default())
    }
}

fn types_of(element: &ElementDef) -> Vec<ModelType> {
    let repeats = element.max.is_none_or(|max| max > 1);
    if let Some((_, target)) = element.content_reference.rsplit_once('#') {
        return vec![ModelType { name: target.to_owned(), repeats }];
    }
    let named = element.types.iter().map(|ty| match ty.code.as_str() {
        // Structures defined in place have the path as their type.
        "BackboneElement" | "Element" => element.path.clone(),
        code => code.to_owned(),
    });
    named.map(|name| ModelType { name, repeats }).collect()
}
