//! Priorities that the e-Referral Service knows.

use super::structured::is_gpc;
use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0541",
    name: "gpc-referral-priority",
    title: "a referral has a priority that the e-Referral Service does not know",
    family: Family::GpConnect,
    issue: "value",
    requirement: "GPC-R01",
    basis: "GP Connect Access Record: Structured, ReferralRequest.priority: routine, urgent, asap (two-week wait)",
    criterion: "INT-4",
    why: "The urgency of the referral is misread at the other end.",
    remedy: "Send routine, urgent or asap (two-week wait); leave the priority out when it is none of these.",
    examples: &[
        Example::bad(
            "stat",
            r#"{"resourceType": "ReferralRequest", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ReferralRequest-1"]}, "status": "unknown", "intent": "order", "priority": "«stat»", "subject": {"reference": "Patient/1"}}"#,
        ),
        Example::good(
            "routine",
            r#"{"resourceType": "ReferralRequest", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ReferralRequest-1"]}, "status": "unknown", "intent": "order", "priority": "routine", "subject": {"reference": "Patient/1"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Priorities of the e-Referral Service.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["ReferralRequest"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if let Some(priority) = at.get("priority")
        && !matches!(priority.value(), Some("routine" | "urgent" | "asap"))
        && is_gpc(at)
    {
        out.say(&META, priority, "the priority is routine, urgent or asap");
    }
}
