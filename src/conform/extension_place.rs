//! Where an extension may stand: elements, other extensions, FHIRPath, and invariants of the place.

use std::borrow::Cow;
use std::sync::Arc;

use super::ahead::Once;
use super::checker::{Checker, Pass};
use super::extension::CONTEXT;
use super::host::MessageHost;
use super::specification::PROFILE_AT_FAULT;
use crate::fhirpath::{self, Env, Program, Value};
use crate::finding::Origin;
use crate::pack::model::ExtensionContext;
use crate::plan::Plan;
use crate::text::Canonical;
use crate::tree::{Element, flags, names};
use crate::uk::profiles::STANDARDS;

/// Members of an ElementDefinition whose values describe other elements: what stands there is not in its own place.
const VALUES_OF_OTHERS: &[&str] = &["fixed", "pattern", "defaultValue", "example", "minValue", "maxValue"];

impl<'t> Checker<'_, 't> {
    /// An extension against the contexts of its definition. Findings are said of the element that carries it.
    pub(super) fn extension_place(&mut self, at: Element<'t>, plan: &Arc<Plan>) {
        let Some(parent) = at.parent() else { return };
        if plan.contexts.is_empty() && plan.context_invariants.is_empty() || describes_another(parent) {
            return;
        }
        // FHIR's own definitions carry extensions in places that their contexts, as published with them, leave out.
        if plan.url.starts_with(super::extension::CORE) && names::text(at.resource().type_id()) == "StructureDefinition"
        {
            self.skip("extension-context", &*plan.url);
            return;
        }
        let mut undecided = false;
        let fits = plan.contexts.iter().any(|c| match self.context_fits(parent, c) {
            Some(fits) => fits,
            None => {
                undecided = true;
                false
            }
        });
        if !fits && undecided {
            self.skip("extension-context", &*plan.url);
        } else if !fits && !plan.contexts.is_empty() && !self.fits_later(parent, plan) {
            if plan.contexts.iter().all(|c| c.kind == ExtensionContext::NOWHERE) {
                let says = format!("{} is for other versions of FHIR, and may stand nowhere in this one", plan.url);
                self.misplaced(at, parent, plan, says);
                return;
            }
            let places: Vec<&str> = plan.contexts.iter().map(|c| c.expression.as_str()).collect();
            self.misplaced(at, parent, plan, format!("{} may stand on {} only", plan.url, places.join(", ")));
            return;
        }
        for invariant in &plan.context_invariants {
            let Some(program) = self.context_program(invariant) else { continue };
            let host = MessageHost::new(self.cx, self.message);
            let variables = [("extension", at)];
            let env = Env { variables: &variables, ..Env::default() };
            if let Ok(fhirpath::Outcome::False) = program.test(parent, &env, &host) {
                self.misplaced(at, parent, plan, format!("{} may stand only where {invariant}", plan.url));
            }
        }
    }

    /// Whether a later edition of the definition allows the place: HL7 widens where its extensions may stand.
    fn fits_later(&self, parent: Element<'t>, plan: &Plan) -> bool {
        let later = self.cx.plans.catalogue().later_structure(self.release(), &plan.url);
        later.is_some_and(|later| later.contexts.iter().any(|c| self.context_fits(parent, c) != Some(false)))
    }

    /// Outside its context. Where the resource's own profile puts the extension just there, the two definitions
    /// contradict each other, and the supplier is not to blame.
    fn misplaced(&mut self, at: Element<'t>, parent: Element<'t>, plan: &Plan, says: String) {
        if let Some(profile) = self.profile_that_asks(at, plan) {
            self.skip("extension-context", &*plan.url);
            if self.asking > 0 || self.at_fault.insert(plan.canonical()) {
                self.next_is_once(Once::Fault(plan.canonical()));
                let mut draft = self.draft(
                    &PROFILE_AT_FAULT,
                    Pass { plan, origin: Origin::Specification },
                    0,
                    at,
                    format!("{says}, but {profile} puts it here"),
                );
                draft.span = at.span();
                self.emit(draft);
            }
            return;
        }
        let mut draft = self.draft(&CONTEXT, Pass { plan, origin: Origin::Base }, 0, at, says);
        draft.span = at.span();
        draft.path = parent.path();
        self.emit(draft);
    }

    /// A profile that has this extension at this path: one that the resource claims, or that a standard publishes for its type.
    fn profile_that_asks(&self, at: Element<'t>, plan: &Plan) -> Option<String> {
        let resource = at.resource();
        let mut path = vec![names::text(at.base_id())];
        let mut up = at.parent();
        while let Some(element) = up.filter(|e| *e != resource) {
            path.push(names::text(element.base_id()));
            up = element.parent();
        }
        path.push(names::text(resource.type_id()));
        path.reverse();
        let path = path.join(".");
        let claimed = resource.child(names::META).into_iter().flat_map(|meta| meta.named(names::PROFILE));
        let claimed = claimed.filter_map(Element::value).map(Cow::Borrowed);
        // Where nothing that is claimed decides, what the standards publish for this type does.
        let ty = names::text(resource.type_id());
        let published = STANDARDS.iter().filter(|(_, release, _)| *release == self.release());
        let published = published.map(|(_, _, template)| Cow::Owned(template.replace("{}", ty)));
        claimed.chain(published).find_map(|url| {
            let profile = self.cx.plans.of(self.release(), &url)?;
            let asks = |n: &crate::plan::Node| {
                n.types.iter().any(|t| t.profiles.iter().any(|p| **p == *plan.url)) && n.path.replace("[x]", "") == path
            };
            profile.nodes.iter().any(asks).then(|| profile.url.to_string())
        })
    }

    fn context_program(&mut self, expression: &str) -> Option<Program> {
        let program = Program::compile(expression, self.release()).ok();
        if program.is_none() {
            self.skip("extension-context", Canonical::of_definition(expression));
        }
        program
    }

    /// `None` when it cannot be decided.
    fn context_fits(&self, parent: Element<'t>, context: &ExtensionContext) -> Option<bool> {
        let wanted = context.expression.as_str();
        match context.kind.as_str() {
            "extension" => {
                let bare = wanted.split(['#', '|']).next().unwrap_or(wanted);
                Some(parent.text(names::URL).is_some_and(|u| u.split('|').next() == Some(bare)))
            }
            "fhirpath" => self.selected(parent, wanted),
            ExtensionContext::NOWHERE => Some(false),
            // STU3 kinds that need a mapping or a profile element id are decided by their path.
            _ => Some(wanted.split(',').any(|one| self.element_fits(parent, one.trim()))),
        }
    }

    /// Whether the expression, evaluated at the resource, selects the element.
    fn selected(&self, parent: Element<'t>, expression: &str) -> Option<bool> {
        let program = Program::compile(expression, self.release()).ok()?;
        let host = MessageHost::new(self.cx, self.message);
        let env = Env::default();
        let found = program.evaluate(parent.resource(), &env, &host).ok()?;
        let hit = found.iter().any(|item| matches!(item, Value::Element(e) if e.id() == parent.id()));
        Some(hit)
    }

    /// Whether `Type.path` names the element, by any of its types on the way up.
    fn element_fits(&self, parent: Element<'t>, wanted: &str) -> bool {
        let wanted = wanted.split('#').next_back().unwrap_or(wanted);
        match wanted {
            "Element" | "*" | "Any" | "Base" => return true,
            "Resource" => return parent.is_resource(),
            // Interfaces of later releases: what has a URL and a version of its own, and a status.
            "CanonicalResource" | "MetadataResource" => return self.is_canonical(parent),
            _ => {}
        }
        let release = self.release();
        let is_a = |e: Element<'t>, ty: &str| {
            e.type_id() != names::OTHER && self.cx.plans.derives(release, e.type_id(), names::intern(ty))
        };
        let (head, rest) = wanted.split_once('.').unwrap_or((wanted, ""));
        owners(parent, rest)
            .iter()
            .any(|at| is_a(*at, head) || (at.node().is(flags::CHOICE) && names::text(at.type_id()) == head))
    }

    fn is_canonical(&self, at: Element<'t>) -> bool {
        at.is_resource()
            && self.cx.plans.of_resource(self.release(), at.type_id()).is_some_and(|plan| {
                [names::URL, names::VERSION, names::STATUS].iter().all(|name| plan.group(0, *name).is_some())
            })
    }
}

/// The elements of which `at` is the child named by `path`, choices counting as one. An element that nests in itself
/// (`item.item`) is defined once, so that each level is that element.
fn owners<'t>(at: Element<'t>, path: &str) -> Vec<Element<'t>> {
    if path.is_empty() {
        return vec![at];
    }
    let (before, last) = path.rsplit_once('.').unwrap_or(("", path));
    let name = last.trim_end_matches("[x]");
    let fits = names::text(at.base_id()) == name || at.name() == name;
    let Some(up) = at.parent().filter(|_| fits) else { return Vec::new() };
    let mut out = owners(up, before);
    if up.base_id() == at.base_id() && up.type_id() == names::T_BACKBONE_ELEMENT {
        out.extend(owners(up, path));
    }
    out
}

fn describes_another(parent: Element<'_>) -> bool {
    let mut at = Some(parent);
    while let Some(element) = at {
        let up = element.parent();
        if up.is_some_and(|u| names::text(u.type_id()) == "ElementDefinition")
            && VALUES_OF_OTHERS.contains(&names::text(element.base_id()))
        {
            return true;
        }
        at = up;
    }
    false
}
