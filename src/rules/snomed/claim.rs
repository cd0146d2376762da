//! Which codings claim to be SNOMED CT, and what their codes are.

use crate::terminology::snomed::expression::Expression;
use crate::terminology::snomed::sctid::{self, Component, Sctid, SctidFault, Truncation};
use crate::tree::{Element, names};
use crate::uk::snomed::{Spelling, spelling};
use crate::uk::systems::is_dmd_like;

/// Whether `system` is SNOMED CT's, in whatever spelling.
pub(super) fn is_snomed(system: &str) -> bool {
    spelling(system) != Spelling::Other
}

/// The code of a Coding that claims to be SNOMED CT, in whatever spelling, unless it is an expression.
pub(super) fn code(coding: Element<'_>) -> Option<(Element<'_>, &str)> {
    let system = coding.text(names::SYSTEM)?;
    if spelling(system) == Spelling::Other {
        return None;
    }
    let code = coding.child(names::CODE)?;
    let text = code.value().filter(|t| !t.is_empty())?;
    (!is_expression(text)).then_some((code, text))
}

/// The well-formed concept id of a SNOMED CT coding.
pub(super) fn concept(coding: Element<'_>) -> Option<(Element<'_>, Sctid)> {
    let (code, text) = code(coding)?;
    let id = Sctid::parse(text).ok()?;
    (id.component() == Component::Concept).then_some((code, id))
}

/// Whether an index can answer for codes of `system`: SNOMED CT's, or those of dm+d, which are SNOMED CT concepts too.
pub(super) fn is_looked_up(system: &str) -> bool {
    is_snomed(system) || is_dmd_like(system)
}

/// Whether a coding names dm+d.
pub(super) fn is_dmd(coding: Element<'_>) -> bool {
    coding.text(names::SYSTEM).is_some_and(is_dmd_like)
}

/// The well-formed concept id of a coding that an index can answer for.
pub(super) fn looked_up(coding: Element<'_>) -> Option<(Element<'_>, Sctid)> {
    let code = coding.child(names::CODE)?;
    if !is_looked_up(coding.text(names::SYSTEM)?) {
        return None;
    }
    let id = Sctid::parse(code.value()?).ok()?;
    (id.component() == Component::Concept).then_some((code, id))
}

/// The post-coordinated expression of a SNOMED CT coding.
pub(super) fn expression(coding: Element<'_>) -> Option<(Element<'_>, Expression)> {
    let code = coding.child(names::CODE)?;
    let text = code.value().filter(|text| is_expression(text))?;
    let expression = is_snomed(coding.text(names::SYSTEM)?).then(|| Expression::parse(text))?;
    Some((code, expression.ok()?))
}

/// Whether a code is meant as a post-coordinated expression.
pub(super) fn is_expression(code: &str) -> bool {
    code.bytes().next().is_some_and(|b| b.is_ascii_digit() || b" (=<".contains(&b))
        && code.bytes().any(|b| matches!(b, b':' | b'+' | b'|' | b'{' | b'}' | b'='))
        && !code.contains("E+")
}

/// What is wrong with a code as an identifier; each kind has its own rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No identifier by its form.
    Shape(SctidFault),
    /// Filler words and units.
    Placeholder,
    /// Exponent form.
    Exponent,
    /// Rounded by a spreadsheet.
    Rounded(Truncation),
    /// Check digit.
    CheckDigit,
    /// Of a description or relationship.
    NotConcept(Component),
}

/// What is wrong with `text` as a concept id.
pub(super) fn fault(text: &str) -> Option<Fault> {
    if super::placeholder::is_placeholder(text) {
        return Some(Fault::Placeholder);
    }
    match Sctid::parse(text) {
        Ok(id) if id.component() == Component::Concept => None,
        Ok(id) => Some(Fault::NotConcept(id.component())),
        Err(SctidFault::Exponent) => Some(Fault::Exponent),
        Err(SctidFault::CheckDigit) => Some(sctid::truncation(text).map_or(Fault::CheckDigit, Fault::Rounded)),
        Err(fault) => Some(Fault::Shape(fault)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults() {
        for (text, expected) in [
            ("195967001", None),
            ("39113611000001102", None),
            ("900000000000207008", None),
            ("195967002", Some(Fault::CheckDigit)),
            ("TBC", Some(Fault::Placeholder)),
            ("1.08266E+15", Some(Fault::Exponent)),
            ("301485011", Some(Fault::NotConcept(Component::Description))),
            ("195967001 ", Some(Fault::Shape(SctidFault::WhiteSpace))),
            (
                "1091811000000100",
                Some(Fault::Rounded(Truncation::Repairable(Sctid::parse("1091811000000102").unwrap()))),
            ),
        ] {
            assert_eq!(fault(text), expected, "{text}");
        }
        assert!(is_expression("195967001:363698007=39607008") && is_expression("195967001 |Asthma|"));
        assert!(!is_expression("195967001") && !is_expression("mL/h") && !is_expression("1.08266E+15"));
    }
}
