//! Who is free to help: workers without a payload of their own lend their core to one that has a large Bundle.

use std::sync::atomic::{AtomicIsize, Ordering};

use crate::conform::LARGE_BUNDLE;
use crate::tree::{Element, names};

/// Cores that nobody uses just now.
#[derive(Debug, Default)]
pub(super) struct Crew {
    free: AtomicIsize,
}

impl Crew {
    /// So many cores are free.
    pub fn of(free: usize) -> Self {
        Self { free: AtomicIsize::new(isize::try_from(free).unwrap_or(isize::MAX)) }
    }

    /// A worker begins with payloads of its own.
    pub fn begin(&self) -> CoresInUse<'_> {
        self.free.fetch_sub(1, Ordering::Relaxed);
        CoresInUse { crew: self, cores: 1 }
    }

    /// All who are free, for a Bundle of many entries; they are free again when the answer is dropped.
    pub fn help(&self, root: Element<'_>) -> CoresInUse<'_> {
        let large = root.type_id() == names::T_BUNDLE && root.named(names::ENTRY).nth(LARGE_BUNDLE - 1).is_some();
        let mut cores = 0;
        if large {
            let all = |free: isize| (free > 0).then_some(0);
            cores = self.free.fetch_update(Ordering::Relaxed, Ordering::Relaxed, all).unwrap_or_default();
        }
        CoresInUse { crew: self, cores }
    }
}

/// Cores in use until this is dropped.
#[derive(Debug)]
pub(super) struct CoresInUse<'c> {
    crew: &'c Crew,
    cores: isize,
}

impl CoresInUse<'_> {
    /// Threads that may work, the one that asked among them.
    pub fn threads(&self) -> usize {
        self.cores.unsigned_abs() + 1
    }
}

impl Drop for CoresInUse<'_> {
    fn drop(&mut self) {
        self.crew.free.fetch_add(self.cores, Ordering::Relaxed);
    }
}
