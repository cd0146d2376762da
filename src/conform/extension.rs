//! Extensions: known, in the right place, with the right content.

use super::checker::{Checker, Pass};
use crate::finding::{Example, Explained, Meta, Origin};
use crate::plan::Plan;
use crate::text::sanitise;
use crate::tree::{Element, names};

/// Unknown extension.
pub static UNKNOWN: Meta = Meta {
    id: "HM0125",
    name: "extension-unknown",
    title: "the extension is not defined in any package held",
    issue: "structure",
    basis: "FHIR, extensibility: extensions are defined by a StructureDefinition",
    criterion: "INT-8",
    why: "Receivers cannot know what it means, and drop it.",
    remedy: "Check the URL; load the package that defines it with --package, or allow its domain with --extension-domain.",
    explains: &[Explained::below("HM0700")],
    examples: &[
        Example::bad(
            "nobody defined it",
            r#"{"resourceType": "Patient", "extension": [«{"url": "http://nobody.test/unknown", "valueString": "x"}»]}"#,
        ),
        Example::good(
            "FHIR defines it",
            r#"{"resourceType": "Patient", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-disability", "valueCodeableConcept": {"text": "x"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Wrong place.
pub static CONTEXT: Meta = Meta {
    id: "HM0126",
    name: "extension-context",
    title: "the extension may not stand here",
    issue: "structure",
    basis: "FHIR, StructureDefinition.context",
    criterion: "INT-1",
    why: "Receivers look for the extension where it is defined, and do not find it here.",
    remedy: "Move the extension to one of the places its definition names.",
    examples: &[
        Example::bad(
            "a Patient extension on a name",
            r#"{"resourceType": "Patient", "name": [{"family": "Test", "extension": [«{"url": "http://hl7.org/fhir/StructureDefinition/patient-disability", "valueCodeableConcept": {"text": "x"}}»]}]}"#,
        ),
        Example::good(
            "on Patient",
            r#"{"resourceType": "Patient", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-disability", "valueCodeableConcept": {"text": "x"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Wrong content.
pub static CONTENT: Meta = Meta {
    id: "HM0127",
    name: "extension-content",
    title: "the extension does not hold what its definition asks for",
    issue: "structure",
    basis: "FHIR, extensibility",
    criterion: "INT-1",
    why: "Receivers cannot read the extension.",
    remedy: "Send the type and the inner extensions that the definition names; hallmark explain prints it.",
    examples: &[
        Example::bad("no url", r#"{"resourceType": "Patient", "extension": [«{"valueString": "x"}»]}"#),
        Example::good(
            "as defined",
            r#"{"resourceType": "Patient", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-disability", "valueCodeableConcept": {"text": "x"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Namespace of the extensions that HL7 itself defines.
pub(super) const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// That, the namespace of its tools, and those that carry elements of one release into another.
const CORES: &[&str] = &[
    CORE,
    "http://hl7.org/fhir/tools/StructureDefinition/",
    "http://hl7.org/fhir/1.0/StructureDefinition/",
    "http://hl7.org/fhir/3.0/StructureDefinition/",
    "http://hl7.org/fhir/4.0/StructureDefinition/",
    "http://hl7.org/fhir/4.3/StructureDefinition/",
    "http://hl7.org/fhir/5.0/StructureDefinition/",
];

impl<'t> Checker<'_, 't> {
    /// One extension.
    pub(super) fn extension(&mut self, at: Element<'t>, pass: Pass<'_>) {
        let Some(url) = at.text(names::URL).filter(|u| !u.is_empty()) else {
            let mut draft = self.draft(&CONTENT, pass, 0, at, "the extension has no url".to_owned());
            draft.span = at.span();
            self.emit(draft);
            return;
        };
        if inside_extension(at) {
            self.sub_extension(at, pass, url);
            return;
        }
        let Some(plan) = self.cx.plans.of(self.release(), url) else {
            self.unknown_extension(at, pass, url);
            return;
        };
        if plan.ty != names::T_EXTENSION {
            let draft = self.draft(&CONTENT, pass, 0, at, format!("{} is no extension", plan.url));
            self.emit(draft);
            return;
        }
        self.extension_once(at, pass, &plan, url);
        if *plan.url == *super::narrative::NARRATIVE_LINK {
            self.narrative_link(at, pass);
        }
        self.extension_place(at, &plan);
        self.modifier(at, pass, &plan);
        self.specification_faults(at, &plan);
        self.profile_root(at, &plan);
    }

    /// The root of a definition may say that the extension stands once on any element.
    fn extension_once(&mut self, at: Element<'t>, pass: Pass<'_>, plan: &Plan, url: &str) {
        let Some(parent) = at.parent().filter(|_| plan.root().max == 1) else { return };
        // Said at the second one, however many follow.
        let mut same = parent.named(at.name_id()).filter(|e| e.text(names::URL) == Some(url));
        if same.next().is_some_and(|first| first != at) && same.next() == Some(at) {
            let says = format!("{} may stand once on an element", plan.url);
            let mut draft = self.draft(&super::cardinality::MAXIMUM, Pass { plan, origin: pass.origin }, 0, at, says);
            draft.path = parent.path();
            draft.span = at.span();
            self.emit(draft);
        }
    }

    fn unknown_extension(&mut self, at: Element<'t>, pass: Pass<'_>, url: &str) {
        let allowed = &self.cx.options.extension_domains;
        // HL7 keeps the extensions of its core namespace in a package of their own, which outgrows every release: one
        // that is not held may well be defined there.
        let core = CORES
            .iter()
            .any(|core| url.strip_prefix(core).is_some_and(|name| !name.is_empty() && !name.contains(['/', '|'])));
        // DICOM names its attributes as extensions and publishes no definitions.
        let dicom = url.starts_with("http://nema.org/");
        if core || dicom || allowed.iter().any(|d| d == "any" || url.starts_with(d.as_str())) {
            self.skip("extension", sanitise::url(url));
            return;
        }
        let says = if crate::message::is_absolute(url) {
            format!("no package held defines the extension {}", sanitise::url(url))
        } else {
            "the url of an extension must be absolute".to_owned()
        };
        let mut draft = self.draft(&UNKNOWN, pass, 0, at, says);
        draft.span = at.span();
        self.emit(draft);
    }

    /// Inside a complex extension the parent's definition names what may stand.
    fn sub_extension(&mut self, at: Element<'t>, pass: Pass<'_>, url: &str) {
        let Some(top) = outermost(at) else { return };
        let Some(plan) = top.text(names::URL).and_then(|u| self.cx.plans.of(self.release(), u)) else { return };
        let depth_one = at.parent() == Some(top);
        let known = crate::message::is_absolute(url);
        if known {
            // An absolute URL inside an extension is an extension of its own.
            match self.cx.plans.of(self.release(), url) {
                Some(own) if own.ty == names::T_EXTENSION => {
                    self.extension_place(at, &own);
                    self.profile_root(at, &own);
                }
                _ => self.unknown_extension(at, pass, url),
            }
            return;
        }
        let Some(group) = plan.group(0, names::EXTENSION).filter(|_| depth_one) else { return };
        let defined = group.slices.iter().any(|&s| {
            let fixed = plan.group(s, names::URL).and_then(|g| plan.nodes[g.node as usize].fixed.as_ref());
            fixed.is_none_or(|f| super::datum::text(&f.value) == url)
        });
        if !group.slices.is_empty() && !defined {
            let says = format!("{} defines no inner extension of this url", plan.url);
            let mut draft = self.draft(&CONTENT, Pass { plan: &plan, origin: Origin::Base }, group.node, at, says);
            draft.span = at.span();
            self.emit(draft);
        }
    }

    fn modifier(&mut self, at: Element<'t>, pass: Pass<'_>, plan: &Plan) {
        let as_modifier = at.name_id() == names::MODIFIER_EXTENSION;
        let defined = plan.root().is_modifier;
        if as_modifier != defined {
            let says = if defined {
                "the extension changes meaning, so it must be a modifierExtension"
            } else {
                "the extension is no modifier, so it must be in extension"
            };
            let draft = self.draft(&CONTENT, pass, 0, at, says.to_owned());
            self.emit(draft);
        }
    }
}

fn inside_extension(at: Element<'_>) -> bool {
    at.parent().is_some_and(|p| p.type_id() == names::T_EXTENSION)
}

fn outermost(at: Element<'_>) -> Option<Element<'_>> {
    let mut top = at.parent()?;
    while let Some(up) = top.parent().filter(|p| p.type_id() == names::T_EXTENSION) {
        top = up;
    }
    Some(top)
}
