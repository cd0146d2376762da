//! Kinds of medicinal product of the dictionary of medicines and devices (dm+d), as a SNOMED CT UK release tells them.

use super::index::Index;

/// A kind of dm+d concept: each has a simple refset, and the products of a kind stand below one concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Virtual therapeutic moiety.
    Vtm,
    /// Virtual medicinal product.
    Vmp,
    /// Actual medicinal product.
    Amp,
    /// Virtual medicinal product pack.
    Vmpp,
    /// Actual medicinal product pack.
    Ampp,
    /// Trade family.
    TradeFamily,
    /// Ingredient.
    Ingredient,
}

impl Kind {
    /// Every kind that is a product: what is prescribed, dispensed or packed.
    pub const PRODUCTS: [Self; 6] = [Self::Vtm, Self::Vmp, Self::Amp, Self::Vmpp, Self::Ampp, Self::TradeFamily];

    /// By the word that value sets of UK Core filter by.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_uppercase().as_str() {
            "VTM" => Self::Vtm,
            "VMP" => Self::Vmp,
            "AMP" => Self::Amp,
            "VMPP" => Self::Vmpp,
            "AMPP" => Self::Ampp,
            "TF" => Self::TradeFamily,
            "INGREDIENT" => Self::Ingredient,
            _ => return None,
        })
    }

    /// The concept whose children are the products of the kind, and the simple refset that lists them.
    const fn ids(self) -> (u64, u64) {
        match self {
            Self::Vtm => (10_363_701_000_001_104, 999_000_581_000_001_102),
            Self::Vmp => (10_363_801_000_001_108, 999_000_561_000_001_109),
            Self::Amp => (10_363_901_000_001_102, 999_000_541_000_001_108),
            Self::Vmpp => (8_653_601_000_001_108, 999_000_571_000_001_104),
            Self::Ampp => (10_364_001_000_001_104, 999_000_551_000_001_106),
            Self::TradeFamily => (9_191_801_000_001_103, 999_000_631_000_001_100),
            Self::Ingredient => (105_590_001, 999_000_791_000_001_109),
        }
    }
}

/// Top of the UK products.
const UK_PRODUCT: u64 = 10_363_601_000_001_109;
/// Pharmaceutical or biologic product: top of the International ones.
const PRODUCT: u64 = 373_873_005;
/// Substance: top of what a product may hold.
const SUBSTANCE: u64 = 105_590_001;
/// Module of the UK drug extension.
const DRUG_MODULE: u64 = 999_000_011_000_001_104;

impl Index {
    /// Whether the release brings UK products, so that an absent one says something.
    pub fn holds_medicines(&self) -> bool {
        self.holds_dmd()
            || self.has_module(DRUG_MODULE)
            || Kind::PRODUCTS.iter().any(|kind| self.refsets().any(|refset| refset == kind.ids().1))
    }

    /// Whether a concept is of a kind; `None` when the release has neither the refset nor the parent of the kind.
    pub fn is_kind(&self, concept: u64, kind: Kind) -> Option<bool> {
        if let Some(entry) = self.medicine(concept) {
            return Some(entry.kind() == Some(kind));
        }
        // dm+d lists no trade families.
        if self.holds_dmd() && kind != Kind::TradeFamily && self.lookup(concept).is_none() {
            return Some(false);
        }
        let (parent, refset) = kind.ids();
        match (self.member_of(refset, concept), self.subsumes(parent, concept)) {
            (Some(listed), _) => Some(listed),
            // The substances of the International release are more than what dm+d lists.
            (None, Some(below)) if kind != Kind::Ingredient => Some(below && concept != parent),
            _ => None,
        }
    }

    /// Whether a concept is a product of any kind; `None` when it is not in the release or the release has no products.
    pub fn is_product(&self, concept: u64) -> Option<bool> {
        if let Some(entry) = self.medicine(concept) {
            return Some(entry.kind().is_some_and(|kind| kind != Kind::Ingredient));
        }
        self.lookup(concept)?;
        let listed = Kind::PRODUCTS.iter().any(|kind| self.is_kind(concept, *kind) == Some(true));
        let below = [UK_PRODUCT, PRODUCT].map(|top| self.subsumes(top, concept));
        if listed || below.contains(&Some(true)) {
            return Some(true);
        }
        (self.holds_medicines() || below.iter().any(Option::is_some)).then_some(false)
    }

    /// Whether a concept is a substance.
    pub fn is_substance(&self, concept: u64) -> bool {
        self.medicine(concept).is_some_and(|entry| entry.kind() == Some(Kind::Ingredient))
            || self.subsumes(SUBSTANCE, concept) == Some(true)
    }
}
