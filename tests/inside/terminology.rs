//! Value sets over SNOMED CT, decided by an index built from a generated release; without one, nothing is decided.

use std::fs;
use std::sync::Arc;

use hallmark::pack::catalogue::Catalogue;
use hallmark::pack::model::Release;
use hallmark::terminology::snomed::generate::{Spec, write_release};
use hallmark::terminology::snomed::{Index, build};
use hallmark::terminology::{Answer, Coded, Displays, Lookup, SNOMED, Sets};

const BY_HIERARCHY: &str = "http://values.test/by-hierarchy";
const BY_REFSET: &str = "http://values.test/by-refset";
const BY_ECL: &str = "http://values.test/by-ecl";

fn value_set(url: &str, property: &str, op: &str, value: &str) -> String {
    format!(
        r#"{{"resourceType":"ValueSet","url":"{url}","status":"active","compose":{{"include":[{{"system":"{SNOMED}","filter":[{{"property":"{property}","op":"{op}","value":"{value}"}}]}}]}}}}"#
    )
}

#[test]
fn filters_are_answered_by_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let release = folder.path().join("release");
    let generated = write_release(&release, &Spec::new(7, 800)).unwrap();
    let index_file = folder.path().join("index");
    build(&release, &index_file, &|_| {}).unwrap();
    let index = Index::open(&index_file).unwrap();
    let (top, other) = (generated.tops[0], generated.tops[1]);
    let refset = generated.refsets[0];
    let package = folder.path().join("package");
    fs::create_dir(&package).unwrap();
    fs::write(package.join("a.json"), value_set(BY_HIERARCHY, "concept", "is-a", &top.to_string())).unwrap();
    fs::write(package.join("b.json"), value_set(BY_REFSET, "concept", "in", &refset.to_string())).unwrap();
    fs::write(package.join("c.json"), value_set(BY_ECL, "constraint", "=", &format!("< {top} OR {other}"))).unwrap();
    let below: Vec<u64> = generated.active.iter().copied().filter(|c| index.subsumes(top, *c) == Some(true)).collect();
    let member = generated.active.iter().copied().find(|c| index.member_of(refset, *c) == Some(true)).unwrap();
    let stranger = generated.active.iter().copied().find(|c| index.member_of(refset, *c) != Some(true)).unwrap();
    assert!(below.len() > 3, "the release has too few concepts below its first top");

    let catalogue = Arc::new(Catalogue::new(&[package]).unwrap());
    let with = Sets::new(Arc::clone(&catalogue)).with_snomed(Some(Arc::new(index)));
    let without = Sets::new(catalogue);
    let ecl = format!("{SNOMED}?fhir_vs=ecl/%3C%3C%20{top}");
    let isa = format!("{SNOMED}?fhir_vs=isa/{top}");
    let cases = [
        (BY_HIERARCHY, top, true),
        (BY_HIERARCHY, below[below.len() / 2], true),
        (BY_HIERARCHY, other, false),
        (BY_REFSET, member, true),
        (BY_REFSET, stranger, false),
        (BY_ECL, top, false),
        (BY_ECL, below[below.len() - 1], true),
        (BY_ECL, other, true),
        (ecl.as_str(), top, true),
        (isa.as_str(), other, false),
    ];
    for (url, concept, expected) in cases {
        let code = concept.to_string();
        let coded = Coded { system: Some(SNOMED), code: &code };
        let answer = with.contains(Release::R4, url, coded);
        assert_eq!(answer, if expected { Answer::In } else { Answer::Out }, "{url} {concept}");
        assert!(matches!(without.contains(Release::R4, url, coded), Answer::Unknown("snomed", _)), "{url}");
    }
    let known = with.display_of(Release::R4, SNOMED, &top.to_string());
    assert!(matches!(known, Lookup::Found(ref terms) if terms.iter().next().is_some()), "{known:?}");
    assert_eq!(without.display_of(Release::R4, SNOMED, &top.to_string()), Lookup::NotHeld);
}

/// A made-up release with an index and the answers of value sets over it.
struct World {
    _folder: tempfile::TempDir,
    sets: Sets,
    urls: Vec<String>,
}

impl World {
    /// One value set for each list of includes, written as JSON.
    fn new(release: impl FnOnce(&std::path::Path) -> Index, composes: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let index = release(folder.path());
        let package = folder.path().join("package");
        fs::create_dir(&package).unwrap();
        let mut urls = Vec::new();
        for (at, compose) in composes.iter().enumerate() {
            let url = format!("http://values.test/{at}");
            let text = format!(r#"{{"resourceType":"ValueSet","url":"{url}","status":"active","compose":{compose}}}"#);
            fs::write(package.join(format!("{at}.json")), text).unwrap();
            urls.push(url);
        }
        let catalogue = Arc::new(Catalogue::new(&[package]).unwrap());
        Self { sets: Sets::new(catalogue).with_snomed(Some(Arc::new(index))), _folder: folder, urls }
    }

    fn answer(&self, at: usize, system: &str, code: &str) -> Answer {
        self.sets.contains(Release::R4, &self.urls[at], Coded { system: Some(system), code })
    }
}

/// What is expected of a code.
#[derive(Clone, Copy, Debug)]
enum Want {
    In,
    Out,
    /// Not decided, with this kind of reason.
    Open(&'static str),
}

fn filters(system: &str, list: &[(&str, &str, &str)]) -> String {
    let listed: Vec<String> = list
        .iter()
        .map(|(property, op, value)| format!(r#"{{"property":"{property}","op":"{op}","value":"{value}"}}"#))
        .collect();
    format!(r#"{{"include":[{{"system":"{system}","filter":[{}]}}]}}"#, listed.join(","))
}

#[test]
fn value_sets_are_decided_code_by_code() {
    let folder = tempfile::tempdir().unwrap();
    let release = folder.path().join("release");
    let made = write_release(&release, &Spec::new(11, 900)).unwrap();
    let file = folder.path().join("index");
    build(&release, &file, &|_| {}).unwrap();
    let index = Index::open(&file).unwrap();
    let (top, other) = (made.tops[0], made.tops[2]);
    let refset = made.refsets[0];
    let concepts = || made.active.iter().copied();
    let is_below = |c: u64| c != top && index.subsumes(top, c) == Some(true);
    let below = concepts().filter(|c| is_below(*c)).nth(40).unwrap();
    let leaf = concepts().find(|c| is_below(*c) && index.lookup(*c).unwrap().children().count() == 0).unwrap();
    let child = index.lookup(top).unwrap().children().next().unwrap().id();
    let member = concepts().find(|c| index.member_of(refset, *c) == Some(true)).unwrap();
    let stranger = concepts().find(|c| index.member_of(refset, *c) == Some(false) && is_below(*c)).unwrap();
    // Retired, and replaced by something below the top, or by nothing below it.
    let replaced = |wanted: bool| {
        made.inactive.iter().copied().find(|c| {
            let targets = index.lookup(*c).unwrap().replacements();
            !targets.is_empty() && targets.iter().any(|r| is_below(r.target)) == wanted
        })
    };
    let (retired, retired_elsewhere) = (replaced(true).unwrap(), replaced(false).unwrap());
    let defined = concepts().find(|c| index.lookup(*c).unwrap().defined() == Some(true)).unwrap();
    let primitive = concepts().find(|c| index.lookup(*c).unwrap().defined() == Some(false)).unwrap();
    let tag = |c: u64| {
        let name = index.lookup(c).unwrap().fsn().unwrap();
        name.rsplit_once('(').unwrap().1.trim_end_matches(')').to_owned()
    };
    let (source, kind, value) = concepts()
        .find_map(|c| {
            let attributes = index.lookup(c).unwrap().attributes();
            attributes.into_iter().find_map(|(kind, value, _)| value.ok().map(|value| (c, kind, value)))
        })
        .unwrap();
    let module = made.module;
    let absent = 22_298_006;
    let unknown_refset = 447_562_003;
    let bad = 195_967_002;
    let one = |property: &str, op: &str, value: &str| filters(SNOMED, &[(property, op, value)]);
    let text = |id: u64| id.to_string();
    let expression = format!("{below}:{kind}={value}");
    let cases: Vec<(String, Vec<(String, Want)>)> = vec![
        (
            one("concept", "is-a", &text(top)),
            vec![
                (text(top), Want::In),
                (text(below), Want::In),
                (text(other), Want::Out),
                (text(absent), Want::Open("snomed-concept")),
                (text(retired), Want::In),
                (text(retired_elsewhere), Want::Open("snomed-inactive")),
                (expression.clone(), Want::In),
                (
                    format!("{other}:{kind}={value}"),
                    if index.lookup(top).unwrap().defined() == Some(false) {
                        Want::Out
                    } else {
                        Want::Open("snomed-expression")
                    },
                ),
                (format!("{below}:{kind}={absent}"), Want::Open("snomed-expression")),
                (format!("{below}:{kind}"), Want::Out),
                (text(bad), Want::Out),
                ("TBC".to_owned(), Want::Out),
            ],
        ),
        (one("concept", "descendent-of", &text(top)), vec![(text(top), Want::Out), (text(below), Want::In)]),
        (one("concept", "is-not-a", &text(top)), vec![(text(below), Want::Out), (text(other), Want::In)]),
        (
            one("concept", "generalizes", &text(child)),
            vec![(text(top), Want::In), (text(child), Want::In), (text(other), Want::Out)],
        ),
        (one("concept", "child-of", &text(top)), vec![(text(child), Want::In), (text(top), Want::Out)]),
        (one("concept", "descendent-leaf", &text(top)), vec![(text(leaf), Want::In), (text(top), Want::Out)]),
        (one("concept", "in", &text(refset)), vec![(text(member), Want::In), (text(stranger), Want::Out)]),
        (one("concept", "in", &format!("^ {refset}")), vec![(text(member), Want::In), (text(stranger), Want::Out)]),
        (one("concept", "not-in", &text(refset)), vec![(text(member), Want::Out), (text(stranger), Want::In)]),
        (one("concept", "in", &text(unknown_refset)), vec![(text(member), Want::Open("snomed-refset"))]),
        (one("concept", "=", &text(below)), vec![(text(below), Want::In), (text(top), Want::Out)]),
        (one("inactive", "=", "false"), vec![(text(below), Want::In), (text(retired), Want::Out)]),
        (one("inactive", "=", "true"), vec![(text(below), Want::Out), (text(retired), Want::In)]),
        (one("sufficientlyDefined", "=", "true"), vec![(text(defined), Want::In), (text(primitive), Want::Out)]),
        (one("moduleId", "=", &text(module)), vec![(text(below), Want::In)]),
        (one("moduleId", "=", &text(top)), vec![(text(below), Want::Out)]),
        (one("semanticTag", "=", &tag(below)), vec![(text(below), Want::In)]),
        (one("semanticTag", "=", "no such tag"), vec![(text(below), Want::Out)]),
        (one(&text(kind), "=", &text(value)), vec![(text(source), Want::In), (text(top), Want::Out)]),
        (one("colour", "=", "red"), vec![(text(below), Want::Open("value-set-filter"))]),
        // Several filters are joined by AND; a repeated `=` or `in` by OR.
        (
            filters(SNOMED, &[("concept", "is-a", &text(top)), ("concept", "is-a", &text(child))]),
            vec![(text(child), Want::In), (text(top), Want::Out)],
        ),
        (
            filters(SNOMED, &[("concept", "is-a", &text(top)), ("constraint", "=", &format!("<< {other}"))]),
            vec![(text(below), Want::Out)],
        ),
        (
            filters(SNOMED, &[("concept", "in", &text(refset)), ("concept", "in", &text(unknown_refset))]),
            vec![(text(member), Want::In), (text(stranger), Want::Open("snomed-refset"))],
        ),
        (
            filters(SNOMED, &[("concept", "=", &text(top)), ("concept", "=", &text(other))]),
            vec![(text(top), Want::In), (text(other), Want::In), (text(below), Want::Out)],
        ),
        (
            filters(SNOMED, &[("concept", "is-a", &text(top)), ("expressions", "=", "false")]),
            vec![(text(below), Want::In), (expression.clone(), Want::Out)],
        ),
        // One side that is known decides, where it can.
        (
            one("constraint", "=", &format!("<< {top} OR ^ {unknown_refset}")),
            vec![(text(below), Want::In), (text(other), Want::Open("snomed-refset"))],
        ),
        (
            one("constraint", "=", &format!("<< {top} MINUS {bad}")),
            vec![(text(below), Want::Open("value-set-filter")), (text(other), Want::Out)],
        ),
        (one("concept", "is-a", &text(bad)), vec![(text(below), Want::Open("value-set-filter"))]),
        (one("concept", "is-a", &text(absent)), vec![(text(below), Want::Open("snomed-concept"))]),
        // Faulty, and clear all the same.
        (one("constraint", "=", &format!("<< {top} ORR")), vec![(text(below), Want::In), (text(other), Want::Out)]),
        (one("concept", "is-a", &format!("lt;lt;{top}")), vec![(text(below), Want::In), (text(other), Want::Out)]),
        (one("concept", "in", &format!("lt;lt;{top}")), vec![(text(below), Want::In), (text(other), Want::Out)]),
        (one("concept", "=", &format!("<< {top} OR {other}")), vec![(text(below), Want::In), (text(other), Want::In)]),
        (one("concept", "in", &text(top)), vec![(text(below), Want::In), (text(other), Want::Out)]),
        // All of it, enumerated, pinned.
        (
            format!(r#"{{"include":[{{"system":"{SNOMED}"}}]}}"#),
            vec![
                (text(top), Want::In),
                (text(retired), Want::In),
                (text(absent), Want::Open("snomed-concept")),
                (expression.clone(), Want::In),
            ],
        ),
        (
            format!(r#"{{"include":[{{"system":"{SNOMED}","concept":[{{"code":"{retired}"}}]}}]}}"#),
            vec![(text(retired), Want::In), (text(top), Want::Out)],
        ),
        (
            format!(
                r#"{{"include":[{{"system":"{SNOMED}","version":"{SNOMED}/{}/version/20250312"}}]}}"#,
                index.release().edition
            ),
            vec![(text(top), Want::In)],
        ),
        (
            format!(r#"{{"include":[{{"system":"{SNOMED}","version":"{SNOMED}/83821000000107/version/20250312"}}]}}"#),
            vec![(text(top), Want::Open("snomed-version")), (text(bad), Want::Out)],
        ),
        (
            format!(r#"{{"include":[{{"system":"{SNOMED}","version":"20250312"}}]}}"#),
            vec![(text(top), Want::Open("snomed-version"))],
        ),
        (
            format!(r#"{{"include":[{{"valueSet":["{SNOMED}/83821000000107/version/20300101?fhir_vs=isa/{top}"]}}]}}"#),
            vec![(text(top), Want::Open("snomed-version"))],
        ),
        (
            format!(
                r#"{{"include":[{{"system":"{SNOMED}","filter":[{{"property":"concept","op":"is-a","value":"{top}"}}]}}],"exclude":[{{"valueSet":["{SNOMED}?fhir_vs=isa/{child}"]}}]}}"#
            ),
            vec![(text(top), Want::In), (text(child), Want::Out)],
        ),
    ];
    let composes: Vec<String> = cases.iter().map(|(compose, _)| compose.clone()).collect();
    let world = World::new(|_| Index::open(&file).unwrap(), &composes);
    for (at, (compose, codes)) in cases.iter().enumerate() {
        for (code, want) in codes {
            let answer = world.answer(at, SNOMED, code);
            let right = match (want, &answer) {
                (Want::In, Answer::In) | (Want::Out, Answer::Out) => true,
                (Want::Open(kind), Answer::Unknown(what, why)) => what == kind && why.starts_with(&world.urls[at]),
                _ => false,
            };
            assert!(right, "{compose} {code}: {want:?} expected, {answer:?} found");
        }
        let faulty = compose.contains("ORR")
            || compose.contains("lt;lt;")
            || compose.matches(r#""op":"in""#).count() == 2
            || compose.matches(r#""op":"=""#).count() == 2
                && !compose.contains("constraint")
                && !compose.contains("expressions")
            || compose.contains(&format!(r#""op":"in","value":"{top}""#))
            || compose.contains(&format!(r#""op":"=","value":"<< {top} OR {other}""#));
        let readings = world.sets.readings(Release::R4, &world.urls[at]);
        assert_eq!(!readings.is_empty(), faulty, "{compose}: {readings:?}");
    }
    // A retired concept that nothing stands in for, and one that a message sends under dm+d.
    let lonely = made.inactive.iter().find(|c| index.lookup(**c).unwrap().replacements().is_empty());
    if let Some(lonely) = lonely {
        assert!(matches!(world.answer(0, SNOMED, &lonely.to_string()), Answer::Unknown("snomed-inactive", _)));
    }
    assert_eq!(world.answer(0, "https://dmd.nhs.uk", &text(below)), Answer::Out);
}

/// A package of ours: a system, a supplement to it, and a value set whose filter nobody here can follow.
#[test]
fn supplements_add_displays_and_expansions_decide_what_filters_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        r#"{"resourceType":"CodeSystem","url":"http://values.test/colours","status":"active","content":"complete","caseSensitive":true,"concept":[{"code":"r","display":"Red"},{"code":"g","display":"Green"}]}"#,
        r#"{"resourceType":"CodeSystem","url":"http://values.test/colours-welsh","status":"active","content":"supplement","supplements":"http://values.test/colours","concept":[{"code":"r","designation":[{"language":"cy","value":"Coch"}]},{"code":"none","display":"Nothing"}]}"#,
        r#"{"resourceType":"ValueSet","url":"http://values.test/warm","status":"active","compose":{"include":[{"system":"http://elsewhere.test/colours","filter":[{"property":"heat","op":"=","value":"warm"}]}]},"expansion":{"timestamp":"2026-01-01","contains":[{"system":"http://elsewhere.test/colours","code":"r"}]}}"#,
        r#"{"resourceType":"ValueSet","url":"http://values.test/cut","status":"active","compose":{"include":[{"system":"http://elsewhere.test/colours"}]},"expansion":{"timestamp":"2026-01-01","total":2,"contains":[{"system":"http://elsewhere.test/colours","code":"r"}]}}"#,
    ];
    for (at, text) in files.iter().enumerate() {
        fs::write(folder.path().join(format!("{at}.json")), text).unwrap();
    }
    let sets = Sets::new(Arc::new(Catalogue::new(&[folder.path().to_owned()]).unwrap()));
    let found = |texts: &[&str]| Lookup::Found(Displays::Listed(texts.iter().map(|t| (*t).to_owned()).collect()));
    let display = |code| sets.display_of(Release::R4, "http://values.test/colours", code);
    assert_eq!(display("r"), found(&["Red", "Coch"]));
    assert_eq!(display("g"), found(&["Green"]));
    assert_eq!(display("none"), Lookup::NoCode);
    let contains = |set: &str, code| {
        let coded = Coded { system: Some("http://elsewhere.test/colours"), code };
        sets.contains(Release::R4, &format!("http://values.test/{set}"), coded)
    };
    assert_eq!(contains("warm", "r"), Answer::In);
    assert_eq!(contains("warm", "g"), Answer::Out);
    assert_eq!(contains("cut", "r"), Answer::Unknown("code-system", "http://elsewhere.test/colours".to_owned()));
}
