//! terminology layer.
