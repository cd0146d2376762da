//! Invariants that conformance decides by its own code, faster or more exactly than FHIRPath can.

use crate::pack::model::Constraint;

/// One of them.
pub struct Decided {
    /// Its key.
    pub key: &'static str,
    /// How every published form of its expression begins: a definition may give the key to a rule of its own.
    pub begins: &'static str,
    #[allow(dead_code, reason = "tests hold every entry to its rules")]
    /// The rules that decide it.
    pub rules: &'static [&'static str],
    #[allow(dead_code, reason = "said for whoever reads the table")]
    /// Why by code.
    pub reason: &'static str,
}

/// All of them.
pub const DECIDED_BY_CODE: &[Decided] = &[
    Decided {
        key: "dom-3",
        begins: "contained.where((",
        rules: &["HM0132"],
        reason: "the published expression asks all descendants once for every contained resource; the index of references knows",
    },
    Decided {
        key: "txt-1",
        begins: "htmlchecks()",
        rules: &["HM0139"],
        reason: "markup has a reader of its own, which says what is wrong and where",
    },
    Decided {
        key: "txt-2",
        begins: "htmlchecks()",
        rules: &["HM0139"],
        reason: "published with the expression of txt-1: one judgement, said once",
    },
    Decided {
        key: "ele-1",
        begins: "hasValue()",
        rules: &["HM0007", "HM0013", "HM0141"],
        reason: "asked of every element: the readers say what is empty, the walk what has an id only",
    },
    Decided {
        key: "ref-1",
        begins: "reference.startsWith('#').not()",
        rules: &["HM0128"],
        reason: "whether a local reference leads anywhere is known from the index of contained resources",
    },
];

/// Whether an invariant is decided by code.
pub fn by_code(constraint: &Constraint) -> bool {
    let begins = |text: &str, with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    DECIDED_BY_CODE.iter().any(|one| one.key == constraint.key && begins(&constraint.expression, one.begins))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::pack::catalogue::Catalogue;
    use crate::pack::model::Release;

    /// The type that states each.
    fn states(key: &str) -> &'static str {
        match key {
            "dom-3" => "DomainResource",
            "txt-1" | "txt-2" => "Narrative",
            "ele-1" => "Element",
            _ => "Reference",
        }
    }

    #[test]
    fn what_is_decided_by_code_is_what_the_types_publish_under_the_key() {
        let catalogue = Catalogue::new(&[]).unwrap();
        for one in DECIDED_BY_CODE {
            for release in [Release::Stu3, Release::R4] {
                let ty = catalogue.type_structure(release, states(one.key)).unwrap();
                let mut published = ty.elements.iter().flat_map(|e| &e.constraints).filter(|c| c.key == one.key);
                assert!(published.next().is_some_and(by_code), "{} {release:?}", one.key);
                assert!(published.all(by_code), "{} {release:?}", one.key);
            }
            let own = Constraint {
                key: one.key.to_owned(),
                expression: "active.exists()".to_owned(),
                ..Constraint::default()
            };
            assert!(!by_code(&own), "a definition's own {}", one.key);
            assert!(!one.reason.is_empty() && !one.rules.is_empty(), "{}", one.key);
        }
    }
}
