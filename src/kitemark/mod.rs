//! The kite mark: criteria as data, attestations, assessment, levels and gaps. It prepares a decision and takes none.

mod assess;
mod attest;
mod attest_csv;
mod criteria;
#[cfg(feature = "sign")]
mod determination;
mod dqmi;
mod evidence;
mod explain;
mod gaps;
mod maturity;
mod metric;
mod offered;
mod outlook;
mod reason;
mod requirement_list;
mod separated;
mod tls;
mod vocabulary;
mod wilson;
mod words;

pub use assess::{
    Assessment, Basis, CriterionResult, EvidenceMix, RowResult, Shown, Status, Subject, assess, subjects,
};
pub use attest::{Attestations, NotApplicable, Plan, SCHEMA as ATTESTATIONS_SCHEMA, Statement, Waived};
pub use criteria::{CriteriaSet, Criterion, EMBEDDED, EvidenceKind, ResultKind, Row, SCHEMA as CRITERIA_SCHEMA};
#[cfg(feature = "sign")]
pub use determination::{
    Piece, SCHEMA as DETERMINATION_SCHEMA, SIGNATURE_SCHEMA, Verdict, canonical, draft, sign, verify,
};
pub use dqmi::{Item, dqmi};
pub use evidence::{About, EvidenceFile};
pub use explain::{explain_criterion, explain_set};
pub use gaps::{Change, Climb, Gap, Grade, changes, climb, gaps};
pub use maturity::{Bearing, Indication, SelfScore, indications};
pub use metric::{Counted, Metric, dimensions};
pub use offered::Offer;
pub use outlook::{Indicator, Milestone};
pub use reason::{Reason, Shortfall, Step};
pub use wilson::{interval, smallest_clean_sample};
