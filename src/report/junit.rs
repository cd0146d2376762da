//! JUnit XML: a test case for each payload, or for each rule and profile; passing ones too, with unique names.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::row::{bracketed, counted, says, uncounted};
use super::{WriteOptions, Writer};
use crate::finding::{Family, Finding, Meta, Severity};
use crate::tally::RunOutcome;

/// Findings listed inside one test case.
const LISTED: usize = 20;
/// Test cases at most: beyond, passing ones are left out first, since parsers die of large files.
const CASES: usize = 20_000;

pub(super) struct Junit<'o, W> {
    options: &'o WriteOptions,
    out: W,
    cases: BTreeMap<Key, Case>,
    /// Findings by suite that have no test case left to stand in.
    beyond: BTreeMap<(usize, String), u64>,
}

/// Where a test case stands: in the suite of its source, by payload; or in that of a profile or family, by rule.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    suite: (usize, String),
    payload: u64,
    rule: &'static str,
}

#[derive(Default)]
struct Case {
    /// The rule of its worst finding, or the one it is about.
    meta: Option<(Severity, &'static Meta)>,
    count: u64,
    failing: u64,
    fatal: u64,
    /// Why one of its findings does not count.
    uncounted: Option<String>,
    lines: Vec<String>,
}

impl Case {
    fn about(meta: &'static Meta) -> Self {
        Self { meta: Some((Severity::Information, meta)), ..Self::default() }
    }
}

impl<'o, W: Write> Junit<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, out: W) -> Self {
        Self { options, out, cases: BTreeMap::new(), beyond: BTreeMap::new() }
    }

    fn key(&self, f: &Finding) -> Key {
        if self.options.junit_by_rule {
            return Key { suite: (0, suite(&f.profile, f.meta)), payload: 0, rule: f.meta.id };
        }
        let source = self.options.relative(&f.source).into_owned();
        Key { suite: (f.source_index, source), payload: f.payload, rule: "" }
    }

    fn line(&self, f: &Finding) -> String {
        let source = self.options.relative(&f.source);
        let mark = match (f.shadow, &f.waived) {
            (true, _) => " (shadow)",
            (false, Some(_)) => " (waived)",
            (false, None) => "",
        };
        let place = format!("{source}:{}:{}: {}{mark}", f.line, f.column, f.severity);
        let (says, path) = (says(f), bracketed(&f.path));
        if self.options.junit_by_rule {
            return format!("{place}: {says}{path}");
        }
        format!("{place} {} {}: {says}{path}\n  what to do: {}", f.meta.id, f.meta.name, f.meta.remedy)
    }

    /// Test cases without findings, unless they are too many; says how many cases there are then.
    fn passing(&self, cases: &mut BTreeMap<Key, Case>, outcome: &RunOutcome) -> Option<u64> {
        if !self.options.junit_by_rule {
            let all: u64 = outcome.sources.iter().map(|source| source.payloads).sum();
            if all > CASES as u64 {
                return Some(all);
            }
            for (index, source) in outcome.sources.iter().enumerate() {
                let name = self.options.relative(&source.name).into_owned();
                for payload in 1..=source.payloads {
                    cases.entry(Key { suite: (index, name.clone()), payload, rule: "" }).or_default();
                }
            }
            return None;
        }
        let conformance = outcome.rules.iter().filter(|meta| meta.family == Family::Fhir).count();
        let all = outcome.rules.len() + conformance * outcome.profiles.len();
        if all > CASES {
            return Some(all as u64);
        }
        for meta in &outcome.rules {
            let mut add = |suite: String| {
                let key = Key { suite: (0, suite), payload: 0, rule: meta.id };
                cases.entry(key).or_insert_with(|| Case::about(meta));
            };
            add(suite("", meta));
            if meta.family == Family::Fhir {
                outcome.profiles.iter().for_each(|profile| add(profile.canonical.clone()));
            }
        }
        None
    }
}

/// The profile that asked, or the family of the rule where no profile did.
fn suite(profile: &str, meta: &Meta) -> String {
    if profile.is_empty() { meta.family.as_str().to_string() } else { profile.to_string() }
}

impl<W: Write> Writer for Junit<'_, W> {
    fn finding(&mut self, f: &Finding) -> io::Result<()> {
        let key = self.key(f);
        if self.cases.len() >= CASES && !self.cases.contains_key(&key) {
            *self.beyond.entry(key.suite).or_default() += 1;
            return Ok(());
        }
        let room = self.cases.get(&key).is_none_or(|case| case.lines.len() < LISTED);
        let line = room.then(|| self.line(f));
        let case = self.cases.entry(key).or_default();
        case.count += 1;
        if self.options.fails(f) {
            case.failing += 1;
            case.fatal += u64::from(f.severity == Severity::Fatal);
        }
        // Fatal comes first in the order of severities.
        if case.meta.is_none_or(|(worst, _)| f.severity < worst) {
            case.meta = Some((f.severity, f.meta));
        }
        if let Some(why) = if f.shadow { uncounted(f) } else { f.waived.clone() } {
            case.uncounted.get_or_insert(why);
        }
        case.lines.extend(line);
        Ok(())
    }

    fn close(mut self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        let mut cases = std::mem::take(&mut self.cases);
        let too_many = self.passing(&mut cases, outcome);
        let mut suites: BTreeMap<&(usize, String), Vec<(&Key, &Case)>> = BTreeMap::new();
        for (key, case) in &cases {
            suites.entry(&key.suite).or_default().push((key, case));
        }
        let beyond: u64 = self.beyond.values().sum();
        let found: u64 = cases.values().map(|c| c.count).sum::<u64>() + beyond;
        let total = Counts::of(cases.values());
        let mut xml = quick_xml::Writer::new_with_indent(&mut self.out, b' ', 1);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        xml.write_event(Event::Start(total.on(BytesStart::new("testsuites"), "hallmark", false)))?;
        for (suite, cases) in &suites {
            let counts = Counts::of(cases.iter().map(|(_, case)| *case));
            xml.write_event(Event::Start(counts.on(BytesStart::new("testsuite"), &suite.1, true)))?;
            let findings: u64 = cases.iter().map(|(_, case)| case.count).sum();
            xml.write_event(Event::Start(BytesStart::new("properties")))?;
            let findings = (findings + self.beyond.get(suite).copied().unwrap_or(0)).to_string();
            xml.write_event(Event::Empty(
                BytesStart::new("property").with_attributes([("name", "findings"), ("value", findings.as_str())]),
            ))?;
            xml.write_event(Event::End(BytesEnd::new("properties")))?;
            let one = outcome.sources.get(suite.0).is_some_and(|source| source.payloads <= 1);
            for (key, case) in cases {
                write_case(&mut xml, key, case, one)?;
            }
            xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
        }
        if let Some(all) = too_many {
            let note = format!("passing test cases left out: there are {all} of them; {}", counted(found, "finding"));
            xml.write_event(Event::Comment(BytesText::new(&note)))?;
        }
        if beyond > 0 {
            let note = format!("{} of further test cases left out; ndjson holds all", counted(beyond, "finding"));
            xml.write_event(Event::Comment(BytesText::new(&note)))?;
        }
        xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

#[derive(Default)]
struct Counts {
    tests: u64,
    failures: u64,
    errors: u64,
    skipped: u64,
}

impl Counts {
    fn of<'c>(cases: impl Iterator<Item = &'c Case>) -> Self {
        let mut counts = Self::default();
        for case in cases {
            counts.tests += 1;
            match state(case) {
                State::Error => counts.errors += 1,
                State::Failure => counts.failures += 1,
                State::Skipped => counts.skipped += 1,
                State::Passed => {}
            }
        }
        counts
    }

    fn on<'e>(&self, mut element: BytesStart<'e>, name: &str, suite: bool) -> BytesStart<'e> {
        element.push_attribute(("name", name));
        element.push_attribute(("tests", self.tests.to_string().as_str()));
        element.push_attribute(("failures", self.failures.to_string().as_str()));
        element.push_attribute(("errors", self.errors.to_string().as_str()));
        if suite {
            element.push_attribute(("skipped", self.skipped.to_string().as_str()));
        }
        element
    }
}

enum State {
    Passed,
    Failure,
    Error,
    Skipped,
}

fn state(case: &Case) -> State {
    if case.fatal > 0 {
        State::Error
    } else if case.failing > 0 {
        State::Failure
    } else if case.uncounted.is_some() {
        State::Skipped
    } else {
        State::Passed
    }
}

fn write_case<W: Write>(xml: &mut quick_xml::Writer<W>, key: &Key, case: &Case, one: bool) -> io::Result<()> {
    let suite = key.suite.1.as_str();
    let meta = case.meta.map(|(_, meta)| meta);
    let name = match (meta.filter(|_| !key.rule.is_empty()), one) {
        (Some(meta), _) => format!("{} {}", meta.id, meta.name),
        (None, true) => suite.to_owned(),
        (None, false) => format!("payload {}", key.payload),
    };
    let start = BytesStart::new("testcase").with_attributes([("classname", suite), ("name", name.as_str())]);
    let Some(meta) = meta.filter(|_| case.count > 0) else {
        return xml.write_event(Event::Empty(start));
    };
    xml.write_event(Event::Start(start))?;
    let mut text = case.lines.join("\n");
    let more = case.count - case.lines.len() as u64;
    if more > 0 {
        text.push_str(&format!("\nand {more} more"));
    }
    let found = counted(case.count, "finding");
    let (element, attribute) = match state(case) {
        State::Error => ("error", Some(format!("{found}: {}", meta.title))),
        State::Failure => ("failure", Some(format!("{found}: {}", meta.title))),
        State::Skipped => ("skipped", Some(case.uncounted.clone().unwrap_or_default())),
        State::Passed => ("system-out", None),
    };
    let mut start = BytesStart::new(element);
    if let Some(message) = &attribute {
        start.push_attribute(("message", message.as_str()));
        if element != "skipped" {
            start.push_attribute(("type", meta.name));
        }
    }
    if !key.rule.is_empty() {
        // A remedy belongs beside what it mends.
        text.push_str(&format!("\nwhat to do: {}", meta.remedy));
    }
    xml.write_event(Event::Start(start))?;
    xml.write_event(Event::Text(BytesText::new(&text)))?;
    xml.write_event(Event::End(BytesEnd::new(element)))?;
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}
