//! Numbers and statuses in words: counts before percentages, symbols beside colours.

use crate::kitemark::{Counted, Status};

use crate::text::thousands;

/// A percentage with one digit that never rounds a fault away: `<0.1%` and `>99.9%` instead of 0 and 100.
pub(super) fn percent(counted: Counted) -> String {
    let (n, d) = (counted.numerator, counted.denominator);
    if d == 0 {
        return "–".into();
    }
    // Tenths of a percent, rounded half up in integers.
    let tenths = ((u128::from(n) * 2000 + u128::from(d)) / (2 * u128::from(d))) as u64;
    match (n, tenths) {
        (0, _) => "0%".into(),
        (n, _) if n == d => "100%".into(),
        (_, 0) => "<0.1%".into(),
        (_, 1000) => ">99.9%".into(),
        (_, t) => format!("{}.{}%", t / 10, t % 10),
    }
}

/// A share in 0 to 1 as a percentage with one digit.
pub(super) fn percent_of(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// `9,700 of 10,000`.
pub(super) fn of(counted: Counted) -> String {
    format!("{} of {}", thousands(counted.numerator), thousands(counted.denominator))
}

/// A symbol that prints without colour.
pub(super) fn symbol(status: Status) -> &'static str {
    match status {
        Status::Met => "✓",
        Status::Attested => "◇",
        Status::PartlyMet => "◐",
        Status::NotMet => "✕",
        Status::NotAssessed => "?",
        Status::NotApplicable => "–",
        Status::Waived => "W",
    }
}

/// A status in plain words.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Met => "shown",
        Status::Attested => "stated",
        Status::PartlyMet => "partly met",
        Status::NotMet => "not met",
        Status::NotAssessed => "not assessed",
        Status::NotApplicable => "not applicable",
        Status::Waived => "waived",
    }
}

/// Small numbers about people (the NHS rule for sub-national outputs): 1 to 7 is hidden, others are rounded to the
/// nearest 5, nought is kept.
pub(super) fn people(n: u64, disclosure: bool) -> Option<u64> {
    match (disclosure, n) {
        (false, n) => Some(n),
        (true, 0) => Some(0),
        (true, 1..=7) => None,
        (true, n) => Some((n + 2) / 5 * 5),
    }
}

/// What every report says about itself.
pub(super) const NOT_A_DECISION: &str = "This report prepares a decision; it takes none. It shows what messages and \
    statements support, and people decide.";

/// What every report says about the packs.
pub(super) const PACKS: &str = "Packs that ship with hallmark hold facts built from public sources. They are not the \
    official packages, which users may load instead.";

/// What a report is for, in short; docs/intended-use.md has the long form.
pub(super) const INTENDED_USE: &str = "It helps a design authority, a data quality officer and a supplier to see where \
    messages and evidence fall short of published standards, and what to do next. It is not made for deciding about the \
    care of a patient, and it is no safety case: the hazards of relying on it are listed in the documentation, in the \
    shape that DCB0129 asks for.";

/// How long a report holds.
pub(super) const VALIDITY: &str = "Counts of a feed are evidence for twelve months after the last check, and statements \
    until the day they name; after that the criterion is not assessed again until somebody shows it anew. Check every \
    month, so that a change is seen while it is small. A partner who finds a count or a statement wrong asks the design \
    authority to have it made again from the same records: the same input gives the same report.";

/// Data protection in short; docs/data-protection.md is the page.
pub(super) const DATA_PROTECTION: &str = "The report holds counts, places and codes of definitions, never a value of a \
    message. Where pseudonyms were needed to find doubles, they were keyed, and they stay in the run records: these are \
    personal data still. Small counts about people are hidden only when that is asked for.";

/// What words mean.
pub(super) const GLOSSARY: [(&str, &str); 15] = [
    (
        "kite mark",
        "The sign that people of the design authority give. hallmark prepares that decision and never gives it.",
    ),
    ("level", "How far the evidence reaches, from the lowest. A level holds only if all levels below it hold."),
    ("gate", "A criterion that must be met whatever else is: while one is missed the level is 0."),
    ("shown", "Measured in messages or read in a file of another tool, at the level that is asked or above it."),
    ("stated", "Stated by a named role, at the level that is asked or above it. Nobody has seen it here."),
    ("partly met", "At a level below the one that is asked."),
    ("not met", "Below the lowest level."),
    ("not assessed", "Nothing, or too little, to judge by. It never counts as met."),
    ("not applicable", "Somebody with the right to do so decided that it does not apply, and wrote down why."),
    ("waived", "A gap that somebody accepted until a day. It is still a gap."),
    (
        "critical, major, minor, observation",
        "A gate is missed; below the lowest level; below the one asked; nothing shows it yet.",
    ),
    (
        "95% interval",
        "Where the true share lies with 95% confidence, if the messages were chosen fairly (Wilson's score interval).",
    ),
    ("payload", "One file, or one line of a file, as it was sent. One that could be read is a message."),
    ("profile", "A published definition of how a kind of record must look for a use in the UK."),
    ("evidence mix", "How many criteria were measured, how many only stated, and how many nothing shows."),
];

/// What a verdict does not show.
pub(super) const LIMITS: [&str; 5] = [
    "A message that conforms may still be clinically wrong: values are checked for form and agreement, not for truth.",
    "Only the messages that were given were seen. A share holds for others only as far as these were chosen fairly.",
    "Codes are looked up only where an edition was loaded; otherwise their shape is all that was tested.",
    "What people stated is shown as stated. Nobody has verified it for this report.",
    "Do not use this report alone to decide that a system is safe for care.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_never_rounded_away() {
        for (n, d, text) in [
            (0, 5, "0%"),
            (5, 5, "100%"),
            (1, 100_000, "<0.1%"),
            (99_999, 100_000, ">99.9%"),
            (97, 100, "97.0%"),
            (1, 3, "33.3%"),
            (2, 3, "66.7%"),
            (0, 0, "–"),
        ] {
            assert_eq!(percent(Counted { numerator: n, denominator: d }), text, "{n}/{d}");
        }
    }

    #[test]
    fn small_numbers_about_people_are_hidden() {
        for (n, shown) in [(0, Some(0)), (1, None), (7, None), (8, Some(10)), (12, Some(10)), (13, Some(15))] {
            assert_eq!(people(n, true), shown, "{n}");
            assert_eq!(people(n, false), Some(n));
        }
    }
}
