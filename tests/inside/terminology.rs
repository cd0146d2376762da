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
