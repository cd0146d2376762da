//! read layer.
