//! A criteria set, or one criterion of it, in words.

use std::fmt::Write as _;

use super::criteria::{CriteriaSet, Criterion};
use super::words::percent;

/// The whole set: rows and criteria, one line each.
pub fn explain_set(set: &CriteriaSet) -> String {
    let mut out = format!("{} {} ({})\n{}\n", set.title, set.version, set.id, set.about);
    let _ = writeln!(
        out,
        "levels: {}; {} is asked; shares are judged by {}\n{}",
        set.levels.join(", "),
        set.level_name(set.required),
        if set.wilson { "the near end of their 95% Wilson interval" } else { "themselves" },
        set.digest
    );
    for row in &set.rows {
        let _ = writeln!(out, "\n{}{}", row.title, if row.apart { " (for proposals; apart)" } else { "" });
        for c in set.criteria.iter().filter(|c| c.row == row.id) {
            let evidence: Vec<&str> = c.evidence.iter().map(|e| e.as_str()).collect();
            let gate = if c.gate { ", gate" } else { "" };
            let _ = writeln!(out, "  {:<7} {} [{}{gate}]", c.id, c.title, evidence.join(", "));
        }
    }
    out
}

/// One criterion: what is asked at each level, what shows it, what to do.
pub fn explain_criterion(set: &CriteriaSet, c: &Criterion) -> String {
    let mut out = format!("{} {}\n{}\n", c.id, c.title, c.asks);
    let _ = writeln!(out, "source: {}", c.clause);
    let evidence: Vec<&str> = c.evidence.iter().map(|e| e.as_str()).collect();
    let _ = writeln!(out, "shown by: {}", evidence.join(", "));
    if c.gate {
        out.push_str("a gate: while it is missed the level is 0\n");
    }
    if c.shadow {
        out.push_str("shown and not counted\n");
    }
    for (at, name) in set.levels.iter().enumerate() {
        let mut asks = Vec::new();
        if c.asks_share(at) {
            let sign = if c.down { "at most" } else { "at least" };
            asks.push(format!("{} {sign} {}%", c.expressions[at], percent(c.thresholds[at])));
        }
        if c.asks_statement(at) {
            asks.push(format!("stated: {}", c.accepts[at].join(" or ")));
        }
        if !c.derived.is_empty() {
            asks.push(format!("the lowest of {}", c.derived.join(", ")));
        }
        if asks.is_empty() {
            asks.push("nothing".into());
        }
        let _ = writeln!(out, "level {}, {name}: {}", at + 1, asks.join(" and "));
    }
    if let Some(months) = c.validity {
        let _ = writeln!(out, "a statement lapses after {months} months unless it names a day");
    }
    let _ = writeln!(out, "what to do: {} ({})", c.remedy, c.owner);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_criterion_explains_itself() {
        for (name, _) in super::super::criteria::EMBEDDED {
            let set = CriteriaSet::embedded(name).unwrap();
            assert!(set.criteria.iter().all(|c| explain_set(&set).contains(&c.id)));
            for c in &set.criteria {
                let text = explain_criterion(&set, c);
                assert!(text.contains(&c.remedy) && text.contains("level 1"), "{text}");
            }
        }
        let set = CriteriaSet::embedded("stp-2019").unwrap();
        let text = explain_criterion(&set, set.criterion("INT-8").unwrap());
        assert!(
            text.contains("measure(proprietary) at most 30% and stated: stated or evidenced or verified"),
            "{text}"
        );
    }
}
