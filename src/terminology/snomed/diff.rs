//! What the next release changes for codes that are in use: status, terms, membership.

use super::index::{ConceptView, Index};
use crate::text::sanitise;

/// One change of a concept from one release to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The older release lacks it.
    Added,
    /// The newer release lacks it.
    Missing,
    /// It was made inactive: since when, and what may stand in for it.
    Inactivated {
        /// YYYYMMDD.
        since: u32,
        /// Concepts that stand in for it, the best first, and whether each means the same.
        successors: Vec<(u64, bool)>,
    },
    /// It is active again.
    Reactivated,
    /// Another preferred term.
    Term {
        /// In the older release.
        before: String,
        /// In the newer one.
        now: String,
    },
    /// Another fully specified name.
    FullName {
        /// In the older release.
        before: String,
        /// In the newer one.
        now: String,
    },
    /// It has become a member of a refset.
    Joined(u64),
    /// It is no longer a member of a refset.
    Left(u64),
}

impl Change {
    /// A word for the kind of change.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Missing => "missing",
            Self::Inactivated { .. } => "inactivated",
            Self::Reactivated => "reactivated",
            Self::Term { .. } => "term",
            Self::FullName { .. } => "full-name",
            Self::Joined(_) => "joined",
            Self::Left(_) => "left",
        }
    }

    /// The change in words, with the terms of the newer release.
    pub fn says(&self, new: &Index) -> String {
        let named = |id: u64| {
            let term = new.lookup(id).map_or("", ConceptView::preferred_term);
            format!("{id} |{}|", sanitise::line(term))
        };
        match self {
            Self::Added => "is new".to_owned(),
            Self::Missing => "is not in the newer release".to_owned(),
            Self::Inactivated { since, successors } => {
                let listed: Vec<String> = successors
                    .iter()
                    .map(|(id, same)| format!("{} {}", if *same { "the same as" } else { "perhaps" }, named(*id)))
                    .collect();
                let tail = if listed.is_empty() { "nothing stands in for it".to_owned() } else { listed.join(", ") };
                format!("is inactive since {since}: {tail}")
            }
            Self::Reactivated => "is active again".to_owned(),
            Self::Term { before, now } => format!("its term was “{}”, and is “{}”", clean(before), clean(now)),
            Self::FullName { before, now } => format!("its full name was “{}”, and is “{}”", clean(before), clean(now)),
            Self::Joined(refset) => format!("is now a member of {}", named(*refset)),
            Self::Left(refset) => format!("is no longer a member of {}", named(*refset)),
        }
    }
}

fn clean(text: &str) -> String {
    sanitise::line(text)
}

/// What changes for one concept from `old` to `new`.
pub fn changes(old: &Index, new: &Index, id: u64) -> Vec<Change> {
    let (before, now) = match (old.lookup(id), new.lookup(id)) {
        (None, None) => return Vec::new(),
        (None, Some(_)) => return vec![Change::Added],
        (Some(_), None) => return vec![Change::Missing],
        (Some(before), Some(now)) => (before, now),
    };
    let mut found = Vec::new();
    match (before.active(), now.active()) {
        (true, false) => {
            let successors = now.replacements().iter().map(|r| (r.target, r.is_exact())).collect();
            found.push(Change::Inactivated { since: now.effective_time(), successors });
        }
        (false, true) => found.push(Change::Reactivated),
        _ => {}
    }
    if before.preferred_term() != now.preferred_term() {
        let (before, now) = (before.preferred_term().to_owned(), now.preferred_term().to_owned());
        found.push(Change::Term { before, now });
    }
    if let (Some(before), Some(now)) = (before.fsn(), now.fsn())
        && before != now
    {
        found.push(Change::FullName { before: before.to_owned(), now: now.to_owned() });
    }
    let (left, joined): (Vec<u64>, Vec<u64>) = (before.refsets().collect(), now.refsets().collect());
    found.extend(joined.iter().filter(|refset| !left.contains(refset)).map(|refset| Change::Joined(*refset)));
    found.extend(left.iter().filter(|refset| !joined.contains(refset)).map(|refset| Change::Left(*refset)));
    found
}
