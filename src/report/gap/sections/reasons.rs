//! Reasons and steps as sentences.

use crate::kitemark::{Counted, EvidenceKind, Reason, Shortfall, Step};
use crate::report::gap::outline::{Cell, Line, line, threshold};
use crate::report::gap::words::status;
use crate::text::agrees;

/// Why a criterion stands where it does. `next` names the next level where one below it is reached.
pub(super) fn reason(reason: &Reason, level: u8, name: &str) -> Line {
    match reason {
        Reason::Highest => line!["the highest level, ", name, ", is reached"],
        Reason::Short(why) if level == 0 => shortfall(why),
        Reason::Short(why) => line!["to be ", name, ": ", shortfall(why)],
        Reason::DoesNotApply { because, by_role } => line![because, " (decided by the ", by_role, ")"],
        Reason::Waived { because, was, owner, approved_by, until } => line![
            because,
            " (was ",
            status(*was),
            "; owner ",
            owner,
            ", accepted by the ",
            approved_by,
            " until ",
            *until,
            ")"
        ],
        Reason::Lowest(ids) => {
            let named = Line::joined(ids.iter().take(NAMED).map(String::as_str), ", ");
            let more = ids.len().saturating_sub(NAMED);
            let line = line!["lowest: ", named];
            if more > 0 { line.and(" and ").and(more).and(" more") } else { line }
        }
        Reason::NothingBelow => line!["there is nothing to derive it from"],
    }
}

/// Criteria that are named one by one.
const NAMED: usize = 4;

fn shortfall(why: &Shortfall) -> Line {
    match why {
        Shortfall::Silence => line!["nothing was seen or stated"],
        Shortfall::NotGiven(kinds) => {
            line!["no ", Line::joined(kinds.iter().map(|k| document(*k)), " or "), " was given"]
        }
        Shortfall::Broken(why) => line![why],
        Shortfall::NoSecurityService => line!["the CapabilityStatement codes no security service"],
        Shortfall::Lapsed(last) => line!["what was stated lapsed on ", *last],
        Shortfall::Stated { value, takes } => line!["“", value, "” was stated; it takes ", takes.join(" or ")],
        Shortfall::Stale(day) => line!["the feed was last checked on ", day, ", over a year ago"],
        Shortfall::Unseen => line!["no message could have shown it"],
        Shortfall::TooFew { seen, needed } => {
            line!["insufficient evidence: ", *seen, " seen, ", *needed, " needed for this threshold"]
        }
        Shortfall::SomeFail { failing, of } => line![
            Cell::Of(Counted { numerator: *failing, denominator: *of }),
            agrees(*failing, " does", " do"),
            " not hold; none may"
        ],
        Shortfall::Beyond { counted, threshold: at, down, whole_interval } => {
            let beyond = if *down { " is above " } else { " is short of " };
            let line = line![Cell::Of(*counted), beyond, threshold(*at)];
            if *whole_interval { line.and(", even at the far end of the interval") } else { line }
        }
        Shortfall::Undecided { counted, threshold: at } => {
            line!["insufficient evidence: the interval of ", Cell::Of(*counted), " holds ", threshold(*at)]
        }
    }
}

/// What a kind of evidence is handed over as.
const fn document(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Feed => "feed",
        EvidenceKind::Capability => "capability statement",
        EvidenceKind::Tls => "TLS scan",
        EvidenceKind::Document => "document",
        EvidenceKind::Attestation => "attestation",
    }
}

/// What would close the next step, to the level of this name.
pub(super) fn step(step: &Step, level: u8, name: &str) -> Line {
    match step {
        Step::See { more } => line!["send ", *more, " more that can show whether it is ", name],
        Step::Hold { more, of, share, sample } => {
            let line = line!["mend ", *more, " more of ", *of, " to be ", name, " (", threshold(*share)];
            line.and(if *sample { " of this sample)" } else { ")" })
        }
        Step::Show(values) => line!["show ", values.join(" or "), " to be ", name],
        Step::Send => line!["send messages that can show it"],
        Step::Mend(why) => line!["close what holds it: ", reason(why, level, name)],
    }
}
