//! Numbers in the sentences of an assessment.

/// A share in 0 to 1 as a percentage of at most two digits, without needless ones.
pub(super) fn percent(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}
