//! Settings as commands take them: a configuration file, the environment and flags made into one, and the day of the machine.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Failure;
use super::args::Over;
use crate::settings::{self, ConfigFile, Date, Flags, Settings};

/// Where settings come from besides flags.
pub(super) struct Place<'a> {
    pub config: Option<&'a Path>,
    pub no_config: bool,
    pub quiet: bool,
    pub today: Option<&'a str>,
}

/// The configuration file, environment and flags made into one.
impl Over {
    /// Where these settings come from.
    pub(super) fn place(&self, quiet: bool) -> Place<'_> {
        Place { config: self.config.as_deref(), no_config: self.no_config, quiet, today: self.today.as_deref() }
    }

    /// What they set.
    pub(super) fn flags(&self) -> Flags {
        Flags { packages: list(&self.packages), terminology: self.terminology.clone(), ..Flags::default() }
    }
}

/// Values that were given; nothing where there are none.
pub(super) fn list(values: &[String]) -> Option<Vec<String>> {
    (!values.is_empty()).then(|| values.to_vec())
}

pub(super) fn settled(place: &Place<'_>, flags: &Flags) -> Result<Settings, Failure> {
    let today = match &place.today {
        Some(text) => Date::parse(text).ok_or_else(|| Failure::usage("--today takes a date such as 2026-01-31"))?,
        None => today(),
    };
    let path = match (place.config, place.no_config) {
        (Some(path), _) => Some(path.to_owned()),
        (None, true) => None,
        (None, false) => super::found::config(place.quiet),
    };
    let file = path.map(|path| {
        let text = std::fs::read_to_string(&path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?;
        ConfigFile::read(&path, &text).map_err(|faults| Failure::usage(faults.to_string()))
    });
    let file = file.transpose()?;
    if let Some(file) = file.as_ref().filter(|_| place.config.is_none()) {
        super::found::outputs_below(file)?;
    }
    let environment = environment()?;
    let settled = settings::resolve(file.as_ref(), &environment, flags, today);
    let mut settings = settled.map_err(|faults| Failure::usage(faults.to_string()))?;
    settings.packages.iter_mut().try_for_each(super::found::package)?;
    Ok(settings)
}

#[allow(clippy::disallowed_methods, reason = "the command line is where the clock is read")]
pub(super) fn today() -> Date {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() / 86_400);
    Date::from_days(days as i64)
}

/// Variables that are settings of ours. One that is not text is named, and its value is not shown.
pub(super) fn environment() -> Result<Vec<(String, String)>, Failure> {
    let ours = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let ours = ours.filter(|(name, _)| name.starts_with("HALLMARK_"));
    ours.map(|(name, value)| match value.into_string() {
        Ok(value) => Ok((name, value)),
        Err(_) => Err(Failure::usage(format!("the environment variable {name} is not text in UTF-8"))),
    })
    .collect()
}
