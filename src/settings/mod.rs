//! settings layer.
