//! The shared sample of findings that goes through every writer.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Dimension, Family, Finding, Meta, NotAssessed, Origin, Severity};
use crate::tally::{Measure, MeasureKey, PackFacts, PayloadCounts, ProfileFacts, RunOutcome, SourceFacts, Summary};
use crate::text::{Masked, Span};

static SYNTAX: Meta = Meta {
    id: "HM9001",
    name: "sample-not-well-formed",
    title: "the payload is not well formed",
    severity: Severity::Fatal,
    issue: "structure",
    basis: "RFC 8259",
    why: "Nothing after this place can be read.",
    remedy: "Close the object.",
    ..Meta::NEW
};

static MINIMUM: Meta = Meta {
    id: "HM9002",
    name: "sample-minimum",
    title: "an element is missing",
    issue: "required",
    basis: "FHIR, cardinality",
    why: "The receiver needs it.",
    remedy: "Send the element.",
    ..Meta::NEW
};

static CHECK_DIGIT: Meta = Meta {
    id: "HM9003",
    name: "sample-check-digit",
    title: "an NHS number has a wrong check digit",
    family: Family::NhsNumber,
    issue: "value",
    basis: "NHS Data Dictionary, NHS NUMBER",
    criterion: "NAT-1",
    why: "The record may join another patient's.",
    remedy: "Trace the patient and send the number that comes back.",
    ..Meta::NEW
};

static PLACEHOLDER: Meta = Meta {
    id: "HM9004",
    name: "sample-placeholder",
    title: "a placeholder stands for a value",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "business-rule",
    basis: "Government Data Quality Framework, 2020",
    why: "A placeholder looks like a fact.",
    remedy: "Leave the element out, or say why it is unknown.",
    ..Meta::NEW
};

static HINT: Meta = Meta {
    id: "HM9005",
    name: "sample-hint",
    title: "a recommendation is missed",
    severity: Severity::Information,
    issue: "informational",
    basis: "FHIR, best practice",
    why: "It helps people who read the message.",
    remedy: "Add a narrative.",
    ..Meta::NEW
};

static SILENT: Meta = Meta {
    id: "HM9006",
    name: "sample-silent",
    title: "a rule that finds nothing here",
    family: Family::Snomed,
    issue: "code-invalid",
    basis: "SNOMED CT",
    why: "Codes must exist.",
    remedy: "Send an active concept.",
    ..Meta::NEW
};

static NOVEL: Meta = Meta {
    id: "HM9007",
    name: "sample-novel",
    title: "a rule that stands in shadow",
    family: Family::Quality,
    issue: "business-rule",
    basis: "our own",
    why: "It is being tried out.",
    remedy: "See whether it is right.",
    ..Meta::NEW
};

const PROFILE: &str = "https://example.org/StructureDefinition/Sample-Patient-1";

#[allow(clippy::too_many_arguments, reason = "a row of a table")]
fn finding(
    meta: &'static Meta,
    source: (usize, &str),
    payload: u64,
    at: (u64, u32),
    path: &str,
    profile: &str,
    says: &str,
    occurrence: usize,
) -> Finding {
    Finding {
        meta,
        severity: meta.severity,
        source: source.1.into(),
        source_index: source.0,
        payload,
        line: at.0,
        column: at.1,
        end: (at.0, at.1 + 4),
        span: Span::default(),
        path: path.to_string(),
        profile: profile.to_string(),
        element: if profile.is_empty() { String::new() } else { "Patient.name".into() },
        key: String::new(),
        origin: if profile.is_empty() { Origin::Rule } else { Origin::Profile },
        says: says.to_string(),
        notes: Vec::new(),
        excerpt: None,
        frame: None,
        resource: "Patient".into(),
        fix: None,
        fingerprint: super::row::hash(&[meta.id, profile, path, &occurrence.to_string()]),
        waived: None,
        shadow: false,
        new: true,
    }
}

/// Four sources, five kinds of finding, every field that a writer must escape; values that must never leave.
pub fn outcome() -> RunOutcome {
    let odd = (1, "feed/b c,1:é&<.xml");
    let line = "  \"value\": \"SMITH 9990000018\",";
    let mut findings = vec![
        finding(
            &CHECK_DIGIT,
            (0, "feed/a.json"),
            1,
            (4, 14),
            "Patient.identifier[0].value",
            "",
            "The check digit is wrong",
            0,
        ),
        finding(
            &MINIMUM,
            odd,
            1,
            (1, 1),
            "Patient.name",
            PROFILE,
            "At least 1 `Patient.name` is needed; found 0, \"none\" <of> it & 100%|",
            0,
        ),
        finding(&HINT, odd, 1, (1, 1), "Patient", "", "There is no narrative", 0),
        finding(&SYNTAX, (2, "feed/c.ndjson"), 3, (3, 20), "", "", "A brace is not closed", 0),
    ];
    findings[0].excerpt = Some(Masked::new("SMITH 9990000018"));
    findings[0].frame = Some((Masked::new(line), 12..28));
    findings[1].notes = vec!["slice `usual`: `use` is not `usual`".into(), "=2+2".into()];
    findings[3].origin = Origin::Reading;
    for n in 0..5u64 {
        let path = format!("Bundle.entry[{n}].resource.ofType(Patient).name[0].family");
        let mut f = finding(
            &PLACEHOLDER,
            (2, "feed/c.ndjson"),
            4 + n,
            (4 + n, 9),
            &path,
            "",
            "A placeholder stands for a family name",
            n as usize,
        );
        f.new = n == 4;
        findings.push(f);
    }
    let mut waived = finding(
        &CHECK_DIGIT,
        (2, "feed/c.ndjson"),
        9,
        (9, 30),
        "Patient.identifier[1].value",
        "",
        "The check digit is wrong",
        1,
    );
    waived.waived = Some("known test record, owner A. N. Other".into());
    findings.push(waived);
    let mut shadow = finding(
        &NOVEL,
        (2, "feed/c.ndjson"),
        10,
        (10, 7),
        "Patient.contact[0]",
        "",
        "A rule that is new finds fault with this",
        0,
    );
    shadow.shadow = true;
    findings.push(shadow);
    let mut summary = Summary {
        sources: 4,
        payloads: PayloadCounts { given: 14, read: 12, failed: 1, skipped: 1 },
        releases: BTreeMap::from([("3.0".to_string(), 2), ("4.0".to_string(), 10)]),
        release_assumed: 1,
        resources: BTreeMap::from([("Bundle".to_string(), 5), ("Patient".to_string(), 12)]),
        unclaimed: 7,
        clean: 10,
        waived: 1,
        shadow: 1,
        known: BTreeMap::from([(Severity::Error, 1)]),
        ..Summary::default()
    };
    for f in findings.iter().filter(|f| f.counts()) {
        *summary.severities.entry(f.severity).or_default() += 1;
    }
    RunOutcome {
        findings,
        not_assessed: vec![
            (NotAssessed { what: "code-system", canonical: crate::terminology::SNOMED.into() }, 12),
            (NotAssessed { what: "value-set", canonical: "https://example.org/ValueSet/a|b".into() }, 3),
        ],
        summary,
        sources: [("feed/a.json", 1), (odd.1, 1), ("feed/c.ndjson", 11), ("feed/d.json", 1)]
            .map(|(name, payloads)| SourceFacts { name: name.into(), payloads, release: "4.0".into() })
            .to_vec(),
        packs: vec![PackFacts {
            name: "example.sample".into(),
            version: "1.0.0".into(),
            source: "our own".into(),
            licence: "none stated".into(),
            digest: "sha256:00".into(),
            release: "4.0".into(),
            embedded: true,
        }],
        rules: vec![&SYNTAX, &MINIMUM, &CHECK_DIGIT, &PLACEHOLDER, &HINT, &SILENT, &NOVEL],
        shadow: BTreeSet::from([NOVEL.id]),
        profiles: vec![ProfileFacts { canonical: PROFILE.into(), resources: 5, clean: 4 }],
        rules_digest: "sha256:11".into(),
        measures: vec![Measure {
            name: "nhs-number-valid".into(),
            dimension: Dimension::Validity,
            key: MeasureKey {
                sender: "X26".into(),
                period: "2026-11".into(),
                resource: "Patient".into(),
                ..MeasureKey::default()
            },
            numerator: 10,
            denominator: 12,
        }],
        ..RunOutcome::default()
    }
}

/// The same error `n` times, each in a payload of its own.
pub fn repeated(n: usize) -> RunOutcome {
    let findings: Vec<Finding> = (0..n)
        .map(|i| {
            let at = i as u64 + 1;
            finding(
                &CHECK_DIGIT,
                (0, "feed/a.ndjson"),
                at,
                (at, 5),
                "Patient.identifier[0].value",
                "",
                "The check digit is wrong",
                i,
            )
        })
        .collect();
    let given = n as u64;
    RunOutcome {
        findings,
        summary: Summary {
            sources: 1,
            payloads: PayloadCounts { given, read: given, failed: 0, skipped: 0 },
            severities: BTreeMap::from([(Severity::Error, given)]),
            ..Summary::default()
        },
        sources: vec![SourceFacts { name: "feed/a.ndjson".into(), payloads: given, release: "4.0".into() }],
        rules: vec![&CHECK_DIGIT],
        ..RunOutcome::default()
    }
}
