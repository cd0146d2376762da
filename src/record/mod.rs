//! record layer.
