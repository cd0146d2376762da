//! measure layer.
