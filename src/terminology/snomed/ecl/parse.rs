//! Text to expression: recursive descent over the ECL 2.2 grammar, with a lenient mode for published faults.

use super::ast::*;
use super::cursor::Cursor;
use super::repair::{Repair, RepairKind};
use super::{Ecl, EclError};
use crate::text::Span;

/// The state of one parse.
pub(super) struct Parser<'t> {
    pub(super) c: Cursor<'t>,
    /// Whether faults known from published value sets are repaired.
    pub(super) lenient: bool,
    pub(super) repairs: Vec<Repair>,
    /// An operator that was read unescaped just now.
    pub(super) escaped: Option<Hierarchy>,
}

/// Binary operators.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Minus,
}

/// Words for the hierarchy operators, longest symbol first.
const SYMBOLS: [(&str, Hierarchy); 10] = [
    ("<<!", Hierarchy::ChildrenOrSelf),
    (">>!", Hierarchy::ParentsOrSelf),
    ("!!>", Hierarchy::Top),
    ("!!<", Hierarchy::Bottom),
    ("<<", Hierarchy::DescendantsOrSelf),
    (">>", Hierarchy::AncestorsOrSelf),
    ("<!", Hierarchy::Children),
    (">!", Hierarchy::Parents),
    ("<", Hierarchy::Descendants),
    (">", Hierarchy::Ancestors),
];

const WORDS: [(&str, Hierarchy); 10] = [
    ("descendantOrSelfOf", Hierarchy::DescendantsOrSelf),
    ("descendantOf", Hierarchy::Descendants),
    ("childOrSelfOf", Hierarchy::ChildrenOrSelf),
    ("childOf", Hierarchy::Children),
    ("ancestorOrSelfOf", Hierarchy::AncestorsOrSelf),
    ("ancestorOf", Hierarchy::Ancestors),
    ("parentOrSelfOf", Hierarchy::ParentsOrSelf),
    ("parentOf", Hierarchy::Parents),
    ("top", Hierarchy::Top),
    ("bottom", Hierarchy::Bottom),
];

/// Parses a whole text, strictly.
pub(super) fn parse(text: &str) -> Result<Ecl, EclError> {
    let mut parser = Parser::new(text, false);
    parser.whole()
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, lenient: bool) -> Self {
        Self { c: Cursor::new(text), lenient, repairs: Vec::new(), escaped: None }
    }

    pub(super) fn whole(&mut self) -> Result<Ecl, EclError> {
        if u32::try_from(self.c.text.len()).is_err() {
            return self.c.fault("a text of less than 4 GiB");
        }
        let expr = self.expression()?;
        self.c.space();
        if self.lenient {
            self.drop_closing_brackets();
        }
        if self.c.at_end() { Ok(Ecl { expr }) } else { self.c.fault("an operator or the end of the expression") }
    }

    pub(super) fn repair(&mut self, start: usize, kind: RepairKind) {
        let span = self.c.span(start);
        self.repairs.push(Repair { span, kind });
    }

    /// `A`, `A AND B`, `A : refinement`, `A . attribute`.
    pub(super) fn expression(&mut self) -> Result<Expr, EclError> {
        self.c.space();
        let start = self.c.pos;
        let first = self.operand()?;
        let before = self.c.pos;
        self.c.space();
        match self.c.peek() {
            b':' => {
                self.c.pos += 1;
                let refinement = self.refinement(false)?;
                let end = self.c.pos;
                self.c.space();
                if let Some(operator) = self.peek_operator() {
                    return self.c.fault(match operator {
                        Operator::Minus => "brackets around what stands before MINUS",
                        _ => "brackets: AND and OR cannot be mixed on one level",
                    });
                }
                self.c.pos = end;
                Ok(self.made(start, Node::Refined(Box::new(first), Box::new(refinement))))
            }
            b'.' => {
                let mut expr = first;
                while self.c.take(".") {
                    self.c.space();
                    let attribute = self.operand()?;
                    expr = self.made(start, Node::Dotted(Box::new(expr), Box::new(attribute)));
                    self.c.space();
                }
                Ok(expr)
            }
            _ => match self.operator() {
                Some(operator) => self.compound(start, first, operator),
                None if self.lenient && self.missing_operator() => self.compound(start, first, Operator::Or),
                None => {
                    self.c.pos = before;
                    Ok(first)
                }
            },
        }
    }

    /// The rest of `A op B op C`, after the first operator.
    fn compound(&mut self, start: usize, first: Expr, operator: Operator) -> Result<Expr, EclError> {
        let mut items = vec![first];
        loop {
            self.c.space();
            let at = self.c.pos;
            if self.lenient && self.c.peek() == b'|' {
                // `X OR |term of X|`: the operator slipped before the term.
                self.operand_term()?;
                self.repair(at, RepairKind::MisplacedOperator);
            } else {
                items.push(self.operand()?);
            }
            let before = self.c.pos;
            self.c.space();
            let at = self.c.pos;
            match self.operator() {
                Some(next) if next == operator && operator != Operator::Minus => {}
                Some(Operator::Minus) if operator == Operator::Minus && self.lenient => {
                    self.repair(at, RepairKind::ChainedMinus);
                }
                Some(_) => {
                    self.c.pos = at;
                    return self.c.fault("brackets: different operators, or two MINUS, cannot share one level");
                }
                None if self.lenient && operator == Operator::Or && self.missing_operator() => {}
                None => {
                    self.c.pos = before;
                    break;
                }
            }
        }
        let node = match operator {
            _ if items.len() < 2 => return items.pop().map_or_else(|| self.c.fault("an operand"), Ok),
            Operator::And => Node::And(items),
            Operator::Or => Node::Or(items),
            Operator::Minus => {
                let mut rest = items.into_iter();
                let Some(first) = rest.next() else { return self.c.fault("an operand") };
                let minus = |left: Expr, right: Expr| {
                    let span = Span::new(left.span.start, right.span.end);
                    Expr { node: Node::Minus(Box::new(left), Box::new(right)), span }
                };
                return Ok(rest.fold(first, minus));
            }
        };
        Ok(self.made(start, node))
    }

    fn made(&self, start: usize, node: Node) -> Expr {
        Expr { node, span: self.c.span(start) }
    }

    /// Takes AND, `,`, OR or MINUS.
    pub(super) fn operator(&mut self) -> Option<Operator> {
        if self.c.take(",") {
            return Some(Operator::And);
        }
        let words = [("and", Operator::And), ("or", Operator::Or), ("minus", Operator::Minus)];
        words.into_iter().find(|(word, _)| self.spaced_keyword(word)).map(|(_, operator)| operator)
    }

    /// Takes a keyword with the white space that must follow it.
    fn spaced_keyword(&mut self, keyword: &str) -> bool {
        let at = self.c.pos;
        if self.c.keyword(keyword) && (self.lenient || self.c.is_space()) {
            return true;
        }
        self.c.pos = at;
        false
    }

    fn peek_operator(&mut self) -> Option<Operator> {
        let at = self.c.pos;
        let operator = self.operator();
        self.c.pos = at;
        // A comma may belong to what surrounds this expression.
        operator.filter(|_| self.c.peek() != b',')
    }

    /// A hierarchy operator, when one is next.
    fn hierarchy(&mut self) -> Option<Hierarchy> {
        if self.lenient {
            self.unescape_operator();
            if let Some(operator) = self.escaped.take() {
                return Some(operator);
            }
        }
        for (symbol, operator) in SYMBOLS {
            if self.c.take(symbol) {
                return Some(self.doubled(operator));
            }
        }
        WORDS.iter().find(|(word, _)| self.spaced_keyword(word)).map(|(_, operator)| *operator)
    }

    /// `< <` is how some published expressions write `<<`.
    fn doubled(&mut self, operator: Hierarchy) -> Hierarchy {
        let (again, double) = match operator {
            Hierarchy::Descendants => ("<", Hierarchy::DescendantsOrSelf),
            Hierarchy::Ancestors => (">", Hierarchy::AncestorsOrSelf),
            _ => return operator,
        };
        let at = self.c.pos;
        self.c.space();
        if self.lenient && self.c.take(again) {
            self.repair(at, RepairKind::SplitOperator);
            return double;
        }
        self.c.pos = at;
        operator
    }

    /// One operand: operator, `^`, focus, filters, history.
    pub(super) fn operand(&mut self) -> Result<Expr, EclError> {
        self.c.space();
        let start = self.c.pos;
        let operator = self.hierarchy();
        self.c.space();
        let inner_start = self.c.pos;
        let mut expr = if self.c.take("^") || self.spaced_keyword("memberOf") {
            self.membership(inner_start)?
        } else {
            self.focus()?
        };
        if let Some(operator) = operator {
            expr = self.made(start, Node::Hierarchy(operator, Box::new(expr)));
        }
        loop {
            let before = self.c.pos;
            self.c.space();
            if !self.c.rest().starts_with("{{") {
                self.c.pos = before;
                return Ok(expr);
            }
            let (node, last) = self.block(expr)?;
            expr = self.made(start, node);
            if last {
                return Ok(expr);
            }
        }
    }

    fn membership(&mut self, start: usize) -> Result<Expr, EclError> {
        self.c.space();
        let mut fields = None;
        if self.c.take("[") {
            self.c.space();
            fields = Some(self.fields()?);
            self.c.space();
            self.c.need("]", "a closing square bracket")?;
            self.c.space();
        }
        let of = self.focus()?;
        let mut filters = Vec::new();
        loop {
            let before = self.c.pos;
            self.c.space();
            match self.member_block()? {
                Some(list) => filters.push(list),
                None => {
                    self.c.pos = before;
                    break;
                }
            }
        }
        Ok(self.made(start, Node::MemberOf(Box::new(Membership { fields, of, filters }))))
    }

    fn fields(&mut self) -> Result<Fields, EclError> {
        if self.c.take("*") || self.c.keyword("any") {
            return Ok(Fields::All);
        }
        let mut names: Vec<Box<str>> = Vec::new();
        loop {
            self.c.space();
            let word = self.c.word();
            if word.is_empty() {
                return self.c.fault("the name of a refset column");
            }
            self.c.pos += word.len();
            names.push(word.into());
            self.c.space();
            if !self.c.take(",") {
                return Ok(Fields::Named(names));
            }
        }
    }

    /// A concept, `*`, an alternate identifier or something in brackets.
    fn focus(&mut self) -> Result<Expr, EclError> {
        let start = self.c.pos;
        match self.c.peek() {
            b'(' => {
                self.c.pos += 1;
                self.c.descend()?;
                let mut expr = self.expression()?;
                self.c.space();
                if self.lenient && self.c.at_end() {
                    self.repair(start, RepairKind::UnclosedBracket);
                } else {
                    self.c.need(")", "an operator or a closing bracket")?;
                }
                self.c.depth -= 1;
                expr.span = self.c.span(start);
                Ok(expr)
            }
            b'*' => {
                self.c.pos += 1;
                Ok(self.made(start, Node::Any))
            }
            b'0'..=b'9' => self.concept(),
            b'"' => {
                let text = self.c.string()?;
                let Some((scheme, code)) = text.split_once('#').filter(|(s, c)| !s.is_empty() && !c.is_empty()) else {
                    self.c.pos = start;
                    return self.c.fault("an alternate identifier: \"scheme#code\"");
                };
                self.alternate(start, scheme, code)
            }
            b if b.is_ascii_alphabetic() => {
                if self.c.keyword("any") {
                    return Ok(self.made(start, Node::Any));
                }
                let rest = self.c.rest();
                let alias = rest.bytes().position(|b| !b.is_ascii_alphanumeric() && b != b'-').unwrap_or(rest.len());
                let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
                let code = rest.get(alias + 1..).unwrap_or("");
                let end = code.bytes().position(|b| !plain(b)).unwrap_or(code.len());
                if !rest[alias..].starts_with('#') || end == 0 {
                    return self.c.fault("a concept, `*`, an operator or an opening bracket");
                }
                self.c.pos += alias + 1 + end;
                self.alternate(start, &rest[..alias], &code[..end])
            }
            _ => self.c.fault("a concept, `*`, an operator or an opening bracket"),
        }
    }

    fn alternate(&mut self, start: usize, scheme: &str, code: &str) -> Result<Expr, EclError> {
        let term = self.operand_term()?;
        Ok(self.made(start, Node::Alternate { scheme: scheme.into(), code: code.into(), term }))
    }

    /// `id |term|`
    pub(super) fn concept(&mut self) -> Result<Expr, EclError> {
        let start = self.c.pos;
        let id = self.c.identifier()?;
        let end = self.c.pos;
        let term = self.operand_term()?;
        let mut expr = self.made(start, Node::Concept { id, term });
        expr.span.end = end as u32;
        Ok(expr)
    }

    /// Optional white space and `|term|`; the white space is given back when there is no term.
    pub(super) fn operand_term(&mut self) -> Result<Option<Box<str>>, EclError> {
        let before = self.c.pos;
        self.c.space();
        if self.lenient {
            return Ok(self.lenient_term(before));
        }
        if self.c.peek() != b'|' {
            self.c.pos = before;
            return Ok(None);
        }
        self.c.term()
    }
}
