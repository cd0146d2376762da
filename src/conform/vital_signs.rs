//! R4 asks that observations with a vital sign's LOINC code meet the profile of that vital sign.

use super::checker::Checker;
use crate::pack::model::Release;
use crate::tree::{Element, names};

/// LOINC codes and the profiles they call for (FHIR R4, vital signs).
const PROFILES: &[(&str, &str)] = &[
    ("85353-1", "vitalspanel"),
    ("9279-1", "resprate"),
    ("8867-4", "heartrate"),
    ("2708-6", "oxygensat"),
    ("59408-5", "oxygensat"),
    ("8310-5", "bodytemp"),
    ("8302-2", "bodyheight"),
    ("9843-4", "headcircum"),
    ("29463-7", "bodyweight"),
    ("39156-5", "bmi"),
    ("85354-9", "bp"),
    ("76534-7", "bp"),
];

impl<'t> Checker<'_, 't> {
    /// Applies the profile of a vital sign to an R4 Observation.
    pub(super) fn vital_signs(&mut self, at: Element<'t>) {
        if at.type_id() != names::T_OBSERVATION || self.release() != Release::R4 {
            return;
        }
        let Some(code) = at.child(names::CODE) else { return };
        for coding in code.named(names::CODING) {
            if coding.text(names::SYSTEM) != Some("http://loinc.org") {
                continue;
            }
            let Some(loinc) = coding.text(names::CODE) else { continue };
            if let Some((_, name)) = PROFILES.iter().find(|(l, _)| *l == loinc) {
                self.apply(at, &format!("http://hl7.org/fhir/StructureDefinition/{name}"), false);
                return;
            }
        }
    }
}
