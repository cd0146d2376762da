//! Published expressions that cannot stand as they are: one table, with the reason for each.

use crate::pack::model::Release;

/// One repair.
pub struct Repair {
    /// Releases whose definitions carry the expression; `None` for both.
    pub release: Option<Release>,
    /// Constraint key; empty matches any.
    pub key: &'static str,
    /// The expression as published.
    pub published: &'static str,
    /// What is evaluated instead.
    pub repaired: &'static str,
    /// Why.
    pub reason: &'static str,
}

/// All repairs.
pub const REPAIRS: &[Repair] = &[];

/// The expression to evaluate for a constraint, and the reason when it is not the published one.
pub fn repaired<'e>(release: Release, key: &str, expression: &'e str) -> (&'e str, Option<&'static str>) {
    let repair = REPAIRS.iter().find(|r| {
        r.published == expression && (r.key.is_empty() || r.key == key) && r.release.is_none_or(|only| only == release)
    });
    repair.map_or((expression, None), |r| (r.repaired, Some(r.reason)))
}
