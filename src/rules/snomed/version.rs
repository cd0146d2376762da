//! The version of a SNOMED CT coding.

use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::{Rule, Scene, Sink};
use crate::terminology::snomed::Sctid;
use crate::tree::{Element, names};
use crate::uk::snomed::below;
use crate::uk::systems::SNOMED;

/// SCT-09. Where a profile forbids the version, the profile's own cardinality speaks.
pub static META: Meta = Meta {
    id: "HM0308",
    name: "snomed-version-form",
    title: "the version of a SNOMED CT coding is not an edition or version URI",
    family: Family::Snomed,
    severity: Severity::Warning,
    issue: "code-invalid",
    requirement: "SCT-09",
    basis: "FHIR, Using SNOMED CT with FHIR: versions are http://snomed.info/sct/[module]/version/[date]; SNOMED CT URI standard",
    criterion: "COD-2",
    why: "A date alone does not say which edition it is a date of, so the code cannot be looked up in it.",
    remedy: "Leave version out, or send http://snomed.info/sct/83821000000107/version/ and the release date (UK Edition).",
    examples: &[
        Example::bad(
            "a date alone",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "version": "«20230801»", "code": "195967001"}]}}"#,
        ),
        Example::good(
            "a version of the UK Edition",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "version": "http://snomed.info/sct/83821000000107/version/20250312", "code": "195967001"}]}}"#,
        )
        .r4(),
        Example::good(
            "no version",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(version) = at.child(names::VERSION) else { return };
    if at.text(names::SYSTEM) == Some(SNOMED) && version.value().is_some_and(|v| !is_version(v)) {
        out.say(&META, version, format!("a SNOMED CT version is {SNOMED}/[module]/version/[YYYYMMDD]"));
    }
}

/// `http://snomed.info/sct/{module}` with or without `/version/{YYYYMMDD}`.
fn is_version(text: &str) -> bool {
    let Some(rest) = below(text) else { return false };
    let (module, date) = match rest.split_once("/version/") {
        Some((module, date)) => (module, Some(date)),
        None => (rest, None),
    };
    let is_date = |d: &str| d.len() == 8 && d.bytes().all(|b| b.is_ascii_digit());
    Sctid::parse(module).is_ok() && date.is_none_or(is_date)
}

#[cfg(test)]
mod tests {
    use super::is_version;

    #[test]
    fn versions() {
        for (text, expected) in [
            ("http://snomed.info/sct/83821000000107", true),
            ("http://snomed.info/sct/83821000000107/version/20250312", true),
            ("http://snomed.info/sct/83821000000107/version/2025", false),
            ("http://snomed.info/sct/83821000000108", false),
            ("20230801", false),
            ("", false),
        ] {
            assert_eq!(is_version(text), expected, "{text}");
        }
    }
}
