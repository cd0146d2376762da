//! The document of a report, made from its model.

use std::marker::PhantomData;

use super::super::model::{Report, View};
use super::super::sections::{self, PEOPLE, quality};
use super::super::{disclosure, words};
use super::document::{
    About, Bucket, Capability, Counts, Criterion, Delay, Document, Edges, File, Gap, Group, Indicator, Indices, Made,
    Material, Measure, Milestone, Mix, Next, NotAssessed, NotUsed, Pack, Place, Rounded, Row, Rule, SelfScore, Set,
    SharedGap, Stand, Statement, Subject, Waiver,
};
use crate::finding::Severity;
use crate::kitemark::{self, Counted, EvidenceFile, Shown};
use crate::rules::capability::State;
use crate::settings::Date;

/// The document of a report.
pub(super) fn document(report: &Report) -> Document<'_> {
    let set = &report.set;
    Document {
        r#type: "hallmark-report",
        version: 1,
        id: &report.id,
        tool: &report.version,
        day: report.today.to_string(),
        r#for: report.audience.as_str(),
        criteria_set: Set {
            id: &set.id,
            version: &set.version,
            title: &set.title,
            digest: &set.digest,
            levels: &set.levels,
            required_level: set.required,
            interval: if set.wilson { "wilson-95" } else { "none" },
        },
        scope: made_with(report),
        limits: words::LIMITS,
        level: report.level(),
        subjects: report.views.iter().map(|v| subject(report, v)).collect(),
        criteria: each(report, criteria),
        gaps: each(report, gaps),
        measures: each(report, measures),
        delays: each(report, |_, view| delays(view)),
        rules: each(report, |_, view| rules(view)),
        findings: each(report, findings),
        capability: each(report, |_, view| capability(view)),
        evidence: report.attestations.files.iter().map(file).collect(),
        materials: report
            .materials
            .iter()
            .map(|m| Material {
                kind: m.kind.as_str(),
                file: &m.file,
                sha256: &m.sha256,
                signed_by: m.signed_by.as_deref(),
            })
            .collect(),
        not_used: report
            .not_used
            .iter()
            .map(|n| NotUsed {
                file: &n.file,
                what: &n.what,
                why: n.why.as_str(),
                says: sections::unused(&n.why).plain(),
            })
            .collect(),
        indicators: each(report, indicators),
        self_scores: each(report, self_scores),
        waivers: each(report, waivers),
        milestones: set.milestones.iter().map(|m| milestone(report, m)).collect(),
        shared_gaps: sections::shared(report)
            .into_iter()
            .map(|s| SharedGap {
                criterion: s.criterion,
                title: s.title,
                partners: s.partners,
                products: s.products,
                raises: s.raises,
                remedy: s.remedy,
                of: PhantomData,
            })
            .collect(),
        not_assessed: each(report, |_, view| not_assessed(view)),
    }
}

/// The rows of every subject, in order.
fn each<'r, T>(report: &'r Report, rows: impl Fn(&'r Report, &'r View) -> Vec<T>) -> Vec<T> {
    report.views.iter().flat_map(|view| rows(report, view)).collect()
}

fn day(day: Option<Date>) -> Option<String> {
    day.map(|d| d.to_string())
}

fn about(view: &View) -> About<'_> {
    let s = &view.assessment.subject;
    About { partner: &s.partner, product: &s.product, interface: &s.interface, environment: &s.environment }
}

fn made_with(report: &Report) -> Made<'_> {
    let packs = report.groups.iter().enumerate().flat_map(|(group, g)| g.header.packs.iter().map(move |p| (group, p)));
    Made {
        packs: packs
            .map(|(group, p)| Pack {
                group,
                name: &p.name,
                version: &p.version,
                source: &p.source,
                licence: &p.licence,
                digest: &p.digest,
                release: &p.release,
                embedded: p.embedded,
            })
            .collect(),
        packs_note: words::PACKS,
        groups: report
            .groups
            .iter()
            .map(|g| Group { tool: &g.header.tool, rules_digest: &g.header.rules_digest, key_id: &g.header.key_id })
            .collect(),
        disclosure: if report.disclosure { "nhs" } else { "none" },
    }
}

fn subject<'r>(report: &'r Report, view: &'r View) -> Subject<'r> {
    let a = &view.assessment;
    Subject {
        about: about(view),
        organisation: report.organisation(&a.subject.partner),
        group: view.group,
        periods: a.periods.iter().map(String::as_str).collect(),
        collected: &a.part.collected,
        level: a.level,
        level_name: report.set.level_name(a.level),
        gates_missed: &a.gates_missed,
        rows: a.rows.iter().map(|r| Row { id: &r.id, level: r.level, apart: r.apart }).collect(),
        evidence_mix: Mix {
            measured: a.mix.measured,
            attested: a.mix.attested,
            not_assessed: a.mix.not_assessed,
            not_applicable: a.mix.not_applicable,
            of: PhantomData,
        },
        next_level: sections::next_level(report, view),
        counts: counts(report, &a.part.counts),
        indices: quality::indices(report, view).map(|i| Indices {
            dimensions: Rounded::new(i.dimensions),
            measured: i.measured,
            dqmi: Rounded::new(i.dqmi),
            items: i.items,
            months_seen: i.coverage.0,
            months_expected: i.coverage.1,
            of: PhantomData,
        }),
    }
}

/// Counts of payloads and resources; people only as they may be shown.
fn counts<'r>(report: &Report, counts: &'r crate::record::Counts) -> Counts<'r> {
    let shown = |(kind, n): (&'r String, &u64)| {
        let hide = report.disclosure && PEOPLE.contains(&kind.as_str());
        (kind.as_str(), words::people(*n, hide))
    };
    Counts {
        sources: counts.sources,
        unreadable: counts.unreadable,
        given: counts.given,
        read: counts.read,
        failed: counts.failed,
        skipped: counts.skipped,
        clean: counts.clean,
        release_assumed: counts.release_assumed,
        unclaimed: counts.unclaimed,
        waived: counts.waived,
        shadow: counts.shadow,
        interrupted: counts.interrupted,
        releases: &counts.releases,
        resources: counts.resources.iter().map(shown).collect(),
        severities: &counts.severities,
    }
}

fn criteria<'r>(report: &'r Report, view: &'r View) -> Vec<Criterion<'r>> {
    let pairs = view.assessment.results.iter().zip(&report.set.criteria);
    let row = |(result, criterion): (&'r kitemark::CriterionResult, &'r kitemark::Criterion)| {
        let hide = report.disclosure && sections::counts_people(criterion);
        let shown = share(result.share, hide);
        let next = result.next.map(|next| {
            let shown = share(Some(next), hide);
            Next {
                level: result.level + 1,
                value: shown.value,
                numerator: shown.counted.map(|c| c.numerator),
                n: shown.counted.map(|c| c.denominator),
                interval: shown.interval,
                threshold: shown.threshold,
                of: PhantomData,
            }
        });
        Criterion {
            about: about(view),
            id: &result.id,
            row: &result.row,
            title: &criterion.title,
            status: result.status.as_str(),
            level: result.level,
            value: shown.value,
            numerator: shown.counted.map(|c| c.numerator),
            n: shown.counted.map(|c| c.denominator),
            interval: shown.interval,
            threshold: shown.threshold,
            next,
            evidence: criterion.evidence.iter().map(|e| e.as_str()).collect(),
            basis: result.basis.as_str(),
            reason: sections::reason(report, result, criterion).plain(),
            because: result.reason.as_str(),
            gate: result.gate,
            shadow: result.shadow,
            statement: result.statement.as_ref().map(|s| Statement {
                value: &s.value,
                kind: s.kind.as_str(),
                by_role: &s.by_role,
                on: s.on.to_string(),
                valid_until: day(s.valid_until),
                reference: &s.reference,
                sha256: &s.sha256,
            }),
            change: view.changes.get(&result.id).map(|c| c.as_str()),
        }
    };
    pairs.map(row).collect()
}

/// A share; all nothing where there is none, and all but the threshold where it must be hidden.
#[derive(Default)]
struct Values {
    counted: Option<Counted>,
    value: Option<Rounded>,
    interval: Option<[Rounded; 2]>,
    threshold: Option<Rounded>,
}

fn share(shown: Option<Shown>, hide: bool) -> Values {
    let Some(shown) = shown else { return Values::default() };
    let threshold = Some(Rounded::new(shown.threshold));
    let whole = if hide { disclosure::share(shown.counted) } else { Some(shown.counted) };
    let Some(counted) = whole else { return Values { threshold, ..Values::default() } };
    Values {
        counted: Some(counted),
        value: Some(Rounded::new(counted.numerator as f64 / counted.denominator.max(1) as f64)),
        interval: shown.interval.map(ends),
        threshold,
    }
}

fn ends((low, high): (f64, f64)) -> [Rounded; 2] {
    [Rounded::new(low), Rounded::new(high)]
}

fn gaps<'r>(report: &'r Report, view: &'r View) -> Vec<Gap<'r>> {
    let rows = view.gaps.iter().map(|g| Gap {
        about: about(view),
        criterion: &g.criterion,
        title: &g.title,
        grade: g.grade.as_str(),
        level: g.level,
        required: g.required,
        holds_row: g.holds_row,
        step: sections::step(report, g).plain(),
        closes: g.step.as_str(),
        remedy: &g.remedy,
        owner: &g.owner,
        due: day(g.due),
        overdue: g.overdue,
        waived: g.waived,
    });
    rows.collect()
}

fn measures<'r>(report: &'r Report, view: &'r View) -> Vec<Measure<'r>> {
    let rows = sections::shown_measures(report, view).into_iter().map(|((name, key), m, pair)| Measure {
        about: about(view),
        name,
        dimension: m.dimension.as_str(),
        sender: key.sender,
        period: key.period,
        resource: key.resource,
        profile: key.profile,
        element: key.element,
        rule: key.rule,
        numerator: pair.map(|p| p.numerator),
        denominator: pair.map(|p| p.denominator),
    });
    rows.collect()
}

fn edges<'r>((above, to): quality::Bounds) -> Edges<'r> {
    Edges { above, to }
}

fn delays(view: &View) -> Vec<Delay<'_>> {
    let rows = quality::all_delays(view).map(|(name, d)| Delay {
        about: about(view),
        name,
        timed: d.timed(),
        before: d.before,
        buckets: d.by_edge().map(|(to, count)| Bucket { to, count }).collect(),
        median: d.bounds(50).map(edges),
        percentile95: d.bounds(95).map(edges),
    });
    rows.collect()
}

fn rules(view: &View) -> Vec<Rule<'_>> {
    let rows = view.by_rule.iter().chain(&view.in_shadow).map(|r| Rule {
        about: about(view),
        rule: &r.id,
        name: &r.facts.name,
        severity: r.severity.as_str(),
        criterion: &r.facts.criterion,
        payloads: r.payloads,
        findings: r.findings,
        waived: r.waived,
        shadow: r.facts.shadow,
    });
    rows.collect()
}

fn findings<'r>(report: &'r Report, view: &'r View) -> Vec<Place<'r>> {
    let rules = &report.groups[view.group].rules;
    let rows = view.findings.iter().map(|(key, counts)| Place {
        about: about(view),
        rule: &key.rule,
        severity: key.severity.map(Severity::as_str),
        profile: &key.profile,
        path: &key.path,
        resource: &key.resource,
        payloads: counts.payloads,
        findings: counts.findings,
        waived: counts.waived,
        shadow: rules.get(&key.rule).is_some_and(|f| f.shadow),
        examples: &counts.examples,
    });
    rows.collect()
}

fn not_assessed(view: &View) -> Vec<NotAssessed<'_>> {
    let open = view.assessment.part.not_assessed.iter();
    open.map(|((what, canonical), count)| NotAssessed { about: about(view), what, canonical, count: *count }).collect()
}

fn capability(view: &View) -> Vec<Capability<'_>> {
    let rows = view.assessment.capability.iter().flat_map(|t| t.rows.iter().map(move |r| (t, r)));
    rows.map(|(t, r)| Capability {
        about: about(view),
        set: &t.set,
        what: r.subject.as_str(),
        resource: &r.resource,
        asked: &r.asked,
        need: r.need.as_str(),
        declared: r.state == State::Met,
    })
    .collect()
}

fn file(f: &EvidenceFile) -> File<'_> {
    File {
        file: &f.name,
        what: f.what,
        partner: f.partner.as_deref(),
        collected: f.collected.to_string(),
        valid_until: day(f.valid_until),
        sha256: &f.sha256,
        says: &f.says,
    }
}

fn indicators<'r>(report: &'r Report, view: &'r View) -> Vec<Indicator<'r>> {
    let delays = sections::delays(report, view);
    let rows = view.indications.iter().zip(delays).map(|(i, delays)| Indicator {
        about: about(view),
        id: &i.id,
        title: &i.title,
        criterion: &i.criterion,
        stated: &i.stated,
        numerator: i.counted.map(|c| c.numerator),
        denominator: i.counted.map(|c| c.denominator),
        interval: i.interval.map(ends),
        percentile95: delays.and_then(|d| d.bounds(95)).map(edges),
        bearing: i.bearing.as_str(),
    });
    rows.collect()
}

fn self_scores<'r>(report: &'r Report, view: &'r View) -> Vec<SelfScore<'r>> {
    let scores = report.attestations.scores_of(&view.assessment.subject.partner, report.today);
    scores
        .map(|s| SelfScore {
            about: about(view),
            model: &s.model,
            dimension: &s.dimension,
            score: &s.score,
            out_of: &s.out_of,
            validated: s.validated,
            by_role: &s.by_role,
            on: s.on.to_string(),
            valid_until: day(s.valid_until),
            reference: &s.reference,
        })
        .collect()
}

fn waivers<'r>(report: &'r Report, view: &'r View) -> Vec<Waiver<'r>> {
    let waivers = report.attestations.waivers_of(&view.assessment.subject.partner);
    waivers
        .map(|w| Waiver {
            about: about(view),
            criterion: &w.criterion,
            reason: &w.reason,
            owner: &w.owner,
            approved_by: &w.approved_by,
            until: w.until.to_string(),
            in_force: w.until >= report.today,
        })
        .collect()
}

fn milestone<'r>(report: &'r Report, m: &'r kitemark::Milestone) -> Milestone<'r> {
    let stands = |v| Stand { about: about(v), stands: sections::standing(v, m).as_str() };
    Milestone {
        id: &m.id,
        title: &m.title,
        clause: &m.clause,
        due: m.due.to_string(),
        criteria: &m.criteria,
        level: m.level,
        subjects: report.views.iter().map(stands).collect(),
    }
}
