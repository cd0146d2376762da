//! The official FHIRPath suite for R4, against a list of known differences that may only shrink.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

use super::definitions;

use std::collections::{BTreeMap, HashMap};

use definitions::{plans, shared, unpack};
use hallmark::fhirpath::{
    CatalogueModel, Collection, Env, Host, Mode, Model, Program, Resolution, Temporal, TemporalKind, Tri, Value, check,
};
use hallmark::message::type_tree;
use hallmark::pack::model::Release;
use hallmark::read::{Limits, read};
use hallmark::tree::{Element, Tree, names};
use rust_decimal::Decimal;

#[derive(Default, Debug)]
struct Case {
    name: String,
    input: String,
    expression: String,
    invalid: String,
    predicate: bool,
    outputs: Vec<(String, String)>,
}

fn cases(xml: &str) -> Vec<Case> {
    use quick_xml::events::{BytesStart, Event};
    let mut reader = quick_xml::Reader::from_str(xml);
    let attribute = |e: &BytesStart<'_>, name: &str| {
        let found = e.try_get_attribute(name).expect("attribute");
        found
            .map(|a| a.normalized_value(quick_xml::XmlVersion::Implicit1_0).expect("value").into_owned())
            .unwrap_or_default()
    };
    let (mut out, mut text) = (Vec::new(), String::new());
    let mut case = Case::default();
    loop {
        match reader.read_event().expect("event") {
            Event::Start(e) | Event::Empty(e) if e.name().as_ref() == b"test" => {
                let predicate = attribute(&e, "predicate") == "true";
                case = Case {
                    name: attribute(&e, "name"),
                    input: attribute(&e, "inputfile"),
                    predicate,
                    ..Case::default()
                };
            }
            Event::Start(e) => {
                text.clear();
                match e.name().as_ref() {
                    b"expression" => case.invalid = attribute(&e, "invalid"),
                    b"output" => case.outputs.push((attribute(&e, "type"), String::new())),
                    _ => {}
                }
            }
            Event::Text(e) => text.push_str(&e.decode().expect("text")),
            Event::CData(e) => text.push_str(&e.decode().expect("text")),
            Event::GeneralRef(e) => {
                let name = e.decode().expect("name");
                match e.resolve_char_ref().expect("reference") {
                    Some(c) => text.push(c),
                    None => text.push_str(quick_xml::escape::resolve_predefined_entity(&name).expect("entity")),
                }
            }
            Event::End(e) => match e.name().as_ref() {
                b"expression" => case.expression = std::mem::take(&mut text),
                b"output" => case.outputs.last_mut().expect("output").1 = std::mem::take(&mut text),
                b"test" => out.push(std::mem::take(&mut case)),
                _ => {}
            },
            Event::Eof => return out,
            _ => {}
        }
    }
}

struct SuiteHost;

impl Host for SuiteHost {
    fn resolve<'t>(&'t self, _: Element<'t>, _: &str) -> Resolution<'t> {
        Resolution::Absent
    }

    /// The suite asks for base types only.
    fn conforms_to(&self, element: Element<'_>, profile: &str) -> Tri {
        match profile.strip_prefix("http://hl7.org/fhir/StructureDefinition/") {
            Some(name) => (names::text(element.type_id()) == name).into(),
            None => Tri::Unknown,
        }
    }

    fn now(&self) -> Option<Temporal> {
        Temporal::parse(TemporalKind::DateTime, "2026-03-01T10:20:30.123+01:00")
    }
}

fn same(value: &Value<'_>, ty: &str, text: &str) -> bool {
    let own = value.type_name();
    let typed = ty.is_empty() || ty.eq_ignore_ascii_case(own);
    let shown = value.to_string();
    let text = text.trim_start_matches('@');
    let decimals = || Some(text.parse::<Decimal>().ok()? == shown.parse::<Decimal>().ok()?);
    typed && (shown == text || decimals() == Some(true) || ty.is_empty() && text == format!("T{shown}"))
}

fn run(case: &Case, tree: &Tree<'_>, model: &dyn Model) -> Result<(), String> {
    let invalid = !case.invalid.is_empty();
    let focus = tree.root().expect("root");
    let judged = |says: String| if invalid { Ok(()) } else { Err(says) };
    let program = match Program::compile_strict(&case.expression, Release::R4) {
        Ok(program) => program,
        Err(error) => return judged(format!("compile: {error}")),
    };
    if let Err(error) = check(&case.expression, names::text(focus.type_id()), model, Mode::Strict) {
        return judged(format!("check: {error}"));
    }
    let env = Env::default();
    let items: Collection<'_> = match program.evaluate(focus, &env, &SuiteHost) {
        Ok(items) => items,
        Err(error) => return judged(format!("evaluate: {error}")),
    };
    if invalid {
        return Err("no error".into());
    }
    let shown: Vec<String> = items.iter().map(|v| format!("{}:{v}", v.type_name())).collect();
    if case.predicate {
        let [(_, wanted)] = case.outputs.as_slice() else { return Err("outputs".into()) };
        return if items.is_empty() == (wanted == "false") { Ok(()) } else { Err(shown.join(" ")) };
    }
    let right = items.len() == case.outputs.len() && items.iter().zip(&case.outputs).all(|(v, (t, x))| same(v, t, x));
    if right { Ok(()) } else { Err(format!("gave {} for {:?}", shown.join(" "), case.outputs)) }
}

/// Lines of `fixtures/official-known.tsv`: suite, test, reason.
fn known(suite: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/official-known.tsv"));
    let text = text.unwrap_or_default();
    let rows = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let rows = rows.filter(|row| row.first() == Some(&suite) && row.len() == 3);
    rows.map(|row| (row[1].to_owned(), row[2].to_owned())).collect()
}

#[test]
fn official_suite_passes_but_for_known_differences() {
    let Some(archive) = shared("oracle/fhirpath-and-ecl-tests.tgz") else { return };
    let Some(plans) = plans("packages/hl7.fhir.r4.core-4.0.1.tgz") else { return };
    let model = CatalogueModel::new(plans.catalogue(), Release::R4);
    let files: HashMap<String, String> = unpack(&archive, |name| name.starts_with("fhirpath/"))
        .into_iter()
        .map(|(name, bytes)| {
            (name.rsplit('/').next().unwrap_or("").to_owned(), String::from_utf8(bytes).expect("text"))
        })
        .collect();
    let mut trees = HashMap::new();
    for (name, text) in &files {
        if !name.starts_with("tests-") {
            let (mut tree, _) = read(text, &Limits::default());
            // Some inputs hold elements of R5, which stay untyped.
            type_tree(&mut tree, &plans, Release::R4);
            trees.insert(name.as_str(), tree);
        }
    }
    let suite = cases(&files["tests-fhir-r4.xml"]);
    let known = known("fhirpath-r4");
    let (mut passed, mut with_input, mut bare, mut wrong) = (0, 0, 0, Vec::new());
    let mut failed = Vec::new();
    for case in &suite {
        let input = if case.input.is_empty() { "patient-example.xml" } else { &case.input };
        with_input += usize::from(!case.input.is_empty());
        match run(case, &trees[input], &model) {
            Ok(()) => {
                passed += usize::from(!case.input.is_empty());
                bare += usize::from(case.input.is_empty());
            }
            Err(says) => {
                failed.push(case.name.clone());
                if !known.contains_key(&case.name) {
                    wrong.push(format!("{}: {} -> {says}", case.name, case.expression));
                }
            }
        }
    }
    println!("{passed} of {with_input} with an input, {bare} of {} without", suite.len() - with_input);
    assert!(wrong.is_empty(), "{} new differences:\n{}", wrong.len(), wrong.join("\n"));
    let mended: Vec<_> = known.keys().filter(|name| !failed.contains(name)).collect();
    assert!(mended.is_empty(), "no longer different, take them off the list: {mended:?}");
    assert!(passed * 1000 >= with_input * 992, "{passed} of {with_input}");
}
