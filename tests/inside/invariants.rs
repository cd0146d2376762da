//! Every published invariant compiles, and holds on the official examples but for known ones.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

use super::definitions;

use std::collections::{BTreeSet, HashMap};

use definitions::{Definitions, constraints, plans, shared, unpack};
use hallmark::fhirpath::{Cause, Env, NoHost, Outcome, Program, repaired};
use hallmark::message::type_tree;
use hallmark::pack::model::Release;
use hallmark::read::{Limits, read};
use hallmark::tree::Element;
use serde_json::Value as Json;

const PACKAGES: [(&str, Release); 6] = [
    ("hl7.fhir.r3.core-3.0.2", Release::Stu3),
    ("hl7.fhir.r4.core-4.0.1", Release::R4),
    ("uk.careconnect.stu3-1.0.0", Release::Stu3),
    ("uk.gpconnect.stu3-1.1.3", Release::Stu3),
    ("uk.transferofcare.stu3-0.0.1", Release::Stu3),
    ("fhir.r4.ukcore-2.0.0", Release::R4),
];

#[test]
fn every_published_expression_compiles() {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for (package, release) in PACKAGES {
        let Some(bytes) = shared(&format!("packages/{package}.tgz")) else { return };
        for (name, bytes) in unpack(&bytes, |name| name.ends_with(".json")) {
            let Ok(json) = serde_json::from_slice::<Json>(&bytes) else { continue };
            if json["resourceType"] != "StructureDefinition" {
                continue;
            }
            let elements = ["snapshot", "differential"].map(|v| json[v]["element"].as_array().into_iter().flatten());
            let found = elements.into_iter().flatten().flat_map(constraints).map(|c| (c.key, c.expression));
            let contexts = json["contextInvariant"].as_array().into_iter().flatten();
            let contexts = contexts.map(|c| (String::new(), c.as_str().unwrap_or("").to_owned()));
            for (key, expression) in found.chain(contexts) {
                if !seen.insert((release, key.clone(), expression.clone())) {
                    continue;
                }
                for text in [expression.as_str(), repaired(release, &key, &expression).0] {
                    if let Err(error) = Program::compile(text, release) {
                        wrong.push(format!("{package} {name} {key}: {text}: {error}"));
                    }
                }
            }
        }
    }
    println!("{} expressions", seen.len());
    assert!(seen.len() > 300 && wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Evaluates all invariants on all examples: what is not true, without warnings and what a host must answer.
fn on_examples(package: &str, corpus: &str, release: Release) -> Option<Vec<String>> {
    let definitions = Definitions::read(&shared(&format!("packages/{package}.tgz"))?);
    let plans = plans(&format!("packages/{package}.tgz"))?;
    let corpus = shared(&format!("corpora/{corpus}.tgz"))?;
    let mut programs: HashMap<String, Program> = HashMap::new();
    let mut found = Vec::new();
    let (mut count, mut unknown) = (0, 0);
    for (name, bytes) in unpack(&corpus, |name| name.ends_with(".json") || name.ends_with(".xml")) {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let (mut tree, _) = read(&text, &Limits::default());
        if tree.nodes.is_empty() {
            continue;
        }
        let all = definitions.constrained(&mut tree);
        type_tree(&mut tree, &plans, release);
        for (at, constraints) in all {
            for constraint in constraints {
                let (expression, _) = repaired(release, &constraint.key, &constraint.expression);
                if !programs.contains_key(expression) {
                    programs.insert(expression.to_owned(), Program::compile(expression, release).expect("compiles"));
                }
                let (env, program) = (Env::default(), &programs[expression]);
                let focus = Element::new(&tree, at);
                count += 1;
                let says = match program.test(focus, &env, &NoHost) {
                    Ok(Outcome::True) => continue,
                    Ok(_) if constraint.warning => continue,
                    Ok(other) => {
                        let part = program.blame(focus, &env, &NoHost).expect("a part is to blame");
                        format!("{other:?}: {}", part.of(program.text()))
                    }
                    Err(error) if error.cause == Cause::Unknown => {
                        unknown += 1;
                        continue;
                    }
                    Err(error) => format!("{:?}: {error}", error.cause),
                };
                found.push(format!("{name} {}: {says}", constraint.key));
            }
        }
    }
    println!("{count} evaluations, {unknown} wait for a host");
    assert!(count > 30_000, "{count}");
    Some(found)
}

#[test]
fn examples_of_r4_hold() {
    let Some(found) = on_examples("hl7.fhir.r4.core-4.0.1", "hl7-r4-examples", Release::R4) else { return };
    assert_eq!(unexpected(&found), Vec::<&str>::new());
}

/// Examples that break an invariant of their own release.
const BROKEN: [&str; 4] = [
    "Patient-null.json dom-1: False: contained.text.empty()",
    "ActivityDefinition-heart-valve-replacement.json txt-2: False: htmlChecks2()",
    "EventDefinition-example.json txt-2: False: htmlChecks2()",
    "Questionnaire-zika-virus-exposure-assessment.json txt-2: False: htmlChecks2()",
];

fn unexpected(found: &[String]) -> Vec<&str> {
    let new = found.iter().filter(|f| !BROKEN.iter().any(|known| f.ends_with(known)));
    new.map(String::as_str).collect()
}

#[test]
fn examples_of_stu3_hold() {
    let Some(found) = on_examples("hl7.fhir.r3.core-3.0.2", "hl7-r3-examples", Release::Stu3) else { return };
    assert_eq!(unexpected(&found), Vec::<&str>::new());
}
