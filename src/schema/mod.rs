//! schema layer.
