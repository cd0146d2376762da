//! Codes of acknowledgements, and the response that carries one.

use super::itk::{RESPONSE, event};
use crate::rules::Scene;
use crate::rules::query::{codings_of, resources, type_name};
use crate::tree::{Element, names};

/// Code system of the codes.
pub const SYSTEM: &str = "https://fhir.nhs.uk/STU3/CodeSystem/ITK-ResponseCodes-1";

/// Success.
pub const SUCCESS: &str = "20013";

/// First and last code of each run of published codes.
const RUNS: &[(u32, u32)] = &[(10001, 10005), (10007, 10010), (20001, 20015), (30001, 30025)];

/// Whether a code is published.
pub fn published(code: &str) -> bool {
    code.len() == 5 && code.parse().is_ok_and(|n: u32| RUNS.iter().any(|(a, b)| (*a..=*b).contains(&n)))
}

/// Whether a code belongs to the retired ITK-Acknowledgement codes.
pub fn legacy(code: &str) -> bool {
    let number = code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit());
    (number && (code.starts_with("410") || code.starts_with("510"))) || (code.len() == 5 && code.starts_with("RC"))
}

/// Codings of the OperationOutcomes of the message around a response header.
pub fn codings<'a>(scene: &'a Scene<'a, 'a>, header: Element<'a>) -> Vec<Element<'a>> {
    if event(header).1 != RESPONSE {
        return Vec::new();
    }
    let Some((bundle, _)) = scene.message.bundle_of(header) else { return Vec::new() };
    let outcomes = resources(scene, bundle).filter(|r| type_name(*r) == "OperationOutcome");
    outcomes.flat_map(|o| o.all("issue")).flat_map(|i| codings_of(i, "details")).collect()
}

/// Code of a coding.
pub fn code(coding: Element<'_>) -> &str {
    coding.text(names::CODE).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_out() {
        for (code, is_published, is_legacy) in [
            ("20013", true, false),
            ("10006", false, false),
            ("30025", true, false),
            ("30026", false, false),
            ("41001", false, true),
            ("RC001", false, true),
            ("abc", false, false),
        ] {
            assert_eq!((published(code), legacy(code)), (is_published, is_legacy), "{code}");
        }
    }
}
