//! Value sets over SNOMED CT, decided by an index built from a generated release; without one, nothing is decided.

use std::fs;
use std::sync::Arc;

use hallmark::pack::catalogue::Catalogue;
use hallmark::pack::model::Release;
use hallmark::terminology::snomed::generate::{Spec, write_release};
use hallmark::terminology::snomed::{Index, Link, SnomedError, build, build_until};
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

/// A made-up release of dm+d, as NHSBSA packs it: zips in a zip, sections in any order, flags as `1` or `0001`.
#[test]
fn medicines_of_dmd_are_decided() {
    let folder = tempfile::tempdir().unwrap();
    let release = folder.path().join("release");
    let made = write_release(&release, &Spec::new(12, 120)).unwrap();
    let zip = |files: &[(&str, Vec<u8>)]| -> Vec<u8> {
        let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut out, bytes).unwrap();
        }
        out.finish().unwrap().into_inner()
    };
    let (vtm, vmp, old, former, amp, ing) = (
        7_777_861_000_001_103_u64,
        7_777_811_000_001_100_u64,
        7_777_831_000_001_106_u64,
        7_777_841_000_001_104_u64,
        7_777_821_000_001_109_u64,
        7_777_871_000_001_108_u64,
    );
    let products = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><VIRTUAL_MED_PRODUCTS><DRUG_ROUTE><DROUTE><VPID>{vmp}</VPID><ROUTECD>26643006</ROUTECD></DROUTE>\
         </DRUG_ROUTE><VMPS><VMP><NM>Testamol 10mg &amp; Other 5mg tablets</NM><VTMID>{vtm}</VTMID><VPID>{vmp}</VPID><VPIDPREV>{former}</VPIDPREV>\
         <LATER>1</LATER></VMP><VMP><VPID>{old}</VPID><INVALID>0001</INVALID><NM>Testamol 5mg tablets</NM></VMP>\
         <VMP><NM>without an id</NM></VMP></VMPS></VIRTUAL_MED_PRODUCTS>"
    );
    let others = format!(
        "<ACTUAL_MEDICINAL_PRODUCTS><AMPS><AMP><APID>{amp}</APID><VPID>{vmp}</VPID><NM>Testamol</NM><DESC>Testamol (Test Ltd)</DESC></AMP></AMPS>\
         <AP_INGREDIENT/></ACTUAL_MEDICINAL_PRODUCTS>"
    );
    let moieties = format!(
        "<VIRTUAL_THERAPEUTIC_MOIETIES><VTM><VTMID>{vtm}</VTMID><NM>Testamol</NM></VTM></VIRTUAL_THERAPEUTIC_MOIETIES>"
    );
    let ingredients =
        format!("<INGREDIENT_SUBSTANCES><ING><ISID>{ing}</ISID><NM>Testamol base</NM></ING></INGREDIENT_SUBSTANCES>");
    let inner = zip(&[
        ("f_vmp2_3091025.xml", products.into_bytes()),
        ("f_amp2_3081025.xml", others.into_bytes()),
        ("vmp_v2_3.xsd", b"<schema/>".to_vec()),
    ]);
    let outer = zip(&[
        ("main/week.zip", inner),
        ("f_vtm2_3091025.xml", moieties.into_bytes()),
        ("f_ingredient2_3091025.xml", ingredients.into_bytes()),
    ]);
    let dmd = folder.path().join("nhsbsa_dmd_10.1.0_20251013000001.zip");
    fs::write(&dmd, outer).unwrap();
    let file = folder.path().join("index");
    let never = std::sync::atomic::AtomicBool::new(false);
    let report = build_until(&[&release, &dmd], &file, &|_| {}, &never).unwrap();
    assert_eq!((report.medicines, report.medicines_date), (5, 20_251_009));
    assert!(report.warnings.iter().any(|w| w.says().contains("f_vmp2_3091025.xml")), "{:?}", report.warnings);
    let index = Index::open_verified(&file).unwrap();
    let entry = index.medicine(vmp).unwrap();
    assert_eq!((entry.name(), entry.is_invalid()), ("Testamol 10mg & Other 5mg tablets", false));
    assert_eq!(entry.links(Link::Route).collect::<Vec<_>>(), [26_643_006]);
    assert_eq!(entry.links(Link::Above).collect::<Vec<_>>(), [vtm]);
    assert!(index.medicine(old).unwrap().is_invalid());
    assert_eq!(index.medicine(amp).unwrap().virtual_product().map(|p| p.id()), Some(vmp));
    assert_eq!((index.current_medicine(former), index.current_medicine(vmp)), (Some(vmp), None));

    let dmd = "https://dmd.nhs.uk";
    let kind = |word: &str| filters(dmd, &[("parent", "=", word)]);
    let composes = [
        kind("VMP"),
        kind("AMP"),
        kind("VTM"),
        kind("INGREDIENT"),
        format!(r#"{{"include":[{{"system":"{dmd}"}}]}}"#),
        filters(dmd, &[("parent", "=", "VMP"), ("parent", "=", "VTM")]),
    ];
    let world = World::new(|_| Index::open(&file).unwrap(), &composes);
    let disorder = made.active[60];
    for (at, code, want) in [
        (0, vmp, Want::In),
        (0, amp, Want::Out),
        (0, vtm, Want::Out),
        (0, disorder, Want::Out),
        (0, 7_777_891_000_001_107, Want::Open("snomed-concept")),
        (1, amp, Want::In),
        (2, vtm, Want::In),
        (3, ing, Want::In),
        (3, vmp, Want::Out),
        (4, vmp, Want::In),
        (4, ing, Want::In),
        (4, disorder, Want::Out),
        (5, vtm, Want::In),
        (5, vmp, Want::In),
        (5, amp, Want::Out),
    ] {
        let answer = world.answer(at, dmd, &code.to_string());
        let right = match (want, &answer) {
            (Want::In, Answer::In) | (Want::Out, Answer::Out) => true,
            (Want::Open(kind), Answer::Unknown(what, _)) => *what == kind,
            _ => false,
        };
        assert!(right, "{} {code}: {want:?} expected, {answer:?} found", composes[at]);
    }
    // A file that is no XML stops the build.
    fs::write(folder.path().join("f_vmp2_3091025.xml"), "<VIRTUAL_MED_PRODUCTS><VMPS>").unwrap();
    let broken = build_until(&[&release, &folder.path().join("f_vmp2_3091025.xml")], &file, &|_| {}, &never);
    assert!(matches!(broken, Err(SnomedError::Xml { .. })), "{broken:?}");
}

#[test]
fn read_codes_have_their_latest_translation() {
    let folder = tempfile::tempdir().unwrap();
    let release = folder.path().join("release");
    write_release(&release, &Spec::new(13, 60)).unwrap();
    let maps = folder.path().join("maps");
    fs::create_dir(&maps).unwrap();
    let header = "MapId\tReadCode\tTermCode\tConceptId\tDescriptionId\tIS_ASSURED\tEffectiveDate\tMapStatus";
    let rows = [
        "a\tH33..\t00\t22298006\t\t1\t20180401\t1",
        "a\tH33..\t00\t195967001\t\t1\t20200401\t1",
        "b\th33..\t00\t73211009\t\t1\t20200401\t1",
        "c\tG30..\t00\t22298006\t\t1\t20200401\t0",
        "d\tx....\t00\t_DRUG\t\t1\t20200401\t1",
    ];
    fs::write(maps.join("rcsctmap2_uk_20200401000001.txt"), format!("{header}\r\n{}\r\n", rows.join("\r\n"))).unwrap();
    let header = "MAPID\tCTV3_CONCEPTID\tCTV3_TERMID\tCTV3_TERMTYPE\tSCT_CONCEPTID\tSCT_DESCRIPTIONID\tMAPSTATUS\tEFFECTIVEDATE\tIS_ASSURED";
    let row = "{e}\tXE0Yk\tY1\tP\t195967001\t\t1\t20200401\t1";
    fs::write(maps.join("ctv3sctmap2_uk_20200401000001.txt"), format!("{header}\r\n{row}\r\n")).unwrap();
    let file = folder.path().join("index");
    let never = std::sync::atomic::AtomicBool::new(false);
    let report = build_until(&[&release, &maps], &file, &|_| {}, &never).unwrap();
    assert_eq!(report.translations, 3);
    let index = Index::open_verified(&file).unwrap();
    for (key, targets) in [
        ("2H33..", vec![195_967_001]),
        ("2h33..", vec![73_211_009]),
        ("2G30..", vec![]),
        ("2x....", vec![]),
        ("3XE0Yk", vec![195_967_001]),
        ("3H33..", vec![]),
    ] {
        assert_eq!(index.translations(key), Some(targets), "{key}");
    }
    build(&release, &file, &|_| {}).unwrap();
    assert_eq!(Index::open(&file).unwrap().translations("2H33.."), None);
}

/// The line of what was not assessed says which value set asked for what the release lacks.
#[test]
fn what_is_not_assessed_names_value_set_and_refset() {
    let folder = tempfile::tempdir().unwrap();
    let release = folder.path().join("release");
    let made = write_release(&release, &Spec::new(14, 80)).unwrap();
    let file = folder.path().join("index");
    build(&release, &file, &|_| {}).unwrap();
    let package = folder.path().join("package");
    fs::create_dir(&package).unwrap();
    let url = "http://values.test/lacking";
    fs::write(package.join("v.json"), value_set(url, "concept", "in", "999000391000000109")).unwrap();
    let profile = format!(
        r#"{{"resourceType":"StructureDefinition","url":"http://values.test/p","name":"P","status":"active","fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Condition","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Condition","derivation":"constraint","differential":{{"element":[{{"id":"Condition","path":"Condition"}},{{"id":"Condition.code","path":"Condition.code","binding":{{"strength":"required","valueSet":"{url}"}}}}]}}}}"#
    );
    fs::write(package.join("p.json"), profile).unwrap();
    let hallmark = hallmark::session::Hallmark::builder()
        .today(hallmark::settings::Date::parse("2026-11-26").unwrap())
        .package(&package)
        .terminology(&file)
        .build()
        .unwrap();
    let message = format!(
        r#"{{"resourceType":"Condition","meta":{{"profile":["http://values.test/p"]}},"subject":{{"display":"Test"}},"code":{{"coding":[{{"system":"{SNOMED}","code":"{}"}}]}}}}"#,
        made.active[20]
    );
    let checked = hallmark.check(message.as_bytes());
    let said: Vec<String> =
        checked.not_assessed.iter().map(|(what, _)| format!("{} {}", what.what, what.canonical)).collect();
    assert!(
        said.iter()
            .any(|line| line.starts_with(&format!("snomed-refset {url}: ")) && line.contains("999000391000000109")),
        "{said:?}"
    );
    assert!(!checked.findings.iter().any(|f| f.meta.id == "HM0115"));
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
