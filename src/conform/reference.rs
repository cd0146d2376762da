//! References: format, resolution, target types and profiles, aggregation.

use super::ahead::Once;
use super::checker::{Checker, Pass};
use crate::finding::{Example, Explained, Meta, Origin, Severity};
use crate::message::{Resolved, is_absolute, logical_id};
use crate::text::Canonical;
use crate::tree::{Element, names};

/// Leads nowhere.
pub static UNRESOLVED: Meta = Meta {
    id: "HM0128",
    name: "reference-unresolved",
    title: "the reference leads nowhere",
    issue: "not-found",
    basis: "FHIR, Reference; contained resources; references in bundles",
    criterion: "INT-1",
    why: "The receiver cannot follow it: the resource it stands for is missing from the record.",
    remedy: "Send the resource it names, or correct the reference; a reference to a contained resource is # and its id.",
    examples: &[
        Example::bad(
            "no such contained resource",
            r##"{"resourceType": "Patient", "active": true, "generalPractitioner": [«{"reference": "#gp"}»]}"##,
        ),
        Example::good(
            "a contained one",
            r##"{"resourceType": "Patient", "contained": [{"resourceType": "Practitioner", "id": "gp", "active": true}], "generalPractitioner": [{"reference": "#gp"}]}"##,
        ),
    ],
    ..Meta::NEW
};

/// Wrong target.
pub static TARGET: Meta = Meta {
    id: "HM0129",
    name: "reference-target",
    title: "the reference leads to a resource that is not allowed here",
    issue: "structure",
    basis: "FHIR, ElementDefinition.type.targetProfile",
    criterion: "INT-1",
    why: "The receiver expects another kind of resource at this place.",
    remedy: "Refer to one of the types named, and make the target meet its profile.",
    examples: &[
        Example::bad(
            "a patient as practitioner",
            r#"{"resourceType": "Patient", "active": true, "generalPractitioner": [«{"reference": "Patient/2"}»]}"#,
        ),
        Example::good(
            "a practitioner",
            r#"{"resourceType": "Patient", "active": true, "generalPractitioner": [{"reference": "Practitioner/2"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Malformed.
pub static FORMAT: Meta = Meta {
    id: "HM0130",
    name: "reference-format",
    title: "the reference is not of a form FHIR knows",
    issue: "invalid",
    basis: "FHIR, Reference.reference",
    criterion: "INT-1",
    why: "No receiver can resolve it.",
    remedy: "Send Type/id, an absolute URL, urn:uuid: or urn:oid:, or # and the id of a contained resource.",
    explains: &[Explained::here("HM0148"), Explained::below("HM0112")],
    examples: &[
        Example::bad(
            "words",
            r#"{"resourceType": "Patient", "active": true, "managingOrganization": «{"reference": "the surgery"}»}"#,
        ),
        Example::good(
            "a type and id",
            r#"{"resourceType": "Patient", "active": true, "managingOrganization": {"reference": "Organization/1"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Aggregation.
pub static AGGREGATION: Meta = Meta {
    id: "HM0131",
    name: "reference-aggregation",
    title: "the target is not held where the profile asks for it",
    issue: "structure",
    basis: "FHIR, ElementDefinition.type.aggregation",
    criterion: "INT-2",
    why: "The profile promises that the target travels with the message, or is contained; here it is elsewhere.",
    remedy: "Contain the target, or add it to the Bundle, as the profile asks.",
    examples: &[
        Example::bad(
            "a subject that does not travel along",
            r#"{"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "Lipids"}, "subject": «{"reference": "Patient/1"}»}"#,
        )
        .against("http://hl7.org/fhir/StructureDefinition/example"),
        Example::good("no aggregation asked", r#"{"resourceType": "Patient", "active": true}"#),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// What holds for every reference.
    pub(super) fn reference(&mut self, at: Element<'t>, pass: Pass<'_>) {
        let Some(text) = at.text(names::REFERENCE) else { return };
        self.reference_type(at, pass, text);
        if let Some(says) = self.form_fault(text) {
            let mut draft = self.draft(&FORMAT, pass, 0, at, says);
            draft.span = at.span();
            self.emit(draft);
            return;
        }
        let mut both = String::new();
        let says = match self.message.resolve(at, text) {
            Resolved::NoContained => "no contained resource has this id",
            Resolved::Ambiguous(matching) => {
                both = matching.map(|resource| resource.path()).join(" and ");
                "several entries of the bundle match the reference"
            }
            Resolved::External | Resolved::NotInBundle
                if !is_absolute(text)
                    && logical_id(text).is_none()
                    && !text.starts_with('#')
                    && !text.contains('?') =>
            {
                if self.cx.options.assume_valid_rest_references {
                    return;
                }
                let mut draft = self.draft(
                    &FORMAT,
                    pass,
                    0,
                    at,
                    "the reference is neither Type/id, absolute, urn: nor #id".to_owned(),
                );
                draft.span = at.span();
                draft.severity = Severity::Error;
                self.emit(draft);
                return;
            }
            Resolved::External if self.cx.options.check_references && self.in_parameters(at, text) => {
                "no parameter holds this resource"
            }
            _ => return,
        };
        let mut draft = self.draft(&UNRESOLVED, pass, 0, at, says.to_owned());
        draft.span = at.span();
        if !both.is_empty() {
            draft.notes.push(format!("both are called so: {both}"));
        }
        self.emit(draft);
    }

    /// What is wrong with the form of a reference, whatever it leads to.
    fn form_fault(&self, text: &str) -> Option<String> {
        if text.contains(char::is_whitespace) && (is_absolute(text) || logical_id(text).is_some()) {
            return Some("a reference holds no white space".to_owned());
        }
        if is_absolute(text) || text.starts_with('#') || self.cx.options.assume_valid_rest_references {
            return None;
        }
        // A relative reference begins with the type of its target.
        let (ty, _) = text.split_once('/').filter(|(ty, id)| !ty.is_empty() && !id.is_empty())?;
        let is_name = ty.bytes().all(|b| b.is_ascii_alphabetic()) && ty.starts_with(|c: char| c.is_ascii_uppercase());
        (is_name && self.cx.plans.of_resource(self.release(), names::intern(ty)).is_none())
            .then(|| "a relative reference is the type of a resource and its id, and FHIR has no such type".to_owned())
    }

    /// R4: the type that a reference states is that of the reference and of what it leads to (FHIR R4, Reference.type).
    fn reference_type(&mut self, at: Element<'t>, pass: Pass<'_>, text: &str) {
        let Some(stated) = at.child(names::TYPE) else { return };
        let Some(said) = stated.value() else { return };
        let held = self.message.resolve(at, text).target().map(|target| names::text(target.type_id()));
        let named = logical_id(text).map(|(_, ty, _)| ty);
        let named = named.filter(|ty| self.cx.plans.of_resource(self.release(), names::intern(ty)).is_some());
        let Some(found) = held.or(named) else { return };
        let bare = said.rsplit('/').next().unwrap_or(said);
        if bare == found {
            return;
        }
        let says = format!("the type stated is not that of the target, which is a {}", names::intern(found));
        let draft = self.draft(&TARGET, pass, 0, stated, says);
        self.emit(draft);
    }

    /// Whether a relative reference stands in a resource among Parameters, where its target should be.
    fn in_parameters(&self, at: Element<'t>, text: &str) -> bool {
        self.message.root().type_id() == names::T_PARAMETERS
            && at.root_resource().name_id() == names::RESOURCE
            && !is_absolute(text)
    }

    /// Target types and profiles, and aggregation.
    pub(super) fn targets(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        let definition = &pass.plan.nodes[node as usize];
        let Some(text) = at.text(names::REFERENCE) else { return };
        let Some(of_reference) = definition.types.iter().find(|t| t.code == names::T_REFERENCE) else { return };
        let (targets, modes) = (of_reference.targets.as_slice(), of_reference.aggregation.as_slice());
        let resolved = self.message.resolve(at, text);
        self.aggregation(at, pass, node, modes, resolved);
        if targets.is_empty() || targets.iter().any(|t| t.ends_with("/Resource")) {
            return;
        }
        match resolved.target() {
            Some(target) => self.target_meets(at, pass, node, targets, target),
            None => {
                if let Some((_, ty, _)) = logical_id(text) {
                    self.target_type(at, pass, node, targets, ty);
                }
                self.target_unseen(at, pass, node, targets);
            }
        }
    }

    /// A target that must meet a profile and is not at hand: not assessed, or said when references are to be checked.
    fn target_unseen(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, targets: &[String]) {
        let profiled = targets.iter().all(|t| self.cx.plans.of(self.release(), t).is_some_and(|p| p.constraint));
        if pass.origin == Origin::Base || !profiled {
            return;
        }
        self.skip("reference-target", Canonical::of_definition(&pass.plan.nodes[node as usize].id));
        if self.cx.options.check_references && !self.cx.options.assume_valid_rest_references {
            let says = format!("the target is not at hand, so it cannot be shown to meet {}", targets.join(" or "));
            let mut draft = self.draft(&UNRESOLVED, pass, node, at, says);
            draft.span = at.span();
            self.emit(draft);
        }
    }

    fn aggregation(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, modes: &[String], resolved: Resolved<'t>) {
        if modes.is_empty() {
            return;
        }
        let held = match resolved {
            Resolved::Contained(_) => "contained",
            Resolved::Bundled(_) => "bundled",
            Resolved::External | Resolved::NotInBundle => "referenced",
            _ => return,
        };
        let fits = modes.iter().any(|m| m == held || (m == "referenced" && held == "bundled"));
        if !fits {
            let says = format!(
                "the target is {held}, and {} must be {}",
                pass.plan.nodes[node as usize].path,
                modes.join(" or ")
            );
            let mut draft = self.draft(&AGGREGATION, pass, node, at, says);
            draft.span = at.span();
            self.emit(draft);
        }
    }

    /// Type named by the reference text against the targets.
    fn target_type(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, targets: &[String], ty: &str) {
        let ty = names::intern(ty);
        if self.cx.plans.of_resource(self.release(), ty).is_none() {
            return;
        }
        let mut allowed = Vec::new();
        for url in targets {
            let Some(plan) = self.cx.plans.of(self.release(), url) else {
                self.skip("profile", url.clone());
                return;
            };
            if self.cx.plans.derives(self.release(), ty, plan.ty) {
                return;
            }
            allowed.push(names::text(plan.ty));
        }
        allowed.dedup();
        let says = format!(
            "{} leads to a {ty} where {} is allowed",
            pass.plan.nodes[node as usize].path,
            allowed.join(" or ")
        );
        let mut draft = self.draft(&TARGET, pass, node, at, says);
        draft.span = at.span();
        self.emit(draft);
    }

    /// The target must meet one of the profiles.
    fn target_meets(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, targets: &[String], target: Element<'t>) {
        let mut allowed = Vec::new();
        let mut reasons = Vec::new();
        let mut tried = false;
        for url in targets {
            let Some(plan) = self.cx.plans.of(self.release(), url) else {
                self.dependency_missing(at, pass, node, url);
                return;
            };
            allowed.push(names::text(plan.ty));
            if !self.cx.plans.derives(self.release(), target.type_id(), plan.ty) {
                continue;
            }
            if !plan.constraint {
                return;
            }
            tried = true;
            let (met, why) = self.conforms(target, &plan);
            if met {
                return;
            }
            reasons.extend(
                why.into_iter()
                    .filter(|d| d.severity.reaches(Severity::Error))
                    .map(|d| format!("{}: {}", d.path, d.says)),
            );
        }
        allowed.dedup();
        let path = &pass.plan.nodes[node as usize].path;
        // One resource at fault is one finding, however many references lead to it.
        if tried {
            let what = (target.id(), targets.join(" "));
            if !self.blamed.insert(what.clone()) {
                return;
            }
            self.next_is_once(Once::Blamed(what.0, what.1));
        }
        let says = if !tried {
            format!("{path} leads to a {} where {} is allowed", names::text(target.type_id()), allowed.join(" or "))
        } else {
            format!("the target of {path} meets none of {}", targets.join(", "))
        };
        let mut draft = self.draft(&TARGET, pass, node, at, says);
        draft.span = at.span();
        draft.notes.extend(reasons.into_iter().take(6));
        self.emit(draft);
    }
}
