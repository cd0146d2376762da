//! All plans of a run: compiled at first use, kept for its length.

use std::sync::{Arc, PoisonError, RwLock};

use super::asks::settle;
use super::compile::compile;
use super::delta::delta;
use super::model::{Plan, TypePlan};
use crate::pack::Cache;
use crate::pack::catalogue::Catalogue;
use crate::pack::model::{Release, Structure, StructureKind};
use crate::tree::names::{self, FastMap, NameId};

type Types = RwLock<FastMap<(u16, u16), Option<Arc<Plan>>>>;

/// Compiles and keeps plans. Shared by all workers.
pub struct Plans {
    catalogue: Arc<Catalogue>,
    types: Types,
    profiles: Cache<Plan>,
}

impl std::fmt::Debug for Plans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Plans")
    }
}

impl Plans {
    /// Plans over a catalogue of definitions.
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { catalogue, types: Types::default(), profiles: Cache::default() }
    }

    /// The definitions.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Plan of a type by name (`Patient`, `HumanName`).
    pub fn of_type(&self, release: Release, name: NameId) -> Option<Arc<Plan>> {
        let lookup = (release as u16, name.0);
        if let Some(known) = self.types.read().unwrap_or_else(PoisonError::into_inner).get(&lookup) {
            return known.clone();
        }
        let plan = self.catalogue.type_structure(release, names::text(name)).map(|s| self.compiled(&s, release));
        self.types.write().unwrap_or_else(PoisonError::into_inner).entry(lookup).or_insert(plan).clone()
    }

    /// Plan of a resource type; `None` for data types and unknown names.
    pub fn of_resource(&self, release: Release, name: NameId) -> Option<Arc<Plan>> {
        self.of_type(release, name).filter(|p| p.kind == StructureKind::Resource)
    }

    /// Plan of a profile, extension or type by canonical, with or without `|version`.
    pub fn of(&self, release: Release, canonical: &str) -> Option<Arc<Plan>> {
        let made = || self.catalogue.structure(release, canonical).map(|s| self.compiled(&s, release));
        self.profiles.get(release, canonical, made)
    }

    /// Plan behind an allowed type.
    pub fn behind<'t>(&self, release: Release, ty: &'t TypePlan) -> Option<&'t Arc<Plan>> {
        ty.plan.get_or_init(|| self.of_type(release, ty.code)).as_ref()
    }

    /// Whether `ty` is `base` or derives from it.
    pub fn derives(&self, release: Release, ty: NameId, base: NameId) -> bool {
        let mut at = ty;
        for _ in 0..12 {
            if at == base {
                return true;
            }
            let Some(plan) = self.of_type(release, at) else { return false };
            let Some(parent) = plan.base.rsplit('/').next().filter(|p| !p.is_empty()) else { return false };
            at = names::intern_defined(parent);
        }
        false
    }

    fn compiled(&self, structure: &Structure, release: Release) -> Arc<Plan> {
        let mut plan = compile(structure, release);
        // What calls itself a specialisation of a type that already has a definition constrains that definition.
        let own = |s: Arc<Structure>| s.url == structure.url;
        plan.constraint |= self.catalogue.type_structure(release, &structure.ty).is_some_and(|s| !own(s));
        if plan.constraint {
            delta(&mut plan, self);
        }
        settle(&mut plan);
        Arc::new(plan)
    }
}
