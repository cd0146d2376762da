//! Metric expressions: a share over the counters of a run record, parsed once.
//!
//! ```text
//! share    = "ratio(" sum "," sum ")" | "measure(" name filter* ")" | "profiles(" glob+ ")"
//!          | "within(" tally "," duration ")" | "worst-dimension()" | "capability(" requirement-set+ ")"
//! sum      = counter (("+" | "-") counter)*
//! counter  = "messages" | "messages-clean" | "payloads" | "payloads-read" | "resources" | "resources(" type+ ")"
//!          | "resources-unclaimed" | "profile-resources(" glob+ ")" | "profile-clean(" glob+ ")"
//!          | "findings(" rule+ ")" | "payloads-with(" rule ")" | "tally(" name "," bucket+ ")"
//! filter   = "," ("resource" | "profile" | "element" | "sender" | "rule") "=" word
//! ```

use std::collections::BTreeMap;

use super::vocabulary;
use crate::finding::Dimension;
use crate::record::{Part, Record, RuleFacts};
use crate::rules::capability::requirement_sets;
use crate::tally::MeasureKey;

/// The measure that holds what a CapabilityStatement declares; its profile is the name of a requirement set.
pub(super) const DECLARED: &str = "capability-declared";

/// A share of counters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Metric {
    /// One sum of another.
    Ratio(Vec<Term>, Vec<Term>),
    /// Measures of a name, filtered.
    Measure(String, Vec<(String, String)>),
    /// Resources that keep to the profiles that match.
    Profiles(Vec<String>),
    /// Share of a delay distribution up to an edge.
    Within(String, u64),
    /// The dimension of data quality with the lowest share.
    WorstDimension,
    /// Requirements that a CapabilityStatement must declare, of those sets that are for its release.
    Capability(Vec<String>),
}

/// One counter, added or taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    minus: bool,
    name: String,
    arguments: Vec<String>,
}

/// A share as counted: the first of the second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many did.
    pub numerator: u64,
    /// How many could have.
    pub denominator: u64,
}

const COUNTERS: [(&str, bool); 12] = [
    ("messages", false),
    ("messages-clean", false),
    ("payloads", false),
    ("payloads-read", false),
    ("resources", false),
    ("resources-unclaimed", false),
    ("profile-resources", true),
    ("profile-clean", true),
    ("findings", true),
    ("payloads-with", true),
    ("tally", true),
    ("0", false),
];

impl Metric {
    /// Reads an expression.
    ///
    /// # Errors
    /// What cannot be read, without a full stop.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, arguments) = call(text.trim())?;
        let arguments =
            arguments.ok_or_else(|| format!("`{name}` is not a share; write ratio(A, B) or measure(NAME)"))?;
        match (name, arguments.len()) {
            ("ratio", 2) => Ok(Self::Ratio(sum(arguments[0])?, sum(arguments[1])?)),
            ("measure", 1..) => {
                vocabulary::measure(arguments[0])?;
                let filters = arguments[1..]
                    .iter()
                    .map(|filter| {
                        let (key, value) = filter.split_once('=').ok_or("a filter is written key=value")?;
                        let key = key.trim();
                        if !["resource", "profile", "element", "sender", "rule"].contains(&key) {
                            return Err(format!("`{key}` is not a part of a measure's key"));
                        }
                        match key {
                            "resource" => vocabulary::resource(value.trim())?,
                            "rule" => vocabulary::rules(value.trim())?,
                            _ => {}
                        }
                        Ok((key.to_string(), value.trim().to_string()))
                    })
                    .collect::<Result<_, String>>()?;
                Ok(Self::Measure(arguments[0].to_string(), filters))
            }
            ("profiles", 1..) => Ok(Self::Profiles(owned(&arguments))),
            ("within", 2) => {
                vocabulary::delays(arguments[0])?;
                let edge = minutes(arguments[1]).ok_or("the second part is a duration such as PT1H")?;
                Ok(Self::Within(arguments[0].to_string(), edge))
            }
            ("worst-dimension", 0) => Ok(Self::WorstDimension),
            ("capability", 1..) => {
                let sets = requirement_sets().map_err(|e| e.to_string())?;
                if let Some(other) = arguments.iter().find(|a| !sets.iter().any(|s| s.name == **a)) {
                    let names: Vec<&str> = sets.iter().map(|s| s.name.as_str()).collect();
                    return Err(format!("there is no requirement set `{other}`; these ship: {}", names.join(", ")));
                }
                Ok(Self::Capability(owned(&arguments)))
            }
            ("ratio" | "within" | "measure" | "profiles" | "worst-dimension" | "capability", n) => {
                Err(format!("`{name}` does not take {n} parts"))
            }
            (other, _) => Err(format!("`{other}` is not a share; write ratio(A, B) or measure(NAME)")),
        }
    }

    /// Name of the measure that it pools.
    pub fn measure(&self) -> Option<&str> {
        if let Self::Measure(name, _) = self { Some(name) } else { None }
    }

    /// Whether it counts resources of one of these types, or measures filtered by one.
    pub fn names_type(&self, types: &[&str]) -> bool {
        let is = |word: &String| types.contains(&word.as_str());
        match self {
            Self::Ratio(up, down) => up.iter().chain(down).any(|term| term.arguments.iter().any(is)),
            Self::Measure(_, filters) => filters.iter().any(|(_, value)| is(value)),
            Self::Profiles(_) | Self::Within(..) | Self::WorstDimension | Self::Capability(_) => false,
        }
    }

    /// Name of the delays that it counts up to an edge.
    pub fn delays(&self) -> Option<&str> {
        if let Self::Within(name, _) = self { Some(name) } else { None }
    }

    /// Whether it counts all there is, such as the requirements of a set, instead of messages that stand for others.
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Capability(_))
    }

    /// Requirement sets that it counts.
    pub fn requirement_sets(&self) -> impl Iterator<Item = &str> {
        let sets = if let Self::Capability(sets) = self { sets.as_slice() } else { &[] };
        sets.iter().map(String::as_str)
    }

    /// The share over a part of a record. Nothing where nothing could have been seen.
    pub fn of(&self, part: &Part, record: &Record) -> Option<Counted> {
        let counted = match self {
            Self::Ratio(up, down) => {
                // A rule that did not run, or that is in shadow, has not shown that nothing is wrong.
                if !up.iter().chain(down).all(|term| term.is_seen(record)) {
                    return None;
                }
                Counted { numerator: total(up, part, record)?, denominator: total(down, part, record)? }
            }
            Self::Measure(name, filters) => {
                let mut counted = Counted { numerator: 0, denominator: 0 };
                for ((n, key), share) in &part.measures {
                    if n == name && filters.iter().all(|(k, v)| part_of(key, k) == v) {
                        counted.numerator += share.numerator;
                        counted.denominator += share.denominator;
                    }
                }
                counted
            }
            Self::Profiles(globs) => {
                let (denominator, numerator) = profiles(part, globs);
                Counted { numerator, denominator }
            }
            Self::Within(tally, edge) => {
                let mut counted = Counted { numerator: 0, denominator: 0 };
                for ((name, _, bucket), count) in &part.tallies {
                    if name == tally {
                        counted.denominator += count;
                        if minutes(bucket).is_some_and(|upper| upper <= *edge) {
                            counted.numerator += count;
                        }
                    }
                }
                counted
            }
            Self::WorstDimension => worst(part)?.1,
            Self::Capability(sets) => {
                let mut counted = Counted { numerator: 0, denominator: 0 };
                for ((name, key), share) in &part.measures {
                    if name == DECLARED && sets.contains(&key.profile) {
                        counted.numerator += share.numerator;
                        counted.denominator += share.denominator;
                    }
                }
                counted
            }
        };
        // More than there could be is a fault of counting, never a share.
        debug_assert!(counted.numerator <= counted.denominator, "{self:?}: {counted:?}");
        (counted.denominator > 0 && counted.numerator <= counted.denominator).then_some(counted)
    }
}

/// Shares by dimension, pooled over all measures of it; only those with a denominator.
pub fn dimensions(part: &Part) -> BTreeMap<Dimension, Counted> {
    let mut shares: BTreeMap<Dimension, Counted> = BTreeMap::new();
    for (_, share) in part.measures.iter().filter(|((name, _), _)| crate::tally::counts(name)) {
        let counted = shares.entry(share.dimension).or_insert(Counted { numerator: 0, denominator: 0 });
        counted.numerator += share.numerator;
        counted.denominator += share.denominator;
    }
    shares.retain(|_, c| c.denominator > 0);
    shares
}

fn worst(part: &Part) -> Option<(Dimension, Counted)> {
    // Compared as fractions, so that no rounding decides.
    dimensions(part).into_iter().min_by(|(_, a), (_, b)| {
        let left = u128::from(a.numerator) * u128::from(b.denominator);
        let right = u128::from(b.numerator) * u128::from(a.denominator);
        left.cmp(&right)
    })
}

fn part_of<'k>(key: &'k MeasureKey, name: &str) -> &'k str {
    match name {
        "resource" => &key.resource,
        "profile" => &key.profile,
        "element" => &key.element,
        "sender" => &key.sender,
        _ => &key.rule,
    }
}

/// `name` or `name(a, b)`, split at commas outside brackets.
fn call(text: &str) -> Result<(&str, Option<Vec<&str>>), String> {
    let Some(open) = text.find('(') else { return Ok((text, None)) };
    let inner = text[open + 1..].strip_suffix(')').ok_or_else(|| format!("`{text}` does not end with `)`"))?;
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    for (i, c) in inner.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1).ok_or_else(|| format!("`{text}` has a `)` too many"))?,
            ',' if depth == 0 => {
                parts.push(inner[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err(format!("`{text}` has a `(` too many"));
    }
    if !inner.trim().is_empty() {
        parts.push(inner[start..].trim());
    }
    if parts.iter().any(|p| p.is_empty()) {
        return Err(format!("`{text}` has an empty part"));
    }
    Ok((text[..open].trim(), Some(parts)))
}

fn owned(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|p| (*p).to_string()).collect()
}

fn sum(text: &str) -> Result<Vec<Term>, String> {
    let mut terms = Vec::new();
    let (mut depth, mut start, mut minus) = (0usize, 0, false);
    let mut pieces = Vec::new();
    let bytes = text.as_bytes();
    for (i, b) in bytes.iter().enumerate() {
        match b {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            // A minus inside a name has no spaces around it.
            b'+' | b'-' if depth == 0 && i > 0 && bytes[i - 1] == b' ' && bytes.get(i + 1) == Some(&b' ') => {
                pieces.push((minus, text[start..i].trim()));
                minus = *b == b'-';
                start = i + 1;
            }
            _ => {}
        }
    }
    pieces.push((minus, text[start..].trim()));
    for (minus, piece) in pieces {
        let (name, arguments) = call(piece)?;
        let known = COUNTERS.iter().find(|(n, _)| *n == name);
        let takes = known.map(|(_, takes)| *takes || name == "resources");
        match (takes, &arguments, known) {
            (None, _, _) => {
                let near = crate::schema::nearest(name, COUNTERS.iter().map(|(n, _)| *n));
                return Err(match near {
                    Some(near) => format!("there is no counter `{name}`; did you mean `{near}`?"),
                    None => format!("there is no counter `{name}`"),
                });
            }
            (Some(false), Some(_), _) => return Err(format!("`{name}` takes no brackets")),
            (_, None, Some((_, true))) => return Err(format!("`{name}` says of what in brackets")),
            _ => {}
        }
        for (i, word) in arguments.iter().flatten().enumerate() {
            match (name, i) {
                ("findings" | "payloads-with", _) => vocabulary::rules(word)?,
                ("resources", _) => vocabulary::resource(word)?,
                ("tally", 0) => vocabulary::distribution(word).map(|_| ())?,
                ("tally", _) => {
                    let of = arguments.as_ref().and_then(|all| all.first()).copied().unwrap_or_default();
                    vocabulary::bucket(vocabulary::distribution(of)?, word)?;
                }
                _ => {}
            }
        }
        terms.push(Term { minus, name: name.to_string(), arguments: owned(&arguments.unwrap_or_default()) });
    }
    Ok(terms)
}

/// The sum; nothing when more is taken away than there is.
fn total(terms: &[Term], part: &Part, record: &Record) -> Option<u64> {
    let (mut plus, mut minus) = (0u64, 0u64);
    for term in terms {
        let value = term.of(part, record);
        if term.minus { minus += value } else { plus += value }
    }
    plus.checked_sub(minus)
}

impl Term {
    fn of(&self, part: &Part, record: &Record) -> u64 {
        let counts = &part.counts;
        match self.name.as_str() {
            "messages" => counts.read,
            "messages-clean" => counts.clean,
            "payloads" => counts.given,
            "payloads-read" => counts.read,
            "resources" if self.arguments.is_empty() => counts.resources_total(),
            "resources" => self.arguments.iter().filter_map(|ty| counts.resources.get(ty)).sum(),
            "resources-unclaimed" => counts.unclaimed,
            "profile-resources" => profiles(part, &self.arguments).0,
            "profile-clean" => profiles(part, &self.arguments).1,
            "findings" => self.rules(record).filter_map(|id| part.by_rule.get(id)).map(|c| c.findings).sum(),
            "payloads-with" => self.rules(record).filter_map(|id| part.by_rule.get(id)).map(|c| c.payloads).sum(),
            "tally" => part
                .tallies
                .iter()
                .filter(|((name, _, bucket), _)| {
                    self.arguments.first() == Some(name)
                        && (self.arguments.len() == 1 || self.arguments[1..].contains(bucket))
                })
                .map(|(_, count)| count)
                .sum(),
            _ => 0,
        }
    }

    /// Ids of the rules that the arguments name (ids, names or families) and that count.
    fn rules<'r>(&'r self, record: &'r Record) -> impl Iterator<Item = &'r String> {
        let of = move |(id, facts): &(&String, &RuleFacts)| self.arguments.iter().any(|word| counts(id, facts, word));
        record.rules.iter().filter(of).map(|(id, _)| id)
    }

    /// Whether each word that names rules names one that ran and counts.
    fn is_seen(&self, record: &Record) -> bool {
        let about_rules = matches!(self.name.as_str(), "findings" | "payloads-with");
        let seen = |word: &String| record.rules.iter().any(|(id, facts)| counts(id, facts, word));
        !about_rules || self.arguments.iter().all(seen)
    }
}

/// Whether a word names a rule that is not in shadow.
fn counts(id: &str, facts: &RuleFacts, word: &str) -> bool {
    !facts.shadow && (id == word || facts.name == word || facts.family == word)
}

/// Resources checked against, and clean of errors of, the profiles that match.
fn profiles(part: &Part, globs: &[String]) -> (u64, u64) {
    let mut sums = (0, 0);
    for (canonical, (resources, clean)) in &part.profiles {
        let canonical = canonical.split('|').next().unwrap_or_default();
        if globs.iter().any(|glob| matches(glob, canonical)) {
            sums.0 += resources;
            sums.1 += clean;
        }
    }
    sums
}

/// A canonical, or the beginning of one with a star at the end.
fn matches(glob: &str, canonical: &str) -> bool {
    match glob.strip_suffix('*') {
        Some(start) => canonical.starts_with(start),
        None => glob == canonical,
    }
}

/// Minutes of an ISO 8601 duration of days, hours and minutes.
fn minutes(text: &str) -> Option<u64> {
    let rest = text.strip_prefix('P')?;
    let (mut total, mut digits, mut any) = (0u64, String::new(), false);
    for c in rest.chars() {
        match c {
            '0'..='9' => digits.push(c),
            'T' => {}
            'D' | 'H' | 'M' => {
                let n: u64 = std::mem::take(&mut digits).parse().ok()?;
                total += n.checked_mul(match c {
                    'D' => 1440,
                    'H' => 60,
                    _ => 1,
                })?;
                any = true;
            }
            _ => return None,
        }
    }
    (any && digits.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Header, RuleCounts};

    #[test]
    fn faults_are_named() {
        for (text, says) in [
            ("messages", "is not a share"),
            ("ratio(messages)", "does not take 1 parts"),
            ("ratio(mesages, payloads)", "did you mean `messages`?"),
            ("ratio(messages(Patient), payloads)", "takes no brackets"),
            ("ratio(findings, payloads)", "says of what"),
            ("measure(linkable, b)", "key=value"),
            ("measure(linkable, colour=red)", "not a part"),
            ("measure(populted-mandatory)", "did you mean `populated-mandatory`?"),
            ("ratio(payloads-with(HM9999), payloads)", "there is no rule"),
            ("ratio(tally(verification-staus, 01), messages)", "did you mean `verification-status`?"),
            ("ratio(tally(verification-status, 1), messages)", "there is no bar"),
            ("within(event-to-mesage, PT24H)", "did you mean `event-to-message`?"),
            ("ratio(findings(nhs-numbr), messages)", "did you mean `nhs-number`?"),
            ("measure(linkable, resource=Pateint)", "did you mean `Patient`?"),
            ("within(event-to-message, soon)", "duration"),
            ("ratio(a, (b)", "too many"),
            ("measure(a,)", "empty part"),
            ("capability(careconect)", "these ship: careconnect-api"),
        ] {
            let error = Metric::parse(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn rules_that_did_not_run_or_do_not_count_show_nothing() {
        let facts = |shadow| RuleFacts {
            name: "payload-not-well-formed".into(),
            family: "fhir".into(),
            shadow,
            ..RuleFacts::default()
        };
        let mut part = Part::default();
        part.counts.given = 10;
        part.by_rule.insert("HM0001".into(), RuleCounts { findings: 5, payloads: 4, ..RuleCounts::default() });
        let mut record = Record { header: Header::default(), rules: BTreeMap::new(), parts: BTreeMap::new() };
        for (shadow, wanted) in [(None, None), (Some(true), None), (Some(false), Some(6))] {
            record.rules = shadow.map(|s| ("HM0001".to_owned(), facts(s))).into_iter().collect();
            for word in ["HM0001", "payload-not-well-formed", "fhir"] {
                let metric = Metric::parse(&format!("ratio(payloads - payloads-with({word}), payloads)")).unwrap();
                assert_eq!(metric.of(&part, &record).map(|c| c.numerator), wanted, "{word} {shadow:?}");
            }
        }
    }

    #[test]
    fn durations_are_minutes() {
        for (text, expected) in
            [("PT15M", Some(15)), ("PT4H", Some(240)), ("P1DT1M", Some(1441)), ("P", None), ("1H", None), ("PT5", None)]
        {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }

    #[test]
    fn sums_keep_hyphens_in_names() {
        let Metric::Ratio(up, _) =
            Metric::parse("ratio(messages - messages-clean, payloads-read + resources(Patient, Bundle))").unwrap()
        else {
            panic!("not a ratio")
        };
        assert_eq!(
            up.iter().map(|t| (t.minus, t.name.as_str())).collect::<Vec<_>>(),
            [(false, "messages"), (true, "messages-clean")]
        );
    }
}
