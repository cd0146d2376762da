//! conform layer.
