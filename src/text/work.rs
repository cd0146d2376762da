//! Counted work of one payload: what it may cost, in steps and never in time, so that runs stay the same everywhere.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Work done so far, by all threads that share a payload, and a flag from outside that ends it.
#[derive(Debug)]
pub struct Work<'w> {
    spent: AtomicU64,
    limit: u64,
    stop: Option<&'w AtomicBool>,
}

impl<'w> Work<'w> {
    /// Work up to `limit` steps; `stop` ends it earlier.
    pub const fn new(limit: u64, stop: Option<&'w AtomicBool>) -> Self {
        Self { spent: AtomicU64::new(0), limit, stop }
    }

    /// Adds steps; false when there is to be no more.
    pub fn add(&self, steps: u64) -> bool {
        self.spent.fetch_add(steps, Ordering::Relaxed);
        self.goes_on()
    }

    /// Whether there may be more.
    pub fn goes_on(&self) -> bool {
        !self.is_spent() && !self.is_stopped()
    }

    /// Whether it took more steps than it may. What was found until then depends on threads and is nothing to show.
    pub fn is_spent(&self) -> bool {
        self.spent.load(Ordering::Relaxed) > self.limit
    }

    /// Whether somebody ended it.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed))
    }
}
