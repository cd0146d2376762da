//! The national Data Quality Maturity Index: a product of two means, computed when shown and never merged.

/// What one data item counted: the only state that is ever added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Records.
    pub records: u64,
    /// Valid and complete values.
    pub valid: u64,
    /// Default values among them.
    pub defaults: u64,
    /// Defaults that are allowed, per ten thousand records.
    pub allowed: u64,
}

/// Index from 0 to 100 (NHS Digital, "Data Quality Maturity Index methodology", appendix 1):
/// `100 * mean((valid - excess) / records) * mean(submitted / expected)` with
/// `excess = max(0, defaults - allowed share * records)`. Items without records are left out; an item scores at least 0.
/// `coverage` holds periods submitted and expected by data set. Nothing where there is nothing to average.
pub fn dqmi(items: &[Item], coverage: &[(u64, u64)]) -> Option<f64> {
    let scores: Vec<f64> = items.iter().filter(|i| i.records > 0).map(score).collect();
    let covered: Vec<f64> =
        coverage.iter().filter(|(_, e)| *e > 0).map(|(s, e)| *s.min(e) as f64 / *e as f64).collect();
    if scores.is_empty() || covered.is_empty() {
        return None;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    Some(100.0 * mean(&scores) * mean(&covered))
}

fn score(item: &Item) -> f64 {
    let records = item.records as f64;
    let excess = (item.defaults as f64 - item.allowed as f64 / 10_000.0 * records).max(0.0);
    ((item.valid as f64 - excess) / records).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_product_of_means_and_not_a_mean_of_products() {
        let items = [
            Item { records: 100, valid: 90, defaults: 20, allowed: 1000 },
            Item { records: 100, valid: 60, ..Item::default() },
            Item { records: 50, valid: 10, defaults: 20, allowed: 0 },
            Item::default(),
        ];
        // Scores 0.8, 0.6 and 0 (ten valid less twenty defaults too many); periods 12 of 12 and 6 of 12.
        let index = dqmi(&items, &[(12, 12), (6, 12)]).unwrap();
        assert!((index - 100.0 * (1.4 / 3.0) * 0.75).abs() < 1e-9, "{index}");
        // The worked example of the methodology gives 47.2, and 49.8 to those who average products. Its table is not
        // repeated here; these items and periods of ours give the same two.
        let items = [7287, 5014].map(|valid| Item { records: 10_000, valid, ..Item::default() });
        let periods = [(15, 15), (8, 15)];
        let index = dqmi(&items, &periods).unwrap();
        let products = 50.0
            * items
                .iter()
                .zip(periods)
                .map(|(i, (s, e))| score(i) * f64::from(s as u32) / f64::from(e as u32))
                .sum::<f64>();
        assert_eq!((format!("{index:.1}"), format!("{products:.1}")), ("47.2".into(), "49.8".into()));
        assert!(dqmi(&[], &[(1, 1)]).is_none() && dqmi(&items, &[]).is_none());
    }
}
