//! A compiled profile.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::discriminator::{Asked, Step};
use crate::fhirpath::Program;
use crate::pack::model::{ExtensionContext, Release, StructureKind, TypedDatum};
use crate::tree::NameId;
use crate::tree::names::FastMap;

/// A type or profile, ready to walk beside a tree.
#[derive(Debug)]
pub struct Plan {
    /// Canonical without version.
    pub url: Arc<str>,
    /// Business version, or empty.
    pub version: String,
    /// Release it belongs to.
    pub release: Release,
    /// Type described.
    pub ty: NameId,
    /// Kind of structure.
    pub kind: StructureKind,
    /// A profile, else a type.
    pub constraint: bool,
    /// `abstract`.
    pub abstract_: bool,
    /// Canonical of the base, or empty.
    pub base: String,
    /// Where an extension may stand.
    pub contexts: Vec<ExtensionContext>,
    /// Invariants of that context.
    pub context_invariants: Vec<String>,
    /// Elements; 0 is the root.
    pub nodes: Vec<Node>,
    /// Children of all nodes.
    pub groups: Vec<Group>,
    /// (node, name as written) -> (group, type index): finds `valueQuantity` in `value[x]`.
    pub written: FastMap<u64, (u32, u16)>,
    /// (node, FHIRPath name) -> group.
    pub based: FastMap<u64, u32>,
    /// What is wrong with the definition itself.
    pub faults: Vec<String>,
}

/// Which facts of a node go beyond the base type, so that a profile pass asks only what the base pass did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Cardinality differs.
    pub cardinality: bool,
    /// Allowed types, profiles or targets differ.
    pub types: bool,
    /// Binding differs.
    pub binding: bool,
}

/// What there is to look at in a node: most elements ask nothing more than their type does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asks {
    /// A fixed value, pattern, limit or control.
    pub value: bool,
    /// An invariant, its own or that of the element whose content it shares.
    pub invariants: bool,
    /// A profile on one of its types.
    pub profiles: bool,
}

/// One element of a plan.
#[derive(Debug)]
pub struct Node {
    /// Element definition id.
    pub id: String,
    /// Element path.
    pub path: String,
    /// FHIRPath name.
    pub name: NameId,
    /// Slice name, or empty.
    pub slice: String,
    /// Minimum.
    pub min: u32,
    /// Maximum; `u32::MAX` is `*`.
    pub max: u32,
    /// The base type allows more than one: JSON writes an array.
    pub repeats: bool,
    /// The path ends in `[x]`.
    pub choice: bool,
    /// Allowed types.
    pub types: Vec<TypePlan>,
    /// Range of `Plan::groups` with its children.
    pub children: Range<u32>,
    /// Node whose children it takes instead (content reference).
    pub same_as: Option<u32>,
    /// `fixed[x]`.
    pub fixed: Option<TypedDatum>,
    /// `pattern[x]`.
    pub pattern: Option<TypedDatum>,
    /// `minValue[x]`.
    pub min_value: Option<TypedDatum>,
    /// `maxValue[x]`.
    pub max_value: Option<TypedDatum>,
    /// `maxLength`.
    pub max_length: Option<u32>,
    /// `minLength`.
    pub min_length: Option<u32>,
    #[allow(dead_code, reason = "tests look at what a definition holds")]
    /// Regular expression set on the element.
    pub regex: String,
    /// What extensions of the definition ask: name and value.
    pub controls: Vec<(String, String)>,
    /// Of a slice: what each discriminator of its group leads to, found at first use.
    pub criteria: OnceLock<Vec<Vec<Asked>>>,
    /// Slicing of the group.
    pub slicing: Option<SlicingPlan>,
    /// Binding.
    pub binding: Option<BindingPlan>,
    /// Invariants beyond the base's that are left to FHIRPath.
    pub constraints: Vec<ConstraintPlan>,
    /// `mustSupport`.
    pub must_support: bool,
    /// `isModifier`.
    pub is_modifier: bool,
    /// What differs from the base.
    pub own: Own,
    /// What there is to look at.
    pub asks: Asks,
}

/// Children of one FHIRPath name.
#[derive(Debug)]
pub struct Group {
    /// FHIRPath name.
    pub name: NameId,
    /// The unsliced element.
    pub node: u32,
    /// Slices, in order. Slices of slices (`a/b`) follow their parent.
    pub slices: Vec<u32>,
    /// Those of them that are told apart by type alone, and have the types of another.
    pub alike: Vec<u32>,
    /// Position among the parent's children.
    pub order: u32,
    /// The unsliced element must be there.
    pub mandatory: bool,
    /// Nothing in or below it goes beyond the base type: the pass of a profile need not look.
    pub quiet: bool,
}

/// One allowed type.
#[derive(Debug)]
pub struct TypePlan {
    /// Type name.
    pub code: NameId,
    /// Type profiles.
    pub profiles: Vec<String>,
    /// Target profiles.
    pub targets: Vec<String>,
    /// Aggregation modes.
    pub aggregation: Vec<String>,
    /// The type's own plan, found at first use.
    pub plan: OnceLock<Option<Arc<Plan>>>,
}

/// Binding strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// `example`.
    Example,
    /// `preferred`.
    Preferred,
    /// `extensible`.
    Extensible,
    /// `required`.
    Required,
}

impl Strength {
    /// Reads FHIR's word.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "example" => Self::Example,
            "preferred" => Self::Preferred,
            "extensible" => Self::Extensible,
            "required" => Self::Required,
            _ => return None,
        })
    }

    #[cfg(feature = "bench")]
    /// FHIR's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Example => "example",
            Self::Preferred => "preferred",
            Self::Extensible => "extensible",
            Self::Required => "required",
        }
    }
}

/// A binding.
#[derive(Debug)]
pub struct BindingPlan {
    /// How binding it is.
    pub strength: Strength,
    /// Value set canonical.
    pub value_set: String,
    /// Largest set allowed beside an extensible or preferred binding, or empty.
    pub max_value_set: String,
}

/// An invariant, compiled at first use.
#[derive(Debug)]
pub struct ConstraintPlan {
    /// Key.
    pub key: String,
    /// Error, else warning.
    pub error: bool,
    /// Expression as published.
    pub expression: String,
    /// Canonical of the structure it comes from.
    pub source: String,
    /// Best practice.
    pub best_practice: bool,
    /// What it asks, as the definition says it; empty for definitions of embedded packs.
    pub human: String,
    /// The expression, compiled at first use; `Err` when it cannot be read.
    pub program: OnceLock<Result<Program, String>>,
}

/// Slicing of a group.
#[derive(Debug)]
pub struct SlicingPlan {
    /// Discriminators.
    pub discriminators: Vec<Discriminator>,
    /// Nothing beside the slices.
    pub closed: bool,
    /// Others only after the slices.
    pub open_at_end: bool,
    /// Slices in order.
    pub ordered: bool,
}

/// How a discriminator decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscriminatorKind {
    /// Fixed value, pattern or required binding at the path.
    Value,
    /// As `Value`.
    Pattern,
    /// Present or not.
    Exists,
    /// Type at the path.
    Type,
    /// Conforms to a profile at the path.
    Profile,
}

/// One discriminator.
#[derive(Debug)]
pub struct Discriminator {
    /// How it decides.
    pub kind: DiscriminatorKind,
    /// Path as published.
    pub path: String,
    /// Its steps; `None` when it is no path a discriminator may have.
    pub steps: Option<Vec<Step>>,
}

impl Node {
    /// Whether length or value are limited.
    pub fn limited(&self) -> bool {
        self.max_length.is_some() || self.min_length.is_some() || self.min_value.is_some() || self.max_value.is_some()
    }
}

/// Key of the child maps.
pub(super) const fn key(node: u32, name: NameId) -> u64 {
    (node as u64) << 16 | name.0 as u64
}

impl Plan {
    /// The root.
    pub fn root(&self) -> &Node {
        &self.nodes[0]
    }

    /// The node that holds the children of `node`: itself, or the target of its content reference.
    pub fn holder(&self, node: u32) -> u32 {
        self.nodes[node as usize].same_as.unwrap_or(node)
    }

    /// Child group for a name as written, with the index of the type that the name of a choice carries.
    pub fn written(&self, node: u32, name: NameId) -> Option<(&Group, u16)> {
        let (group, ty) = self.written.get(&key(self.holder(node), name))?;
        Some((&self.groups[*group as usize], *ty))
    }

    /// Child group for a FHIRPath name.
    pub fn group(&self, node: u32, name: NameId) -> Option<&Group> {
        self.based.get(&key(self.holder(node), name)).map(|&g| &self.groups[g as usize])
    }

    /// The node with this element definition id.
    pub fn by_id(&self, id: &str) -> Option<u32> {
        self.nodes.iter().position(|n| n.id == id).map(|i| i as u32)
    }

    /// Child groups of a node.
    pub fn children(&self, node: u32) -> &[Group] {
        let range = &self.nodes[self.holder(node) as usize].children;
        &self.groups[range.start as usize..range.end as usize]
    }

    /// Whether the plan says anything about what is inside `node`.
    pub fn has_children(&self, node: u32) -> bool {
        !self.nodes[self.holder(node) as usize].children.is_empty()
    }

    /// `url|version`, or the URL alone.
    pub fn canonical(&self) -> String {
        if self.version.is_empty() { self.url.to_string() } else { format!("{}|{}", self.url, self.version) }
    }
}
