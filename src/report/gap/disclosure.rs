//! Small numbers about people in reports that are passed on: hidden, rounded, and no hidden one to be had by
//! subtraction.

use super::words::people;
use crate::kitemark::Counted;

/// Counts of one group whose sum may be known: 1 to 7 is hidden, others are rounded to the nearest 5, nought is kept.
/// Where one alone is hidden, the next smallest is hidden with it.
pub(super) fn counts(values: &[u64]) -> Vec<Option<u64>> {
    let mut shown: Vec<Option<u64>> = values.iter().map(|n| people(*n, true)).collect();
    if shown.iter().filter(|s| s.is_none()).count() == 1 {
        let next = (0..values.len()).filter(|i| shown[*i].is_some() && values[*i] > 0).min_by_key(|i| values[*i]);
        if let Some(next) = next {
            shown[next] = None;
        }
    }
    shown
}

/// One share: hidden when the numerator, the denominator or what is between them is from 1 to 7.
pub(super) fn share(counted: Counted) -> Option<Counted> {
    let rest = counted.denominator.saturating_sub(counted.numerator);
    let (numerator, denominator) = (people(counted.numerator, true)?, people(counted.denominator, true)?);
    people(rest, true)?;
    // Rounding moves both; what all did stays what all did.
    let numerator = if rest == 0 { denominator } else { numerator.min(denominator) };
    Some(Counted { numerator, denominator })
}

/// Shares of one group whose pooled share may be known: where one alone is hidden, the one with the smallest
/// denominator is hidden with it.
pub(super) fn shares(values: &[Counted]) -> Vec<Option<Counted>> {
    let mut shown: Vec<Option<Counted>> = values.iter().map(|c| share(*c)).collect();
    if shown.iter().filter(|s| s.is_none()).count() == 1 {
        let next = (0..values.len())
            .filter(|i| shown[*i].is_some_and(|c| c.denominator > 0))
            .min_by_key(|i| values[*i].denominator);
        if let Some(next) = next {
            shown[next] = None;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_hidden_count_takes_another_with_it() {
        for (values, shown) in [
            (vec![100, 43, 0, 5], vec![Some(100), None, Some(0), None]),
            (vec![100, 3, 0, 5], vec![Some(100), None, Some(0), None]),
            (vec![5], vec![None]),
            (vec![5, 0], vec![None, Some(0)]),
            (vec![12, 13, 8], vec![Some(10), Some(15), Some(10)]),
        ] {
            assert_eq!(counts(&values), shown, "{values:?}");
        }
    }

    #[test]
    fn what_is_missing_cannot_be_had_from_a_share() {
        let counted = |numerator, denominator| Counted { numerator, denominator };
        for (n, d, shown) in [
            (95, 100, None),
            (92, 100, Some((90, 100))),
            (100, 100, Some((100, 100))),
            (98, 98, Some((100, 100))),
            (3, 100, None),
            (0, 100, Some((0, 100))),
            (0, 5, None),
        ] {
            assert_eq!(share(counted(n, d)), shown.map(|(n, d)| counted(n, d)), "{n}/{d}");
        }
        let group = [counted(80, 100), counted(5, 40), counted(30, 60)];
        assert_eq!(shares(&group), [Some(counted(80, 100)), None, None]);
    }
}
