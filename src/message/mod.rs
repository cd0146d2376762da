//! message layer.
