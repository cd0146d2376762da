//! Which rules run, and how much each weighs.

use std::collections::BTreeMap;

use crate::finding::{Environment, Family, Meta, Severity};

/// What `--rules` says: families, ids or names; a leading `-` drops; later words win.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSelection {
    words: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    drop: bool,
    family: Option<Family>,
}

impl RuleSelection {
    /// Reads comma lists. Ids may be written in any case.
    pub fn parse<'t>(lists: impl IntoIterator<Item = &'t str>) -> Self {
        let words = lists
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(|word| {
                let (drop, text) = match word.strip_prefix('-') {
                    Some(rest) => (true, rest.trim()),
                    None => (false, word),
                };
                let text = text.to_lowercase();
                Word { drop, family: Family::parse(&text), text }
            })
            .collect();
        Self { words }
    }

    /// Whether a rule runs. Without a word that picks, all run but what is dropped. Set-up rules run unless dropped.
    pub fn selects(&self, meta: &Meta) -> bool {
        self.last_word(meta, meta.family == Family::Setup || self.words.iter().all(|w| w.drop))
    }

    /// Whether the words pick a rule: nothing is picked without a word.
    pub fn picks(&self, meta: &Meta) -> bool {
        self.last_word(meta, false)
    }

    fn last_word(&self, meta: &Meta, unsaid: bool) -> bool {
        let mut on = unsaid;
        for word in &self.words {
            let hit = match word.family {
                Some(family) => family == meta.family,
                None => is_called(meta, &word.text),
            };
            if hit {
                on = !word.drop;
            }
        }
        on
    }

    /// Rules of `known` that a word picks by id or name.
    pub(super) fn rules<'s>(&'s self, known: &'s [&'static Meta]) -> impl Iterator<Item = &'static Meta> + 's {
        known.iter().copied().filter(|meta| self.words.iter().any(|w| !w.drop && is_called(meta, &w.text)))
    }

    /// Words that name nothing in `known`.
    pub fn unknown<'s>(&'s self, known: &'s [&'static Meta]) -> impl Iterator<Item = &'s str> + 's {
        self.words
            .iter()
            .filter(|w| w.family.is_none() && !known.iter().any(|meta| is_called(meta, &w.text)))
            .map(|w| w.text.as_str())
    }
}

/// Whether `text` is the id (any case) or the name of a rule.
pub(super) fn is_called(meta: &Meta, text: &str) -> bool {
    meta.id.eq_ignore_ascii_case(text) || meta.name == text
}

/// Whether a rule may stand in shadow: what could not be read, and what is wrong with the settings, always counts.
pub(super) fn may_be_shadow(meta: &Meta) -> bool {
    meta.severity != Severity::Fatal && meta.family != Family::Setup
}

/// Severities by rule, over the defaults, and which rules weigh nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Severities {
    /// By id or name; `None` is off.
    by_rule: BTreeMap<String, Option<Severity>>,
    environment: Environment,
    shadow: RuleSelection,
}

impl Severities {
    /// From the words of the settings: a severity or `off`.
    pub fn new(words: &BTreeMap<String, String>, environment: Environment) -> Self {
        let by_rule = words.iter().map(|(rule, word)| (rule.to_lowercase(), Severity::parse(word))).collect();
        Self { by_rule, environment, shadow: RuleSelection::default() }
    }

    /// The same with rules in shadow: they find and are shown, and what they find counts for nothing.
    pub fn with_shadow(self, shadow: RuleSelection) -> Self {
        Self { shadow, ..self }
    }

    /// Whether a rule is in shadow. The one place that decides it.
    pub fn in_shadow(&self, meta: &Meta) -> bool {
        may_be_shadow(meta) && self.shadow.picks(meta)
    }

    /// Severity of a rule in this run, or nothing when it is switched off.
    pub fn of(&self, meta: &Meta) -> Option<Severity> {
        let set = self.by_rule.get(meta.name).or_else(|| self.by_rule.get(&meta.id.to_lowercase()));
        set.copied().unwrap_or_else(|| Some(self.default(meta)))
    }

    /// Severity of one finding whose check may have chosen another than the rule's default: what the settings say
    /// beats both.
    pub fn apply(&self, meta: &Meta, drafted: Severity) -> Option<Severity> {
        let set = self.by_rule.get(meta.name).or_else(|| self.by_rule.get(&meta.id.to_lowercase()));
        match set {
            Some(severity) => *severity,
            None if drafted == meta.severity => Some(self.default(meta)),
            None => Some(drafted),
        }
    }

    fn default(&self, meta: &Meta) -> Severity {
        match self.environment {
            Environment::Production => meta.production.unwrap_or(meta.severity),
            Environment::Test => meta.severity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static FHIR: Meta = Meta { id: "HM0101", name: "minimum", ..Meta::NEW };
    static DIGIT: Meta = Meta {
        id: "HM0421",
        name: "nhs-number-check-digit",
        family: Family::NhsNumber,
        production: Some(Severity::Fatal),
        ..Meta::NEW
    };
    static WAIVER: Meta = Meta { id: "HM0900", name: "waiver-expired", family: Family::Setup, ..Meta::NEW };

    #[test]
    fn words_pick_and_drop() {
        for (words, fhir, digit, waiver) in [
            ("", true, true, true),
            ("fhir", true, false, true),
            ("fhir,nhs-number,-hm0421", true, false, true),
            ("-fhir", false, true, true),
            ("HM0421", false, true, true),
            ("nhs-number-check-digit , -setup", false, true, false),
            ("-fhir,minimum", true, false, true),
        ] {
            let selection = RuleSelection::parse([words]);
            let picked = (selection.selects(&FHIR), selection.selects(&DIGIT), selection.selects(&WAIVER));
            assert_eq!(picked, (fhir, digit, waiver), "{words}");
        }
        let known: &[&'static Meta] = &[&FHIR, &DIGIT];
        let selection = RuleSelection::parse(["fhir,minimun"]);
        assert_eq!(selection.unknown(known).collect::<Vec<_>>(), ["minimun"]);
    }

    #[test]
    fn shadow_needs_a_word_and_spares_what_must_count() {
        static SYNTAX: Meta = Meta { id: "HM0001", name: "syntax", severity: Severity::Fatal, ..Meta::NEW };
        for (words, fhir, digit) in [
            ("", false, false),
            ("hm0101", true, false),
            ("nhs-number", false, true),
            ("fhir,nhs-number-check-digit,-minimum", false, true),
            ("-fhir", false, false),
            ("fhir,setup", true, false),
        ] {
            let shadow = RuleSelection::parse([words]);
            let severities = Severities::new(&BTreeMap::new(), Environment::Test).with_shadow(shadow);
            assert_eq!((severities.in_shadow(&FHIR), severities.in_shadow(&DIGIT)), (fhir, digit), "{words}");
            assert!(!severities.in_shadow(&SYNTAX) && !severities.in_shadow(&WAIVER), "{words}");
        }
    }

    #[test]
    fn severities_follow_settings_then_environment() {
        let words = BTreeMap::from([("hm0101".to_string(), "off".to_string())]);
        let test = Severities::new(&words, Environment::Test);
        assert_eq!((test.of(&FHIR), test.of(&DIGIT)), (None, Some(Severity::Error)));
        let live = Severities::new(&BTreeMap::new(), Environment::Production);
        assert_eq!(live.of(&DIGIT), Some(Severity::Fatal));
        assert_eq!(live.apply(&DIGIT, Severity::Warning), Some(Severity::Warning));
        assert_eq!(test.apply(&FHIR, Severity::Warning), None);
    }
}
