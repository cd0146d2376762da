//! Definitions that are themselves at fault: said once, and not blamed on the message.

use super::ahead::Once;
use super::checker::{Checker, Pass};
use crate::finding::{Example, Meta, Origin, Severity};
use crate::plan::Plan;
use crate::text::Canonical;
use crate::tree::Element;

/// A profile of an element that its base does not have.
const BROKEN: &[&str] = &[
    r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/Broken", "name": "Broken", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint", "differential": {"element": [{"id": "Patient", "path": "Patient"}, {"id": "Patient.colour", "path": "Patient.colour", "min": 1}]}}"#,
];

/// A broken profile.
pub static PROFILE_AT_FAULT: Meta = Meta {
    id: "HM0190",
    name: "profile-at-fault",
    title: "the profile itself is at fault",
    severity: Severity::Information,
    issue: "processing",
    basis: "FHIR, profiling: rules for snapshots, slicing and constraints",
    criterion: "",
    why: "Part of the profile could not be used, so that part was not assessed. This is not a fault of the message or its supplier.",
    remedy: "Tell the publisher of the profile, or use a corrected package.",
    examples: &[
        Example::bad(
            "a profile that speaks of an element nobody defines",
            r#"«{"resourceType": "Patient", "active": true}»"#,
        )
        .r4()
        .against("https://hospital.test/StructureDefinition/Broken")
        .holding(BROKEN),
        Example::good("a sound profile", r#"{"resourceType": "Patient", "active": true}"#),
    ],
    ..Meta::NEW
};

/// A profile that names another, which is not given.
const DEPENDENT: &[&str] = &[
    r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/Dependent", "name": "Dependent", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint", "differential": {"element": [{"id": "Patient", "path": "Patient"}, {"id": "Patient.address", "path": "Patient.address", "type": [{"code": "Address", "profile": ["https://hospital.test/StructureDefinition/Postal"]}]}]}}"#,
];

/// A profile that needs another one.
pub static DEPENDENCY_MISSING: Meta = Meta {
    id: "HM0191",
    name: "profile-dependency-missing",
    title: "a profile of a given package names a profile that no package holds",
    issue: "not-found",
    basis: "FHIR, ElementDefinition.type.profile and targetProfile; package dependencies",
    criterion: "",
    why: "The element cannot be shown to meet what the profile asks of it: the result says less than it seems to. This is not a fault of the message or its supplier.",
    remedy: "Give the package that defines the profile as well, with --package.",
    examples: &[
        Example::bad(
            "a profile whose package is not given",
            r#"{"resourceType": "Patient", "address": [«{"city": "York"}»]}"#,
        )
        .r4()
        .against("https://hospital.test/StructureDefinition/Dependent")
        .holding(DEPENDENT),
        Example::good("an embedded profile", r#"{"resourceType": "Patient", "active": true}"#),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// A profile that a definition names and nobody holds: not assessed; and said where the definition was given by the
    /// user, who can give the other one too.
    pub(super) fn dependency_missing(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, canonical: &str) {
        self.skip("profile", canonical);
        let given = self.cx.plans.catalogue().user_packages().iter().flat_map(|p| &p.entries);
        if pass.origin != Origin::Profile || !given.into_iter().any(|e| *e.url == *pass.plan.url) {
            return;
        }
        let says = format!(
            "{} names the profile {}, which no package holds",
            pass.plan.nodes[node as usize].path,
            crate::text::sanitise::url(canonical)
        );
        let mut draft = self.draft(&DEPENDENCY_MISSING, pass, node, at, says);
        draft.origin = Origin::Specification;
        draft.span = at.span();
        self.emit(draft);
    }

    /// A slice whose discriminators fix nothing: no element can be shown to be of it. Said once per message for each profile.
    pub(super) fn undecidable_slice(&mut self, at: Element<'t>, plan: &Plan, slice: u32) {
        if self.asking > 0 {
            return;
        }
        let id = &plan.nodes[slice as usize].id;
        self.skip("slice", Canonical::of_definition(&format!("{}#{id}", plan.url)));
        if !self.at_fault.insert(format!("{}#{id}", plan.url)) {
            return;
        }
        self.next_is_once(Once::Fault(format!("{}#{id}", plan.url)));
        let says = format!("the discriminator of the slice {id} fixes nothing, so no element can be told to be of it");
        let pass = Pass { plan, origin: Origin::Specification };
        let draft = self.draft(&PROFILE_AT_FAULT, pass, slice, at, says);
        self.emit(draft);
    }

    /// Says what is wrong with a profile, once per message.
    pub(super) fn specification_faults(&mut self, at: Element<'t>, plan: &Plan) {
        if plan.faults.is_empty() || self.asking > 0 {
            return;
        }
        self.skip("profile-part", plan.canonical());
        if !self.at_fault.insert(plan.canonical()) {
            return;
        }
        self.next_is_once(Once::Fault(plan.canonical()));
        let says = match plan.faults.len() {
            1 => format!("{} has a fault; what it concerns was not assessed", plan.canonical()),
            count => format!("{} has {count} faults; what they concern was not assessed", plan.canonical()),
        };
        let mut draft = self.draft(&PROFILE_AT_FAULT, Pass { plan, origin: Origin::Specification }, 0, at, says);
        draft.notes.extend(plan.faults.iter().take(5).map(|f| crate::text::sanitise::line(f)));
        self.emit(draft);
    }
}
