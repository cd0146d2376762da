//! The gap report in all its formats and for all its readers, from records made here.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::collections::{BTreeMap, BTreeSet};

use hallmark::finding::{Dimension, Severity};
use hallmark::kitemark::{Attestations, CriteriaSet};
use hallmark::record::{
    Counts, Example, FindingCounts, FindingKey, Header, MergeError, Part, Record, RuleCounts, RuleFacts, Scope, Share,
};
use hallmark::report::gap::{
    Audience, Previous, Report, ReportError, ReportFormat, ReportInput, RuleTotals, SCHEMA, fill, pages, render,
};
use hallmark::schema::{Checked, Syntax};
use hallmark::settings::Date;
use hallmark::tally::{EDGES, MeasureKey, PackFacts};
use serde_json::{Value, json};

const CARECONNECT: &str = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1";

/// One month of one partner; `quality` in thousandths is how much of everything holds.
fn record(partner: &str, period: &str, read: u64, quality: u64) -> Record {
    let good = |n: u64| n * quality / 1000;
    let scope = Scope {
        partner: partner.into(),
        product: "Riverside EPR 4.2".into(),
        interface: "structured record".into(),
        environment: "test".into(),
        period: period.into(),
    };
    let rule = |name: &str, family: &str, criterion: &str, title: &str| RuleFacts {
        name: name.into(),
        family: family.into(),
        dimension: "validity".into(),
        criterion: criterion.into(),
        title: title.into(),
        why: "The record may join another patient's, or the receiver may drop it.".into(),
        remedy: "Trace the patient and send the number that comes back.".into(),
        basis: "NHS Data Dictionary, NHS NUMBER".into(),
        shadow: false,
    };
    let rules = BTreeMap::from([
        (
            "HM0421".to_string(),
            rule("nhs-number-check-digit", "nhs-number", "NAT-1", "an NHS number has a wrong check digit"),
        ),
        ("HM0101".to_string(), rule("element-missing", "fhir", "INT-1", "an element that must be there is missing")),
        (
            "HM0203".to_string(),
            rule("binding-required", "fhir", "INT-1", "a code is not in the value set that must be used"),
        ),
        (
            "HM0500".to_string(),
            RuleFacts {
                name: "sctid-check-digit".into(),
                family: "snomed".into(),
                dimension: "validity".into(),
                criterion: "COD-2".into(),
                ..RuleFacts::default()
            },
        ),
    ]);
    let bad = read - good(read);
    let mut part = Part {
        shards: BTreeSet::from([format!("{partner}-{period}")]),
        collected: format!("{period}-28"),
        counts: Counts {
            sources: 12,
            given: read + 9,
            read,
            failed: 6,
            skipped: 3,
            clean: good(read),
            unclaimed: read / 3,
            waived: 4,
            releases: BTreeMap::from([("3.0".into(), read)]),
            resources: BTreeMap::from([("Patient".into(), read), ("Observation".into(), read * 2)]),
            severities: BTreeMap::from([(Severity::Error, bad + bad / 3), (Severity::Warning, 40)]),
            ..Counts::default()
        },
        ..Part::default()
    };
    for (id, n, path, profile) in [
        ("HM0101", bad / 2, "Patient.name", CARECONNECT),
        ("HM0421", bad / 3, "Patient.identifier.value", ""),
        ("HM0203", bad / 5, "Observation.status", ""),
    ] {
        part.by_rule.insert(id.into(), RuleCounts { findings: n + n / 10, payloads: n, waived: 0, failing: n });
        let key = FindingKey {
            rule: id.into(),
            severity: Some(Severity::Error),
            profile: profile.into(),
            path: path.into(),
            resource: "Patient".into(),
        };
        let example = Example {
            source: "feed/a.ndjson".into(),
            payload: 3,
            line: 3,
            column: 77,
            path: path.into(),
            says: rules[id].title.clone(),
        };
        part.findings.insert(
            key,
            FindingCounts { findings: n + n / 10, payloads: n, waived: 0, examples: BTreeSet::from([example]) },
        );
    }
    part.profiles.insert(CARECONNECT.into(), (read, good(read)));
    part.not_assessed.insert(("code-system".into(), "http://snomed.info/sct".into()), 812);
    let patient = |element: &str| MeasureKey {
        resource: "Patient".into(),
        element: element.into(),
        sender: partner.into(),
        ..MeasureKey::default()
    };
    for (name, dimension, key, n, d) in [
        ("nhs-number-valid", Dimension::Validity, patient(""), good(read), read),
        ("nhs-number-verified", Dimension::Accuracy, patient(""), good(good(read)), good(read)),
        ("populated", Dimension::Completeness, patient("Patient.birthDate"), good(read), read),
        ("populated", Dimension::Completeness, patient("Patient.telecom"), read / 2, read),
        ("snomed-valid", Dimension::Validity, MeasureKey::default(), good(read * 3), read * 3),
        ("patient-unique", Dimension::Uniqueness, patient(""), read.saturating_sub(5), read),
    ] {
        part.measures.insert((name.into(), key), Share { dimension, numerator: n, denominator: d });
    }
    for (bucket, n) in [("PT15M", good(read) / 2), ("PT1H", read / 4), ("PT24H", read / 8), ("P3D", read / 16)] {
        part.tallies.insert(("event-to-message".into(), MeasureKey::default(), bucket.into()), n);
    }
    for day in 1..=7 {
        for hour in 7..20 {
            let key = ("volume".into(), MeasureKey::default(), format!("{day}T{hour:02}"));
            part.tallies.insert(key, (20 - hour) * (9 - day) + 3);
        }
    }
    Record {
        header: Header {
            tool: "0.0.0-test".into(),
            rules_digest: "sha256:aa".into(),
            criteria_digest: "sha256:bb".into(),
            key_id: String::new(),
            packs: vec![PackFacts {
                name: "uk.careconnect.stu3".into(),
                version: "1.0.0".into(),
                source: "public profiles of the standard's owners".into(),
                licence: "none stated".into(),
                digest: "sha256:0123".into(),
                release: "3.0".into(),
                embedded: true,
            }],
        },
        rules,
        parts: BTreeMap::from([(scope, part)]),
    }
}

const STATEMENTS: &str = "[[attestation]]\ncriterion = 'IG-1'\nvalue = 'met'\nkind = 'document'\nby-role = 'senior information risk owner'\non = 2026-06-30\nvalid-until = 2027-06-30\nreference = 'toolkit publication 2026'\n\
    [[attestation]]\ncriterion = 'GOV-1'\nvalue = 'named'\nby-role = 'chair of the board'\non = 2026-06-01\n\
    [[attestation]]\ncriterion = 'CYB-5'\nvalue = 'certified'\nkind = 'document'\nby-role = 'chief information officer'\non = 2026-06-01\nvalid-until = 2027-06-01\n\
    [[attestation]]\ncriterion = 'CYB-3'\nvalue = 'tls-1.2-mutual'\nkind = 'tls'\nby-role = 'chief information officer'\non = 2026-10-01\n\
    [[not-applicable]]\ncriterion = 'INT-5'\nreason = 'no documents are exchanged'\nby-role = 'design authority'\non = 2026-01-01\n\
    [[waiver]]\ncriterion = 'IG-3'\nreason = 'the assessment is due in spring'\nowner = 'data protection officer'\napproved-by = 'design authority'\nuntil = 2027-03-31\n\
    [[plan]]\ncriterion = 'IG-2'\nowner = 'board secretary'\ndue = 2026-11-01\naction = 'Name the Caldicott guardian.'\n";

fn report(records: Vec<Record>, audience: Audience) -> Report {
    made(records, audience, None, false).unwrap()
}

fn made(
    records: Vec<Record>,
    audience: Audience,
    previous: Option<Previous>,
    disclosure: bool,
) -> Result<Report, ReportError> {
    let set = CriteriaSet::embedded("stp-2019").unwrap();
    let mut attestations = Attestations::default();
    let scopes = records.iter().flat_map(|r| r.parts.keys());
    for partner in scopes.map(|scope| scope.partner.clone()).collect::<BTreeSet<_>>() {
        attestations.add("statements.toml", &format!("partner = '{partner}'\n{STATEMENTS}"), &set).unwrap();
    }
    let today = Date::parse("2026-11-21").unwrap();
    Report::new(ReportInput {
        records,
        set,
        attestations,
        previous,
        audience,
        version: "0.0.0-test".into(),
        today,
        disclosure,
        smallest: ReportInput::SMALLEST,
        materials: Vec::new(),
        names: BTreeMap::new(),
        decided: None,
    })
}

fn text(report: &Report, format: ReportFormat) -> String {
    let mut out = Vec::new();
    render(report, format, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn year(partner: &str, quality: u64) -> Vec<Record> {
    (1..=12u64).map(|m| record(partner, &format!("2026-{m:02}"), 900 + m * 7, quality + m % 5)).take(10).collect()
}

fn three() -> Vec<Record> {
    [("RLQ", 991), ("X26", 953), ("RWP", 806)].into_iter().flat_map(|(p, q)| year(p, q)).collect()
}

/// Looked at in a browser: see the files below the target folder.
fn keep(name: &str, text: &str) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tmp");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), text).unwrap();
}

#[test]
fn pages_stand_alone_and_are_accessible() {
    for audience in Audience::ALL {
        for (name, records) in [("one", vec![record("RLQ", "2026-11", 2000, 962)]), ("three", three())] {
            let page = text(&report(records, audience), ReportFormat::Html);
            keep(&format!("report-{name}-{}.html", audience.as_str()), &page);
            assert!(page.contains("<html lang=\"en-GB\">") && page.contains("default-src 'none'"));
            for absent in ["<script", "http-equiv=\"refresh\"", " src=", "@import", "url(http", "<link"] {
                assert!(!page.contains(absent), "{absent}");
            }
            let charts = page.matches("<svg").count();
            assert!(charts >= 3);
            assert_eq!(page.matches("role=\"img\"").count(), charts);
            assert_eq!(page.matches("<title id=").count(), charts);
            for (open, close) in
                [("<table", "</table>"), ("<caption", "</caption>"), ("<tr", "</tr>"), ("<svg", "</svg>")]
            {
                assert_eq!(
                    page.matches(open).count(),
                    page.matches(close).count() + if open == "<tr" { page.matches("<track").count() } else { 0 },
                    "{open}"
                );
            }
            assert_eq!(page.matches("<table").count(), page.matches("<caption").count());
            assert!(
                page.contains("They are not the official packages") || page.contains("They are not the\n"),
                "packs are named for what they are"
            );
            assert!(page.contains(" not assessed") && page.contains("attested"));
            assert!(page.contains("takes none"));
            assert!(!page.contains("Kitemark"), "a word-mark of others");
            let mut ids = BTreeSet::new();
            for id in page.split(" id=\"").skip(1).filter_map(|p| p.split('"').next()) {
                assert!(ids.insert(id), "id {id} twice");
            }
            for target in page.split("href=\"#").skip(1).filter_map(|p| p.split('"').next()) {
                assert!(ids.contains(target), "#{target} leads nowhere");
            }
            assert!(page.len() < 2_000_000, "{}", page.len());
        }
    }
}

#[test]
fn json_keeps_its_schema_and_counts() {
    for records in [vec![record("RLQ", "2026-11", 2000, 962)], three()] {
        for audience in Audience::ALL {
            let report = report(records.clone(), audience);
            let text = text(&report, ReportFormat::Json);
            let checked = Checked::read("report.json", &text, Syntax::Json, &SCHEMA).unwrap_or_else(|e| panic!("{e}"));
            let value = &checked.value;
            let subjects = value["subjects"].as_array().unwrap();
            assert_eq!(value["criteria"].as_array().unwrap().len(), 53 * subjects.len());
            for subject in subjects {
                let mix = &subject["evidenceMix"];
                let all: u64 = ["measured", "attested", "notAssessed", "notApplicable"]
                    .iter()
                    .map(|k| mix[k].as_u64().unwrap())
                    .sum();
                assert_eq!(all, 53);
            }
            let indices = &subjects[0]["indices"];
            assert_eq!(indices["monthsSeen"], indices["monthsExpected"]);
            assert!(indices["dqmi"].as_f64().unwrap() > 50.0 && indices["measured"].as_u64().unwrap() == 4);
            let nat1 = value["criteria"].as_array().unwrap().iter().find(|c| c["id"] == "NAT-1").unwrap();
            assert!(nat1["n"].as_u64().unwrap() > 0 && nat1["interval"].as_array().unwrap().len() == 2);
            let delays = &value["delays"][0];
            let buckets = delays["buckets"].as_array().unwrap();
            let timed: u64 = buckets.iter().map(|b| b["count"].as_u64().unwrap()).sum();
            assert_eq!((buckets.len(), delays["timed"].as_u64().unwrap()), (EDGES.len() + 1, timed));
            assert_eq!(delays["median"], json!({"above": "PT5M", "to": "PT15M"}));
            assert_eq!(delays["percentile95"], json!({"above": "PT24H", "to": "P3D"}));
            assert!(value["scope"]["packs"][0]["licence"].is_string());
            assert!(value["measures"].as_array().unwrap().iter().any(|m| m["name"] == "messages-without-error"));
        }
    }
}

#[test]
fn rules_in_shadow_stand_apart_for_every_reader() {
    let mut with = record("RLQ", "2026-11", 2000, 962);
    with.rules.get_mut("HM0203").unwrap().shadow = true;
    with.rules.get_mut("HM0500").unwrap().shadow = true;
    for audience in Audience::ALL {
        let report = report(vec![with.clone()], audience);
        let view = &report.views[0];
        let ids = |rules: &[RuleTotals]| rules.iter().map(|r| r.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&view.by_rule), ["HM0101", "HM0421"]);
        assert_eq!(ids(&view.in_shadow), ["HM0203", "HM0500"]);
        assert_eq!(view.findings.last().unwrap().0.rule, "HM0203");
        for format in [ReportFormat::Html, ReportFormat::Markdown] {
            let text = text(&report, format);
            assert!(text.contains("Rules in shadow: shown, not counted"), "{} {}", audience.as_str(), format.as_str());
        }
        let value: Value = serde_json::from_str(&text(&report, ReportFormat::Json)).unwrap();
        for row in value["rules"].as_array().unwrap().iter().chain(value["findings"].as_array().unwrap()) {
            assert_eq!(row["shadow"], ["HM0203", "HM0500"].contains(&row["rule"].as_str().unwrap()));
        }
    }
}

#[test]
fn every_format_holds_every_criterion() {
    let report = report(three(), Audience::DesignAuthority);
    for format in [ReportFormat::Html, ReportFormat::Json, ReportFormat::Markdown, ReportFormat::Csv] {
        let text = text(&report, format);
        for criterion in &report.set.criteria {
            assert!(text.contains(&criterion.id), "{} in {}", criterion.id, format.as_str());
        }
    }
    let csv = text(&report, ReportFormat::Csv);
    assert_eq!(csv.matches("\r\n").count(), 1 + 53 * 3);
    let mut book = Vec::new();
    render(&report, ReportFormat::Xlsx, &mut book).unwrap();
    let mut again = Vec::new();
    render(&report, ReportFormat::Xlsx, &mut again).unwrap();
    assert_eq!(book, again);
    assert!(zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap().len() > 12);
}

#[test]
fn the_order_of_records_does_not_matter() {
    let forward = report(three(), Audience::DesignAuthority);
    let mut turned = three();
    turned.reverse();
    let backward = report(turned, Audience::DesignAuthority);
    for format in [ReportFormat::Html, ReportFormat::Json, ReportFormat::Markdown] {
        assert_eq!(text(&forward, format), text(&backward, format));
    }
}

#[test]
fn records_of_other_rules_stand_apart_and_doubles_are_refused() {
    let mut other = record("RLQ", "2026-11", 100, 900);
    other.header.rules_digest = "sha256:cc".into();
    let both = report(vec![record("RLQ", "2026-11", 2000, 962), other], Audience::DesignAuthority);
    assert_eq!((both.groups.len(), both.views.len()), (2, 2));
    assert!(text(&both, ReportFormat::Html).contains("never pooled"));
    let twice = vec![record("RLQ", "2026-11", 9, 900), record("RLQ", "2026-11", 9, 900)];
    assert!(matches!(made(twice, Audience::Developer, None, false), Err(ReportError::Merge(MergeError::SameShard(_)))));
    assert!(made(Vec::new(), Audience::Developer, None, false).is_err());
}

#[test]
fn changes_since_the_last_report_are_named() {
    let before = report(vec![record("RLQ", "2026-10", 2000, 900)], Audience::DesignAuthority);
    let previous = Previous::read("before.json", &text(&before, ReportFormat::Json)).unwrap();
    let after =
        made(vec![record("RLQ", "2026-11", 2000, 990)], Audience::DesignAuthority, Some(previous), false).unwrap();
    let page: Value = serde_json::from_str(&text(&after, ReportFormat::Json)).unwrap();
    let int1 = page["criteria"].as_array().unwrap().iter().find(|c| c["id"] == "INT-1").unwrap();
    assert_eq!(int1["change"], "fixed");
    assert!(Previous::read("before.json", "{}").is_err());
}

#[test]
fn small_numbers_about_people_are_hidden_when_asked() {
    let small = vec![record("RLQ", "2026-11", 6, 1000)];
    let shown = made(small.clone(), Audience::DqOfficer, None, false).unwrap();
    let hidden = made(small, Audience::DqOfficer, None, true).unwrap();
    let measure = |report: &Report| -> Value {
        let value: Value = serde_json::from_str(&text(report, ReportFormat::Json)).unwrap();
        value["measures"].as_array().unwrap().iter().find(|m| m["name"] == "nhs-number-valid").unwrap()["denominator"]
            .clone()
    };
    assert_eq!((measure(&shown), measure(&hidden)), (6.into(), Value::Null));
    let value: Value = serde_json::from_str(&text(&hidden, ReportFormat::Json)).unwrap();
    assert_eq!(value["subjects"][0]["counts"]["resources"]["Patient"], Value::Null);
    let of = |key: &str, name: &str, id: &str| {
        value[key].as_array().unwrap().iter().find(|c| c[name] == id).unwrap().clone()
    };
    assert!(!of("criteria", "id", "NAT-1")["reason"].as_str().unwrap().contains('6'));
    assert!(!of("gaps", "criterion", "NAT-1")["step"].as_str().unwrap().contains(|c: char| c.is_ascii_digit()));
    assert!(text(&hidden, ReportFormat::Html).contains("shown as *"));
}

#[test]
fn the_way_to_the_next_level_is_drawn_and_told() {
    let shown = report(vec![record("RLQ", "2026-11", 2000, 962)], Audience::DesignAuthority);
    let value: Value = serde_json::from_str(&text(&shown, ReportFormat::Json)).unwrap();
    let next = &value["subjects"][0]["nextLevel"];
    let number = |v: &Value| v.as_u64().unwrap();
    let moves = next["moves"].as_array().unwrap();
    let weights: u64 = moves.iter().map(|m| number(&m["weight"])).sum();
    let (met, whole) = (number(&next["weight"]["met"]), number(&next["weight"]["apply"]));
    assert_eq!((number(&next["level"]), met + weights), (number(&value["level"]) + 1, whole));
    assert!(moves.len() > 9);
    let page = text(&shown, ReportFormat::Html);
    let start = page.find("subject-1-climb-t").unwrap();
    let chart = &page[start..start + page[start..].find("</svg>").unwrap()];
    // What is there, eight moves, all others, the whole; every bar has its number and the description has them all.
    assert_eq!(chart.matches("class=\"lab\"").count(), 11);
    assert_eq!(chart.matches("class=\"move\"").count(), 8);
    assert_eq!(chart.matches("class=\"num\"").count(), 11);
    assert!(
        chart.contains(&format!("reached already: {met}; ")) && chart.contains(&format!("all that apply: {whole}"))
    );
    assert!(page.contains("<table class=\"t-next-level\">"));
    // Data formats have every move.
    let markdown = text(&shown, ReportFormat::Markdown);
    let (_, rest) = markdown.split_once("**From the level shown").unwrap();
    let rows = rest.lines().skip_while(|l| !l.starts_with('|')).take_while(|l| l.starts_with('|')).count();
    assert_eq!(rows, moves.len() + 3);
    // Others are not shown what is for those who decide.
    let page = text(&report(vec![record("RLQ", "2026-11", 2000, 962)], Audience::Developer), ReportFormat::Html);
    assert!(!page.contains("-climb"));
    let hidden = made(vec![record("RLQ", "2026-11", 6, 1000)], Audience::DesignAuthority, None, true).unwrap();
    let markdown = text(&hidden, ReportFormat::Markdown);
    let (_, rest) = markdown.split_once("**From the level shown").unwrap();
    let row = rest.lines().find(|l| l.starts_with("| NAT-1 |")).unwrap();
    assert!(row.contains("exact counts of people are not shown"), "{row}");
}

#[test]
fn thirty_partners_fit_one_table() {
    let records = (0..30u64).map(|i| record(&format!("RA{i:02}"), "2026-11", 1000 + i, 900 + i * 3)).collect();
    let page = text(&report(records, Audience::DesignAuthority), ReportFormat::Html);
    keep("report-thirty-design-authority.html", &page);
    let start = page.find("<table class=\"heat t-criteria-by-partners\">").unwrap();
    let table = &page[start..start + page[start..].find("</table>").unwrap()];
    assert!(table.len() < 200_000, "{}", table.len());
    assert_eq!(table.matches("<th scope=\"col\">").count(), 31);
    assert!(page.len() < 2_000_000, "{}", page.len());
}

#[test]
fn pages_are_linked_both_ways_and_share_their_words() {
    let report = report(three(), Audience::DesignAuthority);
    let pages = pages(&report);
    let files: BTreeSet<&str> = pages.iter().map(|p| p.file.as_str()).collect();
    assert_eq!(files, BTreeSet::from(["index.html", "subject-1.html", "subject-2.html", "subject-3.html"]));
    for page in &pages {
        let ids: BTreeSet<&str> = page.text.split(" id=\"").skip(1).filter_map(|p| p.split('"').next()).collect();
        for target in page.text.split("href=\"").skip(1).filter_map(|p| p.split('"').next()) {
            let there = match target.strip_prefix('#') {
                Some(id) => ids.contains(id),
                None => match target.split_once('#') {
                    Some((file, id)) => {
                        let there = pages.iter().find(|p| p.file == file);
                        there.is_some_and(|p| p.text.contains(&format!(" id=\"{id}\"")))
                    }
                    None => files.contains(target),
                },
            };
            assert!(there, "{target} in {}", page.file);
        }
        assert!(page.text.contains("takes none") && page.text.contains("implies no approval"));
    }
    assert!(pages[0].text.contains("href=\"subject-2.html\"") && pages[2].text.contains("href=\"index.html\""));
    assert!(pages[0].text.contains("Criteria by partners") && !pages[1].text.contains("Criteria by partners"));
    assert!(pages[1].text.contains("Evidence mix") && pages[1].text.contains("id=\"subject-1-gaps\""));
}

#[test]
fn templates_lay_out_the_same_document() {
    let mut records = three();
    for record in &mut records {
        record.parts = std::mem::take(&mut record.parts)
            .into_iter()
            .map(|(mut scope, part)| {
                scope.product = "<b>Riverside</b>".into();
                (scope, part)
            })
            .collect();
    }
    let report = report(records, Audience::DesignAuthority);
    let page = "{% for s in subjects %}{{ s.partner }} {{ s.product }} {{ s.counts.read|thousands }}\n{% endfor %}{{ criteria[0].value|share }}";
    let html = fill(&report, "page.html", page).unwrap();
    assert!(html.starts_with("RLQ &lt;b&gt;Riverside&lt;&#x2f;b&gt; "), "{html}");
    assert!(html.ends_with('%'));
    assert!(fill(&report, "page.txt", page).unwrap().starts_with("RLQ <b>Riverside</b> "));
    for (text, place, says) in [
        ("a\n{% for x in %}\n", "t.html:2:", "unexpected"),
        ("{{ subject }}", "t.html:1:4", "undefined"),
        ("\n{{ subjects[0].partnr }}", "t.html:2:", "undefined"),
        ("{{ id|thousands }}", "t.html:1:", "convert"),
        ("{% include 'other.html' %}", "t.html:1:", "other.html"),
        (
            "{% for a in range(10000) %}{% for b in range(10000) %}{{ a * b }}{% endfor %}{% endfor %}",
            "t.html:1:",
            "fuel",
        ),
    ] {
        let faults = fill(&report, "t.html", text).unwrap_err().to_string();
        assert!(faults.contains(place) && faults.contains(says), "{text}: {faults}");
    }
}

/// Titles between a heading's marks, without what is inside other marks.
fn headings(page: &str) -> Vec<String> {
    let mut all = Vec::new();
    for level in ["h2", "h3", "h4"] {
        for part in page.split(&format!("<{level} ")).skip(1) {
            let (_, rest) = part.split_once('>').unwrap();
            let title = rest.split(&format!("</{level}>")).next().unwrap();
            let (mut text, mut inside) = (String::new(), false);
            for c in title.chars() {
                match c {
                    '<' => inside = true,
                    '>' => inside = false,
                    c if !inside => text.push(c),
                    _ => {}
                }
            }
            all.push(text);
        }
    }
    all
}

/// All walk one outline: what a page has a section for, Markdown and the workbook have too.
#[test]
fn a_section_stands_in_every_format() {
    for audience in Audience::ALL {
        let report = report(three(), audience);
        let page = text(&report, ReportFormat::Html);
        let markdown = text(&report, ReportFormat::Markdown);
        let titles = headings(&page);
        assert!(titles.len() > 25, "{titles:?}");
        // Rows of criteria are a view of one table, which Markdown has whole.
        let own = |title: &&String| !report.set.rows.iter().any(|row| title.starts_with(&row.title));
        for title in titles.iter().filter(own) {
            assert!(markdown.contains(&format!("# {title}\n")), "{} has no section {title}", audience.as_str());
        }
        let mut book = Vec::new();
        render(&report, ReportFormat::Xlsx, &mut book).unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
        let mut read = |name: &str| {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
            text
        };
        let (workbook, strings) = (read("xl/workbook.xml"), read("xl/sharedStrings.xml"));
        for sheet in ["Summary", "Charts", "Criteria", "Measures", "Findings", "Packs"] {
            assert!(workbook.contains(&format!("name=\"{sheet}\"")), "{sheet}");
        }
        let decides = audience == Audience::DesignAuthority;
        let gates = if decides { "missed gate" } else { "Gates missed" };
        for sentence in ["Evidence mix", "Level", gates, "What this report does not show"] {
            assert!(strings.contains(sentence), "{sentence}");
        }
    }
}

/// A name that holds a number of a patient is hidden in every format of a report too.
#[test]
fn the_last_gate_stands_before_reports() {
    let mut record = record("RLQ", "2026-11", 2000, 962);
    for counts in record.parts.values_mut().flat_map(|p| p.findings.values_mut()) {
        let named = |e: Example| Example { source: "feed of 9990000018.json".into(), ..e };
        counts.examples = std::mem::take(&mut counts.examples).into_iter().map(named).collect();
    }
    let report = report(vec![record], Audience::Developer);
    assert!(report.views[0].findings.iter().any(|(_, f)| f.examples.iter().any(|e| e.source.contains("9990000018"))));
    for format in [ReportFormat::Html, ReportFormat::Json, ReportFormat::Markdown, ReportFormat::Csv] {
        assert!(!text(&report, format).contains("9990000018"), "{}", format.as_str());
    }
}
