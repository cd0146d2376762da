//! Sorted runs read as one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

/// Items of several sorted sources in order. After an error nothing more comes.
pub(super) struct Merged<T, S> {
    sources: Vec<S>,
    heap: BinaryHeap<Reverse<(T, usize)>>,
    failed: Option<io::Error>,
}

impl<T: Ord, S: Iterator<Item = io::Result<T>>> Merged<T, S> {
    pub(super) fn new(sources: Vec<S>) -> Self {
        let mut merged = Self { sources, heap: BinaryHeap::new(), failed: None };
        (0..merged.sources.len()).for_each(|at| merged.refill(at));
        merged
    }

    /// The next item, which stays.
    pub(super) fn peek(&self) -> Option<&T> {
        self.heap.peek().map(|Reverse((item, _))| item)
    }

    fn refill(&mut self, at: usize) {
        match self.sources[at].next() {
            Some(Ok(item)) => self.heap.push(Reverse((item, at))),
            None => {}
            Some(Err(error)) => self.failed = Some(error),
        }
    }
}

impl<T: Ord, S: Iterator<Item = io::Result<T>>> Iterator for Merged<T, S> {
    type Item = io::Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.failed.take() {
            self.heap.clear();
            return Some(Err(error));
        }
        let Reverse((item, at)) = self.heap.pop()?;
        self.refill(at);
        Some(Ok(item))
    }
}
