//! The door of the library: a checker that is built once, owned, and shared by threads; whoever embeds hallmark calls it.
//!
//! It reads no clock and no environment, prints nothing, and works from a stack of any size. The command line is a caller
//! of it like any other.
//!
//! ```
//! use hallmark::session::Hallmark;
//! use hallmark::settings::Date;
//!
//! let day = Date::parse("2026-11-21").ok_or("no day")?;
//! let hallmark = Hallmark::builder().standard("ukcore").rules("fhir").today(day).build()?;
//! let checked = hallmark.check(br#"{"resourceType": "Patient", "gender": "woman"}"#);
//! let finding = checked.findings.iter().find(|f| f.meta.name == "code-not-in-required-value-set").ok_or("no finding")?;
//! assert_eq!((finding.path.as_str(), finding.line), ("Patient.gender", 1));
//! assert_eq!(&br#"{"resourceType": "Patient", "gender": "woman"}"#[finding.span.range()], b"woman");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod builder;
mod codes;
mod explain;
mod fed;
mod fhirpath;
mod fix;
mod hallmark;
mod profile;
mod standard;
mod worker;
mod writing;

pub use builder::{BuildError, Builder, Given, Outputs};
pub use explain::{Explanation, Subject, Unexplained};
pub use fed::Session;
pub use fhirpath::{Answer, FhirpathError, as_json, as_text};
pub use fix::Fixed;
pub use hallmark::{Checked, Hallmark, rule, rules};
pub use standard::standard_of;
pub use worker::{Done, Piece, Worker};
pub use writing::{ElementFacts, identifier_systems};

pub use crate::engine::{Observer, State};
pub use crate::feed::{Receipts, Unreadable, is_source};
pub use crate::pack::model::Release;
pub use crate::tally::{KeyRow, PackFacts, RunOutcome, Sighting};
pub use crate::terminology::Listed;
