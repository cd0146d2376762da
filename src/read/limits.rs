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
    /// Most XML namespace declarations in force at once.
    pub namespaces: u32,
    /// Most findings said of one payload.
    pub findings: u32,
    /// Most steps of work on one payload: elements looked at for one definition, and steps of expressions.
    pub work: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 250,
            payload_bytes: 1 << 30,
            elements: 50_000_000,
            expanded_bytes: 64 << 30,
            attributes: 64,
            namespaces: 64,
            findings: 250_000,
            work: 20_000_000_000,
        }
    }
}

impl Limits {
    /// Each limit with its name in `hallmark.toml`, in the order of its schema.
    pub fn named(&self) -> [(&'static str, u64); 8] {
        [
            ("depth", u64::from(self.depth)),
            ("payload-bytes", self.payload_bytes),
            ("elements", u64::from(self.elements)),
            ("expanded-bytes", self.expanded_bytes),
            ("attributes", u64::from(self.attributes)),
            ("namespaces", u64::from(self.namespaces)),
            ("findings", u64::from(self.findings)),
            ("work", self.work),
        ]
    }
}
