//! What to do about what was not assessed.

use crate::finding::NotAssessed;
use crate::uk::systems;

/// The kind of thing that was not assessed, in words, and what would let it be assessed, where something would.
pub fn of(what: &NotAssessed) -> (&'static str, Option<String>) {
    let package = || match what.package() {
        Some(package) => format!("load {package} with --package"),
        None => "load the package that defines it with --package".to_owned(),
    };
    // The index holds SNOMED CT and dm+d, whatever asked for them.
    if what.canonical.starts_with(systems::SNOMED) || *what.canonical == *systems::DMD {
        return ("SNOMED CT and dm+d codes", Some("give an index of them with --terminology".to_owned()));
    }
    let remedy = match what.what {
        "extension" | "profile" | "questionnaire" | "message-definition" => Some(package()),
        "code-system" | "code" | "value-set" => {
            Some(format!("{}, or ask a terminology server with --export-codes", package()))
        }
        _ => None,
    };
    (what.what, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_remedy() {
        let remedy = |what, canonical: &str| of(&NotAssessed { what, canonical: canonical.into() }).1;
        let core = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
        assert_eq!(remedy("extension", core).as_deref(), Some("load hl7.fhir.us.core with --package"));
        let other = remedy("profile", "https://fhir.nhs.uk/StructureDefinition/x");
        assert_eq!(other.as_deref(), Some("load the package that defines it with --package"));
        let index = Some("give an index of them with --terminology");
        assert_eq!(remedy("snomed", systems::SNOMED).as_deref(), index);
        assert_eq!(remedy("code-system", systems::DMD).as_deref(), index);
        assert!(remedy("value-set", "https://fhir.nhs.uk/ValueSet/x").is_some_and(|r| r.contains("--export-codes")));
        assert_eq!(remedy("invariant", "Patient#x-1"), None);
    }
}
