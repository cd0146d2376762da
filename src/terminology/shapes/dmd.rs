//! dm+d codes (VTM, VMP, AMP, VMPP, AMPP): SNOMED CT identifiers of the UK drug extension or of the core.

use crate::terminology::snomed::sctid::{Component, Sctid, SctidFault};

/// The namespace of the UK drug extension.
pub const UK_DRUG_NAMESPACE: u32 = 1_000_001;

/// What is wrong with a dm+d code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DmdFault {
    /// No SNOMED CT identifier at all.
    #[error("{0}")]
    Identifier(SctidFault),
    /// A description or relationship identifier.
    #[error("it names a description or a relationship, not a product")]
    NotAConcept,
    /// Minted elsewhere.
    #[error("its namespace {0} is neither the UK drug extension nor the core")]
    Namespace(u32),
}

/// Checks a dm+d code exactly as given. Products that come from the International Edition keep their core ids.
pub fn dmd(code: &str) -> Result<Sctid, DmdFault> {
    let id = Sctid::parse(code).map_err(DmdFault::Identifier)?;
    if id.component() != Component::Concept {
        return Err(DmdFault::NotAConcept);
    }
    match id.namespace() {
        None | Some(UK_DRUG_NAMESPACE) => Ok(id),
        Some(other) => Err(DmdFault::Namespace(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        assert!(dmd("39113611000001102").is_ok());
        assert!(dmd("322236009").is_ok());
        assert_eq!(dmd("0039113611"), Err(DmdFault::Identifier(SctidFault::LeadingZero)));
        assert_eq!(dmd("1103671000000101"), Err(DmdFault::Namespace(1_000_000)));
        assert_eq!(dmd("787121000006116"), Err(DmdFault::NotAConcept));
    }
}
