//! Value sets and concept maps sent as messages: systems, filters and codes that can be used.

use super::checker::{Checker, excerpt};
use crate::finding::{Example, Meta};
use crate::message::is_absolute;
use crate::terminology::snomed::{Ecl, Sctid};
use crate::terminology::{Answer, Coded, Lookup};
use crate::tree::{Element, names};

/// Composition at fault.
pub static COMPOSITION: Meta = Meta {
    id: "HM0152",
    name: "value-set-composition",
    title: "the value set names a system or a filter that cannot be used",
    issue: "business-rule",
    basis: "FHIR, ValueSet.compose; properties and filters of code systems",
    criterion: "COD-2",
    why: "The value set cannot be expanded: nobody knows which codes it holds.",
    remedy: "Name code systems by their canonical URL, and filter by properties, operators and values that the code system defines.",
    examples: &[
        Example::bad(
            "a relative system",
            r#"{"resourceType": "ValueSet", "url": "https://hospital.test/ValueSet/wards", "status": "active", "compose": {"include": [«{"system": "wards"}»]}}"#,
        ),
        Example::bad(
            "an expression that is none",
            r#"{"resourceType": "ValueSet", "url": "https://hospital.test/ValueSet/wards", "status": "active", "compose": {"include": [{"system": "http://snomed.info/sct", "filter": [«{"property": "constraint", "op": "=", "value": "<< and"}»]}]}}"#,
        ),
        Example::good(
            "descendants of a concept",
            r#"{"resourceType": "ValueSet", "url": "https://hospital.test/ValueSet/wards", "status": "active", "compose": {"include": [{"system": "http://snomed.info/sct", "filter": [{"property": "concept", "op": "is-a", "value": "404684003"}]}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Mapped code at fault.
pub static MAPPED: Meta = Meta {
    id: "HM0153",
    name: "concept-map-code",
    title: "the map translates a code that its source does not hold",
    issue: "business-rule",
    basis: "FHIR, ConceptMap.source, ConceptMap.group.element.code",
    criterion: "COD-2",
    why: "The translation is never used, or the code is misspelt and the right one is not translated.",
    remedy: "Correct the code, or the value set that the map names as its source.",
    examples: &[
        Example::bad(
            "no such gender",
            r#"{"resourceType": "ConceptMap", "status": "active", "sourceUri": "http://hl7.org/fhir/ValueSet/administrative-gender", "group": [{"source": "http://hl7.org/fhir/administrative-gender", "target": "https://hospital.test/sex", "element": [{"code": "«M»", "target": [{"code": "1"}]}]}]}"#,
        ),
        Example::good(
            "a gender",
            r#"{"resourceType": "ConceptMap", "status": "active", "sourceUri": "http://hl7.org/fhir/ValueSet/administrative-gender", "group": [{"source": "http://hl7.org/fhir/administrative-gender", "target": "https://hospital.test/sex", "element": [{"code": "male", "target": [{"code": "1"}]}]}]}"#,
        ),
    ],
    ..Meta::NEW
};

const SNOMED: &str = "http://snomed.info/sct";

impl<'t> Checker<'_, 't> {
    /// One ValueSet.
    pub(super) fn value_set(&mut self, at: Element<'t>) {
        let Some(compose) = at.get("compose") else { return };
        for part in compose.all("include").chain(compose.all("exclude")) {
            let system = part.text(names::SYSTEM).unwrap_or("");
            if !system.is_empty() && !is_absolute(system) {
                let says = "the system of a value set must be an absolute URI".to_owned();
                self.composition(part, says);
                continue;
            }
            for filter in part.all("filter") {
                if let Some(says) = self.filter_fault(filter, system) {
                    self.composition(filter, says);
                }
            }
        }
    }

    fn composition(&mut self, at: Element<'t>, says: String) {
        let draft = self.plain(&COMPOSITION, at, at.span(), says);
        self.emit(draft);
    }

    fn filter_fault(&self, filter: Element<'t>, system: &str) -> Option<String> {
        let property = filter.get("property")?.value()?;
        let op = filter.get("op").and_then(Element::value).unwrap_or("");
        let value = filter.text(names::VALUE).unwrap_or("");
        if system == SNOMED {
            return snomed_filter(property, op, value).map(str::to_owned);
        }
        if matches!(property, "notSelectable" | "inactive") && op == "=" && !matches!(value, "true" | "false") {
            return Some("a filter by this property has the value true or false".to_owned());
        }
        let held = self.cx.sets.system(self.release(), system)?;
        let ty = held.property_type(property)?;
        if !matches!(op, "=" | "in" | "not-in") {
            return None;
        }
        match ty {
            "boolean" if !matches!(value, "true" | "false") => {
                Some("a filter by this property has the value true or false".to_owned())
            }
            "Coding" => match value.split_once('#') {
                None => Some("a filter by this property has a value of the form system#code".to_owned()),
                Some((url, code)) if self.cx.sets.display_of(self.release(), url, code) == Lookup::NoCode => {
                    Some("the code system that the filter names has no such code".to_owned())
                }
                Some(_) => None,
            },
            _ => None,
        }
    }

    /// One ConceptMap: source codes against the source value set.
    pub(super) fn concept_map(&mut self, at: Element<'t>) {
        let source = at.child(names::intern("source")).or_else(|| at.get("sourceScope"));
        let set = source.and_then(|s| s.value().or_else(|| s.text(names::REFERENCE))).unwrap_or("");
        if set.is_empty() {
            return;
        }
        for group in at.all("group") {
            let system = group.child(names::intern("source")).and_then(Element::value).unwrap_or("");
            for element in group.all("element") {
                let Some(code) = element.child(names::CODE) else { continue };
                let Some(text) = code.value() else { continue };
                let coded = Coded { system: Some(system), code: text };
                match self.cx.sets.contains(self.release(), set, coded) {
                    Answer::Out => {
                        let says = "the value set that the map names as its source does not hold this code";
                        let mut draft = self.plain(&MAPPED, code, code.mark(), says);
                        draft.excerpt = excerpt(code);
                        self.emit(draft);
                    }
                    Answer::Unknown(what, canonical) => self.skip(what, canonical),
                    Answer::In => {}
                }
            }
        }
    }
}

/// What is wrong with a filter of SNOMED CT, as FHIR defines them.
fn snomed_filter(property: &str, op: &str, value: &str) -> Option<&'static str> {
    match property {
        "concept" if matches!(op, "is-a" | "descendent-of" | "=") => {
            Sctid::parse(value).is_err().then_some("a filter by concept has a SNOMED CT identifier")
        }
        "constraint" | "expression" => {
            Ecl::parse(value).is_err().then_some("the expression constraint cannot be read as ECL")
        }
        _ if Sctid::parse(property).is_ok() => {
            (!matches!(op, "=" | "in")).then_some("a filter by a SNOMED CT attribute has the operator = or in")
        }
        _ => None,
    }
}
