//! Profiles sent as messages: paths of the type, discriminators that lead somewhere.

use std::sync::Arc;

use super::checker::Checker;
use crate::finding::{Example, Meta};
use crate::plan::Plan;
use crate::tree::{Element, names};

/// Structure at fault.
pub static STRUCTURE: Meta = Meta {
    id: "HM0154",
    name: "structure-definition-fault",
    title: "the profile names a path that its type does not have",
    issue: "business-rule",
    basis: "FHIR, StructureDefinition; ElementDefinition.slicing.discriminator",
    criterion: "INT-2",
    why: "What is said of a path that does not exist is never checked by anybody.",
    remedy: "Correct the path: it begins with the type, and a discriminator names an element of what is sliced.",
    examples: &[
        Example::bad(
            "a discriminator that leads nowhere",
            r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/patient", "name": "HospitalPatient", "status": "draft", "kind": "resource", "abstract": false, "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint", "differential": {"element": [{"id": "Patient.name", "path": "Patient.name", "slicing": {"discriminator": [«{"type": "value", "path": "usage"}»], "rules": "open"}}]}}"#,
        ),
        Example::bad(
            "a slice that changes the slicing",
            r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/patient", "name": "HospitalPatient", "status": "draft", "kind": "resource", "abstract": false, "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint", "differential": {"element": [{"id": "Patient.name", "path": "Patient.name", "slicing": {"discriminator": [{"type": "value", "path": "use"}], "rules": "open"}}, {"id": "Patient.name:home", "path": "Patient.name", "sliceName": "home", "slicing": «{"discriminator": [{"type": "value", "path": "text"}], "rules": "open"}»}]}}"#,
        ),
        Example::good(
            "one that is there",
            r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/patient", "name": "HospitalPatient", "status": "draft", "kind": "resource", "abstract": false, "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint", "differential": {"element": [{"id": "Patient.name", "path": "Patient.name", "slicing": {"discriminator": [{"type": "value", "path": "use"}], "rules": "open"}}]}}"#,
        ),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// One StructureDefinition.
    pub(super) fn structure_definition(&mut self, at: Element<'t>) {
        let ty = at.text(names::TYPE).unwrap_or("");
        let own = ty.rsplit('/').next().unwrap_or(ty);
        let plan = self.cx.plans.of_type(self.release(), names::intern(own));
        for part in [at.get("differential"), at.get("snapshot")].into_iter().flatten() {
            for element in part.all("element") {
                let Some(path) = element.get("path").and_then(Element::value) else { continue };
                if !own.is_empty() && path.split('.').next() != Some(own) {
                    self.structural(
                        element,
                        format!("a path of this definition must begin with {}", names::intern(own)),
                    );
                    continue;
                }
                let Some(slicing) = element.get("slicing") else { continue };
                if !path.contains('.') {
                    self.structural(element, "the root of a definition cannot be sliced".to_owned());
                    continue;
                }
                self.sliced_anew(at, part, element, slicing);
                let Some(plan) = &plan else { continue };
                for discriminator in slicing.all("discriminator") {
                    let Some(steps) = discriminator.get("path").and_then(Element::value) else { continue };
                    if !self.leads(plan, path, steps) {
                        self.structural(
                            discriminator,
                            "the discriminator names no element of what is sliced".to_owned(),
                        );
                    }
                }
            }
        }
    }

    /// A slice that slices its siblings in another way than the element it is a slice of, and has no slices of its own.
    fn sliced_anew(&mut self, at: Element<'t>, part: Element<'t>, slice: Element<'t>, slicing: Element<'t>) {
        let Some((whole, name)) = slice.text(names::ID).and_then(|id| id.rsplit_once(':')) else { return };
        if name.contains(['.', '/']) {
            return;
        }
        let told_apart = |slicing: Element<'t>| -> Vec<_> {
            let parts = |d: Element<'t>| (d.text(names::TYPE), d.get("path").and_then(Element::value));
            slicing.all("discriminator").map(parts).collect()
        };
        let outer = part.all("element").find(|e| e.text(names::ID) == Some(whole)).and_then(|e| e.get("slicing"));
        let within = format!("{whole}:{name}/");
        let resliced = part.all("element").any(|e| e.text(names::ID).is_some_and(|id| id.starts_with(&within)));
        if !resliced && outer.is_some_and(|outer| told_apart(outer) != told_apart(slicing)) {
            let says = "a slice tells its siblings apart in another way than the element it is a slice of";
            let mut draft = self.plain(&STRUCTURE, slicing, slicing.span(), says);
            draft.path = at.path();
            self.emit(draft);
        }
    }

    fn structural(&mut self, at: Element<'t>, says: String) {
        let draft = self.plain(&STRUCTURE, at, at.span(), says);
        self.emit(draft);
    }

    /// Whether the first step of a discriminator is an element of what stands at `path`; true when that is not known.
    fn leads(&self, plan: &Arc<Plan>, path: &str, steps: &str) -> bool {
        let first = steps.split('.').next().unwrap_or("");
        if first.contains(['$', '(']) || first.is_empty() {
            return true;
        }
        let Some(node) = plan.nodes.iter().position(|n| n.path == path) else { return true };
        let name = names::intern(first.trim_end_matches("[x]"));
        if plan.has_children(node as u32) {
            return plan.group(node as u32, name).is_some();
        }
        let types = &plan.nodes[node].types;
        types.is_empty()
            || types.iter().any(|t| {
                let of = self.cx.plans.of_type(self.release(), t.code);
                of.is_none_or(|p| p.abstract_ || p.group(0, name).is_some())
            })
    }
}
