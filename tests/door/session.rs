//! The door: what one payload, a run over paths and a run fed by hand give is the same; from any thread and any stack.
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

use std::path::{Path, PathBuf};

use hallmark::finding::{Finding, fingerprint};
use hallmark::record::Record;
use hallmark::session::{BuildError, Builder, Hallmark, Observer, Piece, Release, State, Unreadable, Worker};
use hallmark::settings::{ConfigFile, Date};

fn day() -> Date {
    Date::parse("2026-11-21").unwrap()
}

fn builder() -> Builder {
    Hallmark::builder().today(day())
}

/// Files of the fixture feed that hold one payload each.
fn feed() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds");
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(|e| e.unwrap().into_path());
    let mut files: Vec<_> = files.filter(|p| p.extension().is_some_and(|x| x == "json" || x == "xml")).collect();
    files.truncate(40);
    assert!(files.len() > 20);
    files
}

#[derive(Default)]
struct Told {
    findings: Vec<Finding>,
    payloads: u64,
}

impl Observer for Told {
    fn finding(&mut self, finding: &Finding) {
        self.findings.push(finding.clone());
    }

    fn payload(&mut self, done: u64, _: u64) {
        self.payloads = done;
    }

    fn unreadable(&mut self, what: &Unreadable) {
        panic!("{}: {}", what.name, what.why);
    }
}

/// What a reader of a finding can tell two by.
fn told(f: &Finding) -> String {
    format!(
        "{} {} {} {}:{} {:?} {:?} {} {} {}",
        f.meta.id, f.severity, f.path, f.line, f.column, f.end, f.span, f.profile, f.says, f.fingerprint
    )
}

#[test]
fn three_ways_in_give_the_same_findings() {
    let hallmark = builder().standard("careconnect").build().unwrap();
    let files = feed();
    let mut whole = Told::default();
    let outcome = hallmark.run(&files, 2, &mut whole);
    assert_eq!((outcome.summary.payloads.given, whole.payloads), (files.len() as u64, files.len() as u64));
    let mut session = hallmark.session("a part");
    let mut rest = whole.findings.iter();
    for path in &files {
        let (name, bytes) = (path.display().to_string(), std::fs::read(path).unwrap());
        let alone = hallmark.check_as(&name, &bytes);
        let fed = session.check(&name, &bytes);
        let run: Vec<String> = rest.by_ref().take(alone.findings.len()).map(told).collect();
        assert_eq!(alone.findings.iter().map(told).collect::<Vec<_>>(), run, "{name}");
        assert_eq!(fed.iter().map(told).collect::<Vec<_>>(), run, "{name}");
    }
    assert_eq!(rest.count(), 0);
    let record = session.finish().unwrap();
    let mut again = hallmark.recorder("a part", None);
    whole.findings.iter().for_each(|f| again.finding(f));
    let run = again.finish(&outcome).unwrap();
    let (fed, run) = (record.parts.values().next().unwrap(), run.parts.values().next().unwrap());
    assert_eq!((&fed.counts, &fed.by_rule, &fed.profiles), (&run.counts, &run.by_rule, &run.profiles));
    assert!(!fed.measures.is_empty() && run.measures.is_empty());
}

/// Workers that take turns, each with its own place in the source, give what one gives that is fed in order.
#[test]
fn workers_of_a_run_give_what_one_gives() {
    let hallmark = builder().standard("careconnect").key(*b"0123456789abcdef0123456789ABCDEF").build().unwrap();
    let payloads: Vec<Vec<u8>> = feed().iter().map(|path| std::fs::read(path).unwrap()).collect();
    let mut one = hallmark.session("part");
    let alone: Vec<String> = payloads.iter().flat_map(|bytes| one.check("feed", bytes)).map(|f| told(&f)).collect();
    let mut session = hallmark.session("part");
    let mut workers: Vec<_> = (0..3).map(|_| session.worker()).collect();
    let done: Vec<_> = std::thread::scope(|scope| {
        let check = |(n, worker): (usize, &mut Worker)| {
            let mine = payloads.iter().enumerate().filter(|(at, _)| at % 3 == n);
            mine.map(|(at, bytes)| {
                (at, worker.check(&Piece { source: "feed", payload: at as u64 + 1, line: 1, bytes }))
            })
            .collect::<Vec<_>>()
        };
        let threads: Vec<_> = workers.iter_mut().enumerate().map(|one| scope.spawn(move || check(one))).collect();
        let mut done: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        done.sort_by_key(|(at, _)| *at);
        done
    });
    let found: Vec<String> = done.into_iter().flat_map(|(_, done)| session.take(done)).map(|f| told(&f)).collect();
    assert!(!alone.is_empty());
    assert_eq!(alone, found);
    workers.into_iter().for_each(|worker| session.join(worker));
    assert_eq!(one.finish().unwrap(), session.finish().unwrap());
}

/// Parts of a feed say nothing of waivers that another part may use, and of expired ones once.
#[test]
fn parts_of_a_feed_speak_of_waivers_once() {
    let waiver = |rule: &str, expires: &str| {
        format!(
            "[[waiver]]\nrule = \"{rule}\"\nreason = \"known to the sender\"\nowner = \"Integration\"\n\
             approved-by = \"Design authority\"\nexpires = \"{expires}\"\n"
        )
    };
    let text = format!("{}{}", waiver("HM0268", "2026-01-31"), waiver("HM0105", "2027-01-31"));
    let file = ConfigFile::read(Path::new("hallmark.toml"), &text).unwrap();
    let hallmark = builder().config(file).build().unwrap();
    let rules = |record: Record| -> Vec<String> {
        let part = record.parts.into_values().next().unwrap();
        part.by_rule.into_keys().filter(|id| id.starts_with("HM09")).collect()
    };
    let part = |first: bool| rules(hallmark.session(&first.to_string()).finish_part(first).unwrap());
    let whole = rules(hallmark.session("whole").finish().unwrap());
    assert_eq!((whole.len(), part(true).len(), part(false).len()), (2, 1, 0), "{whole:?}");
}

/// Sources that take turns keep their own fingerprints and counts.
#[test]
fn a_run_fed_by_hand_takes_sources_in_turns() {
    let hallmark = builder().build().unwrap();
    let message = br#"{"resourceType": "Patient", "gender": "woman"}"#;
    let mut session = hallmark.session("");
    let found = |findings: Vec<Finding>| findings.into_iter().find(|f| f.path == "Patient.gender").unwrap();
    let first = found(session.check("a", message));
    let other = found(session.check("b", message));
    let second = found(session.check("a", message));
    assert_eq!((first.payload, other.payload, second.payload), (1, 1, 2));
    assert_eq!(first.fingerprint, other.fingerprint);
    assert_eq!(second.fingerprint, fingerprint(second.meta.id, &second.profile, "Patient.gender", 2));
    assert_eq!((first.source_index, other.source_index), (0, 1));
    assert_eq!(first.fingerprint, fingerprint(first.meta.id, &first.profile, &first.path, 1));
}

/// A caller may have as little stack as it likes: 256 KiB did not do for 116 items within each other.
#[test]
fn the_door_brings_its_own_stack() {
    fn is_shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    let hallmark = builder().build().unwrap();
    is_shared(&hallmark);
    let depth = 116;
    let inner = (0..depth).fold(String::new(), |inside, n| {
        let within = if inside.is_empty() { inside } else { format!(r#","item":[{inside}]"#) };
        format!(r#"{{"linkId":"{n}"{within}}}"#)
    });
    let text = format!(r#"{{"resourceType":"QuestionnaireResponse","status":"completed","item":[{inner}]}}"#);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.json");
    std::fs::write(&path, &text).unwrap();
    let expected: Vec<String> = hallmark.check(text.as_bytes()).findings.iter().map(told).collect();
    let work = move || {
        let checked = hallmark.check(text.as_bytes());
        let fed = hallmark.session("").check("a", text.as_bytes());
        let mut run = Told::default();
        hallmark.run(&[path], 1, &mut run);
        let expression = format!("repeat(item).count() = {depth}");
        let answers = hallmark.fhirpath(&expression, text.as_bytes()).unwrap();
        let built = builder().rules("fhir").build().unwrap();
        assert_eq!(built.check(text.as_bytes()).state, State::Read);
        (checked, fed.len(), run.findings.len(), answers[0].value.clone())
    };
    let small = std::thread::Builder::new().stack_size(256 << 10).spawn(work).unwrap();
    let (checked, fed, run, answer) = small.join().unwrap();
    assert_eq!(checked.state, State::Read);
    assert_eq!(checked.findings.iter().map(told).collect::<Vec<_>>(), expected);
    assert_eq!((fed, run, answer.as_str()), (expected.len(), expected.len(), "true"));
}

#[test]
fn one_checker_serves_many_threads() {
    let hallmark = builder().build().unwrap();
    let files: Vec<Vec<u8>> = feed().iter().map(|p| std::fs::read(p).unwrap()).collect();
    let alone: Vec<Vec<String>> =
        files.iter().map(|bytes| hallmark.check(bytes).findings.iter().map(told).collect()).collect();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for (bytes, alone) in files.iter().zip(&alone) {
                    assert_eq!(hallmark.check(bytes).findings.iter().map(told).collect::<Vec<_>>(), *alone);
                }
            });
        }
    });
}

#[test]
fn what_cannot_be_built_says_why() {
    let config = |text: &str| ConfigFile::read(Path::new("here/hallmark.toml"), text).unwrap();
    for (builder, says) in [
        (Hallmark::builder(), "no day was given"),
        (builder().rules("nhs-numbr"), "Did you mean `nhs-number`?"),
        (builder().fhir_version("5.0"), "`fhir-version` does not take this value"),
        (builder().package("no/such/package.tgz"), "no/such/package.tgz"),
        (builder().terminology("no/such/index"), "no/such/index"),
        (builder().standard("carecnnect"), "carecnnect: no package of that name has profiles"),
        (
            builder().config(config("[[sources]]\nglob = 'a/**'\nstandard = 'carecnnect'\n")),
            "here/hallmark.toml:2 carecnnect: no package of that name has profiles",
        ),
        (builder().baseline("no/such/baseline.json"), "no/such/baseline.json"),
        (builder().key(b"short"), "64 hexadecimal digits"),
        (builder().key([7; 32]), "not one byte repeated"),
    ] {
        let error = builder.build().unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!(matches!(error, BuildError::NoDay), says.contains("no day"), "{error:?}");
    }
}

/// What a source is asked differs from source to source; a flag beats all of the file.
#[test]
fn sources_are_asked_what_their_entries_say() {
    let text = "
        [[sources]]
        glob = 'legacy/**'
        standard = 'careconnect'
        fhir-version = '3.0'
        [[sources]]
        glob = 'legacy/new/*'
        standard = 'ukcore'
        fhir-version = 'auto'
        [[sources]]
        glob = '*.bundle.json'
        profiles = ['UKCore-Patient']
    ";
    let config = ConfigFile::read(Path::new("hallmark.toml"), text).unwrap();
    let message = br#"{"resourceType": "Patient", "birthDate": "2001-01-01"}"#;
    let asked = |hallmark: &Hallmark, source: &str| {
        let checked = hallmark.check_as(source, message);
        let mut profiles: Vec<String> = checked.findings.iter().map(|f| f.profile.clone()).collect();
        profiles.retain(|p| !p.is_empty() && !p.contains("hl7.org/fhir/StructureDefinition"));
        profiles.dedup();
        (checked.release, profiles)
    };
    let hallmark = builder().config(config.clone()).build().unwrap();
    let plain = builder().build().unwrap();
    let flag = builder().standard("careconnect").fhir_version("3.0").build().unwrap();
    assert_eq!(asked(&hallmark, "modern/a.json"), asked(&plain, "a.json"));
    assert_eq!(asked(&hallmark, "feeds/legacy/a.json"), asked(&flag, "a.json"));
    assert_ne!(asked(&hallmark, "feeds/legacy/a.json"), asked(&plain, "a.json"));
    assert_eq!(asked(&hallmark, "legacy/new/a.json").0, Some(Release::R4));
    let bundle = hallmark.check_as("a.bundle.json", br#"{"resourceType": "Bundle", "type": "collection"}"#);
    let asks = |f: &Finding| f.says.contains("Patient");
    assert!(bundle.findings.iter().any(asks), "{:?}", bundle.findings);
    assert!(
        !hallmark.check_as("a.json", br#"{"resourceType": "Bundle", "type": "collection"}"#).findings.iter().any(asks)
    );
    // What is said beside the file beats its entries too.
    let over = builder().config(config).standard("ukcore").fhir_version("4.0").build().unwrap();
    let ukcore = builder().standard("ukcore").fhir_version("4.0").build().unwrap();
    assert_eq!(asked(&over, "legacy/a.json"), asked(&ukcore, "legacy/a.json"));
}

#[test]
fn names_are_explained() {
    let hallmark = builder().build().unwrap();
    for (name, says) in
        [("hm0402", "HM0402"), ("UKCore-Patient", "UKCore-Patient"), ("UKCore-Patient#Patient.identifier", "slices")]
    {
        let explanation = hallmark.explain(name).unwrap();
        assert!(explanation.text.contains(says), "{explanation}");
    }
    assert!(hallmark.explain("nothing-like-this").is_err());
    assert!(hallmark.explain("UKCore-Patient#Patient.nothing").is_err());
    assert!(hallmark.rules().len() > 300);
}
