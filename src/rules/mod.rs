//! rules layer.
