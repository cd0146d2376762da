//! Snapshot generation: a base definition plus a differential, by FHIR's published rules, for STU3 and R4.

mod apply;
mod choice;
mod differential;
mod merge;
mod tree;

use super::import::Definition;
use super::model::{ElementDef, Release, Structure};
use std::sync::Arc;

/// What a look-up of a definition finds.
#[derive(Clone, Debug)]
pub enum Found {
    /// The definition with its snapshot.
    Here(Arc<Structure>),
    /// Its snapshot is being made: asking for it leads in a circle.
    Circular,
    /// It is not held.
    Missing,
}

/// Where definitions come from while a snapshot is made.
pub trait Definitions {
    /// The FHIR release whose core definitions hold.
    fn release(&self) -> Release;
    /// The definition of a canonical, `|version` allowed.
    fn find(&self, canonical: &str) -> Found;
}

/// Makes the complete structure of a definition. A published snapshot is taken as it is, its ids made anew; else the
/// differential is laid over the base. Never fails: what is wrong becomes a fault of the structure.
pub fn complete(definition: &Definition, definitions: &dyn Definitions) -> Structure {
    if definition.structure.elements.is_empty() {
        return generate(definition, definitions);
    }
    let mut structure = definition.structure.clone();
    // STU3's SimpleQuantity names a slice at its root.
    if let Some(root) = structure.elements.first_mut() {
        root.slice.clear();
    }
    renew_ids(&mut structure);
    structure
}

/// Lays the differential of a definition over its base, whether or not it has a published snapshot.
pub fn generate(definition: &Definition, definitions: &dyn Definitions) -> Structure {
    let mut structure = Structure { elements: Vec::new(), ..definition.structure.clone() };
    let base = match definitions.find(&structure.base) {
        Found::Here(base) => Some(base),
        Found::Circular => {
            structure.faults.push(format!("its base {} leads back to itself", structure.base));
            None
        }
        Found::Missing => {
            // Logical models may build on `Base`, which has no content and no definition before R5.
            if !structure.base.is_empty() && !structure.base.ends_with("/StructureDefinition/Base") {
                structure.faults.push(baseless(&structure.base));
            }
            None
        }
    };
    match base.filter(|base| !base.elements.is_empty()) {
        Some(base) => merge::over(base, definition, definitions, &mut structure),
        None => over_nothing(definition, &mut structure),
    }
    structure
}

/// The fault of a structure whose base nobody holds: what it says of its own then hangs in the air.
pub fn baseless(base: &str) -> String {
    format!("its base {base} is not held")
}

/// Without a base the differential alone is all there is.
fn over_nothing(definition: &Definition, structure: &mut Structure) {
    let elements = definition.differential.iter().map(|change| change.clone().into_element());
    structure.elements = elements.collect();
    renew_ids(structure);
}

/// Writes ids by FHIR's rule: the path, with `:slice` after each sliced segment.
fn renew_ids(structure: &mut Structure) {
    // Slice in force at each depth, with the path it belongs to.
    let mut slices: Vec<(String, String)> = Vec::new();
    for ElementDef { id, path, slice, .. } in &mut structure.elements {
        let segments: Vec<&str> = path.split('.').collect();
        slices.truncate(segments.len());
        while slices.len() < segments.len() {
            slices.push((String::new(), String::new()));
        }
        let mut text = String::with_capacity(path.len() + 16);
        for (depth, segment) in segments.iter().enumerate() {
            let held = &mut slices[depth];
            if depth + 1 == segments.len() {
                *held = ((*segment).to_owned(), slice.replace('_', "-"));
            } else if held.0 != *segment {
                *held = ((*segment).to_owned(), String::new());
            }
            if depth > 0 {
                text.push('.');
            }
            text.push_str(segment);
            if !held.1.is_empty() {
                text.push(':');
                text.push_str(&held.1);
            }
        }
        *id = text;
    }
}

#[cfg(test)]
mod tests;
