//! The total of search results counts what matched.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0831",
    name: "search-total",
    title: "the total of the search results is not the number of matches",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "X-09",
    basis: "FHIR, Bundle.total: matches of the search, without what is included with them or says how it went; all pages together",
    criterion: "COD-5",
    why: "Receivers page and show counts by the total: they look for results that do not exist, or stop too early.",
    remedy: "Count the entries whose search.mode is match, over all pages.",
    examples: &[
        Example::bad(
            "an included resource is counted",
            r#"{"resourceType": "Bundle", "type": "searchset", "total": «2», "link": [{"relation": "self", "url": "https://server.test/Slot"}], "entry": [{"fullUrl": "https://server.test/Slot/1", "resource": {"resourceType": "Slot", "id": "1", "schedule": {"reference": "Schedule/1"}, "status": "free", "start": "2026-01-01T10:00:00Z", "end": "2026-01-01T10:10:00Z"}, "search": {"mode": "match"}}, {"fullUrl": "https://server.test/Schedule/1", "resource": {"resourceType": "Schedule", "id": "1", "actor": [{"display": "x"}]}, "search": {"mode": "include"}}]}"#,
        ),
        Example::good(
            "more pages follow",
            r#"{"resourceType": "Bundle", "type": "searchset", "total": 2, "link": [{"relation": "next", "url": "https://server.test/Slot?page=2"}], "entry": [{"fullUrl": "https://server.test/Slot/1", "resource": {"resourceType": "Slot", "id": "1", "schedule": {"reference": "Schedule/1"}, "status": "free", "start": "2026-01-01T10:00:00Z", "end": "2026-01-01T10:10:00Z"}, "search": {"mode": "match"}}]}"#,
        ),
        Example::good("nothing was found", r#"{"resourceType": "Bundle", "type": "searchset", "total": 0}"#),
    ],
    ..Meta::NEW
};

/// The total of search results.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if at.text(names::TYPE) != Some("searchset") {
        return;
    }
    let Some(total) = at.get("total") else { return };
    let Some(said) = total.value().and_then(|v| v.parse::<u64>().ok()) else { return };
    let (mut matches, mut unsaid) = (0u64, 0u64);
    for entry in at.named(names::ENTRY) {
        let outcome = entry.child(names::RESOURCE).is_some_and(|r| names::text(r.type_id()) == "OperationOutcome");
        match entry.get("search").and_then(|s| s.get("mode")).and_then(Element::value) {
            Some("match") => matches += 1,
            Some(_) => {}
            None if outcome => {}
            None => unsaid += 1,
        }
    }
    // Those that do not say may be matches or included with them.
    let most = matches + unsaid;
    if said < matches {
        out.say(&META, total, format!("the bundle has {matches} matches, which is more"));
    } else if said > most && !is_page(at) && (most > 0 || at.child(names::ENTRY).is_some()) {
        out.say(&META, total, format!("the bundle has {most} matches and is not one page of several"));
    }
}

/// Whether a link says that there are other pages, or the search asked for a page or a summary.
fn is_page(bundle: Element<'_>) -> bool {
    bundle.all("link").any(|link| {
        let relation = link.get("relation").and_then(Element::value).unwrap_or_default();
        let url = link.get("url").and_then(Element::value).unwrap_or_default();
        matches!(relation, "next" | "previous" | "prev" | "last")
            || ["_count=", "_summary=", "page", "offset", "_getpages"].iter().any(|part| url.contains(part))
    })
}
