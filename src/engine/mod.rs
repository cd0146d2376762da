//! The engine: every payload once through reading, typing, conformance and rules; findings ordered, weighed, waived.

mod crew;
mod dispatch;
mod order;
mod payload;
mod pool;
pub mod registry;
mod run;

pub use payload::{Check, PayloadResult, State, Workspace, check as check_payload};
pub use run::{Observer, Run, packs, rules_digest, run};
