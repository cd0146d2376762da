//! What the UK's identifiers, code systems, profiles, sections and events are: pure functions and tables, and the only place that
//! names them. Nothing here makes a finding or counts.

pub mod dates;
pub mod events;
pub mod lists;
pub mod nhs_number;
pub mod ods;
pub mod postcode;
pub mod profiles;
pub mod registers;
pub mod registry;
pub mod retired;
pub mod sections;
pub mod snomed;
pub mod systems;
pub mod verification;
