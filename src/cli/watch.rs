//! `--watch`: checks again what changed, until Ctrl-C.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use notify::{EventKind, RecursiveMode, Watcher};

use super::args::Check;
use super::{Exit, Failure, check, say};

/// Editors write a file in several steps; what happens within this time is one change.
const SETTLE: Duration = Duration::from_millis(150);

/// Checks everything once, then whatever changes.
pub fn run(mut args: Check) -> Result<Exit, Failure> {
    let (send, receive) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(send).map_err(|e| Failure::usage(format!("--watch: {e}")))?;
    for path in &args.paths {
        watcher
            .watch(path, RecursiveMode::Recursive)
            .map_err(|e| Failure::usage(format!("--watch {}: {e}", path.display())))?;
    }
    let mut last = check::once(&args)?;
    let stop = check::interrupted();
    say("watching; Ctrl-C ends");
    while !stop.load(Ordering::Relaxed) {
        let mut changed: BTreeSet<PathBuf> = BTreeSet::new();
        let mut wait = Duration::from_millis(250);
        loop {
            match receive.recv_timeout(wait) {
                Ok(Ok(event)) if matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_)) => {
                    changed.extend(event.paths.into_iter().filter(|p| p.is_file()));
                    wait = SETTLE;
                }
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return Ok(last),
            }
        }
        let changed: Vec<PathBuf> = changed.into_iter().filter(|p| crate::session::is_source(p)).collect();
        if !changed.is_empty() {
            args.paths = changed;
            last = check::once(&args)?;
        }
    }
    Ok(last)
}
