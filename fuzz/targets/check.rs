//! Any bytes as a payload through everything: reading, typing, conformance, rules, data quality.
#![no_main]

use std::sync::LazyLock;

use hallmark::session::{Hallmark, State};
use hallmark::settings::{Date, LimitsEntry};
use libfuzzer_sys::fuzz_target;

static HALLMARK: LazyLock<Hallmark> = LazyLock::new(|| {
    let Some(day) = Date::new(2026, 11, 21) else { panic!("no day") };
    let limits = LimitsEntry { elements: Some(100_000), ..LimitsEntry::default() };
    let builder = Hallmark::builder().today(day).best_practice("warning").check_references(true).security_checks(true);
    let builder = builder.environment("production").limits(limits).key(b"0123456789abcdef0123456789abcdef");
    let Ok(hallmark) = builder.build() else { panic!("no packs") };
    hallmark
});

fuzz_target!(|data: &[u8]| {
    let checked = HALLMARK.check(data);
    // Nothing that was not read may pass, and hallmark itself never fails.
    assert!(checked.state == State::Read || !checked.findings.is_empty());
    // A session observes data quality too.
    let found = HALLMARK.session("fuzz").check("a", data);
    assert!(checked.findings.iter().chain(&found).all(|f| f.meta.name != "payload-check-broke-off"));
});
