//! Extensions: known, in the right place, with the right content.

use super::checker::{Checker, Pass};
use crate::finding::{Example, Explained, Fix, Meta, Origin, Severity};
use crate::pack::known::Meant;
use crate::pack::model::Release;
use crate::plan::Plan;
use crate::text::sanitise;
use crate::tree::{Element, names};

/// Unknown extension.
pub static UNKNOWN: Meta = Meta {
    id: "HM0125",
    name: "extension-unknown",
    title: "nobody defines an extension of this URL",
    issue: "structure",
    basis: "FHIR, extensibility: extensions are defined by a StructureDefinition",
    criterion: "INT-8",
    why: "Receivers cannot know what it means, and drop it.",
    fix: "writes the URL in the case in which it is defined",
    remedy: "Correct the URL; else load the package that defines it with --package, or allow its domain with --extension-domain.",
    explains: &[Explained::below("HM0700")],
    examples: &[
        Example::bad(
            "a URL in another case",
            r#"{"resourceType": "Patient", "extension": [«{"url": "http://hl7.org/fhir/StructureDefinition/patient-birthplace", "valueAddress": {"city": "Test"}}»]}"#,
        )
        .r4(),
        Example::bad(
            "its publisher's definitions are held, and this is none of them",
            r#"{"resourceType": "Patient", "extension": [«{"url": "http://hl7.org/fhir/StructureDefinition/patient-unheardOf", "valueString": "x"}»]}"#,
        ),
        Example::bad(
            "a name of UK Core under another base",
            r#"{"resourceType": "Patient", "extension": [«{"url": "https://hospital.test/Extension-UKCore-EthnicCategory", "valueString": "x"}»]}"#,
        )
        .r4(),
        Example::bad(
            "a modifier that nobody knows may turn the meaning round",
            r#"{"resourceType": "Patient", "modifierExtension": [«{"url": "http://nobody.test/unknown", "valueString": "x"}»]}"#,
        ),
        Example::good(
            "a package that is not held may define it: not assessed",
            r#"{"resourceType": "Patient", "extension": [{"url": "http://nobody.test/unknown", "valueString": "x"}]}"#,
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

impl<'t> Checker<'_, 't> {
    /// One extension.
    pub(super) fn extension(&mut self, at: Element<'t>, pass: Pass<'_>) {
        let Some(url) = at.text(names::URL).filter(|u| !u.is_empty()) else {
            let mut draft = self.draft(&CONTENT, pass, 0, at, "the extension has no url".to_owned());
            draft.span = at.span();
            self.emit(draft);
            return;
        };
        if let Some(inner) = at.child(names::URL).and_then(|u| u.child(names::EXTENSION)) {
            let mut draft = self.draft(&CONTENT, pass, 0, at, "the url of an extension has no extensions".to_owned());
            draft.span = inner.span();
            self.emit(draft);
        }
        if inside_extension(at) {
            self.sub_extension(at, pass, url);
            return;
        }
        let Some(plan) = self.cx.plans.of(self.release(), url) else {
            self.unknown_extension(at, pass, url);
            return;
        };
        if plan.ty != names::T_EXTENSION {
            let draft = self.draft(&CONTENT, pass, 0, at, format!("{} is not an extension", plan.url));
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

    /// An extension that no package held defines. Where what its publisher defines is held, nobody does; elsewhere it
    /// cannot be told, and is not assessed.
    fn unknown_extension(&mut self, at: Element<'t>, pass: Pass<'_>, url: &str) {
        let shown = sanitise::url(url);
        if self.cx.options.extension_domains.iter().any(|d| d == "any" || url.starts_with(d.as_str())) {
            self.skip("extension", shown);
            return;
        }
        let release = self.release();
        let known = self.cx.plans.catalogue().known();
        let owned = known.owns(release, url);
        let meant = known.meant(release, url, true);
        let right = meant.as_deref().and_then(|meant| in_other_case(meant, url));
        let modifier = at.name_id() == names::MODIFIER_EXTENSION;
        let mut severity = UNKNOWN.severity;
        let says = if !crate::message::is_absolute(url) {
            "the url of an extension must be absolute".to_owned()
        } else if let Some(meant) = meant {
            // What a guide defines for one release it may define for another, too, in a package that is not held; FHIR itself is
            // held for both. And a near name may be another publisher's own.
            match &*meant {
                Meant::Release(_, pack) if !owned || !pack.ends_with(".core") => severity = Severity::Information,
                Meant::Release(..) => {}
                Meant::Near(_) if !owned => severity = Severity::Warning,
                Meant::Near(_) | Meant::Base(_) => {}
            }
            format!("no package held defines the extension {shown}{}", elsewhere(&meant))
        } else if is_example(url) {
            format!("the extension {shown} has an address reserved for examples, which nobody can define")
        } else if owned {
            format!(
                "no package held defines the extension {shown}, and the package that defines what stands beside it is held"
            )
        } else if modifier {
            format!("no package held defines the extension {shown}, which may change the meaning of what it stands on")
        } else {
            self.skip("extension", shown);
            return;
        };
        let mut draft = self.draft(&UNKNOWN, pass, 0, at, says);
        draft.span = at.span();
        draft.severity = if modifier { UNKNOWN.severity } else { severity };
        if let Some(right) = right
            && let Some(element) = at.child(names::URL)
        {
            draft.mended_by(Fix::published(element.mark(), url, &right));
        }
        self.emit(draft);
    }

    /// Inside a complex extension the parent's definition names what may stand.
    fn sub_extension(&mut self, at: Element<'t>, pass: Pass<'_>, url: &str) {
        if crate::message::is_absolute(url) {
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
        let Some(top) = outermost(at) else { return };
        let Some(plan) = top.text(names::URL).and_then(|u| self.cx.plans.of(self.release(), u)) else { return };
        let depth_one = at.parent() == Some(top);
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
                "the extension is not a modifier, so it must be in extension"
            };
            let draft = self.draft(&CONTENT, pass, 0, at, says.to_owned());
            self.emit(draft);
        }
    }
}

/// Whether a URL names a host that RFC 2606 keeps for examples.
fn is_example(url: &str) -> bool {
    let host =
        url.split_once("://").map_or("", |(_, rest)| rest).split(['/', ':', '?', '#']).next().unwrap_or_default();
    ["example.org", "example.com", "example.net"]
        .iter()
        .any(|held| host.strip_suffix(held).is_some_and(|front| front.is_empty() || front.ends_with('.')))
}

/// What was meant, as the end of a sentence.
pub(super) fn elsewhere(meant: &Meant) -> String {
    match meant {
        Meant::Release(release, pack) => {
            let name = match release {
                Release::Stu3 => "STU3",
                Release::R4 => "R4",
            };
            format!(" for this release; {pack} defines it for {name}")
        }
        Meant::Base(url) | Meant::Near(url) => format!("; did you mean {url}?"),
    }
}

/// The canonical that was meant, where a URL differs from it in case alone.
pub(super) fn in_other_case(meant: &Meant, url: &str) -> Option<String> {
    match meant {
        Meant::Base(right) | Meant::Near(right) => right.eq_ignore_ascii_case(url).then(|| right.clone()),
        Meant::Release(..) => None,
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
