//! Against the real server, on a free port of the loopback interface.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails so")]

mod client;
mod hostile;
mod hostile_requests;
mod limits;
mod right;
