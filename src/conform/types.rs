//! Allowed types of a choice or resource, and the profiles a type must meet.

use super::checker::{Checker, Pass, type_name};
use super::fixed::value_text;
use crate::finding::{Draft, Example, Explained, Meta, Origin};
use crate::plan::{Plan, TypePlan};
use crate::tree::{Element, flags, names};

/// Wrong type.
pub static TYPE: Meta = Meta {
    id: "HM0107",
    name: "type-not-allowed",
    title: "the type is not allowed here",
    issue: "structure",
    basis: "FHIR, ElementDefinition.type",
    criterion: "INT-1",
    why: "Receivers built for the profile read only the types it names.",
    remedy: "Send one of the types the profile allows.",
    explains: &[Explained::same_choice("HM0120"), Explained::same_choice("HM0121")],
    examples: &[
        Example::bad(
            "a wrong resource for a profile",
            r#"«{"resourceType": "Patient", "meta": {"profile": ["http://hl7.org/fhir/StructureDefinition/vitalsigns"]}}»"#,
        )
        .r4(),
        Example::good("a base patient", r#"{"resourceType": "Patient", "active": true}"#),
    ],
    ..Meta::NEW
};

/// A profile whose value is in hours or in days.
const SPAN: &[&str] = &[
    r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/Span", "name": "Span", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Observation", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation", "derivation": "constraint", "differential": {"element": [{"id": "Observation", "path": "Observation"}, {"id": "Observation.value[x]", "path": "Observation.value[x]", "type": [{"code": "Quantity", "profile": ["https://hospital.test/StructureDefinition/Hours", "https://hospital.test/StructureDefinition/Days"]}]}]}}"#,
    r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/Hours", "name": "Hours", "status": "active", "fhirVersion": "4.0.1", "kind": "complex-type", "abstract": false, "type": "Quantity", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Quantity", "derivation": "constraint", "differential": {"element": [{"id": "Quantity", "path": "Quantity"}, {"id": "Quantity.code", "path": "Quantity.code", "min": 1, "fixedCode": "h"}]}}"#,
    r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/Days", "name": "Days", "status": "active", "fhirVersion": "4.0.1", "kind": "complex-type", "abstract": false, "type": "Quantity", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Quantity", "derivation": "constraint", "differential": {"element": [{"id": "Quantity", "path": "Quantity"}, {"id": "Quantity.code", "path": "Quantity.code", "min": 1, "fixedCode": "d"}]}}"#,
];

/// None of the profiles is met.
pub static PROFILE: Meta = Meta {
    id: "HM0108",
    name: "type-profile-not-met",
    title: "the element meets none of the profiles its definition names",
    issue: "structure",
    basis: "FHIR, ElementDefinition.type.profile",
    criterion: "INT-2",
    why: "The profile promises receivers a shape that this element does not have.",
    remedy: "Read the reasons listed with the finding and mend the first; the profiles named say what the element must hold.",
    examples: &[Example::bad("a mass where the profile asks for hours or days", r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "valueQuantity": «{"value": 3, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}»}"#).r4().against("https://hospital.test/StructureDefinition/Span").holding(SPAN),
Example::good("hours", r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "valueQuantity": {"value": 3, "unit": "hours", "system": "http://unitsofmeasure.org", "code": "h"}}"#).r4().against("https://hospital.test/StructureDefinition/Span").holding(SPAN)],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// Whether a profile allows the element's type; a finding when not.
    pub(super) fn allowed_type(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) -> bool {
        let definition = &pass.plan.nodes[node as usize];
        if definition.types.is_empty() || at.type_id() == names::OTHER {
            return true;
        }
        let allowed = definition.types.iter().any(|t| {
            t.code == at.type_id()
                || (at.is_resource() && self.cx.plans.derives(self.release(), at.type_id(), t.code))
                || {
                    // STU3 writes type names that are profiles of the type (SimpleQuantity, Age).
                    self.cx.plans.behind(self.release(), t).is_some_and(|p| p.ty == at.type_id())
                }
        });
        if !allowed {
            let list: Vec<&str> = definition.types.iter().map(|t| names::text(t.code)).collect();
            let says = format!("{} is a {} where {} is allowed", definition.path, type_name(at), list.join(" or "));
            let mut draft = self.draft(&TYPE, pass, node, at, says);
            draft.span = at.key_span();
            // As the reference validator has it: what an extension holds, and which of several types was meant, is a
            // matter of the parent.
            let one = definition.types.iter().all(|t| t.code == definition.types[0].code);
            if let Some(parent) =
                at.parent().filter(|p| p.type_id() == names::T_EXTENSION || (!one && at.node().is(flags::CHOICE)))
            {
                draft.path = parent.path();
            }
            self.emit(draft);
        }
        allowed
    }

    /// A resource that claims a profile of another type.
    pub(super) fn wrong_resource_type(&mut self, at: Element<'t>, plan: &Plan) {
        let says = format!("a {} cannot meet a profile of {}", type_name(at), names::text(plan.ty));
        let mut draft = self.draft(&TYPE, Pass { plan, origin: Origin::Profile }, 0, at, says);
        draft.span = at.span();
        self.emit(draft);
    }

    /// Profiles on the element's type: one must be met.
    pub(super) fn type_profiles(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        let definition = &pass.plan.nodes[node as usize];
        // The base pass checks every known extension against its own definition.
        if !definition.asks.profiles
            || at.type_id() == names::T_EXTENSION
            || !(pass.origin == Origin::Base || definition.own.types)
        {
            return;
        }
        let of_type = |t: &&TypePlan| {
            t.code == at.type_id() || (at.is_resource() && self.cx.plans.derives(self.release(), at.type_id(), t.code))
        };
        let profiles: Vec<String> =
            definition.types.iter().filter(of_type).flat_map(|t| t.profiles.iter().cloned()).collect();
        match profiles.as_slice() {
            [] => {}
            [one] if one.contains('#') => self.part_of_profile(at, one),
            [one] => {
                let Some(plan) = self.cx.plans.of(self.release(), one) else {
                    self.dependency_missing(at, pass, node, one);
                    return;
                };
                if self.cx.plans.derives(self.release(), at.type_id(), plan.ty) {
                    self.profile_root(at, &plan);
                } else {
                    self.wrong_resource_type(at, &plan);
                }
            }
            several => self.one_of(at, pass, node, several),
        }
    }

    /// `url#id`: the element must meet one element of a profile.
    fn part_of_profile(&mut self, at: Element<'t>, canonical: &str) {
        let Some((url, id)) = canonical.split_once('#') else { return };
        match self.cx.plans.of(self.release(), url) {
            Some(plan) if let Some(node) = plan.by_id(id) => {
                let pass = Pass { plan: &plan, origin: Origin::Profile };
                self.part(at, pass, node);
            }
            _ => self.skip("profile", canonical),
        }
    }

    fn one_of(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, profiles: &[String]) {
        let mut reasons: Vec<Draft> = Vec::new();
        for url in profiles {
            let Some(plan) = self.cx.plans.of(self.release(), url) else {
                self.skip("profile", url.clone());
                return;
            };
            if !self.cx.plans.derives(self.release(), at.type_id(), plan.ty) {
                continue;
            }
            let (met, why) = self.conforms(at, &plan);
            if met {
                return;
            }
            reasons.extend(why.into_iter().filter(|d| d.severity.reaches(crate::finding::Severity::Error)));
        }
        let says =
            format!("{} meets none of {}", pass.plan.nodes[node as usize].path, value_text(&profiles.join(", ")));
        let mut draft = self.draft(&PROFILE, pass, node, at, says);
        draft.span = at.span();
        draft.notes.extend(reasons.iter().take(8).map(|r| format!("{}: {}", r.path, r.says)));
        self.emit(draft);
        for reason in reasons {
            self.emit(reason);
        }
    }
}
