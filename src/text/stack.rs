//! The stack that reading and checking need: one size, for new threads and for callers whose own stack is smaller.

/// Stack of a thread that reads and checks, in bytes: what the deepest payload that `limits.depth` can allow needs, several
/// times over. Main threads have 1 MB on Windows, and those of other people's programs may have far less.
pub const STACK: usize = 64 << 20;

/// What must be left of a caller's stack for it to be used as it is: still more than the deepest payload needs.
const LEFT: usize = STACK / 2;

/// Does `work` on a stack of [`STACK`] bytes: on the caller's where enough of it is left, else on one of its own that is given
/// back afterwards. A panic of `work` goes on here.
pub fn on_deep_stack<R>(work: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(LEFT, STACK, work)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes at least a kilobyte of stack a level.
    fn deep(levels: u32) -> u64 {
        let room = std::hint::black_box([u64::from(levels); 128]);
        if levels == 0 { room[0] } else { deep(levels - 1) + room[127] - u64::from(levels) + 1 }
    }

    #[test]
    fn a_small_stack_is_enough_to_call_from() {
        let small = std::thread::Builder::new().stack_size(128 << 10);
        let done = small.spawn(|| on_deep_stack(|| deep(10_000))).unwrap().join();
        assert_eq!(done.unwrap(), 10_000);
        assert!(std::panic::catch_unwind(|| on_deep_stack(|| panic!("goes on"))).is_err());
    }
}
