//! Whom statements and files are about, and what was given and not used.

use std::collections::BTreeSet;

use thiserror::Error;

use super::attest::{Attestations, Statement, is_for};
use super::evidence::OTHER_DIGEST;
use crate::settings::Date;

/// Something names no partner where several are reported.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{what} names no partner, and {partners} are reported: say whom it is about, with `partner` in the attestation file or \
     --partner beside --evidence"
)]
pub struct NoPartner {
    /// What was given, with its file.
    pub what: String,
    /// How many partners are reported.
    pub partners: usize,
}

/// Why something was not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unused {
    /// It is about a partner that is not reported.
    NotReported(String),
    /// It is about a criterion of another set that ships.
    AnotherSet(&'static str),
    /// It is of a day after the report.
    Later(Date),
    /// A later statement, or what a file shows, counts instead.
    Superseded,
    /// It is not the file whose digest was written down.
    OtherDigest,
}

impl Unused {
    /// A word for programs, that does not change.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NotReported(_) => "partner-not-reported",
            Self::AnotherSet(_) => "another-set",
            Self::Later(_) => "after-the-report",
            Self::Superseded => "superseded",
            Self::OtherDigest => "other-digest",
        }
    }
}

/// Something that was given and not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUsed {
    /// The file it stands in, or empty where that is not known.
    pub file: String,
    /// What it is: criteria, a kind of file, the name of a model.
    pub what: String,
    /// Why.
    pub why: Unused,
}

impl Attestations {
    /// Gives what names no partner to the one partner that is reported.
    ///
    /// # Errors
    /// The first thing that names none where several are reported.
    pub fn about(&mut self, partners: &BTreeSet<&str>) -> Result<(), NoPartner> {
        let mut first: Option<String> = None;
        let only = partners.first().filter(|_| partners.len() == 1).copied();
        let mut give = |partner: &mut Option<String>, what: &dyn Fn() -> String| {
            if partner.is_none() {
                *partner = only.map(String::from);
                if only.is_none() && first.is_none() {
                    first = Some(what());
                }
            }
        };
        for f in &mut self.files {
            give(&mut f.partner, &|| f.name.clone());
        }
        for s in &mut self.statements {
            give(&mut s.partner, &|| format!("the statement to {} in {}", s.criterion, s.file));
        }
        for n in &mut self.not_applicable {
            give(&mut n.partner, &|| format!("the decision that {} does not apply", n.criterion));
        }
        for w in &mut self.waivers {
            give(&mut w.partner, &|| format!("the waiver for {}", w.criterion));
        }
        for p in &mut self.plans {
            give(&mut p.partner, &|| format!("the plan for {}", p.criterion));
        }
        for s in &mut self.scores {
            give(&mut s.partner, &|| format!("the score by {}", s.model));
        }
        for o in &mut self.offers {
            give(&mut o.partner, &|| o.file.clone());
        }
        first.map_or(Ok(()), |what| Err(NoPartner { what, partners: partners.len() }))
    }

    /// What was given and not used, in the order of the files.
    pub fn not_used(&self, partners: &BTreeSet<&str>, today: Date) -> Vec<NotUsed> {
        let mut out: Vec<NotUsed> = Vec::new();
        let mut add = |file: &str, what: &str, why| match out.last_mut() {
            // What one file says of one partner stands in one row.
            Some(NotUsed { file: last, what: list, why: same }) if last == file && *same == why => {
                list.push_str(", ");
                list.push_str(what);
            }
            _ => out.push(NotUsed { file: file.into(), what: what.into(), why }),
        };
        let stranger = |named: &Option<String>| {
            let known = partners.iter().any(|partner| is_for(named, partner));
            named.clone().filter(|_| !known).map(Unused::NotReported)
        };
        let later = |day: Date| (day > today).then_some(Unused::Later(day));
        for f in &self.files {
            let other = (f.what == OTHER_DIGEST).then_some(Unused::OtherDigest);
            if let Some(why) = stranger(&f.partner).or(other).or_else(|| later(f.collected)) {
                add(&f.name, f.what, why);
            }
        }
        for s in &self.statements {
            // What a file amounts to is told of the file.
            let own = !s.seen && !self.files.iter().any(|f| f.name == s.file);
            let why = stranger(&s.partner).or_else(|| later(s.on)).filter(|_| own);
            if let Some(why) = why.or_else(|| self.superseded(s, partners, today)) {
                add(&s.file, &s.criterion, why);
            }
        }
        for (partner, what) in self
            .not_applicable
            .iter()
            .map(|n| (&n.partner, n.criterion.as_str()))
            .chain(self.waivers.iter().map(|w| (&w.partner, w.criterion.as_str())))
            .chain(self.plans.iter().map(|p| (&p.partner, p.criterion.as_str())))
            .chain(self.scores.iter().map(|s| (&s.partner, s.model.as_str())))
        {
            if let Some(why) = stranger(partner) {
                add("", what, why);
            }
        }
        for (file, criterion, set) in &self.elsewhere {
            add(file, criterion, Unused::AnotherSet(set));
        }
        out
    }

    fn superseded(&self, statement: &Statement, partners: &BTreeSet<&str>, today: Date) -> Option<Unused> {
        let partner = partners.iter().find(|partner| is_for(&statement.partner, partner))?;
        if statement.on > today {
            return None;
        }
        let counts = self.statement(&statement.criterion, partner, today)?;
        (!std::ptr::eq(counts, statement)).then_some(Unused::Superseded)
    }
}
