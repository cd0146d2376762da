//! Payloads shared out among the threads of one call. No thread outlives it, so that a fork finds none.

use std::sync::atomic::{AtomicUsize, Ordering};

use hallmark::session::{Done, Piece, Worker};

use crate::gate;

/// Payloads that a thread takes at once: between two it may be held up for a fork.
const SHARE: usize = 8;

/// Checks all pieces, with one worker a thread; what they came to in the order of the pieces, and the workers.
pub fn check_all(pieces: &[Piece<'_>], mut workers: Vec<Worker>) -> (Vec<Done>, Vec<Worker>) {
    let next = AtomicUsize::new(0);
    let work = |worker: &mut Worker| {
        let mut done = Vec::new();
        loop {
            let from = next.fetch_add(SHARE, Ordering::Relaxed);
            let Some(share) = pieces.get(from..(from + SHARE).min(pieces.len())).filter(|share| !share.is_empty())
            else {
                return done;
            };
            let _inside = gate::enter();
            done.extend(share.iter().enumerate().map(|(n, piece)| (from + n, worker.check(piece))));
        }
    };
    let mut all: Vec<(usize, Done)> = match workers.as_mut_slice() {
        [] => Vec::new(),
        [one] => work(one),
        [first, others @ ..] => std::thread::scope(|scope| {
            let threads: Vec<_> = others.iter_mut().map(|worker| scope.spawn(|| work(worker))).collect();
            let mut all = work(first);
            for thread in threads {
                match thread.join() {
                    Ok(done) => all.extend(done),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            all
        }),
    };
    all.sort_by_key(|(at, _)| *at);
    (all.into_iter().map(|(_, done)| done).collect(), workers)
}

/// Threads for so many payloads; 0 asks for one a core.
pub fn threads(asked: usize, pieces: usize) -> usize {
    let most = if asked == 0 { std::thread::available_parallelism().map_or(1, usize::from) } else { asked };
    most.min(pieces.div_ceil(SHARE)).max(1)
}
