//! `FORMAT[=FILE]` on the command line: help and completions list what the table of formats holds.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

use crate::report::FORMATS;
use crate::report::gap::ReportFormat;

/// Takes the name of a format, alone or with `=FILE`.
#[derive(Clone)]
pub struct FormatWord {
    /// Names, each with what it is.
    known: Vec<(&'static str, &'static str)>,
}

impl FormatWord {
    /// Formats of `check`.
    pub fn of_check() -> Self {
        Self { known: FORMATS.iter().map(|f| (f.name, f.about)).collect() }
    }

    /// Formats of `report`.
    pub fn of_report() -> Self {
        Self { known: ReportFormat::ALL.iter().map(|f| (f.as_str(), f.about())).collect() }
    }
}

impl TypedValueParser for FormatWord {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        let word = StringValueParser::new().parse_ref(command, arg, value)?;
        let (name, file) = word.split_once('=').map_or((word.as_str(), None), |(name, file)| (name, Some(file)));
        if self.known.iter().any(|(known, _)| *known == name) && file != Some("") {
            return Ok(word);
        }
        let mut error = Error::new(ErrorKind::InvalidValue).with_cmd(command);
        if let Some(arg) = arg {
            error.insert(ContextKind::InvalidArg, ContextValue::String(arg.to_string()));
        }
        error.insert(ContextKind::InvalidValue, ContextValue::String(word.clone()));
        let names = self.known.iter().map(|(name, _)| (*name).to_owned());
        error.insert(ContextKind::ValidValue, ContextValue::Strings(names.collect()));
        if let Some(near) = crate::text::nearest(name, self.known.iter().map(|(name, _)| *name)) {
            error.insert(ContextKind::SuggestedValue, ContextValue::String(near.to_owned()));
        }
        Err(error)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.known.iter().map(|(name, about)| PossibleValue::new(*name).help(*about))))
    }
}
