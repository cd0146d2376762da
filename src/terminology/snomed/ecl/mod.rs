//! SNOMED CT Expression Constraint Language 2.x: parsing, printing and evaluation on an index.
//!
//! The grammar is that of ECL 2.2 in its brief and its long form, keywords in any case. The published `snomed-ecl`
//! crate was weighed: the newest that builds on this toolchain (0.11.3) keeps no spans, has no printer, refuses
//! `!!>`, member filters, history supplements and alternate identifiers at parse time, and evaluates on its own heap
//! store only. So parsing, too, is done here.

mod admits;
mod ast;
mod attributes;
mod blocks;
pub(super) mod cursor;
mod evaluate;
mod filters;
mod fold;
mod members;
mod membership;
mod parse;
mod print;
mod refine;
mod repair;
#[cfg_attr(
    not(any(test, feature = "bench")),
    allow(dead_code, reason = "one concept against an expression: asked by tests and benches alone")
)]
mod walk;

pub use ast::*;
pub use evaluate::Unsupported;
pub use fold::fold;
#[cfg(test)]
pub use repair::RepairKind;
pub use repair::parse_tolerant;

use crate::text::Span;

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Ecl {
    /// Its root.
    pub expr: Expr,
}

/// Why a text is no ECL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} at byte {}", span.start)]
pub struct EclError {
    /// Where parsing stopped.
    pub span: Span,
    /// What could have stood there.
    pub expected: &'static str,
}

impl Ecl {
    /// Parses a whole text, strictly.
    pub fn parse(text: &str) -> Result<Self, EclError> {
        parse::parse(text)
    }

    #[cfg_attr(not(any(test, feature = "bench")), allow(dead_code, reason = "asked by tests and benches alone"))]
    /// Every concept identifier written in it, in order, with its place.
    pub fn concepts(&self) -> Vec<(u64, Span)> {
        let mut found = Vec::new();
        self.expr.walk(&mut |expr| {
            if let Node::Concept { id, .. } = &expr.node {
                found.push((*id, expr.span));
            }
        });
        found
    }
}

impl std::fmt::Display for Ecl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.expr.fmt(f)
    }
}

#[cfg(test)]
mod tests;
