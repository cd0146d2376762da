//! A process forks only between payloads: locks of the library that another thread held would stay locked in the child for ever.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use pyo3::prelude::*;

/// Threads that are inside the library.
static INSIDE: AtomicUsize = AtomicUsize::new(0);
/// Forks that are waited for.
static FORKS: AtomicUsize = AtomicUsize::new(0);

/// Between two looks.
const PAUSE: Duration = Duration::from_micros(50);

/// A thread is inside the library while this is held.
pub struct Inside(());

/// Goes inside, once no fork is under way.
pub fn enter() -> Inside {
    loop {
        INSIDE.fetch_add(1, Ordering::SeqCst);
        if FORKS.load(Ordering::SeqCst) == 0 {
            return Inside(());
        }
        INSIDE.fetch_sub(1, Ordering::SeqCst);
        sleep(PAUSE);
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }
}

#[pyfunction]
fn before_fork(py: Python<'_>) {
    FORKS.fetch_add(1, Ordering::SeqCst);
    py.detach(|| {
        while INSIDE.load(Ordering::SeqCst) > 0 {
            sleep(PAUSE);
        }
    });
}

#[pyfunction]
fn after_fork_in_parent() {
    FORKS.fetch_sub(1, Ordering::SeqCst);
}

/// No other thread lives here.
#[pyfunction]
fn after_fork_in_child() {
    INSIDE.store(0, Ordering::SeqCst);
    FORKS.store(0, Ordering::SeqCst);
}

/// Tells Python to ask before it forks.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let os = module.py().import("os")?;
    if !os.hasattr("register_at_fork")? {
        return Ok(());
    }
    let asked = pyo3::types::PyDict::new(module.py());
    asked.set_item("before", wrap_pyfunction!(before_fork, module)?)?;
    asked.set_item("after_in_parent", wrap_pyfunction!(after_fork_in_parent, module)?)?;
    asked.set_item("after_in_child", wrap_pyfunction!(after_fork_in_child, module)?)?;
    os.call_method("register_at_fork", (), Some(&asked))?;
    Ok(())
}
