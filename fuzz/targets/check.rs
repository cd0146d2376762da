//! Any bytes as a payload through everything: reading, typing, conformance, rules, data quality.
#![no_main]

use std::sync::{Arc, LazyLock};

use hallmark::conform::{BestPractice, Options};
use hallmark::engine::{Check, State, Workspace, check_payload};
use hallmark::feed::Payload;
use hallmark::finding::Environment;
use hallmark::measure::Pseudonyms;
use hallmark::pack::catalogue::Catalogue;
use hallmark::plan::Plans;
use hallmark::read::Limits;
use hallmark::settings::{RuleSelection, Severities};
use hallmark::terminology::Sets;
use libfuzzer_sys::fuzz_target;

static CHECK: LazyLock<Check<'static>> = LazyLock::new(|| {
    let Ok(catalogue) = Catalogue::new(&[]) else { panic!("no packs") };
    let catalogue = Arc::new(catalogue);
    let plans: &'static Plans = Box::leak(Box::new(Plans::new(Arc::clone(&catalogue))));
    let sets: &'static Sets = Box::leak(Box::new(Sets::new(catalogue)));
    let options: &'static Options = Box::leak(Box::new(Options {
        best_practice: BestPractice::Warning,
        check_references: true,
        security_checks: true,
        today: "2026-11-21".to_owned(),
        ..Options::default()
    }));
    let selection: &'static RuleSelection = Box::leak(Box::default());
    let severities: &'static Severities = Box::leak(Box::default());
    Check {
        plans,
        sets,
        options,
        limits: Limits { elements: 100_000, ..Limits::default() },
        release: None,
        selection,
        severities,
        dispatch: Check::dispatch(selection, severities),
        environment: Environment::Production,
        observe: true,
        pseudonyms: Pseudonyms::new(b"0123456789abcdef0123456789abcdef"),
    }
});

fuzz_target!(|data: &[u8]| {
    let payload = Payload { number: 1, line: 1, bytes: data.to_vec(), too_long: false, received: None };
    let result = check_payload(&CHECK, &payload, ("a", 0), &mut Workspace::default());
    // Nothing that was not read may pass.
    assert!(result.state == State::Read || !result.findings.is_empty());
});
