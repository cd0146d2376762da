//! Building, opening and asking a SNOMED CT index, on generated releases; damage and interruption.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests fail by panicking")]

use hallmark::terminology::snomed::generate::{Generated, Layout, Spec, identifier, write_release};
use hallmark::terminology::snomed::{
    BuildReport, DescriptionKind, Ecl, Index, SnomedError, Stage, Unsupported, build, build_until, changes, ids,
    write_lookup, write_terms,
};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

struct Built {
    folder: tempfile::TempDir,
    made: Generated,
    report: BuildReport,
}

impl Built {
    fn new(spec: &Spec) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = write_release(&folder.path().join("release"), spec).unwrap();
        let report = build(&folder.path().join("release"), &folder.path().join("index"), &|_| {}).unwrap();
        Self { folder, made, report }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    fn release(&self) -> PathBuf {
        self.folder.path().join("release")
    }

    fn index(&self) -> Index {
        Index::open_verified(&self.path()).unwrap()
    }
}

#[test]
fn answers_about_concepts() {
    let built = Built::new(&Spec::new(5, 600));
    let (index, made) = (built.index(), &built.made);
    let root = index.lookup(ids::ROOT).unwrap();
    assert!(root.active());
    assert_eq!(root.parents().count(), 0);
    assert_eq!(root.fsn(), Some("Made-up root (made-up)"));
    assert_eq!(root.preferred_term(), "Made-up root");

    let top = index.lookup_code(&made.tops[0].to_string()).unwrap();
    assert_eq!(top.parents().map(|p| p.id()).collect::<Vec<_>>(), [ids::ROOT]);
    assert_eq!(index.subsumes(ids::ROOT, made.active[500]), Some(true));
    assert_eq!(index.subsumes(made.active[500], ids::ROOT), Some(false));
    assert_eq!(index.subsumes(made.tops[0], made.tops[0]), Some(true));
    assert_eq!(index.subsumes(made.tops[0], 22_298_006), None);
    for odd in ["", "0138875005", " 138875005", "138875005 ", "1e9", "99999999999999999999", "22298006"] {
        assert!(index.lookup_code(odd).is_none(), "{odd:?}");
    }

    let gone = index.lookup(made.inactive[3]).unwrap();
    assert!(!gone.active());
    assert_eq!(gone.effective_time(), 20_250_312);
    assert!(gone.inactivation_reason().is_some());
    assert!(!gone.replacements().is_empty());
    assert!(gone.replacements().iter().all(|r| r.name.is_some() && made.active.contains(&r.target)));
    assert!(root.inactivation_reason().is_none() && root.replacements().is_empty());

    let release = index.release();
    assert_eq!(release.concepts, built.report.concepts);
    assert_eq!((release.effective_time, release.full), (20_250_312, false));
    assert_eq!(release.edition, ids::CORE_MODULE);
    assert_eq!(release.digest.len(), 64);
}

#[test]
fn preferred_terms_follow_the_nhs_realm() {
    let built = Built::new(&Spec::new(6, 400));
    let index = built.index();
    let (mut differ, mut same) = (0, 0);
    for id in &built.made.active {
        let concept = index.lookup(*id).unwrap();
        let preferred_in = |refset: u64| {
            concept.descriptions().find(|d| {
                d.active()
                    && d.kind() == DescriptionKind::Synonym
                    && d.preferences().any(|(of, how)| of == refset && how == Some(true))
            })
        };
        let nhs = preferred_in(ids::NHS_CLINICAL).or_else(|| preferred_in(ids::NHS_PHARMACY));
        let gb = preferred_in(ids::GB_ENGLISH).unwrap();
        assert_eq!(concept.preferred_term(), nhs.unwrap_or(gb).term(), "{id}");
        if nhs.is_some_and(|nhs| nhs.id() != gb.id()) {
            differ += 1
        } else {
            same += 1
        }
        for description in concept.descriptions() {
            assert_eq!(description.concept().id(), *id);
            let again = index.description(description.id()).unwrap();
            assert_eq!((again.term(), again.active()), (description.term(), description.active()));
            assert_eq!(description.language(), "en");
        }
    }
    assert!(differ > 20 && same > 20, "{differ} differ, {same} do not");
    assert!(index.description(identifier(999_999, 11)).is_none());
}

#[test]
fn membership_is_known_or_unknown() {
    let built = Built::new(&Spec::new(7, 500));
    let (index, made) = (built.index(), &built.made);
    let refset = made.refsets[1];
    let members = index.evaluate(&Ecl::parse(&format!("^ {refset}")).unwrap()).unwrap();
    assert!(members.len() > 20);
    for id in made.active.iter().chain(&made.inactive) {
        assert_eq!(index.member_of(refset, *id), Some(index.holds(&members, *id)));
        assert_eq!(index.lookup(*id).unwrap().refsets().any(|r| r == refset), index.holds(&members, *id));
    }
    assert_eq!(index.member_of(refset, 22_298_006), Some(false));
    assert_eq!(index.member_of(22_298_006, made.active[0]), None);
}

#[test]
fn what_cannot_be_known_is_refused() {
    let built = Built::new(&Spec::new(8, 100));
    let (index, made) = (built.index(), &built.made);
    let (here, absent) = (made.active[50], 22_298_006);
    for (text, reason) in [
        (format!("<< {absent}"), Unsupported::AbsentConcept(absent)),
        (format!("^ {absent}"), Unsupported::AbsentRefset(absent)),
        (format!("* : {absent} = *"), Unsupported::AbsentConcept(absent)),
        (format!("* : {} = {absent}", made.attributes[1]), Unsupported::AbsentConcept(absent)),
        (
            format!("^ {} {{{{ M mapAdvice = \"a\" }}}}", made.refsets[0]),
            Unsupported::MemberField(made.refsets[0], "mapAdvice".into()),
        ),
        ("<< 22298007".to_owned(), Unsupported::CheckDigit(22_298_007)),
        (format!("<< {here} MINUS 22298007"), Unsupported::CheckDigit(22_298_007)),
        (format!("{here} OR ^ 22298007"), Unsupported::CheckDigit(22_298_007)),
        ("ICD-10#J45".to_owned(), Unsupported::AlternateIdentifier),
        (format!("* : {{ R {} = * }}", made.attributes[1]), Unsupported::ReverseInGroup),
        (format!("* : R {} = #1", made.attributes[1]), Unsupported::ReverseConcrete),
        ("* : 116680003 = *".to_owned(), Unsupported::IsAAttribute),
        ("* {{ dialect = xx-yy }}".to_owned(), Unsupported::DialectAlias),
        ("* {{ dialect = en-nz }}".to_owned(), Unsupported::AbsentRefset(271_000_210_107)),
    ] {
        assert_eq!(index.evaluate(&Ecl::parse(&text).unwrap()), Err(reason), "{text}");
    }
    // One concept can often be judged all the same.
    let contains = |text: String, concept| index.contains(&Ecl::parse(&text).unwrap(), concept);
    assert_eq!(contains(format!("<< {absent} OR {here}"), here), Ok(true));
    assert_eq!(contains(format!("<< {absent} OR {here}"), made.active[7]), Err(Unsupported::AbsentConcept(absent)));
    assert_eq!(contains(format!("<< {absent} AND {here}"), made.active[7]), Ok(false));
    assert_eq!(contains(format!("{here} MINUS << {absent}"), here), Err(Unsupported::AbsentConcept(absent)));
    assert_eq!(contains(format!("{here} OR {absent}"), absent), Ok(true));
    assert_eq!(contains(format!("{here} OR {absent}"), made.active[7]), Ok(false));
    // An enumerated concept that the release lacks adds nothing to a set.
    let set = index.evaluate(&Ecl::parse(&format!("{here} OR {absent}")).unwrap()).unwrap();
    assert_eq!(index.codes(&set), [here]);
}

#[test]
fn layouts_kinds_and_containers_agree() {
    let whole = Built::new(&Spec::new(9, 300));
    let split = Built::new(&Spec { layout: Layout::Split, ..Spec::new(9, 300) });
    // The same rows, cut differently: the same index, byte for byte.
    assert!(same_bytes(&whole.path(), &split.path()));
    assert_eq!(split.report.files, whole.report.files * 2);

    let zipped = whole.folder.path().join("release.zip");
    zip_folder(&whole.release(), &zipped);
    let out = whole.folder.path().join("from-zip");
    build(&zipped, &out, &|_| {}).unwrap();
    assert!(same_bytes(&out, &whole.path()));

    let full = Built::new(&Spec { full: true, ..Spec::new(9, 300) });
    assert_eq!(full.report.concepts, whole.report.concepts);
    assert!(full.index().release().full);
    assert!(full.report.warnings.is_empty(), "{:?}", full.report.warnings);
}

/// Every file of a folder, by name, changed or left out.
fn copy_release(from: &Path, to: &Path, change: &dyn Fn(&str, String) -> Option<(String, String)>) {
    for entry in walkdir::WalkDir::new(from).sort_by_file_name() {
        let entry = entry.unwrap();
        if !entry.file_type().is_file() {
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some((name, text)) = change(&name, std::fs::read_to_string(entry.path()).unwrap()) {
            let path = to.join(entry.path().parent().unwrap().strip_prefix(from).unwrap()).join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
}

#[test]
fn archives_within_archives_and_names_in_capitals_give_the_same_index() {
    let whole = Built::new(&Spec::new(21, 200));
    let folder = whole.folder.path();
    let inner = folder.join("inner.zip");
    zip_folder(&whole.release(), &inner);
    let nest = folder.join("nest");
    std::fs::create_dir(&nest).unwrap();
    std::fs::rename(&inner, nest.join("uk_sct2cl_1.0.0_20250312000001Z.ZIP")).unwrap();
    std::fs::write(nest.join("Readme.txt"), "nothing").unwrap();
    let outer = folder.join("outer.zip");
    zip_folder(&nest, &outer);
    let tgz = folder.join("release.tgz");
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(
        std::fs::File::create(&tgz).unwrap(),
        flate2::Compression::fast(),
    ));
    tar.append_dir_all("any", whole.release()).unwrap();
    tar.into_inner().unwrap().finish().unwrap();
    let capitals = folder.join("capitals");
    copy_release(&whole.release(), &capitals, &|name, text| Some((name.to_uppercase(), text)));
    let gzipped = folder.join("gzipped");
    std::fs::create_dir(&gzipped).unwrap();
    for entry in walkdir::WalkDir::new(whole.release()) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let out =
                std::fs::File::create(gzipped.join(format!("{}.gz", entry.file_name().to_string_lossy()))).unwrap();
            let mut out = flate2::write::GzEncoder::new(out, flate2::Compression::fast());
            std::io::copy(&mut std::fs::File::open(entry.path()).unwrap(), &mut out).unwrap();
            out.finish().unwrap();
        }
    }
    for release in [&outer, &nest, &tgz, &capitals, &gzipped] {
        let out = folder.join("again");
        let report = build(release, &out, &|_| {}).unwrap_or_else(|e| panic!("{}: {e}", release.display()));
        assert!(same_bytes(&out, &whole.path()), "{}", release.display());
        assert_eq!(report.packages.len(), whole.report.packages.len(), "{}", release.display());
    }
    // An archive is no index, and neither is a folder: each is told what it is.
    for (path, says) in
        [(&outer, "this is a release"), (&whole.release(), "this is a release"), (&folder.join("empty"), "no RF2")]
    {
        let _ = std::fs::create_dir(folder.join("empty"));
        let error = Index::open(path).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn packages_of_different_kinds_are_composed_or_refused() {
    let snapshot = Built::new(&Spec { layout: Layout::Split, ..Spec::new(22, 220) });
    let folder = snapshot.folder.path();
    let names: Vec<&str> = snapshot.report.packages.iter().map(|p| p.name.as_str()).collect();
    assert!(names.len() > 1 && names.contains(&"International"), "{names:?}");
    // One package as Full files, with an older row of every component, the others as Snapshots.
    let mixed = folder.join("mixed");
    copy_release(&snapshot.release(), &mixed, &|name, text| {
        if !name.contains("_INT_") {
            return Some((name.to_owned(), text));
        }
        let older: String = text
            .lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<&str> = line.split('\t').collect();
                let active = if cells[2] == "1" { "0" } else { "1" };
                format!("{}\t20100131\t{active}\t{}\r\n", cells[0], cells[3..].join("\t"))
            })
            .collect();
        Some((name.replace("Snapshot", "Full"), text + &older))
    });
    let out = folder.join("mixed-index");
    let report = build(&mixed, &out, &|_| {}).unwrap();
    assert!(same_bytes(&out, &snapshot.path()));
    let kinds: Vec<String> = report.packages.iter().map(|p| format!("{} {:?}", p.name, p.kind)).collect();
    assert!(kinds.contains(&"International Full".to_owned()), "{kinds:?}");
    // Beside its Snapshot a Delta is passed over, by name; alone it is refused.
    let delta = |keep: bool| {
        let folder = folder.join(if keep { "with-delta" } else { "delta" });
        copy_release(&snapshot.release(), &folder, &|name, text| {
            (keep || !name.contains("_INT_")).then(|| (name.to_owned(), text))
        });
        copy_release(&snapshot.release(), &folder, &|name, text| {
            name.contains("_INT_").then(|| (name.replace("Snapshot", "Delta"), text))
        });
        build(&folder, &out, &|_| {})
    };
    let report = delta(true).unwrap();
    let passed: Vec<&(String, &str)> = report.packages.iter().flat_map(|p| &p.passed_over).collect();
    assert!(
        !passed.is_empty() && passed.iter().all(|(name, why)| name.contains("Delta") && *why == "Delta"),
        "{passed:?}"
    );
    assert!(matches!(delta(false), Err(SnomedError::DeltaAlone(name)) if name == "International"));
}

#[test]
fn what_is_wrong_with_a_release_is_refused_or_said() {
    let good = Built::new(&Spec::new(23, 150));
    let folder = good.folder.path();
    let (child, parent) = (good.made.active[40], good.made.tops[0]);
    let changed = |name: &str, change: &dyn Fn(&str, String) -> Option<String>| {
        let to = folder.join(name);
        copy_release(&good.release(), &to, &|name, text| change(name, text).map(|text| (name.to_owned(), text)));
        build(&to, &folder.join("changed"), &|_| {})
    };
    for table in ["_Relationship_", "_Description_"] {
        let found = changed(table, &|name, text| (!name.contains(table)).then_some(text));
        assert!(matches!(found, Err(SnomedError::NoTable { .. })), "{table}: {found:?}");
    }
    let says = |report: BuildReport| -> Vec<String> { report.warnings.iter().map(|w| w.says()).collect() };
    let holds = |said: &[String], part: &str| assert!(said.iter().any(|line| line.contains(part)), "{part}: {said:?}");
    let said = says(changed("language", &|name, text| (!name.contains("Language")).then_some(text)).unwrap());
    holds(&said, "without a Language refset");
    let said = says(
        changed("cut", &|name, text| {
            let cut = if name.contains("_Relationship_") { text.len() - 4 } else { text.len() };
            Some(text[..cut].to_owned())
        })
        .unwrap(),
    );
    holds(&said, "whose last line has no end");
    let said = says(
        changed("contradictory", &|name, text| {
            let row = format!("\n{child}\t");
            let Some(at) = text.find(&row).filter(|_| name.contains("_Concept_")) else { return Some(text) };
            let line = text[at + 1..].lines().next().unwrap().to_owned();
            let other = line.replacen("\t1\t", "\t0\t", 1);
            Some(format!("{text}{other}\r\n"))
        })
        .unwrap(),
    );
    holds(&said, &format!("concepts with different rows of one day; the row read last counts: {child}"));
    let said = says(
        changed("circle", &|name, text| {
            if !name.contains("_Relationship_") {
                return Some(text);
            }
            let row = format!(
                "{}\t20250312\t1\t{}\t{parent}\t{child}\t0\t116680003\t900000000000011006\t900000000000451002\r\n",
                hallmark::terminology::snomed::generate::identifier(99_999_999, 12),
                good.made.module
            );
            Some(text + &row)
        })
        .unwrap(),
    );
    holds(&said, "close a circle; left out: ");
}

#[test]
fn the_next_release_is_compared_code_by_code() {
    let old = Built::new(&Spec::new(24, 150));
    let (gone, renamed) = (old.made.active[30], old.made.active[50]);
    let before = old.index();
    let term = before.lookup(renamed).unwrap().preferred_term().to_owned();
    let newer = old.folder.path().join("newer");
    copy_release(&old.release(), &newer, &|name, text| {
        let text = if name.contains("_Concept_") {
            text.lines()
                .map(|line| match line.strip_prefix(&format!("{gone}\t")) {
                    Some(rest) => format!("{gone}\t20251009\t0\t{}\r\n", rest.splitn(3, '\t').nth(2).unwrap()),
                    None => format!("{line}\r\n"),
                })
                .collect()
        } else {
            text.replace(&format!("\t{term}\t"), "\tquite another term\t")
        };
        Some((name.to_owned(), text))
    });
    let out = old.folder.path().join("newer-index");
    build(&newer, &out, &|_| {}).unwrap();
    let now = Index::open_verified(&out).unwrap();
    let kinds = |id: u64| changes(&before, &now, id).iter().map(|c| c.kind()).collect::<Vec<_>>();
    assert_eq!(kinds(gone).first(), Some(&"inactivated"));
    assert!(kinds(renamed).contains(&"term"), "{:?}", kinds(renamed));
    assert!(kinds(old.made.active[70]).is_empty() && kinds(22_298_006).is_empty());
    let said = changes(&before, &now, renamed)[0].says(&now);
    assert!(said.contains(&term) && said.contains("quite another term"), "{said}");
}

fn same_bytes(one: &Path, other: &Path) -> bool {
    std::fs::read(one).unwrap() == std::fs::read(other).unwrap()
}

fn zip_folder(folder: &Path, out: &Path) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(out).unwrap());
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::copy(&mut std::fs::File::open(entry.path()).unwrap(), &mut zip).unwrap();
        }
    }
    zip.finish().unwrap();
}

#[test]
fn bad_rows_are_counted_and_left_out() {
    let good = Built::new(&Spec::new(10, 200));
    assert!(good.report.warnings.is_empty(), "{:?}", good.report.warnings);
    let bad = Built::new(&Spec { faults: true, ..Spec::new(10, 200) });
    // One more concept: its check digit is wrong, but it is there.
    assert_eq!(bad.report.concepts, good.report.concepts + 1);
    assert_eq!(bad.report.descriptions, good.report.descriptions);
    assert_eq!(bad.report.parents, good.report.parents);
    assert_eq!(bad.report.members, good.report.members);
    let found: Vec<(&str, u64)> = bad.report.warnings.iter().map(|w| (w.what, w.count)).collect();
    assert_eq!(
        found,
        [
            ("descriptions of concepts that are not in the release; left out", 1),
            ("identifiers with a wrong check digit or partition; kept", 1),
            ("language refset members that are no description of the release; left out", 1),
            ("refset member identifiers that are no UUID; kept", 2),
            ("refset members that are no concept of the release; left out", 1),
            ("relationships with an end that is not in the release; left out", 1),
            ("rows that cannot be read and were left out", 4),
        ]
    );
    let unreadable = bad.report.warnings.last().unwrap();
    let (file, line) = unreadable.first.clone().unwrap();
    assert!(file.contains("_Concept_") && line > 200, "{file} {line}");
}

#[test]
fn a_release_without_metadata_still_builds() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, rows: &[&str]| {
        let text: String = rows.iter().map(|row| format!("{}\n", row.replace(' ', "\t"))).collect();
        std::fs::write(folder.path().join(name), text).unwrap();
    };
    write(
        "sct2_Concept_Snapshot_INT_20250101.txt",
        &[
            "id effectiveTime active moduleId definitionStatusId",
            "138875005 20250101 1 900000000000207008 900000000000074008",
            "404684003 20250101 1 900000000000207008 900000000000074008",
        ],
    );
    write(
        "sct2_Relationship_Snapshot_INT_20250101.txt",
        &[
            "id effectiveTime active moduleId sourceId destinationId relationshipGroup typeId characteristicTypeId modifierId",
            "100022 20250101 1 900000000000207008 404684003 138875005 0 116680003 900000000000011006 900000000000451002",
            "101021 20250101 1 900000000000207008 404684003 138875005 0 363698007 900000000000011006 900000000000451002",
        ],
    );
    write(
        "sct2_Description_Snapshot-en_INT_20250101.txt",
        &["id effectiveTime active moduleId conceptId languageCode typeId term caseSignificanceId"],
    );
    let out = folder.path().join("index");
    let report = build(folder.path(), &out, &|_| {}).unwrap();
    assert_eq!((report.concepts, report.parents, report.attributes), (2, 1, 1));
    let absent: Vec<u64> = report.warnings.iter().flat_map(|w| w.concepts.iter().map(|(id, _)| *id)).collect();
    assert!(absent.contains(&116_680_003) && absent.contains(&900_000_000_000_207_008), "{absent:?}");
    let index = Index::open_verified(&out).unwrap();
    assert_eq!(index.subsumes(138_875_005, 404_684_003), Some(true));
    assert_eq!(index.lookup(404_684_003).unwrap().preferred_term(), "");
    let set = index.evaluate(&Ecl::parse("* : 363698007 = 138875005").unwrap()).unwrap();
    assert_eq!(index.codes(&set), [404_684_003]);
}

#[test]
fn no_release_and_bad_headers_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("index");
    let none = build(folder.path(), &out, &|_| {});
    assert!(matches!(none, Err(SnomedError::NotARelease(_))), "{none:?}");
    assert!(matches!(build(&folder.path().join("absent"), &out, &|_| {}), Err(SnomedError::Io { .. })));
    std::fs::write(folder.path().join("x.zip"), b"no zip").unwrap();
    assert!(matches!(build(&folder.path().join("x.zip"), &out, &|_| {}), Err(SnomedError::Zip { .. })));
    std::fs::remove_file(folder.path().join("x.zip")).unwrap();
    let name = "sct2_Concept_Snapshot_INT_20250101.txt";
    std::fs::write(folder.path().join(name), "id\teffectiveTime\tactive\tmodule\n").unwrap();
    assert!(matches!(build(folder.path(), &out, &|_| {}), Err(SnomedError::NoTable { .. })));
    for other in ["sct2_Relationship_Snapshot_INT_20250101.txt", "sct2_Description_Snapshot-en_INT_20250101.txt"] {
        std::fs::write(folder.path().join(other), "id\n").unwrap();
    }
    match build(folder.path(), &out, &|_| {}) {
        Err(SnomedError::Header { file, column }) => assert_eq!((file.as_str(), column), (name, "moduleId")),
        other => panic!("{other:?}"),
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn damaged_indexes_are_refused() {
    let built = Built::new(&Spec::new(11, 150));
    let bytes = std::fs::read(built.path()).unwrap();
    let path = built.folder.path().join("damaged");
    let open = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        Index::open_verified(&path).map(|_| ())
    };
    assert!(open(&bytes).is_ok());
    for length in [0, 1, 7] {
        assert!(matches!(open(&bytes[..length]), Err(SnomedError::NotAnIndex(_))), "{length}");
    }
    for length in [8, 100, 4095, 4096, bytes.len() / 2, bytes.len() - 1] {
        assert!(matches!(open(&bytes[..length]), Err(SnomedError::Length { .. })), "{length}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(matches!(open(&longer), Err(SnomedError::Length { .. })));
    // A bit anywhere: in the header, the table, the sections, the padding between them.
    for at in (8..bytes.len()).step_by(bytes.len() / 500) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        match open(&changed) {
            Err(SnomedError::Damaged { .. } | SnomedError::Version { .. } | SnomedError::Length { .. }) => {}
            other => panic!("byte {at}: {other:?}"),
        }
    }
    let mut foreign = bytes.clone();
    foreign[8] = 99;
    let fault = open(&foreign).unwrap_err();
    assert!(matches!(fault, SnomedError::Version { found: 99, .. }), "{fault}");
    assert!(fault.to_string().contains("build it again"));
    assert!(matches!(open(b"PK\x03\x04 something else entirely"), Err(SnomedError::NotAnIndex(_))));
    assert!(matches!(Index::open(&built.folder.path().join("absent")), Err(SnomedError::Io { .. })));
}

#[test]
fn an_unverified_damaged_index_never_panics() {
    let built = Built::new(&Spec::new(12, 120));
    let bytes = std::fs::read(built.path()).unwrap();
    let path = built.folder.path().join("damaged");
    let ecl = Ecl::parse("(<< 138875005 : { * = * }) {{ D term = \"ba\" }} {{ +HISTORY }}").unwrap();
    for seed in 0..40usize {
        let mut changed = bytes.clone();
        for n in 0..200 {
            let at = 4096 + (seed * 7919 + n * 104_729) % (bytes.len() - 4096);
            changed[at] = (seed * 31 + n) as u8;
        }
        std::fs::write(&path, &changed).unwrap();
        let index = Index::open(&path).unwrap();
        assert!(index.verify().is_err());
        let mut sink = Vec::new();
        for id in built.made.active.iter().take(20) {
            let _ = write_lookup(&index, *id, 5, &mut sink);
        }
        let _ = index.evaluate(&ecl);
    }
}

#[test]
fn a_stopped_build_leaves_nothing() {
    let built = Built::new(&Spec::new(13, 200));
    for stage in [Stage::Reading, Stage::LayingOut, Stage::Writing] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("index");
        for before in [None, Some("what was there")] {
            before.inspect(|text| std::fs::write(&out, text).unwrap());
            let stop = AtomicBool::new(false);
            let result = build_until(
                &[&built.release()],
                &out,
                &|progress| {
                    if progress.stage == stage {
                        stop.store(true, Ordering::Relaxed);
                    }
                },
                &stop,
            );
            assert!(matches!(result, Err(SnomedError::Stopped)), "{stage:?}: {result:?}");
            let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
            assert_eq!(left.len(), usize::from(before.is_some()), "{stage:?}: {left:?}");
            assert_eq!(std::fs::read_to_string(&out).ok().as_deref(), before);
        }
    }
    // A folder that is not there.
    let nowhere = built.folder.path().join("no/such/index");
    assert!(matches!(build(&built.release(), &nowhere, &|_| {}), Err(SnomedError::Io { .. })));
}

#[test]
fn progress_ends_where_it_says() {
    let built = Built::new(&Spec::new(14, 100));
    let seen = std::cell::RefCell::new(Vec::new());
    build(&built.release(), &built.path(), &|progress| seen.borrow_mut().push(progress)).unwrap();
    let seen = seen.into_inner();
    assert!(seen.iter().all(|p| p.done <= p.total && p.total > 0));
    let last = seen.last().unwrap();
    assert_eq!((last.stage, last.done), (Stage::Writing, last.total));
}

#[test]
fn pages() {
    let built = Built::new(&Spec::new(15, 100));
    let (index, made) = (built.index(), &built.made);
    let page = |code: u64| {
        let mut out = Vec::new();
        assert!(write_lookup(&index, code, 5, &mut out).unwrap());
        String::from_utf8(out).unwrap()
    };
    let active = page(made.active[30]);
    for part in
        ["status          active since", "fully specified name, en", "preferred in en-gb", "parents\n  ", "module "]
    {
        assert!(active.contains(part), "{part}: {active}");
    }
    assert!(!active.contains("replacements"));
    let gone = page(made.inactive[0]);
    for part in [
        "status          inactive since 2025-03-12",
        "reason          ",
        "\nreplacements\n  ",
        "\nparents         none",
    ] {
        assert!(gone.contains(part), "{part}: {gone}");
    }
    let mut out = Vec::new();
    assert!(!write_lookup(&index, 22_298_006, 5, &mut out).unwrap());
    assert!(out.is_empty());

    // By the id of a description, and by the start of a term.
    let concept = index.lookup(made.active[30]).unwrap();
    let description = concept.descriptions().find(|d| d.active()).unwrap();
    let by_description = page(description.id());
    assert!(by_description.starts_with(&format!("{} |", description.id())), "{by_description}");
    assert!(by_description.contains(&format!("\n{} |", concept.id())), "{by_description}");
    let term = description.term().to_uppercase();
    let mut out = Vec::new();
    assert!(write_terms(&index, &format!(" {term} "), 500, &mut out).unwrap());
    let found = String::from_utf8(out).unwrap();
    assert!(found.lines().any(|line| line.starts_with(&concept.id().to_string())), "{term}: {found}");
    let mut out = Vec::new();
    assert!(!write_terms(&index, "no such term", 5, &mut out).unwrap());
    assert!(!write_terms(&index, "", 5, &mut out).unwrap() && out.is_empty());
    assert!(index.concepts_named(&term, 500).contains(&concept.id()));
}
