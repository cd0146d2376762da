//! pack layer.
