//! Against the real server over its pipes: what an editor asks in a session, and what it gets.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails so")]

mod client;
mod script;
