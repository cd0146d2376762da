//! Decimals as FHIR and FHIRPath write them.

use rust_decimal::Decimal;

/// Digits with an optional sign and fraction, nothing else.
pub(super) fn plain_decimal(text: &str) -> Option<Decimal> {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = body.split_once('.').unwrap_or((body, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    Decimal::from_str_exact(text.strip_prefix('+').unwrap_or(text)).ok()
}

/// A FHIR decimal, exponent included; `None` when it is none or cannot be held exactly.
pub(super) fn decimal_of(text: &str) -> Option<Decimal> {
    plain_decimal(text).or_else(|| text.contains(['e', 'E']).then(|| Decimal::from_scientific(text).ok()).flatten())
}
