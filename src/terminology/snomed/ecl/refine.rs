//! Parses what follows the colon: attributes, groups, cardinalities and comparisons.

use super::EclError;
use super::ast::*;
use super::parse::{Operator, Parser};
use crate::text::Span;

impl Parser<'_> {
    /// One level of attributes and groups with one operator between them.
    pub(super) fn refinement(&mut self, in_group: bool) -> Result<Refinement, EclError> {
        self.c.space();
        let mut items = vec![self.refinement_item(in_group)?];
        let mut level = None;
        loop {
            let before = self.c.pos;
            self.c.space();
            let at = self.c.pos;
            match self.operator() {
                Some(Operator::Minus) | None => {
                    self.c.pos = before;
                    break;
                }
                Some(operator) if level.is_none_or(|level| level == operator) => level = Some(operator),
                Some(_) => {
                    self.c.pos = at;
                    return self.c.fault("brackets: AND and OR cannot be mixed on one level");
                }
            }
            self.c.space();
            items.push(self.refinement_item(in_group)?);
        }
        Ok(match level {
            Some(Operator::Or) => Refinement::Or(items),
            Some(_) => Refinement::And(items),
            None => match items.pop() {
                Some(one) => one,
                None => return self.c.fault("an attribute"),
            },
        })
    }

    fn refinement_item(&mut self, in_group: bool) -> Result<Refinement, EclError> {
        let start = self.c.pos;
        if self.c.peek() == b'(' && !self.bracket_is_name() {
            self.c.pos += 1;
            self.c.descend()?;
            let inner = self.refinement(in_group)?;
            self.c.space();
            self.c.need(")", "an operator or a closing bracket")?;
            self.c.depth -= 1;
            return Ok(inner);
        }
        let cardinality = self.cardinality()?;
        self.c.space();
        if self.c.peek() == b'{' && self.c.at(self.c.pos + 1) != b'{' {
            if in_group {
                return self.c.fault("an attribute: groups do not nest");
            }
            self.c.pos += 1;
            let within = Box::new(self.refinement(true)?);
            self.c.space();
            self.c.need("}", "an operator or a closing brace")?;
            return Ok(Refinement::Group { cardinality, within });
        }
        let reverse = self.reverse();
        self.c.space();
        let name = self.operand()?;
        self.c.space();
        let comparison = self.comparison()?;
        let span = Span::new(start as u32, self.c.pos as u32);
        Ok(Refinement::Attribute(Box::new(Attribute { cardinality, reverse, name, comparison, span })))
    }

    /// Whether the bracket that is next holds an attribute name: a comparison or a filter follows it.
    fn bracket_is_name(&self) -> bool {
        let Some(after) = self.c.after_bracket() else { return false };
        let mut c = super::cursor::Cursor { text: self.c.text, pos: after, depth: 0 };
        c.space();
        matches!(c.peek(), b'=' | b'!' | b'<' | b'>')
            || c.rest().starts_with("{{")
            || c.word().eq_ignore_ascii_case("not")
    }

    fn reverse(&mut self) -> bool {
        if self.c.keyword("reverseOf") {
            return true;
        }
        let next = self.c.at(self.c.pos + 1);
        self.c.word().eq_ignore_ascii_case("r") && next != b'#' && next != b'-' && self.c.take(self.c.word())
    }

    fn cardinality(&mut self) -> Result<Option<Cardinality>, EclError> {
        if !self.c.take("[") {
            return Ok(None);
        }
        self.c.space();
        let min = self.count()?;
        self.c.space();
        if !self.c.take("..") && !self.c.keyword("to") {
            return self.c.fault("`..` between the least and the greatest number");
        }
        self.c.space();
        let max = if self.c.take("*") || self.c.keyword("many") { None } else { Some(self.count()?) };
        self.c.space();
        if max.is_some_and(|max| max < min) {
            return self.c.fault("a greatest number that is not less than the least");
        }
        self.c.need("]", "a closing square bracket")?;
        Ok(Some(Cardinality { min, max }))
    }

    fn count(&mut self) -> Result<u32, EclError> {
        let start = self.c.pos;
        let digits = self.c.digits();
        match digits.parse() {
            Ok(count) if digits.len() == 1 || !digits.starts_with('0') => Ok(count),
            _ => {
                self.c.pos = start;
                self.c.fault("a number of times")
            }
        }
    }

    /// A comparison operator.
    pub(super) fn compare(&mut self) -> Result<Compare, EclError> {
        for (symbol, compare) in [
            ("!=", Compare::NotEqual),
            ("<>", Compare::NotEqual),
            ("<=", Compare::LessOrEqual),
            (">=", Compare::GreaterOrEqual),
            ("=", Compare::Equal),
            ("<", Compare::Less),
            (">", Compare::Greater),
        ] {
            if self.c.take(symbol) {
                return Ok(compare);
            }
        }
        if self.c.keyword("not") {
            self.c.space();
            self.c.need("=", "`=` after not")?;
            return Ok(Compare::NotEqual);
        }
        self.c.fault("a comparison: =, !=, <, <=, > or >=")
    }

    /// `=` or `!=`; true for the latter.
    pub(super) fn equality(&mut self) -> Result<bool, EclError> {
        let at = self.c.pos;
        match self.compare()? {
            Compare::Equal => Ok(false),
            Compare::NotEqual => Ok(true),
            _ => {
                self.c.pos = at;
                self.c.fault("= or !=")
            }
        }
    }

    /// A comparison and its operand.
    pub(super) fn comparison(&mut self) -> Result<Comparison, EclError> {
        let at = self.c.pos;
        let compare = self.compare()?;
        self.c.space();
        if self.c.take("#") {
            return Ok(Comparison::Number(compare, self.c.number()?));
        }
        let negated = match compare {
            Compare::Equal => false,
            Compare::NotEqual => true,
            _ => {
                if self.c.peek() != b'#' {
                    return self.c.fault("a number: #5");
                }
                self.c.pos = at;
                return self.c.fault("= or !=");
            }
        };
        if self.search_is_next() {
            return Ok(Comparison::Text { negated, terms: self.search_terms()? });
        }
        for (word, value) in [("true", true), ("false", false)] {
            if self.c.keyword(word) {
                return Ok(Comparison::Bool { negated, value });
            }
        }
        Ok(Comparison::Concepts { negated, value: Box::new(self.operand()?) })
    }
}
