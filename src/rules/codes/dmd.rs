//! Codes of the dictionary of medicines and devices.

use crate::finding::{Example, Explained, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::terminology::shapes::{self, DmdFault};
use crate::terminology::snomed::sctid::SctidFault;
use crate::tree::Element;
use crate::uk::systems::DMD;

/// DMD-01.
pub static META: Meta = Meta {
    id: "HM0400",
    name: "dmd-code",
    title: "the dm+d code is not one",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "DMD-01",
    basis: "NHS Business Services Authority, dm+d: identifiers are SNOMED CT identifiers of 6 to 18 digits",
    criterion: "COD-6",
    why: "The medicine is not found, so allergy and interaction checks do not see it.",
    remedy: "Take the code from dm+d again, as text; not from a spreadsheet.",
    explains: &[Explained::coding("HM0115"), Explained::coding("HM0116")],
    examples: &[
        Example::bad(
            "leading zeros",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "«0039113611»"}]}}"#,
        )
        .r4(),
        Example::bad(
            "rounded by a spreadsheet",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "«39113611000001100»"}]}}"#,
        )
        .r4(),
        Example::good(
            "a medicine",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "39113611000001102"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::coding(is_system)], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::code(&META, at, fault, out);
}

fn is_system(url: &str) -> bool {
    url == DMD
}

fn fault(code: &str) -> Option<&'static str> {
    Some(match shapes::dmd(code).err()? {
        DmdFault::Identifier(SctidFault::CheckDigit) => "the check digit does not fit",
        DmdFault::Identifier(_) => "a dm+d code is 6 to 18 digits without leading zeros",
        DmdFault::NotAConcept => "this is not an id of a concept",
        DmdFault::Namespace(_) => "this was not minted for the UK drug extension",
    })
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn codes() {
        for (code, good) in [
            ("39113611000001102", true),
            ("0039113611", false),
            ("39113611000001100", false),
            ("428171000124102", false),
            ("TBC", false),
        ] {
            assert_eq!(fault(code).is_none(), good, "{code}");
        }
    }
}
