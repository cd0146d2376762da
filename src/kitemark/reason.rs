//! Why a criterion stands where it does, and what would move it: facts that reports word and other code may ask.

use super::assess::Status;
use super::criteria::EvidenceKind;
use super::metric::Counted;
use crate::settings::Date;

/// Why a criterion stands where it does.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The highest level is reached.
    Highest,
    /// The next level is not, and why.
    Short(Shortfall),
    /// Somebody decided that it does not apply.
    DoesNotApply {
        /// Why, as written.
        because: String,
        /// Role of who decided.
        by_role: String,
    },
    /// Somebody accepted the gap for now.
    Waived {
        /// Why, as written.
        because: String,
        /// What it was without the waiver.
        was: Status,
        /// Who closes it.
        owner: String,
        /// Role that accepted it.
        approved_by: String,
        /// Last day.
        until: Date,
    },
    /// It takes the level of the lowest of others.
    Lowest(Vec<String>),
    /// Nothing that it could take its level from counts.
    NothingBelow,
}

/// Why a level is not reached.
#[derive(Clone, Debug, PartialEq)]
pub enum Shortfall {
    /// Nothing was seen and nothing stated.
    Silence,
    /// None of what would show it was given.
    NotGiven(Vec<EvidenceKind>),
    /// The document behind the statement is not the one it names; why, as the reader of it says.
    Broken(String),
    /// The CapabilityStatement codes no security service.
    NoSecurityService,
    /// What was stated lapsed.
    Lapsed(Date),
    /// Something else was stated than what the level takes.
    Stated {
        /// What was stated.
        value: String,
        /// What the level takes.
        takes: Vec<String>,
    },
    /// The feed was last checked over a year ago; the day.
    Stale(String),
    /// No message could have shown it.
    Unseen,
    /// Too few were seen for the threshold.
    TooFew {
        /// How many were seen.
        seen: u64,
        /// How many the threshold needs.
        needed: u64,
    },
    /// Some do not hold, and none may.
    SomeFail {
        /// How many do not.
        failing: u64,
        /// Of how many.
        of: u64,
    },
    /// The share is on the wrong side of the threshold.
    Beyond {
        /// The share.
        counted: Counted,
        /// The threshold, 0 to 1.
        threshold: f64,
        /// Less is better, so that it lies above.
        down: bool,
        /// Even the far end of its interval is.
        whole_interval: bool,
    },
    /// The interval of the share holds the threshold: more must be seen.
    Undecided {
        /// The share.
        counted: Counted,
        /// The threshold, 0 to 1.
        threshold: f64,
    },
}

impl Reason {
    /// A word for programs, that does not change.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Highest => "highest-level",
            Self::Short(why) => why.as_str(),
            Self::DoesNotApply { .. } => "does-not-apply",
            Self::Waived { .. } => "waived",
            Self::Lowest(_) => "lowest-of-others",
            Self::NothingBelow => "nothing-to-derive-from",
        }
    }

    /// Whether it tells counts of messages.
    pub const fn counts(&self) -> bool {
        matches!(
            self,
            Self::Short(
                Shortfall::TooFew { .. }
                    | Shortfall::SomeFail { .. }
                    | Shortfall::Beyond { .. }
                    | Shortfall::Undecided { .. }
            )
        )
    }
}

impl Shortfall {
    /// A word for programs, that does not change.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Silence => "nothing-seen-or-stated",
            Self::NotGiven(_) => "evidence-not-given",
            Self::Broken(_) => "evidence-broken",
            Self::NoSecurityService => "no-security-service",
            Self::Lapsed(_) => "statement-lapsed",
            Self::Stated { .. } => "stated-otherwise",
            Self::Stale(_) => "feed-stale",
            Self::Unseen => "not-seen",
            Self::TooFew { .. } => "too-few",
            Self::SomeFail { .. } => "some-fail",
            Self::Beyond { .. } => "beyond-threshold",
            Self::Undecided { .. } => "interval-holds-threshold",
        }
    }
}

/// What would close the next step of a gap.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// More must be seen before the level can be judged.
    See {
        /// How many more.
        more: u64,
    },
    /// More must hold.
    Hold {
        /// How many more.
        more: u64,
        /// Of how many.
        of: u64,
        /// The share that would be enough, 0 to 1.
        share: f64,
        /// It is the share of a sample, since messages are judged by their interval.
        sample: bool,
    },
    /// One of these must be shown.
    Show(Vec<String>),
    /// Messages that can show it must be sent.
    Send,
    /// What the reason says.
    Mend(Reason),
}

impl Step {
    /// A word for programs, that does not change.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::See { .. } => "see-more",
            Self::Hold { .. } => "more-must-hold",
            Self::Show(_) => "show",
            Self::Send => "send-messages",
            Self::Mend(_) => "mend",
        }
    }

    /// Whether it tells counts of messages.
    pub const fn counts(&self) -> bool {
        match self {
            Self::See { .. } | Self::Hold { .. } => true,
            Self::Show(_) | Self::Send => false,
            Self::Mend(reason) => reason.counts(),
        }
    }
}
