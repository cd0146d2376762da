//! Work cut into parts, done by several threads, and put together in order.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::STACK;

/// Does `work` for every part of `items`, each of `size` but the last, with up to `threads` threads, this one among them. What
/// comes back is in order, and the same for any number of threads.
///
/// A panic of `work` goes on here.
pub fn in_parts<T: Sync, R: Send>(
    items: &[T],
    size: NonZeroUsize,
    threads: usize,
    work: impl Fn(&[T]) -> R + Sync,
) -> Vec<R> {
    let parts: Vec<&[T]> = items.chunks(size.get()).collect();
    if threads < 2 || parts.len() < 2 {
        return parts.into_iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<R>>> = parts.iter().map(|_| Mutex::new(None)).collect();
    let one = || {
        while let at = next.fetch_add(1, Ordering::Relaxed)
            && let Some(part) = parts.get(at)
        {
            let result = work(part);
            *done[at].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(parts.len()) {
            // Without a further thread this one does it all.
            if std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, one).is_err() {
                break;
            }
        }
        one();
    });
    done.into_iter().filter_map(|part| part.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_in_order() {
        let items: Vec<u32> = (0..1000).collect();
        let size = NonZeroUsize::new(7).unwrap();
        let sums = |threads| in_parts(&items, size, threads, |part| part.iter().sum::<u32>());
        let expected: Vec<u32> = items.chunks(7).map(|part| part.iter().sum()).collect();
        for threads in [0, 1, 2, 5, 1000] {
            assert_eq!(sums(threads), expected, "{threads} threads");
        }
        assert!(in_parts(&items[..0], size, 2, <[u32]>::len).is_empty());
    }
}
