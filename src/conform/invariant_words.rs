//! Our own plain wording of the commonest invariants, read from `schemas/invariants.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::extension::CORE;
use crate::pack::model::Release;
use crate::plan::{ConstraintPlan, Plans};

/// What one definition asks under a key.
struct Worded {
    /// The release it is of; `None` for both.
    release: Option<Release>,
    /// Name of the type that states it.
    definition: &'static str,
    words: &'static str,
}

/// By key: keys are unique within a definition, not beyond.
static WORDS: LazyLock<HashMap<&'static str, Vec<Worded>>> = LazyLock::new(|| {
    let mut all: HashMap<_, Vec<_>> = HashMap::new();
    for line in include_str!("../../schemas/invariants.tsv").lines().filter(|l| !l.starts_with('#')) {
        let mut cells = line.splitn(4, '\t');
        if let (Some(key), Some(release), Some(definition), Some(words)) =
            (cells.next(), cells.next(), cells.next(), cells.next())
        {
            all.entry(key).or_default().push(Worded { release: Release::parse(release), definition, words });
        }
    }
    all
});

/// What the invariant asks, in words, where its definition is one whose words we have, or repeats the rule of one.
pub fn words(plans: &Plans, release: Release, constraint: &ConstraintPlan) -> Option<&'static str> {
    let worded = WORDS.get(constraint.key.as_str())?;
    let here = || worded.iter().filter(|w| w.release.is_none_or(|r| r == release));
    let states = |w: &&Worded| constraint.source.strip_prefix(CORE) == Some(w.definition);
    let repeats = |w: &&Worded| {
        let plan = plans.of(release, &format!("{CORE}{}", w.definition));
        plan.is_some_and(|plan| {
            let mut stated = plan.nodes.iter().flat_map(|node| &node.constraints);
            stated.any(|c| c.key == constraint.key && c.expression == constraint.expression)
        })
    };
    here().find(states).or_else(|| here().find(repeats)).map(|w| w.words)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

    use super::*;
    use crate::pack::catalogue::Catalogue;

    #[test]
    fn words_are_those_of_a_rule_that_their_definition_states() {
        let plans = Plans::new(std::sync::Arc::new(Catalogue::new(&[]).unwrap()));
        let mut count = 0;
        for (key, all) in WORDS.iter() {
            for one in all {
                count += 1;
                assert!(one.words.len() < 110 && !one.words.ends_with('.'), "{key}");
                for release in [Release::Stu3, Release::R4] {
                    if one.release.is_some_and(|r| r != release) {
                        continue;
                    }
                    let source = format!("{CORE}{}", one.definition);
                    let plan = plans.of(release, &source).expect(one.definition);
                    let mut stated = plan.nodes.iter().flat_map(|node| &node.constraints).filter(|c| c.key == *key);
                    let stated = stated.next().unwrap_or_else(|| panic!("{key} of {} {release:?}", one.definition));
                    assert_eq!(words(&plans, release, stated), Some(one.words), "{key}");
                }
            }
        }
        assert!(count >= 110, "{count}");
    }
}
