//! Progress on a terminal: payloads, rate, time; nothing elsewhere, nothing for short runs.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// A progress line that appears after a second.
pub struct Progress {
    started: Instant,
    wanted: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Progress on standard error when that is a terminal and `quiet` was not given.
    pub fn new(quiet: bool) -> Self {
        Self { started: Instant::now(), wanted: !quiet && std::io::stderr().is_terminal(), bar: None }
    }

    /// One more payload is done.
    pub fn payload(&mut self, done: u64) {
        if !self.wanted || (self.bar.is_none() && self.started.elapsed() < Duration::from_secs(1)) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{spinner} {pos} payloads, {per_sec}, {elapsed}");
            let bar = ProgressBar::new_spinner();
            match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        bar.set_position(done);
    }

    /// Takes the line away.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}
