//! Whether the parts of a record agree with each other: a record that was made by a run always does.

use std::collections::BTreeMap;

use super::model::{Part, RuleFacts};
use crate::finding::Severity;

/// The highest count of a record, so that sums over 65,535 of them hold.
pub(super) const MOST: u64 = 1 << 48;

/// What contradicts what: the list of the part, and why.
pub(super) fn contradictions(rules: &BTreeMap<String, RuleFacts>, part: &Part) -> Vec<(&'static str, String)> {
    let mut wrong: Vec<(&'static str, String)> = Vec::new();
    let mut hold = |list, holds: bool, says: &str| {
        if !holds {
            wrong.push((list, says.to_owned()));
        }
    };
    let c = &part.counts;
    let all = |counts: &mut dyn Iterator<Item = u64>| counts.map(u128::from).sum::<u128>();
    hold(
        "counts",
        u128::from(c.given) == all(&mut [c.read, c.failed, c.skipped].into_iter()) && c.clean <= c.read,
        "these counts do not add up: given is read + failed + skipped, clean is at most read",
    );
    hold(
        "counts",
        all(&mut c.releases.values().copied()) <= c.read.into(),
        "more messages have a release than were read",
    );
    hold("counts", c.release_assumed <= c.read, "the release of more messages was assumed than were read");
    let resources = all(&mut c.resources.values().copied());
    hold("counts", u128::from(c.unclaimed) <= resources, "more resources claim no profile than there are");
    let profiles = part.profiles.values().all(|(resources, clean)| clean <= resources);
    hold("profiles", profiles, "more resources are without an error of a profile than were checked");

    let shadow = |rule: &str| rules.get(rule).is_some_and(|facts| facts.shadow);
    let mut sums: BTreeMap<&str, (u128, u128)> = BTreeMap::new();
    let mut severities: BTreeMap<Severity, u128> = BTreeMap::new();
    let (mut waived, mut in_shadow) = (0u128, 0u128);
    for (key, row) in &part.findings {
        hold(
            "findings",
            row.waived <= row.findings && row.payloads <= row.findings,
            "a row has more payloads or waived findings than findings",
        );
        let sum = sums.entry(&key.rule).or_default();
        *sum = (sum.0 + u128::from(row.findings), sum.1 + u128::from(row.waived));
        if shadow(&key.rule) {
            in_shadow += u128::from(row.findings);
        } else {
            waived += u128::from(row.waived);
            let counted = row.findings.saturating_sub(row.waived);
            *severities.entry(key.severity.unwrap_or(Severity::Information)).or_default() += u128::from(counted);
        }
    }
    for (rule, row) in &part.by_rule {
        let sum = sums.remove(rule.as_str()).unwrap_or_default();
        hold("byRule", sum == (row.findings.into(), row.waived.into()), "a rule has other findings here than by place");
        hold(
            "byRule",
            row.payloads <= row.findings && row.failing <= row.payloads,
            "a rule touches more payloads than it has findings",
        );
        hold("byRule", of_reading(rule) || row.payloads <= c.given, "a rule touches more payloads than were given");
        // What a rule fails with an error and nobody waives is not clean.
        hold(
            "byRule",
            row.waived > 0 || shadow(rule) || of_reading(rule) || row.failing <= c.given.saturating_sub(c.clean),
            "more messages are without an error than this rule leaves",
        );
        hold("byRule", rules.contains_key(rule), "a rule that was not switched on found something");
    }
    hold("findings", sums.is_empty(), "a rule has findings by place and none in all");
    let told = Severity::ALL.iter().all(|severity| {
        let told = c.severities.get(severity).copied().unwrap_or(0);
        severities.get(severity).copied().unwrap_or(0) == u128::from(told)
    });
    hold("counts", told, "there are other findings by severity here than by place");
    let beside = (u128::from(c.waived), u128::from(c.shadow)) == (waived, in_shadow);
    hold("counts", beside, "other findings are waived or in shadow here than by place");
    wrong
}

/// Rules about reading speak about sources too, which are no payloads.
fn of_reading(rule: &str) -> bool {
    rule.starts_with("HM00")
}
