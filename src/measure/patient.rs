//! NHS numbers of patients: present, valid, verified.

use super::{Observed, of_resource};
use crate::finding::Dimension;
use crate::text::digits::{modulus_11_fits, ten};
use crate::tree::{Element, names};

const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// Number present and verified, in the numeric codes and the retired textual ones.
const VERIFIED: &[&str] = &["01", "number-present-and-verified"];

/// Counts one patient.
pub(super) fn observe(resource: Element<'_>, observed: &mut Observed) {
    if resource.type_id() != names::T_PATIENT {
        return;
    }
    let number = resource.named(names::IDENTIFIER).find(|i| i.text(names::SYSTEM) == Some(NHS_NUMBER));
    let digits = number.and_then(|i| i.text(names::VALUE)).and_then(ten);
    let valid = digits.is_some_and(|d| modulus_11_fits(&d) && d.iter().any(|x| x != &d[0]));
    observed.share("nhs-number-valid", Dimension::Validity, of_resource(resource), valid);
    let Some(number) = number else { return };
    let status = status(number);
    observed.share(
        "nhs-number-verified",
        Dimension::Accuracy,
        of_resource(resource),
        status.is_some_and(|s| VERIFIED.contains(&s)),
    );
    let bucket =
        status.filter(|s| s.len() < 64 && s.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit()));
    observed.tally(
        "verification-status",
        of_resource(resource),
        bucket.filter(|s| !crate::text::sanitise::has_ten_digits(s)).unwrap_or("none"),
    );
}

/// Code of the verification status extension on an identifier, whatever its vintage.
fn status(identifier: Element<'_>) -> Option<&str> {
    let extension = identifier
        .named(names::EXTENSION)
        .find(|e| e.text(names::URL).is_some_and(|u| u.contains("NHSNumberVerificationStatus")))?;
    extension.child(names::VALUE)?.child(names::CODING)?.text(names::CODE)
}
