//! Rules about hallmark's own set-up.

use crate::finding::{Family, Meta, Severity};

/// A waiver is past its last day.
pub static WAIVER_EXPIRED: Meta = Meta {
    id: "HM0900",
    name: "waiver-expired",
    title: "a waiver is past its last day, so what it covered counts again",
    family: Family::Setup,
    severity: Severity::Error,
    issue: "expired",
    basis: "hallmark settings: a waiver holds until the day it names",
    why: "An acceptance that nobody renewed is not an acceptance.",
    remedy: "Mend what the waiver covers, or have it approved again with a new date.",
    ..Meta::NEW
};

/// A waiver matched nothing.
pub static WAIVER_UNUSED: Meta = Meta {
    id: "HM0901",
    name: "waiver-unused",
    title: "a waiver matches no finding",
    family: Family::Setup,
    severity: Severity::Warning,
    issue: "informational",
    basis: "hallmark settings: waivers are removed when what they cover is mended",
    why: "A waiver that is left behind may hide the next fault of its kind.",
    remedy: "Remove the waiver.",
    ..Meta::NEW
};

/// The rules of this layer, for the registry.
pub static RULES: [&Meta; 2] = [&WAIVER_EXPIRED, &WAIVER_UNUSED];
