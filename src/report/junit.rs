//! JUnit XML: one test case per rule and profile, passing ones too, with unique names.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::row::{bracketed, counted, says, uncounted};
use super::{WriteOptions, Writer};
use crate::finding::{Family, Finding, Meta, Severity};
use crate::tally::RunOutcome;

/// Findings listed inside one test case.
const LISTED: usize = 20;
/// Test cases above which passing ones are left out, since parsers die of large files.
const CASES: usize = 20_000;

pub(super) struct Junit<'o, W> {
    options: &'o WriteOptions,
    out: W,
    /// By suite and rule.
    cases: BTreeMap<(String, &'static str), Case>,
}

struct Case {
    meta: &'static Meta,
    count: u64,
    failing: u64,
    fatal: u64,
    /// Why one of its findings does not count.
    uncounted: Option<String>,
    lines: Vec<String>,
}

impl Case {
    fn new(meta: &'static Meta) -> Self {
        Self { meta, count: 0, failing: 0, fatal: 0, uncounted: None, lines: Vec::new() }
    }
}

impl<'o, W: Write> Junit<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, out: W) -> Self {
        Self { options, out, cases: BTreeMap::new() }
    }
}

/// The profile that asked, or the family of the rule where no profile did.
fn suite(profile: &str, meta: &Meta) -> String {
    if profile.is_empty() { meta.family.as_str().to_string() } else { profile.to_string() }
}

impl<W: Write> Writer for Junit<'_, W> {
    fn finding(&mut self, f: &Finding) -> io::Result<()> {
        let case = self.cases.entry((suite(&f.profile, f.meta), f.meta.id)).or_insert_with(|| Case::new(f.meta));
        case.count += 1;
        if self.options.fails(f) {
            case.failing += 1;
            case.fatal += u64::from(f.severity == Severity::Fatal);
        }
        if let Some(why) = if f.shadow { uncounted(f) } else { f.waived.clone() } {
            case.uncounted.get_or_insert(why);
        }
        if case.lines.len() < LISTED {
            let source = self.options.relative(&f.source);
            let mark = match (f.shadow, &f.waived) {
                (true, _) => " (shadow)",
                (false, Some(_)) => " (waived)",
                (false, None) => "",
            };
            case.lines.push(format!(
                "{source}:{}:{}: {}{mark}: {}{}",
                f.line,
                f.column,
                f.severity,
                says(f),
                bracketed(&f.path)
            ));
        }
        Ok(())
    }

    fn close(mut self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        let mut cases = std::mem::take(&mut self.cases);
        let conformance = outcome.rules.iter().filter(|meta| meta.family == Family::Fhir).count();
        let all = outcome.rules.len() + conformance * outcome.profiles.len();
        let passing = all <= CASES;
        if passing {
            for meta in &outcome.rules {
                cases.entry((suite("", meta), meta.id)).or_insert_with(|| Case::new(meta));
                if meta.family == Family::Fhir {
                    for profile in &outcome.profiles {
                        cases.entry((profile.canonical.clone(), meta.id)).or_insert_with(|| Case::new(meta));
                    }
                }
            }
        }
        let mut suites: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
        for ((name, _), case) in &cases {
            suites.entry(name).or_default().push(case);
        }
        let found: u64 = cases.values().map(|c| c.count).sum();
        let total = Counts::of(cases.values());
        let mut xml = quick_xml::Writer::new_with_indent(&mut self.out, b' ', 1);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        xml.write_event(Event::Start(total.on(BytesStart::new("testsuites"), "hallmark", false)))?;
        for (name, cases) in &suites {
            let counts = Counts::of(cases.iter().copied());
            xml.write_event(Event::Start(counts.on(BytesStart::new("testsuite"), name, true)))?;
            let findings: u64 = cases.iter().map(|c| c.count).sum();
            xml.write_event(Event::Start(BytesStart::new("properties")))?;
            let findings = findings.to_string();
            xml.write_event(Event::Empty(
                BytesStart::new("property").with_attributes([("name", "findings"), ("value", findings.as_str())]),
            ))?;
            xml.write_event(Event::End(BytesEnd::new("properties")))?;
            for case in cases {
                write_case(&mut xml, name, case)?;
            }
            xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
        }
        if !passing {
            let note = format!("passing test cases left out: there are {all} of them; {}", counted(found, "finding"));
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

fn write_case<W: Write>(xml: &mut quick_xml::Writer<W>, suite: &str, case: &Case) -> io::Result<()> {
    let name = format!("{} {}", case.meta.id, case.meta.name);
    let start = BytesStart::new("testcase").with_attributes([("classname", suite), ("name", name.as_str())]);
    if case.count == 0 {
        return xml.write_event(Event::Empty(start));
    }
    xml.write_event(Event::Start(start))?;
    let mut text = case.lines.join("\n");
    let more = case.count - case.lines.len() as u64;
    if more > 0 {
        text.push_str(&format!("\nand {more} more"));
    }
    let found = counted(case.count, "finding");
    let (element, attribute) = match state(case) {
        State::Error => ("error", Some(format!("{found}: {}", case.meta.title))),
        State::Failure => ("failure", Some(format!("{found}: {}", case.meta.title))),
        State::Skipped => ("skipped", Some(case.uncounted.clone().unwrap_or_default())),
        State::Passed => ("system-out", None),
    };
    let mut start = BytesStart::new(element);
    if let Some(message) = &attribute {
        start.push_attribute(("message", message.as_str()));
        if element != "skipped" {
            start.push_attribute(("type", case.meta.name));
        }
    }
    // A remedy belongs beside what it mends.
    text.push_str(&format!("\nwhat to do: {}", case.meta.remedy));
    xml.write_event(Event::Start(start))?;
    xml.write_event(Event::Text(BytesText::new(&text)))?;
    xml.write_event(Event::End(BytesEnd::new(element)))?;
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}
