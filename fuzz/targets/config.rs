//! Any text as each of hallmark's own files.
#![no_main]

use std::path::Path;

use hallmark::session::rules;
use hallmark::kitemark::CriteriaSet;
use hallmark::settings::{Baseline, ConfigFile, Date, Flags, resolve};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(today) = Date::parse("2026-11-21") else { return };
    if let Ok(file) = ConfigFile::read(Path::new("hallmark.toml"), text)
        && let Ok(settings) = resolve(Some(&file), &[], &Flags::default(), today)
    {
        let _ = settings.check_names(rules());
        let _ = settings.show();
    }
    let variables: Vec<(String, String)> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (format!("HALLMARK_{name}"), value.to_owned()))
        .collect();
    let _ = resolve(None, &variables, &Flags::default(), today);
    let _ = Baseline::read("baseline", text).map_err(|faults| faults.to_string());
    let _ = CriteriaSet::read("criteria", text).map_err(|faults| faults.to_string());
});
