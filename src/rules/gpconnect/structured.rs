//! How a GP Connect structured record and its resources are recognised.

use crate::rules::Scene;
use crate::rules::query::{claims, resources};
use crate::tree::{Element, names};
use crate::uk::profiles::{GP_CONNECT, GP_CONNECT_LIST, STRUCTURED_RECORD};

/// Whether `bundle` is a structured record: it claims the profile, or is a collection with GP Connect lists.
pub fn is_record<'a>(scene: &'a Scene<'a, 'a>, bundle: Element<'a>) -> bool {
    let by_lists = || resources(scene, bundle).any(|r| claims(r, GP_CONNECT_LIST));
    claims(bundle, STRUCTURED_RECORD)
        || (bundle.text(names::TYPE) == Some("collection")
            && scene.facts.of(bundle, "holds lists of GP Connect", by_lists))
}

/// Whether `resource` is one of GP Connect's.
pub fn is_gpc(resource: Element<'_>) -> bool {
    claims(resource, GP_CONNECT)
}
