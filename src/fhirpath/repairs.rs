//! Published expressions that cannot stand as they are: one table, with the reason for each.

use crate::pack::model::Release;

/// One repair.
pub struct Repair {
    /// Releases whose definitions carry the expression; `None` for both.
    pub release: Option<Release>,
    /// Constraint key; empty matches any.
    pub key: &'static str,
    /// The expression as published.
    pub published: &'static str,
    /// What is evaluated instead.
    pub repaired: &'static str,
    /// Why.
    pub reason: &'static str,
}

/// All repairs.
pub const REPAIRS: &[Repair] = &[
    Repair {
        release: Some(Release::R4),
        key: "ref-1",
        published: "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))",
        repaired: LOCAL_REFERENCE,
        reason: "gives no result for a Reference without reference, and refuses #, which is the container itself",
    },
    Repair {
        release: Some(Release::Stu3),
        key: "ref-1",
        published: "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %resource.contained.id.trace('ids'))",
        repaired: LOCAL_REFERENCE,
        reason: "as in R4; besides, a contained resource may point at another one, which its container holds",
    },
    Repair {
        release: None,
        key: "bdl-8",
        published: "fullUrl.contains('/_history/').not()",
        repaired: "fullUrl.exists() implies fullUrl.contains('/_history/').not()",
        reason: "gives no result for an entry without fullUrl",
    },
    Repair {
        release: Some(Release::R4),
        key: "",
        published: "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')",
        repaired: "name.exists() implies name.matches('^[A-Z]([A-Za-z0-9_]){0,254}$')",
        reason: "matches() finds a part, the whole name is meant; and gives no result without a name",
    },
    Repair {
        release: Some(Release::R4),
        key: "ras-2",
        published: "probability is decimal implies (probability as decimal) <= 100",
        repaired: "probability.exists() implies ((probability is decimal) implies ((probability as decimal) <= 100))",
        reason: "gives no result without a probability",
    },
    Repair {
        release: Some(Release::Stu3),
        key: "ras-2",
        published: "probability is decimal implies probability.as(decimal) <= 100",
        repaired: "probability.exists() implies ((probability is decimal) implies (probability.as(decimal) <= 100))",
        reason: "gives no result without a probability",
    },
    Repair {
        release: Some(Release::R4),
        key: "que-12",
        published: "enableWhen.count() > 2 implies enableBehavior.exists()",
        repaired: "enableWhen.count() > 1 implies enableBehavior.exists()",
        reason: "the rule is about more than one enableWhen",
    },
    Repair {
        release: Some(Release::Stu3),
        key: "opd-2",
        published: "searchType implies type = 'string'",
        repaired: "searchType.exists() implies type = 'string'",
        reason: "gives no result without a searchType",
    },
    Repair {
        release: Some(Release::R4),
        key: "txt-2",
        published: "htmlChecks()",
        repaired: "htmlChecks2()",
        reason: "txt-1 and txt-2 share an expression and mean different things: allowed markup, and visible content",
    },
    Repair {
        release: Some(Release::Stu3),
        key: "txt-2",
        published: "htmlchecks()",
        repaired: "htmlChecks2()",
        reason: "txt-1 and txt-2 share an expression and mean different things: allowed markup, and visible content",
    },
    Repair {
        release: Some(Release::Stu3),
        key: "per-1",
        published: "start.empty() or end.empty() or (start <= end)",
        repaired: "iif(start > end, false, true)",
        reason: "times of different precision, or of which one has no zone, cannot be compared: the text forbids only an end that lies before the start",
    },
    Repair {
        release: Some(Release::R4),
        key: "per-1",
        published: "start.hasValue().not() or end.hasValue().not() or (start <= end)",
        repaired: "iif(start > end, false, true)",
        reason: "times of different precision, or of which one has no zone, cannot be compared: the text forbids only an end that lies before the start",
    },
    Repair {
        release: None,
        key: "rng-2",
        published: "low.empty() or high.empty() or (low <= high)",
        repaired: "iif(low > high, false, true)",
        reason: "an end without a value, or in another unit, cannot be compared: R5 asks only where both can",
    },
    Repair {
        release: None,
        key: "mdd-1",
        published: "whenHandedOver.empty() or whenPrepared.empty() or whenHandedOver >= whenPrepared",
        repaired: "iif(whenHandedOver < whenPrepared, false, true)",
        reason: "times of different precision, or of which one has no zone, cannot be compared: the text forbids only an end that lies before the start",
    },
    Repair {
        release: Some(Release::R4),
        key: "inv-1",
        published: "lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn",
        repaired: "iif(lastModified < authoredOn, false, true)",
        reason: "times of different precision, or of which one has no zone, cannot be compared: the text forbids only an end that lies before the start",
    },
    Repair {
        release: None,
        key: "vs-1",
        published: "($this as dateTime).toString().length() >= 8",
        repaired: "($this is dateTime) implies (($this as dateTime).toString().length() >= 8)",
        reason: "speaks of a time, and gives no result for a Period, which the profile allows",
    },
];

const LOCAL_REFERENCE: &str = "reference.exists() implies (reference = '#' or reference.startsWith('#').not() or reference.substring(1) in %rootResource.contained.id)";

/// The expression to evaluate for a constraint, and the reason when it is not the published one.
pub fn repaired<'e>(release: Release, key: &str, expression: &'e str) -> (&'e str, Option<&'static str>) {
    let repair = REPAIRS.iter().find(|r| {
        r.published == expression && (r.key.is_empty() || r.key == key) && r.release.is_none_or(|only| only == release)
    });
    repair.map_or((expression, None), |r| (r.repaired, Some(r.reason)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhirpath::Program;

    #[test]
    fn repairs_compile_differ_and_are_found() {
        for repair in REPAIRS {
            let release = repair.release.unwrap_or(Release::R4);
            assert!(Program::compile(repair.repaired, release).is_ok(), "{}", repair.repaired);
            assert_ne!(repair.published, repair.repaired);
            assert_eq!(repaired(release, repair.key, repair.published), (repair.repaired, Some(repair.reason)));
        }
    }

    #[test]
    fn a_repair_is_for_its_release_and_key() {
        let expression = "searchType implies type = 'string'";
        assert_eq!(repaired(Release::R4, "opd-2", expression), (expression, None));
        assert_eq!(repaired(Release::Stu3, "opd-3", expression), (expression, None));
    }
}
