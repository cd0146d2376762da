//! What a reader refuses, as named settings.

/// Limits of reading. The defaults fit whole GP records of 50 MB with a wide margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Deepest nesting of elements.
    pub depth: u32,
    /// Largest payload in bytes; spans are 32 bit, so never above 4 GiB.
    pub payload_bytes: u64,
    /// Most elements in one payload.
    pub elements: u32,
    /// Most bytes that one compressed file may expand to.
    pub expanded_bytes: u64,
    /// Most attributes on one XML element.
    pub attributes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 250, payload_bytes: 1 << 30, elements: 50_000_000, expanded_bytes: 64 << 30, attributes: 64 }
    }
}
