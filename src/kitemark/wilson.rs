//! The Wilson score interval: what a sample supports.

/// 97.5% point of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// 95% score interval of a share (E. B. Wilson, "Probable inference, the law of succession, and statistical
/// inference", 1927). Nothing for a denominator of 0. Both bounds are in 0 to 1.
pub fn interval(numerator: u64, denominator: u64) -> Option<(f64, f64)> {
    if denominator == 0 {
        return None;
    }
    let n = denominator as f64;
    let p = numerator.min(denominator) as f64 / n;
    let z2 = Z * Z;
    let centre = p + z2 / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    let low = if numerator == 0 { 0.0 } else { ((centre - spread) / scale).max(0.0) };
    let high = if numerator >= denominator { 1.0 } else { ((centre + spread) / scale).min(1.0) };
    Some((low, high))
}

/// The smallest sample whose lower bound reaches `share` when nothing fails: n at least z²·t/(1 - t).
pub fn smallest_clean_sample(share: f64) -> u64 {
    if share >= 1.0 {
        return RULE_OF_THREE;
    }
    let mut n = (Z * Z * share / (1.0 - share)).floor().max(1.0) as u64;
    while interval(n, n).is_some_and(|(low, _)| low < share) {
        n += 1;
    }
    n
}

/// A clean sample of this size bounds the share of faults below one in a hundred (the rule of three); asked for where a
/// threshold is all.
pub const RULE_OF_THREE: u64 = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values_come_out() {
        for (k, n, low, high) in
            [(95, 100, 0.888, 0.978), (9_500, 10_000, 0.946, 0.954), (100, 100, 0.963, 1.0), (0, 10, 0.0, 0.278)]
        {
            let (l, h) = interval(k, n).unwrap();
            assert!((l - low).abs() < 0.0006 && (h - high).abs() < 0.0006, "{k}/{n}: {l} {h}");
        }
        assert!(interval(0, 0).is_none());
    }

    #[test]
    fn smallest_samples_follow_the_threshold() {
        for (share, n) in [(0.95, 73), (0.99, 381), (0.995, 765)] {
            assert_eq!(smallest_clean_sample(share), n);
        }
    }
}
