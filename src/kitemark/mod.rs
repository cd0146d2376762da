//! The kite mark: criteria as data, attestations, assessment, levels and gaps. It prepares a decision and takes none.

mod assess;
mod attest;
mod criteria;
mod determination;
mod dqmi;
mod evidence;
mod explain;
mod gaps;
mod metric;
mod wilson;
mod words;

pub use assess::{
    Assessment, Basis, CriterionResult, EvidenceMix, RowResult, Shown, Status, Subject, assess, subjects,
};
pub use attest::{Attestations, NotApplicable, Plan, SCHEMA as ATTESTATIONS_SCHEMA, Statement, Waived};
pub use criteria::{CriteriaSet, Criterion, EMBEDDED, EvidenceKind, Row, SCHEMA as CRITERIA_SCHEMA};
pub use determination::{
    Piece, SCHEMA as DETERMINATION_SCHEMA, SIGNATURE_SCHEMA, Verdict, canonical, draft, sign, verify,
};
pub use dqmi::{Item, dqmi};
pub use explain::{explain_criterion, explain_set};
pub use gaps::{Change, Gap, Grade, changes, gaps};
pub use metric::{Counted, Metric, dimensions};
pub use wilson::{interval, smallest_clean_sample};
pub use words::thousands;
