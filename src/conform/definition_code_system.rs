//! Code systems sent as messages: properties declared once and used as declared, counts, supplements.

use std::collections::HashMap;

use super::checker::Checker;
use crate::finding::{Dimension, Example, Meta};
use crate::terminology::Lookup;
use crate::tree::{Element, names};

/// Inconsistent code system.
pub static CODE_SYSTEM: Meta = Meta {
    id: "HM0151",
    name: "code-system-inconsistent",
    title: "the code system does not agree with itself",
    issue: "business-rule",
    dimension: Dimension::Consistency,
    basis: "FHIR, CodeSystem: count, content, property, supplements",
    criterion: "COD-2",
    why: "Software that loads the code system reads one thing or the other.",
    remedy: "Declare each property once, with the type its values have; let count and content say what is there.",
    examples: &[
        Example::bad(
            "a wrong count",
            r#"{"resourceType": "CodeSystem", "url": "https://hospital.test/wards", "status": "active", "content": "complete", "count": «3», "concept": [{"code": "a"}]}"#,
        ),
        Example::bad(
            "a property declared twice",
            r#"{"resourceType": "CodeSystem", "url": "https://hospital.test/wards", "status": "active", "content": "complete", "property": [{"code": "floor", "type": "string"}, «{"code": "floor", "type": "string"}»], "concept": [{"code": "a"}]}"#,
        ),
        Example::bad(
            "concepts that are said not to be present",
            r#"{"resourceType": "CodeSystem", "url": "https://hospital.test/wards", "status": "active", "content": "not-present", "concept": [«{"code": "a"}»]}"#,
        ),
        Example::bad(
            "a supplement of nothing",
            r#"{"resourceType": "CodeSystem", "url": "https://hospital.test/wards", "status": "active", "content": "«supplement»", "concept": [{"code": "a"}]}"#,
        )
        .r4(),
        Example::good(
            "the right count",
            r#"{"resourceType": "CodeSystem", "url": "https://hospital.test/wards", "status": "active", "content": "complete", "count": 1, "concept": [{"code": "a"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Namespace of the properties that FHIR itself defines.
const NAMESPACE: &str = "http://hl7.org/fhir/concept-properties#";

/// Properties of that namespace, and their types.
const DEFINED: &[(&str, &str)] = &[
    ("inactive", "boolean"),
    ("notSelectable", "boolean"),
    ("deprecated", "dateTime"),
    ("deprecationDate", "dateTime"),
    ("retirementDate", "dateTime"),
    ("effectiveDate", "dateTime"),
    ("status", "code"),
    ("parent", "code"),
    ("child", "code"),
    ("partOf", "code"),
    ("synonym", "code"),
    ("comment", "string"),
    ("itemWeight", "decimal"),
];

impl<'t> Checker<'_, 't> {
    /// One CodeSystem.
    pub(super) fn code_system(&mut self, at: Element<'t>) {
        let content = at.get("content");
        let concepts: Vec<Element<'t>> = concepts(at);
        if let (Some(count), Some("complete")) = (at.get("count"), content.and_then(Element::value))
            && count.value().and_then(|v| v.parse::<usize>().ok()).is_some_and(|n| n != concepts.len())
        {
            let says =
                format!("the code system is complete and has {} concepts, which is not the count", concepts.len());
            self.inconsistent(count, says);
        }
        if let (Some("not-present"), Some(first)) = (content.and_then(Element::value), concepts.first()) {
            self.inconsistent(*first, "the code system says that its concepts are not present, and has some");
        }
        self.supplement(at, content, &concepts);
        let declared = self.properties(at);
        for concept in &concepts {
            for property in concept.all("property") {
                let Some(ty) = property.text(names::CODE).and_then(|code| declared.get(code)) else { continue };
                let Some(value) = property.child(names::VALUE) else { continue };
                let found = names::text(value.type_id());
                if found != *ty && !(found == "string" && *ty == "code") {
                    let says = format!("the property is declared as {}, and has a value of type {found}", known(ty));
                    self.inconsistent(property, says);
                }
            }
        }
    }

    fn inconsistent(&mut self, at: Element<'t>, says: impl Into<String>) {
        let draft = self.plain(&CODE_SYSTEM, at, at.mark(), says);
        self.emit(draft);
    }

    fn supplement(&mut self, at: Element<'t>, content: Option<Element<'t>>, concepts: &[Element<'t>]) {
        let Some(base) = at.get("supplements").and_then(Element::value) else {
            if let Some(content) = content.filter(|c| c.value() == Some("supplement")) {
                self.inconsistent(content, "a supplement names the code system that it supplements");
            }
            return;
        };
        if let Some(content) = content
            && content.value() != Some("supplement")
        {
            self.inconsistent(content, "a supplement has the content supplement");
        }
        for concept in concepts {
            let Some(code) = concept.text(names::CODE) else { continue };
            if self.cx.sets.display_of(self.release(), base, code) == Lookup::NoCode {
                self.inconsistent(*concept, "the code system that is supplemented has no such code");
            }
        }
    }

    /// Declared properties: code to type. Says what is wrong with the declarations.
    fn properties(&mut self, at: Element<'t>) -> HashMap<&'t str, &'t str> {
        let mut declared = HashMap::new();
        let mut uris: Vec<&str> = Vec::new();
        for property in at.all("property") {
            let code = property.text(names::CODE).unwrap_or("");
            let ty = property.text(names::TYPE).unwrap_or("");
            let uri = property.get("uri").and_then(Element::value).unwrap_or("");
            if declared.contains_key(code) {
                self.inconsistent(property, "a property of this code is declared already");
            } else {
                declared.insert(code, ty);
            }
            if !uri.is_empty() && uris.contains(&uri) {
                self.inconsistent(property, "a property of this URI is declared already");
            } else if let Some(name) = uri.strip_prefix(NAMESPACE) {
                match DEFINED.iter().find(|(n, _)| *n == name) {
                    None => self.inconsistent(property, "FHIR defines no concept property of this URI"),
                    Some((n, wanted)) => {
                        if code != *n {
                            self.inconsistent(property, format!("the property of this URI has the code {n}"));
                        }
                        if ty != *wanted {
                            self.inconsistent(property, format!("the property of this URI is of type {wanted}"));
                        }
                    }
                }
            }
            uris.push(uri);
        }
        declared
    }
}

/// A declared type as FHIR spells it; anything else is not repeated.
fn known(ty: &str) -> &str {
    let types = ["code", "Coding", "string", "integer", "boolean", "dateTime", "decimal"];
    types.into_iter().find(|t| *t == ty).unwrap_or("another type")
}

/// All concepts, nested ones included.
fn concepts(at: Element<'_>) -> Vec<Element<'_>> {
    let mut out = Vec::new();
    let mut waiting: Vec<Element<'_>> = at.all("concept").collect();
    while let Some(concept) = waiting.pop() {
        out.push(concept);
        waiting.extend(concept.all("concept"));
    }
    out.sort_by_key(|c| c.id());
    out
}
