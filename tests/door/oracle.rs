//! The list of differences from the reference engine: each kind once, with who is right and the clause that says so.

use std::collections::HashSet;

const KNOWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/oracle-known.tsv");
/// Rows when the list was last made; a kind that is mended leaves, and none comes without a look at this number.
const MOST: usize = 75;

#[test]
fn every_kind_of_difference_is_judged_once() {
    let text = std::fs::read_to_string(KNOWN).unwrap();
    let rules = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/rule-ids.tsv")).unwrap();
    let mut kinds = HashSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [reference, rule, place, right, clause, count] = columns[..] else { panic!("six columns: {line}") };
        assert!(kinds.insert((reference, rule, place)), "judged twice: {line}");
        assert!((reference == "-") != (rule == "-"), "one side speaks and the other does not: {line}");
        assert!(rule == "-" || rules.lines().any(|known| known.starts_with(rule)), "no such rule: {line}");
        assert!(matches!(right, "hallmark" | "reference"), "who is right: {line}");
        assert!(clause.split_whitespace().count() > 3, "the clause that says so: {line}");
        assert!(count.parse::<u32>().is_ok_and(|n| n > 0), "how many messages: {line}");
    }
    assert!(kinds.len() <= MOST, "{} kinds, and there were {MOST}", kinds.len());
}
