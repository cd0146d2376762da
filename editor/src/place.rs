//! Where a node stands in a resource, and what definitions say of that place.

use hallmark::session::{ElementFacts, Hallmark, Release};

use crate::outline::{Kind, Outline};

/// The way from the root of a resource to a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The node of the resource.
    pub resource: usize,
    /// Its type, or empty.
    pub kind: String,
    /// Names on the way, those of arrays once.
    pub steps: Vec<String>,
}

impl Place {
    /// The names as the door takes them.
    pub fn steps(&self) -> Vec<&str> {
        self.steps.iter().map(String::as_str).collect()
    }

    /// As a path: `Patient.name.family`.
    pub fn path(&self) -> String {
        std::iter::once(self.kind.as_str()).chain(self.steps()).collect::<Vec<_>>().join(".")
    }
}

/// The place of a node.
pub fn of(outline: &Outline, text: &str, node: usize) -> Place {
    let mut steps = Vec::new();
    let mut at = node;
    loop {
        if let Some(kind) = resource(outline, text, at) {
            steps.reverse();
            return Place { resource: at, kind, steps };
        }
        let name = outline.name(at, text);
        if !name.is_empty() {
            // `_birthDate` is birthDate with what stands beside its value.
            steps.push(if outline.xml { name } else { name.strip_prefix('_').unwrap_or(name) }.to_owned());
        }
        match outline.nodes[at].parent {
            Some(parent) => at = parent,
            None => {
                steps.reverse();
                return Place { resource: at, kind: String::new(), steps };
            }
        }
    }
}

/// The type of a node that is a resource.
pub fn resource(outline: &Outline, text: &str, node: usize) -> Option<String> {
    let of = &outline.nodes[node];
    if outline.xml {
        let name = outline.name(node, text);
        return name.starts_with(|c: char| c.is_ascii_uppercase()).then(|| name.to_owned());
    }
    (of.kind == Kind::Object).then(|| outline.text_of(node, text, "resourceType").map(str::to_owned)).flatten()
}

/// Definitions that a resource is held to: the profiles that it claims, then its type.
pub fn definitions(outline: &Outline, text: &str, place: &Place) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(meta) = outline.child(place.resource, text, "meta") {
        let claims = outline.nodes[meta].children.iter().filter(|child| outline.name(**child, text) == "profile");
        for claim in claims {
            out.extend(outline.value(*claim, text).map(str::to_owned));
            out.extend(
                outline.nodes[*claim].children.iter().filter_map(|item| outline.value(*item, text)).map(str::to_owned),
            );
        }
    }
    out.push(place.kind.clone());
    out
}

/// What the first definition that has it says of the element at a place.
pub fn element(hallmark: &Hallmark, release: Release, definitions: &[String], steps: &[&str]) -> Option<ElementFacts> {
    definitions.iter().find_map(|definition| hallmark.element(release, definition, steps))
}

/// What may stand below a place.
pub fn members(hallmark: &Hallmark, release: Release, definitions: &[String], steps: &[&str]) -> Vec<ElementFacts> {
    let all = definitions.iter().map(|definition| hallmark.members(release, definition, steps));
    all.into_iter().find(|members| !members.is_empty()).unwrap_or_default()
}

/// The value set that a code at a place comes from: that of the element, or of the Coding or CodeableConcept it stands in.
pub fn value_set(hallmark: &Hallmark, release: Release, definitions: &[String], steps: &[&str]) -> Option<String> {
    let (last, _) = steps.split_last()?;
    let own = element(hallmark, release, definitions, steps);
    if let Some((_, value_set)) = own.and_then(|own| own.binding) {
        return Some(value_set);
    }
    if !matches!(*last, "code" | "display" | "system") {
        return None;
    }
    (1..steps.len()).rev().take(2).find_map(|end| {
        let outer = element(hallmark, release, definitions, &steps[..end])?;
        let coded = outer.types.iter().any(|ty| matches!(ty.as_str(), "Coding" | "CodeableConcept" | "Quantity"));
        outer.binding.filter(|_| coded).map(|(_, value_set)| value_set)
    })
}
