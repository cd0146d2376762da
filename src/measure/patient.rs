//! Patients: NHS number present, valid, verified; the keys that linking and counting need; opting out.

use super::Seen;
use super::observed::{Bucket, Counts};
use crate::tally::{Distribution, Measured};
use crate::text::digits::{modulus_11_fits, ten};
use crate::tree::{Element, names};
use crate::uk::profiles::extensions::is_ethnic_category;
use crate::uk::systems::NHS_NUMBER;
use crate::uk::verification::{Code, Status};

/// The NHS number of a patient as ten digits, when it passes modulus 11.
pub(super) fn nhs_number(patient: Element<'_>) -> Option<[u8; 10]> {
    identifier(patient).and_then(valid)
}

fn identifier(patient: Element<'_>) -> Option<Element<'_>> {
    patient.named(names::IDENTIFIER).find(|i| i.text(names::SYSTEM) == Some(NHS_NUMBER))
}

fn valid(identifier: Element<'_>) -> Option<[u8; 10]> {
    identifier.text(names::VALUE).and_then(ten).filter(|d| modulus_11_fits(d) && d.iter().any(|x| x != &d[0]))
}

/// Counts one patient.
pub(super) fn observe(patient: Element<'_>, counts: &mut Counts) {
    let ty = names::T_PATIENT;
    let number = identifier(patient);
    let valid = number.and_then(valid).is_some();
    counts.share(Measured::NhsNumberValid, ty, "", valid);
    let postcode = patient.all("address").any(|a| a.get("postalCode").is_some_and(|p| p.value().is_some()));
    let linkable = valid
        && patient.text(names::BIRTH_DATE).is_some()
        && patient.text(names::GENDER).is_some()
        && postcode
        && has_ethnic_category(patient);
    counts.share(Measured::Linkable, ty, "", linkable);
    let Some(number) = number else { return };
    let status = status(number);
    counts.share(Measured::NhsNumberVerified, ty, "", status.and_then(Code::parse) == Some(Code::Verified));
    // What is not published is "other", so that no value of a message is kept.
    let word = status.map_or("none", |s| Code::word(s).unwrap_or("other"));
    counts.tally(Distribution::VerificationStatus, ty, "", Bucket::Word(word));
}

/// Code of the verification status of an identifier: the first that is known, else the first.
fn status(identifier: Element<'_>) -> Option<&str> {
    let status = Status::of(identifier)?;
    let first = || status.codings().find_map(|c| c.text(names::CODE));
    status.code().and_then(|(code, _)| code.value()).or_else(first)
}

fn has_ethnic_category(patient: Element<'_>) -> bool {
    patient
        .named(names::EXTENSION)
        .filter(|e| e.text(names::URL).is_some_and(is_ethnic_category))
        .filter_map(|e| e.child(names::VALUE))
        .any(|v| v.child(names::CODING).is_some_and(|c| c.text(names::CODE).is_some()))
}

/// Rules of consent to share, as HL7 codes them: opting out, opting in.
const OUT: &[&str] = &["OPTOUT", "OPTOUTE", "http://hl7.org/fhir/ConsentPolicy/opt-out"];
const IN: &[&str] = &["OPTIN", "OPTINR", "http://hl7.org/fhir/ConsentPolicy/opt-in"];

/// Patients whose consent the message states, and whether they opted out although the message is about them.
pub(super) fn consent(seen: &Seen<'_, '_>, counts: &mut Counts) {
    for &node in &seen.message.resources {
        let resource = Element::new(seen.message.tree, node);
        if names::text(resource.type_id()) != "Consent" {
            continue;
        }
        let Some(rule) = resource.get("policyRule") else { continue };
        let codes = rule.named(names::CODING).filter_map(|c| c.text(names::CODE));
        let (mut out, mut told) = (false, false);
        for word in rule.value().into_iter().chain(codes) {
            out |= OUT.contains(&word);
            told |= OUT.contains(&word) || IN.contains(&word);
        }
        if told {
            counts.share(Measured::OptOutBreach, names::T_PATIENT, "", out);
        }
    }
}
