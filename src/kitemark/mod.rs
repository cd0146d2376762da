//! kitemark layer.
