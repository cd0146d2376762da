//! Value sets over SNOMED CT, decided by an index built from a generated release; without one, nothing is decided.

use std::fs;
use std::sync::Arc;

use hallmark::pack::catalogue::Catalogue;
use hallmark::pack::model::Release;
use hallmark::terminology::snomed::generate::{Spec, write_release};
use hallmark::terminology::snomed::{Index, build};
use hallmark::terminology::{Answer, Coded, Lookup, SNOMED, Sets};

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
    assert!(matches!(known, Lookup::Found(ref terms) if !terms.is_empty()), "{known:?}");
    assert_eq!(without.display_of(Release::R4, SNOMED, &top.to_string()), Lookup::NotHeld);
}
