//! feed layer.
