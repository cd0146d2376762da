//! Discriminator paths, parsed; and what they lead to in a plan.

use std::sync::Arc;

use super::Plan;
use crate::pack::model::Datum;
use crate::tree::names::{self, NameId};

/// One step of a discriminator path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A child.
    Child(NameId),
    /// `extension('url')`.
    Extension(String),
    /// `resolve()`.
    Resolve,
    /// `ofType(T)`.
    OfType(NameId),
}

/// Parses `a.b`, `$this`, `extension('u').value`, `resolve()`, `ofType(T)`; `None` for anything else.
pub fn parse(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = path.trim();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("$this") {
            rest = after;
        } else if let Some(after) = rest.strip_prefix("extension(") {
            let (url, after) = after.split_once(')')?;
            steps.push(Step::Extension(url.trim_matches(['\'', '"', ' ']).to_owned()));
            rest = after;
        } else if let Some(after) = rest.strip_prefix("resolve()") {
            steps.push(Step::Resolve);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("ofType(") {
            let (ty, after) = after.split_once(')')?;
            steps.push(Step::OfType(names::intern_defined(ty.rsplit('.').next()?.trim())));
            rest = after;
        } else {
            let end = rest.find('.').unwrap_or(rest.len());
            let name = &rest[..end];
            if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                // Older profiles write `value[x]` or `reference.resolve` and the like.
                let bare = name.strip_suffix("[x]")?;
                steps.push(Step::Child(names::intern_defined(bare)));
            } else {
                steps.push(Step::Child(names::intern_defined(name)));
            }
            rest = &rest[end..];
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    Some(steps)
}

/// A node of some plan: what a discriminator's path leads to.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The plan, or `None` for the plan being walked.
    pub plan: Option<Arc<Plan>>,
    /// Node in it.
    pub node: u32,
    /// What a fixed value (true) or pattern (false) of an element above asks here.
    pub datum: Option<(Datum, bool)>,
}

impl Asked {
    /// The plan it stands in.
    pub fn plan<'p>(&'p self, walked: &'p Plan) -> &'p Plan {
        self.plan.as_deref().unwrap_or(walked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_parsed() {
        assert_eq!(parse("$this"), Some(vec![]));
        assert_eq!(parse("code.coding").map(|s| s.len()), Some(2));
        assert_eq!(parse("$this.resolve()"), Some(vec![Step::Resolve]));
        assert_eq!(parse("item.resolve().code").map(|s| s.len()), Some(3));
        assert_eq!(
            parse("extension('http://x.org/y').value"),
            Some(vec![Step::Extension("http://x.org/y".into()), Step::Child(names::VALUE)])
        );
        assert_eq!(parse("value.ofType(Quantity)").map(|s| s.len()), Some(2));
        assert_eq!(parse("where(a = 1)"), None);
    }
}
