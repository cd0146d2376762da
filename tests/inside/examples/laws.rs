//! Laws that the list of rules keeps.

use std::collections::{BTreeMap, HashSet};

use hallmark::finding::{Family, Meta, Verdict};
use hallmark::session::{rule, rules};

/// Rules that cannot show a flagged or a silent example, with the reason.
const WITHOUT_EXAMPLE: &[(&str, &str)] = &[
    ("HM0003", "a payload beyond the limits is too large to print"),
    ("HM0014", "no message is known that hallmark fails on"),
    ("HM0900", "set-up: a waiver is no message"),
    ("HM0901", "set-up: a waiver is no message"),
];

fn faults(law: impl Fn(&'static Meta) -> Option<String>) {
    let all: Vec<String> = rules().iter().filter_map(|m| law(m).map(|f| format!("{}: {f}", m.id))).collect();
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

#[test]
fn ids_are_unique_and_well_formed() {
    let mut seen = HashSet::new();
    for meta in rules() {
        assert!(seen.insert(meta.id), "{} twice", meta.id);
        let digits = meta.id.strip_prefix("HM").unwrap_or_default();
        assert!(digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()), "{}", meta.id);
    }
}

#[test]
fn names_are_unique_and_kebab_case() {
    let mut seen = HashSet::new();
    faults(|meta| {
        let kebab = meta
            .name
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        (!kebab).then(|| format!("name {:?}", meta.name))
    });
    for meta in rules() {
        assert!(seen.insert(meta.name), "{} twice", meta.name);
        assert!(Family::parse(meta.name).is_none(), "{} is the name of a family", meta.name);
    }
}

#[test]
fn words_are_there_and_in_form() {
    // A title may begin with a proper name.
    let names = ["XML", "JSON", "FHIR", "UUID", "URL", "SNOMED", "NHS", "GP ", "CHI", "R4", "STU3", "ODS", "UPRN"];
    faults(|meta| {
        let capital = meta.title.starts_with(char::is_uppercase) && !names.iter().any(|n| meta.title.starts_with(n));
        (meta.title.is_empty() || meta.title.ends_with('.') || capital).then(|| format!("title {:?}", meta.title))
    });
    faults(|meta| (meta.why.is_empty() || !meta.why.ends_with('.')).then(|| "why".to_owned()));
    faults(|meta| (meta.remedy.is_empty() || !meta.remedy.ends_with('.')).then(|| "remedy".to_owned()));
    faults(|meta| meta.basis.is_empty().then(|| "basis".to_owned()));
}

#[test]
fn every_rule_shows_what_it_flags_and_what_it_does_not() {
    assert!(WITHOUT_EXAMPLE.iter().all(|(id, _)| !id.starts_with("HM01")), "every constraint kind has its examples");
    faults(|meta| {
        if WITHOUT_EXAMPLE.iter().any(|(id, _)| *id == meta.id) {
            return None;
        }
        let has = |verdict| meta.examples.iter().any(|e| e.verdict == verdict);
        match (has(Verdict::Flagged), has(Verdict::Silent)) {
            (true, true) => None,
            (flagged, silent) => Some(format!("flagged example: {flagged}, silent example: {silent}")),
        }
    });
}

#[test]
fn examples_are_marked_and_safe() {
    for meta in rules() {
        for example in meta.examples {
            let marks = |c| example.input.matches(c).count();
            let wanted = usize::from(example.verdict == Verdict::Flagged);
            assert_eq!((marks('«'), marks('»')), (wanted, wanted), "{}: {}", meta.id, example.title);
            assert!(matches!(example.release, "3.0" | "4.0"), "{}: {}", meta.id, example.release);
        }
    }
}

/// An id is never reused and a name never changes: configuration, waivers and baselines depend on them.
#[test]
fn the_list_only_grows() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/rule-ids.tsv");
    let known = std::fs::read_to_string(path).unwrap_or_default();
    let known: BTreeMap<&str, &str> = known.lines().filter_map(|line| line.split_once('\t')).collect();
    let now: BTreeMap<&str, &str> = rules().iter().map(|m| (m.id, m.name)).collect();
    for (id, name) in &known {
        assert_eq!(now.get(id), Some(name), "{id} was {name}");
    }
    if now.len() > known.len() {
        let lines: Vec<String> = now.iter().map(|(id, name)| format!("{id}\t{name}\n")).collect();
        if std::env::var_os("HALLMARK_UPDATE").is_some() {
            std::fs::write(path, lines.concat()).unwrap();
        } else {
            let new: Vec<_> = now.keys().filter(|id| !known.contains_key(*id)).collect();
            panic!("new rules {new:?}: run once with HALLMARK_UPDATE=1 and commit fixtures/rule-ids.tsv");
        }
    }
}

/// A finding gives way to the one that says more: to a rule that exists, and never round in a circle.
#[test]
fn what_is_explained_exists_and_leads_nowhere_back() {
    fn reaches(from: &'static Meta, to: &str, depth: u32) -> bool {
        let next = from.explains.iter().filter_map(|e| rule(e.rule));
        depth < 16 && next.into_iter().any(|m| m.id == to || reaches(m, to, depth + 1))
    }
    faults(|meta| meta.explains.iter().find(|e| rule(e.rule).is_none()).map(|e| e.rule.to_owned()));
    faults(|meta| reaches(meta, meta.id, 0).then(|| "explains itself".to_owned()));
}
