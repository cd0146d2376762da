//! hallmark.toml, environment and flags: precedence, faults with places, waivers, baseline.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::path::Path;

use hallmark::finding::{Meta, Severity};
use hallmark::report::sample;
use hallmark::settings::{Baseline, BaselineBuilder, ConfigFile, Date, Flags, RULES, Settings, Words, resolve};

fn today() -> Date {
    Date::parse("2026-11-21").unwrap()
}

fn from_toml(text: &str) -> Result<Settings, String> {
    let file = ConfigFile::read(Path::new("conf/hallmark.toml"), text).map_err(|e| e.to_string())?;
    resolve(Some(&file), &[], &Flags::default(), today()).map_err(|e| e.to_string())
}

#[test]
fn without_anything_defaults_hold() {
    let settings = resolve(None, &[], &Flags::default(), today()).unwrap();
    assert_eq!((settings.partner.as_str(), settings.period.as_str()), ("unknown", "2026-11"));
    assert_eq!(settings.fail_on, Some(Severity::Error));
    assert_eq!(settings.formats, [("text".to_string(), None)]);
    assert!(settings.shown.iter().all(|s| s.from == "default"));
}

#[test]
fn flags_beat_environment_beats_file() {
    let text = "fail-on = 'never'\njobs = 3\npartner = 'X26'\npackages = ['a.tgz']\nformats = ['sarif=out.sarif']\n";
    let file = ConfigFile::read(Path::new("conf/hallmark.toml"), text).unwrap();
    let environment = [("HALLMARK_FAIL_ON".to_string(), "warning".to_string()), ("HALLMARK_JOBS".into(), "2".into())];
    let flags =
        Flags { fail_on: Some("information".into()), rules: Some(Words::One("fhir".into())), ..Flags::default() };
    let settings = resolve(Some(&file), &environment, &flags, today()).unwrap();
    assert_eq!(settings.fail_on, Some(Severity::Information));
    assert_eq!((settings.jobs, settings.partner.as_str()), (2, "X26"));
    assert_eq!(settings.packages, [Path::new("conf/a.tgz")]);
    assert_eq!(settings.formats, [("sarif".to_string(), Some("conf/out.sarif".into()))]);
    let shown = settings.show();
    for line in [
        "fail-on = \"information\"",
        "# --fail-on",
        "# HALLMARK_JOBS",
        "# conf/hallmark.toml:3",
        "period = \"2026-11\"",
        "# default",
    ] {
        assert!(shown.contains(line), "{line} in\n{shown}");
    }
}

#[test]
fn faults_show_their_place_and_a_remedy() {
    for (text, place, says, remedy) in [
        ("pakcages = []\n", "hallmark.toml:1:1", "unknown key `pakcages`", "Did you mean `packages`?"),
        ("\nfail-on = 'errors'\n", "hallmark.toml:2:11", "`fail-on` does not take this value", "Did you mean `error`?"),
        ("jobs = 'many'\n", "hallmark.toml:1:8", "wrong type", "type integer"),
        ("formats = ['text', 'sarfi=x']\n", "hallmark.toml:1:20", "wrong form", "One of text, compact"),
        ("[[waiver]]\nrule = 'HM0001'\n", "hallmark.toml:1:1", "`expires` is missing", "Last day it holds"),
        (
            "[[sources]]\nglob = '*'\nprofil = []\n",
            "hallmark.toml:3:1",
            "unknown key `profil`",
            "Did you mean `profiles`?",
        ),
        ("a = \n", "hallmark.toml:1:", "", "toml.io"),
        ("show-values = true\n", "hallmark.toml:1:15", "declared test environment", "environment"),
        ("[severity]\nHM0900 = 'fatl'\n", "hallmark.toml:2:10", "does not take", "Did you mean `fatal`?"),
        ("partner = 'a b'\n", "hallmark.toml:1:11", "wrong form", "ODS code"),
    ] {
        let fault = from_toml(text).unwrap_err();
        for part in [place, says, remedy] {
            assert!(fault.contains(part), "{part:?} in\n{fault}");
        }
    }
    let fault = resolve(None, &[], &Flags { period: Some("2026-13".into()), ..Flags::default() }, today()).unwrap_err();
    assert!(fault.to_string().contains("command line"), "{fault}");
    let bad = [("HALLMARK_SECURITY_CHECKS".to_string(), "perhaps".to_string())];
    assert!(resolve(None, &bad, &Flags::default(), today()).unwrap_err().to_string().contains("environment"));
}

#[test]
fn a_fault_draws_the_span() {
    let fault = from_toml("jobs = 1\nfail-onn = 'error'\n").unwrap_err();
    let expected = "unknown key `fail-onn`\n --> conf/hallmark.toml:2:1\n  |\n2 | fail-onn = 'error'\n  | ^^^^^^^^\n  = Did you mean `fail-on`?";
    assert_eq!(fault, expected);
}

#[test]
fn values_are_shown_in_a_declared_test_environment() {
    assert!(from_toml("show-values = true\nenvironment = 'test'\n").unwrap().show_values);
    assert!(from_toml("show-values = true\nenvironment = 'production'\n").is_err());
}

#[test]
fn rule_names_are_checked_against_the_registry() {
    let known: Vec<&'static Meta> = RULES.to_vec();
    let settings = from_toml("rules = 'fhir,waiver-expird'\n[severity]\nwaiver-unsed = 'off'\n").unwrap();
    let fault = settings.check_names(&known).unwrap_err().to_string();
    for part in ["`waiver-expird`", "Did you mean `waiver-expired`?", "hallmark.toml:1:9", "`waiver-unsed`", ":3:16"] {
        assert!(fault.contains(part), "{part:?} in\n{fault}");
    }
    let settings = from_toml("rules = ['fhir', '-waiver-unused']\n").unwrap();
    settings.check_names(&known).unwrap();
}

#[test]
fn sources_match_by_glob() {
    let settings =
        from_toml("[[sources]]\nglob = 'inbound/**/*.xml'\nstandard = 'gpconnect'\nfhir-version = '3.0'\n").unwrap();
    let source = &settings.sources[0];
    for (name, expected) in
        [("inbound/a/b.xml", true), ("feeds/inbound/b.xml", true), ("inbound/b.json", false), ("outbound/b.xml", false)]
    {
        assert_eq!(source.glob.names(name), expected, "{name}");
    }
}

const WAIVER: &str = "reason = 'agreed with the supplier'\nowner = 'A'\napproved-by = 'B'\n";

#[test]
fn waivers_cover_until_their_last_day() {
    let text = format!(
        "[[waiver]]\nrule = 'sample-check-digit'\npath = 'Patient.identifier.*'\nexpires = 2026-11-21\n{WAIVER}\
         [[waiver]]\nrule = 'HM9004'\nexpires = '2026-11-20'\n{WAIVER}\
         [[waiver]]\nrule = 'HM9002'\npath = 'Patient.address'\nexpires = 2027-01-01\n{WAIVER}\
         [[waiver]]\nrule = 'HM9002'\npartner = 'RLQ'\nexpires = 2027-01-01\n{WAIVER}"
    );
    let mut settings = from_toml(&text).unwrap();
    let mut outcome = sample::outcome();
    for finding in &mut outcome.findings {
        finding.waived = None;
        settings.waivers.apply(finding);
    }
    let waived: Vec<&str> = outcome.findings.iter().filter(|f| f.waived.is_some()).map(|f| f.meta.id).collect();
    assert_eq!(waived, ["HM9003", "HM9003"]);
    assert!(outcome.findings[0].waived.as_ref().unwrap().contains("agreed with the supplier"));
    let about: Vec<(&str, u64)> = settings.waivers.findings(4).iter().map(|f| (f.meta.name, f.line)).collect();
    assert_eq!(about, [("waiver-expired", 9), ("waiver-unused", 15)]);
}

#[test]
fn waivers_end_within_twelve_months() {
    let fault = from_toml(&format!("[[waiver]]\nrule = 'HM9002'\nexpires = 2027-11-22\n{WAIVER}")).unwrap_err();
    assert!(
        fault.contains("at most twelve months") && fault.contains("2027-11-21") && fault.contains(":3:11"),
        "{fault}"
    );
    from_toml(&format!("[[waiver]]\nrule = 'HM9002'\nexpires = 2027-11-21\n{WAIVER}")).unwrap();
}

#[test]
fn a_baseline_holds_no_values_and_only_shrinks() {
    let outcome = sample::outcome();
    let mut builder = BaselineBuilder::default();
    for finding in &outcome.findings {
        builder.add(finding, false);
    }
    let text = builder.finish("sha256:11");
    assert!(!text.contains("SMITH") && !text.contains("\"line\"") && !text.contains("entry[0]"), "{text}");
    let baseline = Baseline::read("baseline.json", &text).unwrap();
    assert!(outcome.findings.iter().all(|f| baseline.holds(f) == f.counts()), "neither waived nor in shadow");

    let mut later = sample::outcome();
    later.findings.remove(0);
    later.findings[0].fingerprint = "0123456789abcdef".into();
    let mut builder = BaselineBuilder::default();
    for finding in &mut later.findings {
        finding.new = !baseline.holds(finding);
        builder.add(finding, true);
    }
    let shrunk = Baseline::read("baseline.json", &builder.finish("sha256:11")).unwrap();
    assert!(!shrunk.holds(&later.findings[0]), "a new finding is not taken in");
    assert!(!shrunk.holds(&outcome.findings[0]), "a mended one is dropped");
    assert!(shrunk.holds(&outcome.findings[2]));

    let fault = Baseline::read("baseline.json", "{\"type\": \"hallmark-baseline\", \"version\": 2, \"entries\": []}");
    assert!(fault.unwrap_err().to_string().contains("baseline.json:1:42"));
}
