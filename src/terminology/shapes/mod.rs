//! Shapes of codes that can be judged without a terminology: LOINC, ICD-10, OPCS-4, Read, CTV3, dm+d, UCUM.

mod classifications;
mod dmd;
mod loinc;
mod read;
mod ucum;

pub use classifications::{icd10, opcs4};
pub use dmd::{DmdFault, dmd};
pub use loinc::{LoincFault, loinc};
pub use read::{ReadFault, ctv3, read_v2};
pub use ucum::ucum;
