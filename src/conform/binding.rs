//! Coded values: in the value set, in the code system, with the right display.

use super::ahead::Once;
use super::checker::{Checker, Pass, excerpt};
use crate::finding::{Dimension, Example, Explained, Fix, Meta, ONE_CODING, Origin, Severity};
use crate::plan::Strength;
use crate::terminology::{Answer, Coded, DMD, Displays, SNOMED, Sets};
use crate::text::{Canonical, sanitise};
use crate::tree::{Element, names};

/// Required binding missed.
pub static REQUIRED: Meta = Meta {
    id: "HM0115",
    name: "code-not-in-required-value-set",
    title: "the code is not in the value set the profile requires",
    issue: "code-invalid",
    basis: "FHIR, ElementDefinition.binding, strength required",
    criterion: "INT-1",
    why: "Receivers switch on this code; one they do not know is refused or ignored.",
    remedy: "Send a code of the value set named; hallmark explain lists it. Local codes go into a further coding where the element allows one.",
    explains: &[Explained::here("HM0340"), Explained::here("HM0354")],
    examples: &[
        Example::bad("a gender FHIR does not know", r#"{"resourceType": "Patient", "gender": "«M»"}"#)
            .says("the value set has: female, male, other, unknown"),
        Example::good("one it knows", r#"{"resourceType": "Patient", "gender": "male"}"#),
    ],
    ..Meta::NEW
};

/// Extensible binding missed.
pub static EXTENSIBLE: Meta = Meta {
    id: "HM0116",
    name: "code-not-in-extensible-value-set",
    title: "the code is not in the value set the profile asks for",
    severity: Severity::Warning,
    issue: "code-invalid",
    basis: "FHIR, ElementDefinition.binding, strength extensible or preferred",
    criterion: "INT-2",
    why: "Another code may be right where the value set has none that fits; otherwise receivers miss the meaning.",
    remedy: "Use a code of the value set where one fits; keep a local code beside it.",
    examples: &[
        Example::bad(
            "a local code alone",
            r#"{"resourceType": "Patient", "maritalStatus": «{"coding": [{"system": "https://hospital.test/marital", "code": "1"}]}»}"#,
        ),
        Example::good("no coding", r#"{"resourceType": "Patient", "maritalStatus": {"text": "single"}}"#),
    ],
    ..Meta::NEW
};

/// Code of a later edition.
pub static LATER: Meta = Meta {
    id: "HM0163",
    name: "code-of-later-edition",
    title: "the code is in a later edition of the value set than the release brought",
    severity: Severity::Information,
    dimension: Dimension::Timeliness,
    issue: "code-invalid",
    basis: "FHIR, binding to a value set; HL7 Terminology, published apart from FHIR's releases",
    criterion: "COD-2",
    why: "Receivers that load the edition of the release alone do not know the code.",
    remedy: "Keep the code where the receiver loads HL7 Terminology; else send one that the release's own edition has.",
    examples: &[
        Example::bad(
            "a marital status that HL7 Terminology added",
            r#"{"resourceType": "Patient", "maritalStatus": «{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "C"}]}»}"#,
        )
        .r4(),
        Example::good(
            "one that R4 brought",
            r#"{"resourceType": "Patient", "maritalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// Code withdrawn.
pub static WITHDRAWN: Meta = Meta {
    id: "HM0155",
    name: "code-withdrawn",
    title: "the code system has withdrawn the code",
    severity: Severity::Warning,
    dimension: Dimension::Timeliness,
    issue: "business-rule",
    basis: "FHIR, CodeSystem concept properties inactive, deprecated and status",
    criterion: "COD-2",
    why: "A withdrawn code was found wrong or was replaced; receivers that load current codes do not know it.",
    remedy: "Send the code that took its place.",
    examples: &[
        Example::bad(
            "a form of tablet that was a duplicate",
            r#"{"resourceType": "Medication", "form": {"coding": [{"system": "http://hl7.org/fhir/v3/orderableDrugForm", "code": "«ERECCAP»"}]}}"#,
        ),
        Example::good(
            "the one that is kept",
            r#"{"resourceType": "Medication", "form": {"coding": [{"system": "http://hl7.org/fhir/v3/orderableDrugForm", "code": "ERENTCAP"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Code not in its system.
pub static CODE: Meta = Meta {
    id: "HM0117",
    name: "code-unknown-in-system",
    title: "the code is not in the code system it names",
    issue: "code-invalid",
    basis: "FHIR, Coding.code: a symbol defined by the system",
    criterion: "COD-2",
    why: "Nobody can say what the code means.",
    remedy: "Check the code against the system and its version; correct the system if the code belongs to another.",
    examples: &[
        Example::bad(
            "no such marital status",
            r#"{"resourceType": "Patient", "maritalStatus": {"coding": [{"system": "http://hl7.org/fhir/v3/MaritalStatus", "code": "«ZZ»"}]}}"#,
        ),
        Example::good(
            "married",
            r#"{"resourceType": "Patient", "maritalStatus": {"coding": [{"system": "http://hl7.org/fhir/v3/MaritalStatus", "code": "M"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Display of another meaning.
pub static DISPLAY: Meta = Meta {
    id: "HM0118",
    name: "display-not-of-code",
    title: "the display is not one of the code's",
    issue: "invalid",
    basis: "FHIR, Coding.display: a representation defined by the system",
    criterion: "COD-2",
    why: "People read the display, machines the code: when they differ, a patient may be treated for either.",
    fix: "writes the code system's display, where that is one of FHIR or its UK standards and no clinical term",
    remedy: "Send the display that the code system gives, unchanged; put other wording into CodeableConcept.text.",
    examples: &[
        Example::bad(
            "another word",
            r#"{"resourceType": "Patient", "maritalStatus": {"coding": [{"system": "http://hl7.org/fhir/v3/MaritalStatus", "code": "M", "display": "«Single»"}]}}"#,
        ),
        Example::good(
            "the right one",
            r#"{"resourceType": "Patient", "maritalStatus": {"coding": [{"system": "http://hl7.org/fhir/v3/MaritalStatus", "code": "M", "display": "Married"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// System that is none.
pub static SYSTEM: Meta = Meta {
    id: "HM0119",
    name: "coding-system-not-usable",
    title: "the coding's system cannot be a code system",
    issue: "code-invalid",
    basis: "FHIR, Coding.system: an absolute URI of a code system",
    criterion: "COD-2",
    why: "Without a system nobody can say what the code means.",
    remedy: "Send the canonical URI of the code system, not of a value set, and not a relative one.",
    examples: &[
        Example::bad(
            "a relative system",
            r#"{"resourceType": "Patient", "maritalStatus": {"coding": [{"system": "«local»", "code": "M"}]}}"#,
        ),
        Example::good("no system", r#"{"resourceType": "Patient", "maritalStatus": {"text": "married"}}"#),
    ],
    ..Meta::NEW
};

/// A profile that binds to a value set with an operator nobody knows at the end of its filter.
const FAULTY: &[&str] = &[
    r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/Asthma", "name": "Asthma", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Condition", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Condition", "derivation": "constraint", "differential": {"element": [{"id": "Condition", "path": "Condition"}, {"id": "Condition.code", "path": "Condition.code", "binding": {"strength": "required", "valueSet": "https://hospital.test/ValueSet/asthma"}}]}}"#,
    r#"{"resourceType": "ValueSet", "url": "https://hospital.test/ValueSet/asthma", "name": "Asthma", "status": "active", "compose": {"include": [{"system": "http://snomed.info/sct", "filter": [{"property": "constraint", "op": "=", "value": "195967001 |Asthma"}]}]}}"#,
];

/// Value set read with mercy.
pub static READ_AS: Meta = Meta {
    id: "HM0165",
    name: "value-set-filter-malformed",
    title: "a filter of a value set is malformed, and was read as its author most likely meant it",
    severity: Severity::Warning,
    issue: "business-rule",
    basis: "FHIR, ValueSet.compose.include.filter; SNOMED CT, Expression Constraint Language 2.2",
    criterion: "INT-1",
    why: "Another reader may take the filter for something else, or for nothing, and judge the same code otherwise.",
    remedy: "Ask the owner of the value set to publish it anew; nothing needs to change in the message.",
    examples: &[
        Example::bad(
            "a term that is not closed",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": «{"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}»}"#,
        )
        .r4()
        .against("https://hospital.test/StructureDefinition/Asthma")
        .holding(FAULTY)
        .says("is read as"),
        Example::good(
            "no value set asked",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"text": "Test"}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// What cannot be checked: a code of a version of its system that is not the one held.
const VERSION: &str = "code-system-version";

/// Where HL7 publishes code systems on their own, apart from FHIR's releases.
pub(super) const HL7_TERMINOLOGY: &str = "http://terminology.hl7.org/";

impl<'t> Checker<'_, 't> {
    /// A bound element against its value set.
    pub(super) fn binding(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        let Some(binding) = &pass.plan.nodes[node as usize].binding else { return };
        if at.type_id() == names::T_CODE {
            self.bound_to_grammar(at, pass, [&binding.value_set, &binding.max_value_set]);
        }
        let weigh = match binding.strength {
            Strength::Required => &REQUIRED,
            Strength::Extensible => &EXTENSIBLE,
            Strength::Preferred | Strength::Example => return,
        };
        self.against_set(at, pass, node, weigh, &binding.value_set);
        if weigh.id == EXTENSIBLE.id && !binding.max_value_set.is_empty() {
            self.against_set(at, pass, node, &REQUIRED, &binding.max_value_set);
        }
    }

    fn against_set(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, meta: &'static Meta, set: &str) {
        if set.is_empty() {
            return;
        }
        let answer = match at.type_id() {
            names::T_CODEABLE_CONCEPT => self.concept_in(at, set),
            names::T_CODING | names::T_QUANTITY => self.coding_in(at, set),
            _ => match at.value() {
                Some(code) => self.cx.sets.contains(self.release(), set, Coded { system: None, code }),
                None => {
                    if meta.id == REQUIRED.id && at.type_id() == names::T_CODE {
                        let path = &pass.plan.nodes[node as usize].path;
                        let says = format!("{path} has no code, and one from {set} is needed");
                        let draft = self.draft(meta, pass, node, at, says);
                        self.emit(draft);
                    }
                    return;
                }
            },
        };
        self.readings(at, pass, node, set);
        match answer {
            Answer::In => {}
            Answer::InLater => {
                let says =
                    format!("a later edition of {set} has the code; the edition that this release brought has not");
                let draft = self.draft(&LATER, pass, node, at, says);
                self.emit(draft);
            }
            Answer::Unknown(what, canonical) => {
                self.ask(at, set);
                self.skip_answer(what, &canonical);
            }
            Answer::Out => self.not_in_set(at, pass, node, meta, set),
        }
    }

    /// What a value set could not decide. What an index lacks is in words of ours and of definitions; anything else is a URL.
    pub(super) fn skip_answer(&mut self, what: &'static str, canonical: &str) {
        let named =
            if Sets::is_reason(what) { Canonical::of_definition(canonical) } else { Canonical::of_message(canonical) };
        self.skip(what, named);
    }

    /// Notes the codes of an element that a value set could not decide, where that is wanted.
    fn ask(&self, at: Element<'t>, set: &str) {
        let Some(notes) = self.cx.sets.notes().filter(|_| self.asking == 0) else { return };
        let of = |coding: Element<'t>| {
            let coded =
                Coded { system: coding.text(names::SYSTEM), code: coding.text(names::CODE).unwrap_or_default() };
            if let Some(system) = coded.system
                && matches!(self.cx.sets.contains(self.release(), set, coded), Answer::Unknown(..))
            {
                notes.ask(set, system, coded.code, coding.text(names::DISPLAY).unwrap_or_default());
            }
        };
        match at.type_id() {
            names::T_CODEABLE_CONCEPT => at.named(names::CODING).for_each(of),
            names::T_CODING | names::T_QUANTITY => of(at),
            _ => {}
        }
    }

    /// How faulty filters of a value set were read: once a message for each of them.
    fn readings(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, set: &str) {
        if self.asking > 0 {
            return;
        }
        let readings = self.cx.sets.readings(self.release(), set);
        if readings.is_empty() || !self.at_fault.insert(set.to_owned()) {
            return;
        }
        self.next_is_once(Once::Fault(set.to_owned()));
        let says = format!("{} is malformed: {}", sanitise::url(set), sanitise::line(&readings[0]));
        let mut draft = self.draft(&READ_AS, pass, node, at, says);
        draft.origin = Origin::Specification;
        draft.notes.extend(readings.iter().skip(1).take(5).map(|reading| sanitise::line(reading)));
        self.emit(draft);
    }

    fn not_in_set(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, meta: &'static Meta, set: &str) {
        let path = &pass.plan.nodes[node as usize].path;
        let says = if at.type_id() == names::T_CODEABLE_CONCEPT && at.get("coding").is_none() {
            if meta.id == EXTENSIBLE.id && at.child(names::TEXT).is_some() {
                return;
            }
            format!("{path} has no coding, and one from {set} is needed")
        } else if at.type_id() == names::T_CODEABLE_CONCEPT {
            format!("no coding of {path} is in {set}")
        } else {
            format!("{path} is not in {set}")
        };
        let meant = self.meant_system(at, set);
        let says = match &meant {
            Some(system) => format!("{says}: it lists this code, but under the system {}", sanitise::url(system)),
            None => says,
        };
        let mut draft = self.draft(meta, pass, node, at, says);
        draft.excerpt = excerpt(at);
        // Where there is one coding, what is wrong with it is the cause.
        if at.type_id() != names::T_CODEABLE_CONCEPT || at.named(names::CODING).count() == 1 {
            ONE_CODING.clone_into(&mut draft.key);
        }
        draft
            .notes
            .extend(self.cx.sets.sample(self.release(), set, 12).map(|codes| format!("the value set has: {codes}")));
        self.emit(draft);
    }

    /// The system under which a set lists the code of an element (or one of its codings) that was sent under another.
    fn meant_system(&self, at: Element<'t>, set: &str) -> Option<String> {
        let of = |coding: Element<'t>| {
            let sent = coding.text(names::SYSTEM).unwrap_or_default();
            let meant = self.cx.sets.system_in(self.release(), set, coding.text(names::CODE)?)?;
            (meant != sent).then_some(meant)
        };
        match at.type_id() {
            names::T_CODEABLE_CONCEPT => at.named(names::CODING).find_map(of),
            names::T_CODING | names::T_QUANTITY => of(at),
            _ => None,
        }
    }

    /// A concept is in a set when one of its codings is; unknown when none is and one could not be decided.
    pub(super) fn concept_in(&self, at: Element<'t>, set: &str) -> Answer {
        let mut best = Answer::Out;
        for coding in at.named(names::CODING) {
            match self.coding_in(coding, set) {
                Answer::In => return Answer::In,
                Answer::Out => {}
                Answer::InLater => best = Answer::InLater,
                unknown if best != Answer::InLater => best = unknown,
                _ => {}
            }
        }
        best
    }

    /// A Coding or Quantity in a value set.
    pub(super) fn coding_in(&self, at: Element<'t>, set: &str) -> Answer {
        let Some(code) = at.text(names::CODE) else { return Answer::Out };
        let system = at.text(names::SYSTEM).unwrap_or("");
        match self.cx.sets.contains(self.release(), set, Coded { system: Some(system), code }) {
            // Sets and systems change together: by the edition that is held, a code of another one cannot be refused.
            Answer::Out => match self.other_version(at) {
                Some(canonical) => Answer::Unknown(VERSION, canonical),
                None => Answer::Out,
            },
            answer => answer,
        }
    }

    /// The system of a coding that names a version of a held code system which is not the one held.
    fn other_version(&self, at: Element<'t>) -> Option<String> {
        let (system, version) = (at.text(names::SYSTEM)?, at.text(names::VERSION)?);
        let other = self.cx.sets.of_other_version(self.release(), system, version);
        other.then(|| sanitise::url(system))
    }

    /// A coding against the code system it names.
    pub(super) fn coding(&mut self, at: Element<'t>, pass: Pass<'_>) {
        let Some(system) = at.child(names::SYSTEM) else { return };
        let Some(url) = system.value() else { return };
        if !crate::message::is_absolute(url) && !url.starts_with('#') {
            let mut draft = self.draft(&SYSTEM, pass, 0, system, "the system is not an absolute URI".to_owned());
            draft.path = at.path();
            self.emit(draft);
            return;
        }
        if self.cx.sets.system(self.release(), url).is_none()
            && self.cx.plans.catalogue().value_set(self.release(), url).is_some()
        {
            let draft = self.draft(
                &SYSTEM,
                pass,
                0,
                system,
                "the system is the URI of a value set, not of a code system".to_owned(),
            );
            self.emit(draft);
            return;
        }
        let Some(code) = at.child(names::CODE) else { return };
        let Some(text) = code.value() else { return };
        if self.in_grammar(code, pass, url) {
            return;
        }
        let notes = self.cx.sets.notes().filter(|_| self.asking == 0);
        if let Some(notes) = notes {
            notes.see(url, text);
        }
        // The SNOMED CT rules weigh codes and terms by status, kind and history, which a yes or no cannot.
        if (url == SNOMED || url.trim_end_matches('/') == DMD) && self.cx.sets.snomed().is_some() {
            return;
        }
        match self.cx.sets.display_of(self.release(), url, text) {
            not_held @ (crate::terminology::Lookup::NotHeld | crate::terminology::Lookup::Fragment) => {
                match self.cx.sets.answers().of("", url, text) {
                    Some(true) => return,
                    Some(false) => {
                        let says = format!("by a terminology server's answer {} has no such code", sanitise::url(url));
                        let mut draft = self.draft(&CODE, pass, 0, code, says);
                        draft.excerpt = excerpt(code);
                        self.emit(draft);
                        return;
                    }
                    None => {}
                }
                if let Some(notes) = notes {
                    notes.ask("", url, text, at.text(names::DISPLAY).unwrap_or_default());
                }
                let what = if not_held == crate::terminology::Lookup::NotHeld { "code-system" } else { "code" };
                self.skip(what, sanitise::url(url));
            }
            crate::terminology::Lookup::NoCode => {
                if let Some(canonical) = self.other_version(at) {
                    self.skip(VERSION, canonical);
                    return;
                }
                let mut draft = self.draft(&CODE, pass, 0, code, format!("{} has no such code", sanitise::url(url)));
                draft.excerpt = excerpt(code);
                // HL7 Terminology grows between FHIR releases: where no later edition is held, one may have the code.
                if url.starts_with(HL7_TERMINOLOGY) && self.cx.sets.later_system(self.release(), url).is_none() {
                    draft.severity = Severity::Warning;
                }
                self.emit(draft);
            }
            crate::terminology::Lookup::Found(displays) => {
                if let Some(how) = self.cx.sets.withdrawn(self.release(), url, text) {
                    let says = format!("{} holds this code as {how}", sanitise::url(url));
                    let mut draft = self.draft(&WITHDRAWN, pass, 0, code, says);
                    // A deprecated code may still be sent, and some profiles ask for one.
                    if how == "deprecated" {
                        draft.severity = Severity::Information;
                    }
                    self.emit(draft);
                }
                self.display(at, pass, &displays, url, text);
            }
        }
    }

    fn display(&mut self, at: Element<'t>, pass: Pass<'_>, displays: &Displays, system: &str, code: &str) {
        let Some(display) = at.child(names::DISPLAY) else { return };
        let Some(text) = display.value() else { return };
        let folded = |text: &'t str| text.split_whitespace().map(str::to_lowercase);
        let same =
            |d: &str| d == text || d.split_whitespace().map(str::to_lowercase).eq(folded(text)) || fills_in(d, text);
        let Some(preferred) = displays.iter().next().filter(|_| !displays.iter().any(same)) else { return };
        // A later edition may have worded it anew.
        if self.cx.sets.later_display(self.release(), system, code).is_some_and(|later| later.iter().any(same)) {
            return;
        }
        let says = format!("the display is not one of the code's; it should be “{}”", sanitise::line(preferred));
        let mut draft = self.draft(&DISPLAY, pass, 0, display, says);
        draft.excerpt = excerpt(display);
        // What a clinical code means is for whoever sent it to say: the code may be what is wrong.
        if crate::uk::systems::is_administrative(system) {
            draft.mended_by(Fix::published(display.mark(), text, preferred));
        }
        self.emit(draft);
    }
}

/// Whether a text is a display in which each `%s` is filled in, as HL7's messages of servers have them.
fn fills_in(display: &str, text: &str) -> bool {
    let mut parts = display.split("%s");
    let Some(mut rest) = parts.next().and_then(|front| text.strip_prefix(front)) else { return false };
    let mut filled = false;
    for part in parts {
        filled = true;
        let found = if part.is_empty() { Some(rest.len()) } else { rest.find(part) };
        let Some(at) = found else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    filled && rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::fills_in;

    #[test]
    fn displays_with_places_to_fill() {
        for (display, text, fits) in [
            ("No Resource found matching the query \"%s\"", "No Resource found matching the query \"a=1\"", true),
            ("Unknown %s %s", "Unknown type x", true),
            ("Unknown %s", "Not known x", false),
            ("Married", "Married", false),
        ] {
            assert_eq!(fills_in(display, text), fits, "{text}");
        }
    }
}
