//! Numbers and statuses in words: counts before percentages, symbols beside colours.

use crate::kitemark::{Counted, Status};

pub(super) use crate::report::row::{counted, thousands};

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
        Status::Met => "met",
        Status::Attested => "attested",
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
