//! The engine: every payload once through reading, typing, conformance and rules; findings ordered, weighed, waived.

mod check;
mod crew;
mod dispatch;
mod locate;
mod order;
mod payload;
mod pool;
pub mod registry;
mod run;

pub use check::{Asked, AskedOfSome, Check};
pub use order::Fingerprints;
pub use payload::{PayloadResult, Place, State, Workspace};
pub use run::{Gathering, Observer, Run, check_one, packs, rules_digest, run, settle};
