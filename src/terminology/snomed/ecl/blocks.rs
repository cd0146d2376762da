//! Parses `{{ ... }}`: description, concept and member filters, and history supplements.

use super::EclError;
use super::ast::*;
use super::parse::Parser;

/// What a block filters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Descriptions,
    Concepts,
    Members,
}

/// Names of the filters of each kind of block.
const CONCEPT_FILTERS: &[&str] = &["definitionStatus", "definitionStatusId", "moduleId", "effectiveTime", "active"];
const DESCRIPTION_FILTERS: &[&str] =
    &["term", "language", "type", "typeId", "dialect", "dialectId", "moduleId", "effectiveTime", "active", "id"];

impl Parser<'_> {
    /// `{{ M ... }}`, when one is next.
    pub(super) fn member_block(&mut self) -> Result<Option<Vec<Filter>>, EclError> {
        let at = self.c.pos;
        if self.c.take("{{") {
            self.c.space();
            if self.subject("m", |rest| !rest.is_empty() && !rest.eq_ignore_ascii_case("oduleId")) {
                return self.filters(Subject::Members).map(Some);
            }
        }
        self.c.pos = at;
        Ok(None)
    }

    /// Takes the letter that says what a block filters. White space after it may be left out, where what follows is a
    /// filter by itself.
    fn subject(&mut self, letter: &str, is_filter: impl Fn(&str) -> bool) -> bool {
        let word = self.c.word();
        let Some(rest) = word.get(1..).filter(|_| word[..1].eq_ignore_ascii_case(letter)) else { return false };
        let there = rest.is_empty() || is_filter(rest);
        if there {
            self.c.pos += 1;
        }
        there
    }

    /// A block after an operand. The second value is true when nothing may follow it (a history supplement).
    pub(super) fn block(&mut self, focus: Expr) -> Result<(Node, bool), EclError> {
        self.c.need("{{", "two opening braces")?;
        self.c.space();
        if self.c.take("+") {
            return Ok((Node::History(Box::new(focus), self.history()?), true));
        }
        let among =
            |names: &'static [&'static str]| move |rest: &str| names.iter().any(|n| n.eq_ignore_ascii_case(rest));
        let block = if self.subject("m", |rest| !rest.eq_ignore_ascii_case("oduleId")) {
            // Member filters come first.
            if matches!(focus.node, Node::Filtered(_, FilterBlock::Concepts(_) | FilterBlock::Descriptions(_))) {
                return self.c.fault("a description or concept filter: member filters stand before them");
            }
            FilterBlock::Members(self.filters(Subject::Members)?)
        } else if self.subject("c", among(CONCEPT_FILTERS)) {
            FilterBlock::Concepts(self.filters(Subject::Concepts)?)
        } else {
            self.subject("d", among(DESCRIPTION_FILTERS));
            FilterBlock::Descriptions(self.filters(Subject::Descriptions)?)
        };
        Ok((Node::Filtered(Box::new(focus), block), false))
    }

    fn history(&mut self) -> Result<History, EclError> {
        self.c.space();
        if !self.c.keyword("history") {
            return self.c.fault("HISTORY");
        }
        let history = if matches!(self.c.peek(), b'-' | b'_') {
            self.c.pos += 1;
            if self.c.keyword("min") {
                History::Min
            } else if self.c.keyword("mod") {
                History::Mod
            } else if self.c.keyword("max") {
                History::Max
            } else {
                return self.c.fault("MIN, MOD or MAX");
            }
        } else {
            self.c.space();
            if self.c.take("(") {
                self.c.descend()?;
                let refsets = self.expression()?;
                self.c.space();
                self.c.need(")", "an operator or a closing bracket")?;
                self.c.depth -= 1;
                History::Of(Box::new(refsets))
            } else {
                History::Default
            }
        };
        self.c.space();
        self.c.need("}}", "two closing braces")?;
        Ok(history)
    }

    fn filters(&mut self, subject: Subject) -> Result<Vec<Filter>, EclError> {
        let mut list = Vec::new();
        loop {
            self.c.space();
            list.push(self.filter(subject)?);
            self.c.space();
            if !self.c.take(",") && !self.c.keyword("and") {
                break;
            }
        }
        self.c.need("}}", "a comma or two closing braces")?;
        Ok(list)
    }

    fn filter(&mut self, subject: Subject) -> Result<Filter, EclError> {
        let at = self.c.pos;
        let word = self.c.word();
        self.c.pos += word.len();
        self.c.space();
        let key = word.to_ascii_lowercase();
        match key.as_str() {
            "moduleid" => {
                let negated = self.equality()?;
                return Ok(Filter::Module { negated, value: Box::new(self.concepts()?) });
            }
            "effectivetime" => {
                let compare = self.compare()?;
                return Ok(Filter::EffectiveTime { compare, dates: self.set(Self::date)? });
            }
            "active" => {
                let negated = self.equality()?;
                return Ok(Filter::Active { negated, value: self.truth()? });
            }
            _ => {}
        }
        match (subject, key.as_str()) {
            (Subject::Descriptions, "term") => {
                let negated = self.equality()?;
                self.c.space();
                Ok(Filter::Term { negated, terms: self.search_terms()? })
            }
            (Subject::Descriptions, "language") => {
                let negated = self.equality()?;
                Ok(Filter::Language { negated, codes: self.set(Self::language)? })
            }
            (Subject::Descriptions, "type") => {
                let negated = self.equality()?;
                Ok(Filter::Type { negated, types: self.set(Self::description_type)? })
            }
            (Subject::Descriptions, "typeid") => {
                let negated = self.equality()?;
                Ok(Filter::TypeId { negated, value: Box::new(self.concepts()?) })
            }
            (Subject::Descriptions, "dialect") => self.dialects(false),
            (Subject::Descriptions, "dialectid") => self.dialects(true),
            (Subject::Descriptions, "id") => {
                let negated = self.equality()?;
                Ok(Filter::Id { negated, ids: self.set(|parser| parser.c.identifier())? })
            }
            (Subject::Concepts, "definitionstatus") => {
                let negated = self.equality()?;
                Ok(Filter::DefinitionStatus { negated, values: self.set(Self::definition_status)? })
            }
            (Subject::Concepts, "definitionstatusid") => {
                let negated = self.equality()?;
                Ok(Filter::DefinitionStatusId { negated, value: Box::new(self.concepts()?) })
            }
            (Subject::Members, name) if !name.is_empty() => {
                let comparison_at = self.c.pos;
                let compare = self.compare()?;
                self.c.space();
                let comparison = if self.concept_set_is_next() {
                    let negated = match compare {
                        Compare::Equal => false,
                        Compare::NotEqual => true,
                        _ => return self.c.fault("a number: #5"),
                    };
                    Comparison::Concepts { negated, value: Box::new(self.concepts()?) }
                } else {
                    self.c.pos = comparison_at;
                    self.comparison()?
                };
                Ok(Filter::Field { name: word.into(), comparison })
            }
            _ => {
                self.c.pos = at;
                self.c.fault(match subject {
                    Subject::Descriptions => {
                        "a description filter: term, language, type, typeId, dialect, dialectId, moduleId, \
                         effectiveTime, active or id"
                    }
                    Subject::Concepts => {
                        "a concept filter: definitionStatus, definitionStatusId, moduleId, effectiveTime or active"
                    }
                    Subject::Members => "the name of a refset column",
                })
            }
        }
    }

    /// One item, or several in brackets with white space between.
    fn set<T>(&mut self, item: impl Fn(&mut Self) -> Result<T, EclError>) -> Result<Vec<T>, EclError> {
        self.c.space();
        if !self.c.take("(") {
            return Ok(vec![item(self)?]);
        }
        let mut items = Vec::new();
        loop {
            let apart = self.c.is_space();
            self.c.space();
            if !items.is_empty() && self.c.take(")") {
                return Ok(items);
            }
            if !items.is_empty() && !apart {
                return self.c.fault("white space or a closing bracket");
            }
            items.push(item(self)?);
        }
    }

    fn date(&mut self) -> Result<u32, EclError> {
        let start = self.c.pos;
        let text = self.c.string()?;
        if text.trim().is_empty() {
            return Ok(0);
        }
        match text.trim().parse::<u32>() {
            Ok(date)
                if text.trim().len() == 8 && matches!(date / 100 % 100, 1..=12) && matches!(date % 100, 1..=31) =>
            {
                Ok(date)
            }
            _ => {
                self.c.pos = start;
                self.c.fault("a date: \"YYYYMMDD\"")
            }
        }
    }

    fn truth(&mut self) -> Result<bool, EclError> {
        self.c.space();
        if self.c.take("1") || self.c.keyword("true") {
            Ok(true)
        } else if self.c.take("0") || self.c.keyword("false") {
            Ok(false)
        } else {
            self.c.fault("1, 0, true or false")
        }
    }

    fn language(&mut self) -> Result<Box<str>, EclError> {
        let word = self.c.word();
        if word.len() != 2 {
            return self.c.fault("a language code of two letters");
        }
        self.c.pos += 2;
        Ok(word.to_ascii_lowercase().into())
    }

    fn description_type(&mut self) -> Result<DescriptionType, EclError> {
        if self.c.keyword("syn") || self.c.keyword("synonym") {
            Ok(DescriptionType::Synonym)
        } else if self.c.keyword("fsn") || self.c.keyword("fullySpecifiedName") {
            Ok(DescriptionType::FullySpecifiedName)
        } else if self.c.keyword("def") || self.c.keyword("definition") {
            Ok(DescriptionType::Definition)
        } else {
            self.c.fault("syn, fsn or def")
        }
    }

    fn definition_status(&mut self) -> Result<DefinitionStatus, EclError> {
        if self.c.keyword("primitive") {
            Ok(DefinitionStatus::Primitive)
        } else if self.c.keyword("defined") {
            Ok(DefinitionStatus::Defined)
        } else {
            self.c.fault("primitive or defined")
        }
    }

    fn dialects(&mut self, by_id: bool) -> Result<Filter, EclError> {
        let negated = self.equality()?;
        self.c.space();
        let at = self.c.pos;
        let item = |parser: &mut Self| -> Result<Dialect, EclError> {
            let which = if by_id {
                DialectName::Id(parser.concept()?)
            } else {
                let rest = parser.c.rest();
                let alias = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
                let end = rest.bytes().position(|b| !alias(b)).unwrap_or(rest.len());
                if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    return parser.c.fault("a dialect alias, such as en-gb");
                }
                parser.c.pos += end;
                DialectName::Alias(rest[..end].to_ascii_lowercase().into())
            };
            Ok(Dialect { which, acceptability: Vec::new() })
        };
        let mut dialects = Vec::new();
        if self.c.take("(") {
            let set = loop {
                let apart = self.c.is_space();
                self.c.space();
                if !dialects.is_empty() && self.c.take(")") {
                    break true;
                }
                if !dialects.is_empty() && !apart {
                    return self.c.fault("white space or a closing bracket");
                }
                match item(self) {
                    Ok(mut dialect) => {
                        dialect.acceptability = self.acceptability()?;
                        dialects.push(dialect);
                    }
                    Err(fault) if !by_id => return Err(fault),
                    Err(_) => break false,
                }
            };
            if !set {
                self.c.pos = at;
                dialects = vec![Dialect { which: DialectName::Id(self.operand()?), acceptability: Vec::new() }];
            }
        } else if by_id {
            dialects.push(Dialect { which: DialectName::Id(self.operand()?), acceptability: Vec::new() });
        } else {
            dialects.push(item(self)?);
        }
        let acceptability = self.acceptability()?;
        Ok(Filter::Dialect { negated, dialects, acceptability })
    }

    /// `(prefer accept)`, when it is next.
    fn acceptability(&mut self) -> Result<Vec<Acceptability>, EclError> {
        let before = self.c.pos;
        self.c.space();
        if self.c.peek() != b'(' {
            self.c.pos = before;
            return Ok(Vec::new());
        }
        self.set(|parser| {
            if parser.c.keyword("accept") || parser.c.keyword("acceptable") {
                Ok(Acceptability::Acceptable)
            } else if parser.c.keyword("prefer") || parser.c.keyword("preferred") {
                Ok(Acceptability::Preferred)
            } else if parser.c.peek().is_ascii_digit() {
                let id = parser.c.identifier()?;
                parser.operand_term()?;
                Ok(Acceptability::Id(id))
            } else {
                parser.c.fault("prefer or accept")
            }
        })
    }

    /// Whether `(id id ...)` is next: identifiers with only white space between.
    fn concept_set_is_next(&mut self) -> bool {
        let at = self.c.pos;
        let mut found = false;
        if self.c.take("(") {
            self.c.space();
            if self.c.peek().is_ascii_digit() && self.concept().is_ok() {
                self.c.space();
                found = self.c.peek().is_ascii_digit();
            }
        }
        self.c.pos = at;
        found
    }

    /// An expression, or a set of concepts, which means any of them.
    fn concepts(&mut self) -> Result<Expr, EclError> {
        self.c.space();
        if !self.concept_set_is_next() {
            return self.operand();
        }
        let start = self.c.pos;
        let items = self.set(Self::concept)?;
        Ok(Expr { node: Node::Or(items), span: self.c.span(start) })
    }

    /// Whether a search term or a set of them is next.
    pub(super) fn search_is_next(&mut self) -> bool {
        let at = self.c.pos;
        if self.c.take("(") {
            self.c.space();
        }
        let typed = self.search_kind().is_some();
        // `"scheme#code"` is an alternate identifier only where a concept is asked for; here it is text.
        let found = typed || self.c.peek() == b'"';
        self.c.pos = at;
        found
    }

    fn search_kind(&mut self) -> Option<Search> {
        for (word, how) in [("match", Search::Match), ("wild", Search::Wild), ("exact", Search::Exact)] {
            let at = self.c.pos;
            if self.c.keyword(word) {
                self.c.space();
                if self.c.take(":") {
                    self.c.space();
                    return Some(how);
                }
                self.c.pos = at;
            }
        }
        None
    }

    /// Search terms: one, or several in brackets.
    pub(super) fn search_terms(&mut self) -> Result<Vec<SearchTerm>, EclError> {
        self.set(|parser| {
            let how = parser.search_kind();
            Ok(SearchTerm { how, text: parser.c.string()? })
        })
    }
}
