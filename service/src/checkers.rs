//! Checkers: one for what is configured, and one for each release and set of profiles that requests ask for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use hallmark::session::{BuildError, Hallmark};
use hallmark::settings::{ConfigFile, Date, Flags, read};

use crate::arguments::Arguments;

/// Checkers that are kept at most; the one that was not asked for longest goes.
const KEPT: usize = 64;

/// What a request asks beyond what is configured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Release that the path names.
    pub release: Option<&'static str>,
    /// Canonicals or names of profiles; none leaves those that are configured.
    pub profiles: Vec<String>,
}

/// Makes checkers and keeps them. Definitions are held once.
#[derive(Debug)]
pub struct Checkers {
    file: Option<ConfigFile>,
    flags: Flags,
    /// The day, where it was given.
    day: Option<Date>,
    first: Hallmark,
    kept: Mutex<Kept>,
}

/// Checkers of one day, the last used one last.
#[derive(Debug)]
struct Kept {
    day: Date,
    checkers: Vec<(Arc<Asked>, Hallmark)>,
}

impl Checkers {
    /// Opens packages and the index.
    ///
    /// # Errors
    /// What cannot be taken or opened.
    pub fn new(arguments: &Arguments) -> Result<Self, String> {
        let file = match &arguments.config {
            None => None,
            Some(path) => {
                let text = read(path).map_err(|e| format!("{}: {e}", path.display()))?;
                Some(ConfigFile::read(path, &text).map_err(|e| e.to_string())?)
            }
        };
        let flags = arguments.flags();
        let day = arguments.today.unwrap_or_else(today);
        let first = built(file.as_ref(), flags.clone(), day, None).map_err(|e| e.to_string())?;
        let kept = Mutex::new(Kept { day, checkers: vec![(Arc::default(), first.clone())] });
        Ok(Self { file, flags, day: arguments.today, first, kept })
    }

    /// The checker for what a request asks, as of today.
    ///
    /// # Errors
    /// A profile that no package holds.
    pub fn of(&self, asked: &Asked) -> Result<Hallmark, BuildError> {
        let day = self.day.unwrap_or_else(today);
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.day != day {
                *kept = Kept { day, checkers: Vec::new() };
            }
            if let Some(at) = kept.checkers.iter().position(|(of, _)| **of == *asked) {
                let found = kept.checkers.remove(at);
                let checker = found.1.clone();
                kept.checkers.push(found);
                return Ok(checker);
            }
        }
        // Not under the lock: others need not wait for it. Two that make the same keep one each, which harms nobody.
        let mut flags = self.flags.clone();
        if let Some(release) = asked.release {
            flags.fhir_version = Some(release.to_owned());
        }
        if !asked.profiles.is_empty() {
            flags.profiles = Some(asked.profiles.clone());
        }
        let checker = built(self.file.as_ref(), flags, day, Some(&self.first))?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.day == day {
            if kept.checkers.len() >= KEPT {
                kept.checkers.remove(0);
            }
            kept.checkers.push((Arc::new(asked.clone()), checker.clone()));
        }
        Ok(checker)
    }
}

fn built(file: Option<&ConfigFile>, flags: Flags, day: Date, held: Option<&Hallmark>) -> Result<Hallmark, BuildError> {
    let mut builder = Hallmark::builder().flags(flags).today(day);
    if let Some(file) = file {
        builder = builder.config(file.clone());
    }
    if let Some(held) = held {
        builder = builder.sharing(held);
    }
    builder.build()
}

/// Seconds since 1970.
#[allow(clippy::disallowed_methods, reason = "a service is where the clock is read")]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn today() -> Date {
    Date::from_days((now() / 86_400) as i64)
}
