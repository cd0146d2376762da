//! Capability gaps.
