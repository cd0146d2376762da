//! Displays of SNOMED CT codings, as far as they can be judged without an index.

use super::claim;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::pack::model::Release;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::TextMap;
use crate::tree::{Element, names};
use crate::uk::systems::SNOMED;

/// DISP-02.
pub static FSN: Meta = Meta {
    id: "HM0330",
    name: "display-is-fully-specified-name",
    title: "the display is the fully specified name, with its semantic tag",
    family: Family::Snomed,
    severity: Severity::Information,
    issue: "value",
    requirement: "DISP-02",
    basis: "FHIR, Using SNOMED CT: the display is the preferred term; SNOMED CT Editorial Guide, semantic tags",
    criterion: "COD-2",
    why: "The name is made for editors of the terminology, and reads oddly to clinicians and patients.",
    remedy: "Send the preferred term of the NHS realm language reference set.",
    examples: &[
        Example::bad(
            "a semantic tag",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001", "display": "«Asthma (disorder)»"}]}}"#,
        ),
        Example::good(
            "the preferred term",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001", "display": "Asthma"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// DISP-03.
pub static NONE: Meta = Meta {
    id: "HM0331",
    name: "display-says-nothing",
    title: "the display of a SNOMED CT coding is missing, blank or the code itself",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "DISP-03",
    basis: "CareConnect, GP Connect and ITK3 profiles: code, display and system together",
    criterion: "COD-1",
    why: "A receiver without this concept in its terminology can show nothing that a clinician can read.",
    remedy: "Send the preferred term with every code.",
    examples: &[
        Example::bad(
            "the code itself",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "22298006", "display": "«22298006»"}]}}"#,
        ),
        Example::bad(
            "no display in STU3",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [«{"system": "http://snomed.info/sct", "code": "22298006"}»]}}"#,
        ),
        Example::good(
            "a term",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "22298006", "display": "Myocardial infarction"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// DISP-04.
pub static SEVERAL: Meta = Meta {
    id: "HM0332",
    name: "display-differs-for-one-code",
    title: "one SNOMED CT code is sent with different displays",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "value",
    requirement: "DISP-04",
    basis: "FHIR, Coding.display: a representation of the meaning of the code in the system",
    criterion: "COD-2",
    why: "At least one of them may not mean what the code means; who reads the display acts on another meaning.",
    remedy: "Send one display for each code; carry the clinician's own wording in text or in the description extension.",
    examples: &[
        Example::bad(
            "two displays",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001", "display": "Asthma"}]}}}, {"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1", "resource": {"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001", "display": "«Penicillin»"}]}}}]}"#,
        ),
        Example::good(
            "one display",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001", "display": "Asthma"}]}}}, {"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1", "resource": {"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001", "display": "asthma"}]}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Semantic tags of SNOMED CT, International and UK.
const TAGS: &[&str] = &[
    "administration method",
    "administrative concept",
    "assessment scale",
    "attribute",
    "basic dose form",
    "body structure",
    "cell",
    "cell structure",
    "clinical drug",
    "context-dependent category",
    "core metadata concept",
    "disorder",
    "disposition",
    "dose form",
    "environment",
    "environment / location",
    "ethnic group",
    "event",
    "finding",
    "foundation metadata concept",
    "geographic location",
    "inactive concept",
    "intended site",
    "life style",
    "link assertion",
    "linkage concept",
    "medicinal product",
    "medicinal product form",
    "metadata",
    "morphologic abnormality",
    "namespace concept",
    "navigational concept",
    "number",
    "observable entity",
    "occupation",
    "organism",
    "person",
    "physical force",
    "physical object",
    "procedure",
    "product",
    "product name",
    "qualifier value",
    "racial group",
    "record artifact",
    "regime/therapy",
    "religion/philosophy",
    "role",
    "situation",
    "social concept",
    "special concept",
    "specimen",
    "staging scale",
    "state of matter",
    "substance",
    "supplier",
    "transformation",
    "tumor staging",
    "unit of presentation",
];

/// Whether a term ends in a semantic tag. `(event)` and the like may end a preferred term too; that is rare enough for
/// an information.
pub(super) fn has_tag(term: &str) -> bool {
    let tag = term.trim_end().strip_suffix(')').and_then(|t| t.rfind(" (").map(|i| &t[i + 2..]));
    tag.is_some_and(|tag| TAGS.binary_search(&tag).is_ok())
}

/// Fully specified names.
pub static FSN_RULE: Rule = Rule { metas: &[&FSN], listens: &[super::CLAIMED], check: check_fsn };

fn check_fsn(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(display) = at.child(names::DISPLAY)
        && display.value().is_some_and(has_tag)
        && at.text(names::SYSTEM) == Some(SNOMED)
    {
        out.say(&FSN, display, "the display ends in a semantic tag, so it is the fully specified name");
    }
}

/// No display to read.
pub static NONE_RULE: Rule = Rule { metas: &[&NONE], listens: &[super::CLAIMED], check: check_none };

fn check_none(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some((_, code)) = claim::code(at) else { return };
    let Some(display) = at.child(names::DISPLAY) else {
        // R4 profiles leave the display to the receiver's terminology; tags and labels need none.
        let is_label = at.name_id() == names::TAG || at.name_id() == names::SECURITY;
        if scene.release() == Release::Stu3 && !is_label {
            out.say(&NONE, at, "the coding has no display");
        }
        return;
    };
    let Some(text) = display.value() else { return };
    if text.trim().is_empty() {
        out.say(&NONE, display, "the display is blank");
    } else if text.trim() == code.trim() {
        out.say(&NONE, display, "the display repeats the code");
    }
}

/// Several displays of one code.
pub static SEVERAL_RULE: Rule = Rule { metas: &[&SEVERAL], listens: &[Listens::Message], check: check_several };

fn check_several(scene: &Scene<'_, '_>, _: Element<'_>, out: &mut Sink) {
    let tree = scene.message.tree;
    let mut seen: TextMap<&str, (&str, bool)> = TextMap::default();
    for (i, node) in tree.nodes.iter().enumerate() {
        if node.ty != names::T_CODING {
            continue;
        }
        let coding = Element::new(tree, i as u32);
        let Some((_, code)) = claim::code(coding) else { continue };
        let Some(display) = coding.child(names::DISPLAY) else { continue };
        let Some(text) = display.value().map(str::trim).filter(|t| !t.is_empty()) else { continue };
        let (known, said) = seen.entry(code).or_insert((text, false));
        // Once for each code: one difference tells as much as a hundred.
        if !*said && !is_same(known, text) {
            *said = true;
            out.say(&SEVERAL, display, "this code has another display elsewhere in the message");
        }
    }
}

/// Whether two displays are the same but for case, blanks, punctuation and a semantic tag.
fn is_same(a: &str, b: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        let cut = if has_tag(text) { text.rfind(" (").unwrap_or(text.len()) } else { text.len() };
        text[..cut].chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    letters(a).eq(letters(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_in_order_and_found() {
        assert!(TAGS.is_sorted());
        for (term, expected) in [
            ("Asthma (disorder)", true),
            ("Asthma", false),
            ("Blood group (A)", false),
            ("Asthma(disorder)", false),
            ("Asthma (disorder) ", true),
            (")", false),
        ] {
            assert_eq!(has_tag(term), expected, "{term}");
        }
        assert!(
            is_same("Asthma", "asthma (disorder)") && is_same("X-ray", "x ray") && !is_same("Asthma", "Penicillin")
        );
    }
}
