//! Value sets and concept maps sent as messages: systems, filters and codes that can be used.

use super::checker::{Checker, excerpt};
use crate::finding::{Example, Meta};
use crate::message::is_absolute;
use crate::terminology::SNOMED;
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
    title: "the map names a code that its source or target does not hold",
    issue: "business-rule",
    basis: "FHIR, ConceptMap.source, ConceptMap.group.element.code and target.code",
    criterion: "COD-2",
    why: "The translation is never used, or the code is misspelt and the right one is not translated.",
    remedy: "Correct the code, or the value set that the map names as its source.",
    examples: &[
        Example::bad(
            "no such gender",
            r#"{"resourceType": "ConceptMap", "status": "active", "sourceUri": "http://hl7.org/fhir/ValueSet/administrative-gender", "group": [{"source": "http://hl7.org/fhir/administrative-gender", "target": "https://hospital.test/sex", "element": [{"code": "«M»", "target": [{"code": "1"}]}]}]}"#,
        ),
        Example::bad(
            "no such target",
            r#"{"resourceType": "ConceptMap", "status": "active", "group": [{"source": "https://hospital.test/sex", "target": "http://hl7.org/fhir/administrative-gender", "element": [{"code": "1", "target": [{"code": "«M»", "equivalence": "equal"}]}]}]}"#,
        )
        .r4(),
        Example::good(
            "a gender",
            r#"{"resourceType": "ConceptMap", "status": "active", "sourceUri": "http://hl7.org/fhir/ValueSet/administrative-gender", "group": [{"source": "http://hl7.org/fhir/administrative-gender", "target": "https://hospital.test/sex", "element": [{"code": "male", "target": [{"code": "1"}]}]}]}"#,
        ),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// One ValueSet.
    pub(super) fn value_set(&mut self, at: Element<'t>) {
        if let Some(expansion) = at.get("expansion") {
            self.expanded_ids(expansion);
        }
        let Some(compose) = at.get("compose") else { return };
        for part in compose.all("include").chain(compose.all("exclude")) {
            let system = part.text(names::SYSTEM).unwrap_or("");
            if !system.is_empty() && !is_absolute(system) {
                let says = "the system of a value set must be an absolute URI".to_owned();
                self.composition(part, says);
                continue;
            }
            if system == SNOMED {
                self.snomed_ids(part);
            }
            for set in part.all("valueSet") {
                let ecl = set.value().and_then(|url| url.split_once("fhir_vs=ecl/")).map(|(_, ecl)| ecl);
                if ecl.is_some_and(|ecl| has_wrong_id(&decoded(ecl))) {
                    self.composition(set, WRONG_ID.to_owned());
                }
            }
            for filter in part.all("filter") {
                if let Some(says) = self.filter_fault(filter, system) {
                    self.composition(filter, says);
                }
            }
        }
    }

    /// Concepts and filters of SNOMED CT: an id that fails its check digit can be in no release.
    fn snomed_ids(&mut self, part: Element<'t>) {
        for concept in part.all("concept") {
            let Some(code) = concept.child(names::CODE) else { continue };
            if code.value().is_some_and(|id| Sctid::parse(id).is_err()) {
                self.composition(code, WRONG_ID.to_owned());
            }
        }
        for filter in part.all("filter") {
            let Some(value) = filter.child(names::VALUE) else { continue };
            if value.value().is_some_and(has_wrong_id) && self.filter_fault(filter, SNOMED).is_none() {
                self.composition(value, WRONG_ID.to_owned());
            }
        }
    }

    /// What an expansion lists.
    fn expanded_ids(&mut self, at: Element<'t>) {
        for entry in at.all("contains") {
            if entry.text(names::SYSTEM) == Some(SNOMED)
                && let Some(code) = entry.child(names::CODE)
                && code.value().is_some_and(|id| Sctid::parse(id).is_err())
            {
                self.composition(code, WRONG_ID.to_owned());
            }
            self.expanded_ids(entry);
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
        for group in at.all("group") {
            let source = group.child(names::intern("source")).and_then(Element::value).unwrap_or("");
            let target = group.child(names::intern("target")).and_then(Element::value).unwrap_or("");
            for element in group.all("element") {
                for to in element.all("target") {
                    self.mapped_code(to, "", target);
                }
                self.mapped_code(element, set, source);
            }
        }
    }

    /// A code of a map, against the value set (or none) that the map names and the code system of its group.
    fn mapped_code(&mut self, at: Element<'t>, set: &str, system: &str) {
        let Some(code) = at.child(names::CODE) else { return };
        let Some(text) = code.value() else { return };
        let mut says = None;
        if !set.is_empty() {
            match self.cx.sets.contains(self.release(), set, Coded { system: Some(system), code: text }) {
                Answer::Out => says = Some("the value set that the map names as its source does not hold this code"),
                Answer::Unknown(what, canonical) => self.skip_answer(what, &canonical),
                Answer::In | Answer::InLater => return,
            }
        }
        if says.is_none() && self.cx.sets.display_of(self.release(), system, text) == Lookup::NoCode {
            says = Some("the code system that the group names has no such code");
        }
        if let Some(says) = says {
            let mut draft = self.plain(&MAPPED, code, code.mark(), says);
            draft.excerpt = excerpt(code);
            self.emit(draft);
        }
    }
}

/// Text of a URL without its percent signs; what is no character stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match code.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

const WRONG_ID: &str = "a SNOMED CT identifier fails its check digit, so it can be in no release";

/// Whether an expression names an identifier (6 to 18 digits outside terms and texts) that is none.
fn has_wrong_id(expression: &str) -> bool {
    let outside = expression.split(['|', '"']).step_by(2);
    let numbers = outside.flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric()));
    let ids = numbers.filter(|n| (6..=18).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
    ids.into_iter().any(|id| Sctid::parse(id).is_err())
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
