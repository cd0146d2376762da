//! How the errors of GP Connect providers are recognised.

use crate::rules::query::profiles;
use crate::tree::Element;
use crate::uk::profiles::is_gp_connect_outcome;

/// Whether an OperationOutcome is a GP Connect provider's, in any spelling of its profile.
pub fn is_gpc_error(outcome: Element<'_>) -> bool {
    profiles(outcome).any(is_gp_connect_outcome)
}
