//! The report as JSON, described by a schema; and the part of an older one that a new one compares with.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::document::shown_measures;
use super::model::{Report, View};
use super::quality::Bounds;
use super::words;
use crate::kitemark::{Counted, EvidenceFile, Milestone, Shown, Subject};
use crate::rules::capability::State;
use crate::schema::{Checked, Faults, Schema, Syntax};

/// The schema of a report.
pub static SCHEMA: Schema = Schema::new(include_str!("../../../schemas/report.schema.json"));

/// One member a line, and one item of a list a line, so that two reports can be compared by lines.
pub(super) fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let value = value(report);
    let members = value.as_object().into_iter().flatten();
    for (i, (key, member)) in members.enumerate() {
        write!(out, "{}\n{}: ", if i == 0 { "{" } else { "," }, Value::from(key.as_str()))?;
        match member.as_array() {
            Some(items) if !items.is_empty() => {
                for (j, item) in items.iter().enumerate() {
                    write!(out, "{}\n  {item}", if j == 0 { "[" } else { "," })?;
                }
                out.write_all(b"\n]")?;
            }
            _ => write!(out, "{member}")?,
        }
    }
    out.write_all(b"\n}\n")
}

/// The document that the JSON form writes and templates read.
pub(super) fn value(report: &Report) -> Value {
    let set = &report.set;
    json!({
        "type": "hallmark-report",
        "version": 1,
        "id": report.id,
        "tool": report.version,
        "day": report.today.to_string(),
        "for": report.audience.as_str(),
        "criteriaSet": {
            "id": set.id,
            "version": set.version,
            "title": set.title,
            "digest": set.digest,
            "levels": set.levels,
            "requiredLevel": set.required,
            "interval": if set.wilson { "wilson-95" } else { "none" },
        },
        "scope": {
            "packs": report.groups.iter().enumerate().flat_map(|(i, g)| g.header.packs.iter().map(move |p| json!({
                "group": i,
                "name": p.name,
                "version": p.version,
                "source": p.source,
                "licence": p.licence,
                "digest": p.digest,
                "release": p.release,
                "embedded": p.embedded,
            }))).collect::<Vec<_>>(),
            "packsNote": words::PACKS,
            "groups": report.groups.iter().map(|g| json!({
                "tool": g.header.tool,
                "rulesDigest": g.header.rules_digest,
                "keyId": g.header.key_id,
            })).collect::<Vec<_>>(),
            "disclosure": if report.disclosure { "nhs" } else { "none" },
        },
        "limits": words::LIMITS,
        "level": report.level(),
        "subjects": report.views.iter().map(|v| subject(report, v)).collect::<Vec<_>>(),
        "criteria": report.views.iter().flat_map(|v| criteria(report, v)).collect::<Vec<_>>(),
        "gaps": report.views.iter().flat_map(|v| gaps(report, v)).collect::<Vec<_>>(),
        "measures": report.views.iter().flat_map(|v| measures(report, v)).collect::<Vec<_>>(),
        "delays": report.views.iter().flat_map(delays).collect::<Vec<_>>(),
        "rules": report.views.iter().flat_map(rules).collect::<Vec<_>>(),
        "findings": report.views.iter().flat_map(|v| findings(report, v)).collect::<Vec<_>>(),
        "capability": report.views.iter().flat_map(capability).collect::<Vec<_>>(),
        "evidence": report.attestations.files.iter().map(file).collect::<Vec<_>>(),
        "indicators": report.views.iter().flat_map(|v| indicators(report, v)).collect::<Vec<_>>(),
        "selfScores": report.views.iter().flat_map(|v| self_scores(report, v)).collect::<Vec<_>>(),
        "waivers": report.views.iter().flat_map(|v| waivers(report, v)).collect::<Vec<_>>(),
        "milestones": report.set.milestones.iter().map(|m| milestone(report, m)).collect::<Vec<_>>(),
        "sharedGaps": super::portfolio::shared(report).iter().map(|s| json!({
            "criterion": s.criterion,
            "title": s.title,
            "partners": s.partners,
            "products": s.products,
            "raises": s.raises,
            "remedy": s.remedy,
        })).collect::<Vec<_>>(),
        "notAssessed": report.views.iter().flat_map(not_assessed).collect::<Vec<_>>(),
    })
}

/// The keys that say whom a row is about, and the row's own.
fn about(view: &View, mut row: Value) -> Value {
    let s = &view.assessment.subject;
    if let Value::Object(map) = &mut row {
        for (key, value) in [
            ("partner", &s.partner),
            ("product", &s.product),
            ("interface", &s.interface),
            ("environment", &s.environment),
        ] {
            map.insert(key.into(), Value::String(value.clone()));
        }
    }
    row
}

fn subject(report: &Report, view: &View) -> Value {
    let a = &view.assessment;
    let rows: Vec<Value> = a.rows.iter().map(|r| json!({"id": r.id, "level": r.level, "apart": r.apart})).collect();
    let row = json!({
        "group": view.group,
        "periods": a.periods,
        "collected": a.part.collected,
        "level": a.level,
        "levelName": report.set.level_name(a.level),
        "gatesMissed": a.gates_missed,
        "rows": rows,
        "evidenceMix": {
            "measured": a.mix.measured,
            "attested": a.mix.attested,
            "notAssessed": a.mix.not_assessed,
            "notApplicable": a.mix.not_applicable,
        },
        "nextLevel": super::climb::json(report, view),
        "counts": counts(report, &a.part.counts),
        "indices": super::quality::indices(report, view).map(|i| json!({
            "dimensions": rounded(i.dimensions),
            "measured": i.measured,
            "dqmi": rounded(i.dqmi),
            "items": i.items,
            "monthsSeen": i.coverage.0,
            "monthsExpected": i.coverage.1,
        })),
    });
    about(view, row)
}

/// Counts of payloads and resources; people only as they may be shown.
fn counts(report: &Report, counts: &crate::record::Counts) -> Value {
    let mut value = json!(counts);
    for kind in ["Patient", "Person", "RelatedPerson"] {
        if let Some(n) = counts.resources.get(kind).filter(|_| report.disclosure) {
            value["resources"][kind] = json!(words::people(*n, true));
        }
    }
    value
}

fn criteria(report: &Report, view: &View) -> Vec<Value> {
    let pairs = view.assessment.results.iter().zip(&report.set.criteria);
    pairs
        .map(|(result, criterion)| {
            let about_people = super::document::counts_people(criterion);
            let shown = share(result.share, report.disclosure && about_people);
            let evidence: Vec<&str> = criterion.evidence.iter().map(|e| e.as_str()).collect();
            let statement = result.statement.as_ref().map(|s| {
                json!({
                    "value": s.value,
                    "kind": s.kind.as_str(),
                    "byRole": s.by_role,
                    "on": s.on.to_string(),
                    "validUntil": s.valid_until.map(|d| d.to_string()),
                    "reference": s.reference,
                    "sha256": s.sha256,
                })
            });
            about(
                view,
                json!({
                    "id": result.id,
                    "row": result.row,
                    "title": criterion.title,
                    "status": result.status.as_str(),
                    "level": result.level,
                    "value": shown.value,
                    "numerator": shown.numerator,
                    "n": shown.denominator,
                    "interval": shown.interval,
                    "threshold": shown.threshold,
                    "evidence": evidence,
                    "basis": result.basis.as_str(),
                    "reason": super::document::reason(report, result, criterion),
                    "gate": result.gate,
                    "shadow": result.shadow,
                    "statement": statement,
                    "change": view.changes.get(&result.id).map(|c| c.as_str()),
                }),
            )
        })
        .collect()
}

/// A share in JSON; all nothing where there is none or it must be hidden.
#[derive(Default)]
struct ShareValues {
    value: Value,
    numerator: Value,
    denominator: Value,
    interval: Value,
    threshold: Value,
}

fn share(shown: Option<Shown>, hide: bool) -> ShareValues {
    let Some(shown) = shown else { return ShareValues::default() };
    let whole = if hide { super::disclosure::share(shown.counted) } else { Some(shown.counted) };
    let Some(Counted { numerator, denominator }) = whole else {
        return ShareValues { threshold: rounded(shown.threshold), ..ShareValues::default() };
    };
    ShareValues {
        value: rounded(numerator as f64 / denominator.max(1) as f64),
        numerator: numerator.into(),
        denominator: denominator.into(),
        interval: shown.interval.map_or(Value::Null, |(low, high)| json!([rounded(low), rounded(high)])),
        threshold: rounded(shown.threshold),
    }
}

/// Six digits, so that bytes do not depend on the machine.
fn rounded(x: f64) -> Value {
    json!((x * 1e6).round() / 1e6)
}

fn gaps(report: &Report, view: &View) -> Vec<Value> {
    let rows = view.gaps.iter().map(|g| {
        json!({
            "criterion": g.criterion,
            "title": g.title,
            "grade": g.grade.as_str(),
            "level": g.level,
            "required": g.required,
            "holdsRow": g.holds_row,
            "step": super::document::step(report, g),
            "remedy": g.remedy,
            "owner": g.owner,
            "due": g.due.map(|d| d.to_string()),
            "overdue": g.overdue,
            "waived": g.waived,
        })
    });
    rows.map(|row| about(view, row)).collect()
}

fn measures(report: &Report, view: &View) -> Vec<Value> {
    let rows = shown_measures(report, view).into_iter().map(|((name, key), m, pair)| {
        json!({
            "name": name,
            "dimension": m.dimension.as_str(),
            "sender": key.sender,
            "period": key.period,
            "resource": key.resource,
            "profile": key.profile,
            "element": key.element,
            "rule": key.rule,
            "numerator": pair.map(|p| p.numerator),
            "denominator": pair.map(|p| p.denominator),
        })
    });
    rows.map(|row| about(view, row)).collect()
}

fn bounds((above, to): Bounds) -> Value {
    json!({"above": above, "to": to})
}

fn delays(view: &View) -> Vec<Value> {
    let rows = super::quality::all_delays(view).map(|(name, d)| {
        json!({
            "name": name,
            "timed": d.timed(),
            "before": d.before,
            "buckets": d.by_edge().map(|(to, n)| json!({"to": to, "count": n})).collect::<Vec<_>>(),
            "median": d.bounds(50).map(bounds),
            "percentile95": d.bounds(95).map(bounds),
        })
    });
    rows.map(|row| about(view, row)).collect()
}

fn rules(view: &View) -> Vec<Value> {
    let rows = view.by_rule.iter().chain(&view.in_shadow).map(|r| {
        json!({
            "rule": r.id,
            "name": r.facts.name,
            "severity": r.severity,
            "criterion": r.facts.criterion,
            "payloads": r.payloads,
            "findings": r.findings,
            "waived": r.waived,
            "shadow": r.facts.shadow,
        })
    });
    rows.map(|row| about(view, row)).collect()
}

fn findings(report: &Report, view: &View) -> Vec<Value> {
    let rules = &report.groups[view.group].rules;
    let rows = view.findings.iter().map(|(key, counts)| {
        json!({
            "rule": key.rule,
            "severity": key.severity,
            "profile": key.profile,
            "path": key.path,
            "resource": key.resource,
            "payloads": counts.payloads,
            "findings": counts.findings,
            "waived": counts.waived,
            "shadow": rules.get(&key.rule).is_some_and(|f| f.shadow),
            "examples": counts.examples,
        })
    });
    rows.map(|row| about(view, row)).collect()
}

fn not_assessed(view: &View) -> Vec<Value> {
    let open = view.assessment.part.not_assessed.iter();
    open.map(|((what, canonical), n)| about(view, json!({"what": what, "canonical": canonical, "count": n}))).collect()
}

fn capability(view: &View) -> Vec<Value> {
    let tables = view.assessment.capability.iter();
    let rows = tables.flat_map(|t| t.rows.iter().map(move |r| (t, r))).map(|(t, r)| {
        json!({
            "set": t.set,
            "what": r.subject.as_str(),
            "resource": r.resource,
            "asked": r.asked,
            "need": r.need.as_str(),
            "declared": r.state == State::Met,
        })
    });
    rows.map(|row| about(view, row)).collect()
}

fn file(f: &EvidenceFile) -> Value {
    json!({
        "file": f.name,
        "what": f.what,
        "partner": f.partner,
        "collected": f.collected.to_string(),
        "validUntil": f.valid_until.map(|d| d.to_string()),
        "sha256": f.sha256,
        "says": f.says,
    })
}

fn indicators(report: &Report, view: &View) -> Vec<Value> {
    let delays = super::evidence::delays(report, view);
    let rows = view.indications.iter().zip(delays).map(|(i, delays)| {
        let edges = delays.and_then(|d| d.bounds(95)).map(bounds);
        json!({
            "id": i.id,
            "title": i.title,
            "criterion": i.criterion,
            "stated": i.stated,
            "numerator": i.counted.map(|c| c.numerator),
            "denominator": i.counted.map(|c| c.denominator),
            "interval": i.interval.map(|(low, high)| json!([rounded(low), rounded(high)])),
            "percentile95": edges,
            "bearing": i.bearing.as_str(),
        })
    });
    rows.map(|row| about(view, row)).collect()
}

fn self_scores(report: &Report, view: &View) -> Vec<Value> {
    let scores = report.attestations.scores_of(&view.assessment.subject.partner, report.today).map(|s| {
        json!({
            "model": s.model,
            "dimension": s.dimension,
            "score": s.score,
            "outOf": s.out_of,
            "validated": s.validated,
            "byRole": s.by_role,
            "on": s.on.to_string(),
            "validUntil": s.valid_until.map(|d| d.to_string()),
            "reference": s.reference,
        })
    });
    scores.map(|row| about(view, row)).collect()
}

fn waivers(report: &Report, view: &View) -> Vec<Value> {
    let waivers = report.attestations.waivers_of(&view.assessment.subject.partner).map(|w| {
        json!({
            "criterion": w.criterion,
            "reason": w.reason,
            "owner": w.owner,
            "approvedBy": w.approved_by,
            "until": w.until.to_string(),
            "inForce": w.until >= report.today,
        })
    });
    waivers.map(|row| about(view, row)).collect()
}

fn milestone(report: &Report, m: &Milestone) -> Value {
    let subjects = report.views.iter().map(|v| {
        let stands = super::timeline::standing(v, m).as_str();
        about(v, json!({"stands": stands}))
    });
    json!({
        "id": m.id,
        "title": m.title,
        "clause": m.clause,
        "due": m.due.to_string(),
        "criteria": m.criteria,
        "level": m.level,
        "subjects": subjects.collect::<Vec<_>>(),
    })
}

/// What an older report says about levels.
#[derive(Clone, Debug, Default)]
pub struct Previous {
    /// The day it was made.
    pub day: String,
    levels: BTreeMap<Subject, BTreeMap<String, u8>>,
}

impl Previous {
    /// Reads a report in JSON.
    ///
    /// # Errors
    /// What is not well formed or breaks its schema, with its place.
    pub fn read(name: &str, text: &str) -> Result<Self, Faults> {
        let checked = Checked::read(name, text, Syntax::Json, &SCHEMA)?;
        let mut levels: BTreeMap<Subject, BTreeMap<String, u8>> = BTreeMap::new();
        let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_string();
        for row in checked.value["criteria"].as_array().into_iter().flatten() {
            let subject = Subject {
                partner: text(row, "partner"),
                product: text(row, "product"),
                interface: text(row, "interface"),
                environment: text(row, "environment"),
            };
            let level = row["level"].as_u64().unwrap_or_default() as u8;
            levels.entry(subject).or_default().insert(text(row, "id"), level);
        }
        Ok(Self { day: text(&checked.value, "day"), levels })
    }

    /// Levels by criterion of one subject; of the same partner on the same interface when the product has moved on.
    pub(super) fn levels(&self, subject: &Subject) -> Option<&BTreeMap<String, u8>> {
        self.levels.get(subject).or_else(|| {
            let mut alike = self.levels.iter().filter(|(s, _)| {
                s.partner == subject.partner && s.interface == subject.interface && s.environment == subject.environment
            });
            alike.next().map(|(_, levels)| levels)
        })
    }
}
