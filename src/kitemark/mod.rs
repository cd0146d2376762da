//! The kite mark: criteria as data, attestations, assessment, levels and gaps. It prepares a decision and takes none.

mod assess;
mod attest;
mod attest_csv;
#[cfg(feature = "sign")]
mod chain;
mod criteria;
#[cfg(feature = "sign")]
mod determination;
mod dqmi;
mod evidence;
mod explain;
mod gaps;
mod maturity;
mod metric;
mod names;
mod offered;
mod outlook;
mod reason;
mod requirement_list;
mod separated;
#[cfg(feature = "sign")]
mod signature;
mod tls;
mod unused;
mod vocabulary;
mod wilson;
mod words;

pub use assess::{
    Assessment, Basis, CriterionResult, EvidenceMix, RowResult, Shown, Status, Subject, assess, subjects,
};
pub use attest::{Attestations, NotApplicable, Plan, SCHEMA as ATTESTATIONS_SCHEMA, Statement, Waived};
#[cfg(feature = "sign")]
pub use chain::{Shelf, Verdict, digest_of, record as walk_record, sign, verify};
pub use criteria::{CriteriaSet, Criterion, EMBEDDED, EvidenceKind, ResultKind, Row, SCHEMA as CRITERIA_SCHEMA};
#[cfg(feature = "sign")]
pub use determination::{Piece, SCHEMA as DETERMINATION_SCHEMA, canonical, draft, read as read_determination};
pub use dqmi::{Item, dqmi};
pub use evidence::{About, Beside, EvidenceFile};
pub use explain::{explain_criterion, explain_set};
pub use gaps::{Change, Climb, Gap, Grade, changes, climb, gaps};
pub use maturity::{Bearing, Indication, SelfScore, indications};
pub use metric::{Counted, Metric, dimensions};
pub use names::organisation_names;
pub use offered::Offer;
pub use outlook::{Indicator, Milestone};
pub use reason::{Reason, Shortfall, Step};
#[cfg(feature = "sign")]
pub use signature::{SIGNATURE_SCHEMA, Signed, public_key, unfit_key};
pub use unused::{NoPartner, NotUsed, Unused};
pub use wilson::{interval, smallest_clean_sample};
