//! Tokens into a syntax tree, by precedence climbing.

use super::ast::{Ast, AstId, AstKind, AstNode, BinaryOp, CALENDAR, Literal, RESERVED, TYPE_BINDS};
use super::error::SyntaxError;
use super::lexer::{Lexeme, Token, lex};
use super::temporal::{Temporal, TemporalKind};
use crate::text::Span;
use rust_decimal::Decimal;

/// Deepest nesting of operators, calls and path steps.
pub const DEEPEST: u32 = 120;

struct Parser<'s> {
    text: &'s str,
    lexemes: Vec<Lexeme>,
    at: usize,
    nodes: Vec<AstNode>,
    depths: Vec<u32>,
    open: u32,
}

type Parsed = Result<AstId, SyntaxError>;

/// Parses an expression. `strict` refuses unknown string escapes.
///
/// # Errors
/// Whatever is no FHIRPath, with the place; nesting deeper than [`DEEPEST`].
pub fn parse(text: &str, strict: bool) -> Result<Ast, SyntaxError> {
    let lexemes = lex(text, strict)?;
    let mut parser = Parser { text, lexemes, at: 0, nodes: Vec::new(), depths: Vec::new(), open: 0 };
    let root = parser.expression(0)?;
    if *parser.peek() != Token::End {
        return Err(parser.unexpected("an operator or the end"));
    }
    Ok(Ast { nodes: parser.nodes, root })
}

impl Parser<'_> {
    fn lexeme(&self, ahead: usize) -> &Lexeme {
        &self.lexemes[(self.at + ahead).min(self.lexemes.len() - 1)]
    }

    fn peek(&self) -> &Token {
        &self.lexeme(0).token
    }

    fn here(&self) -> Span {
        self.lexeme(0).span
    }

    fn next(&mut self) -> Lexeme {
        let lexeme = self.lexeme(0).clone();
        self.at += 1;
        lexeme
    }

    fn unexpected(&self, wanted: &str) -> SyntaxError {
        let span = self.here();
        let says = match self.peek() {
            Token::End => format!("{wanted} is expected at the end of the expression"),
            _ => format!("{wanted} is expected instead of {}", span.of(self.text)),
        };
        SyntaxError::new(says, span)
    }

    fn is(&self, symbol: &str) -> bool {
        matches!(self.peek(), Token::Symbol(s) if *s == symbol)
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let found = self.is(symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &'static str) -> Result<Span, SyntaxError> {
        if self.is(symbol) { Ok(self.next().span) } else { Err(self.unexpected(symbol)) }
    }

    fn push(&mut self, kind: AstKind, start: u32, below: u32) -> Parsed {
        let end = self.lexemes[self.at.saturating_sub(1)].span.end;
        let span = Span::new(start, end);
        if below >= DEEPEST {
            return Err(SyntaxError::new("the expression is nested too deeply", span));
        }
        self.nodes.push(AstNode { kind, span });
        self.depths.push(below + 1);
        Ok(self.nodes.len() as AstId - 1)
    }

    fn depth(&self, ids: &[AstId]) -> u32 {
        ids.iter().map(|&id| self.depths[id as usize]).max().unwrap_or(0)
    }

    fn operator(&self) -> Option<BinaryOp> {
        match self.peek() {
            Token::Symbol(symbol) => BinaryOp::parse(symbol),
            Token::Name { text, quoted: false } => BinaryOp::parse(text),
            _ => None,
        }
    }

    fn expression(&mut self, least: u8) -> Parsed {
        self.open += 1;
        if self.open > DEEPEST {
            return Err(SyntaxError::new("the expression is nested too deeply", self.here()));
        }
        let start = self.here().start;
        let mut left = self.signed()?;
        // A chain grows only while its own operator repeats; a chain in brackets is an operand.
        let mut chain = None;
        loop {
            if let Token::Name { text, quoted: false } = self.peek()
                && (text == "is" || text == "as")
                && TYPE_BINDS >= least
            {
                let cast = text == "as";
                self.at += 1;
                let name = self.type_name()?;
                let below = self.depth(&[left]);
                left = self.push(AstKind::Type { cast, operand: left, name }, start, below)?;
                chain = None;
                continue;
            }
            let Some(op) = self.operator().filter(|op| op.binds() >= least) else { break };
            self.at += 1;
            let right = self.expression(op.binds() + 1)?;
            let below = self.depth(&[left, right]);
            if chain == Some(op) {
                let end = self.nodes[right as usize].span.end.max(self.lexemes[self.at - 1].span.end);
                let mut node = self.nodes[left as usize].clone();
                if let AstKind::Binary { operands, .. } = &mut node.kind {
                    operands.push(right);
                }
                node.span.end = end;
                self.nodes[left as usize] = node;
                self.depths[left as usize] = self.depths[left as usize].max(self.depths[right as usize] + 1);
                continue;
            }
            left = self.push(AstKind::Binary { op, operands: vec![left, right] }, start, below)?;
            chain = op.chains().then_some(op);
        }
        self.open -= 1;
        Ok(left)
    }

    fn signed(&mut self) -> Parsed {
        let start = self.here().start;
        if self.is("-") || self.is("+") {
            let minus = self.is("-");
            self.at += 1;
            self.open += 1;
            if self.open > DEEPEST {
                return Err(SyntaxError::new("the expression is nested too deeply", self.here()));
            }
            let operand = self.signed()?;
            self.open -= 1;
            let below = self.depth(&[operand]);
            return self.push(AstKind::Sign { minus, operand }, start, below);
        }
        self.path()
    }

    fn path(&mut self) -> Parsed {
        let start = self.here().start;
        let mut left = self.term()?;
        loop {
            if self.accept(".") {
                left = match self.peek().clone() {
                    Token::Dollar => self.dollar()?,
                    Token::Name { text, .. } => {
                        self.at += 1;
                        self.invocation(Some(left), text, start)?
                    }
                    _ => return Err(self.unexpected("a name")),
                };
            } else if self.accept("[") {
                let index = self.expression(0)?;
                self.expect("]")?;
                let below = self.depth(&[left, index]);
                left = self.push(AstKind::Indexer { source: left, index }, start, below)?;
            } else {
                return Ok(left);
            }
        }
    }

    fn invocation(&mut self, source: Option<AstId>, name: String, start: u32) -> Parsed {
        if !self.accept("(") {
            let below = source.map_or(0, |id| self.depth(&[id]));
            return self.push(AstKind::Member { source, name }, start, below);
        }
        let mut args = Vec::new();
        if !self.accept(")") {
            loop {
                args.push(self.expression(0)?);
                if self.accept(")") {
                    break;
                }
                self.expect(",")?;
            }
        }
        let below = self.depth(&args).max(source.map_or(0, |id| self.depth(&[id])));
        self.push(AstKind::Call { source, name, args }, start, below)
    }

    fn dollar(&mut self) -> Parsed {
        let Lexeme { span, .. } = self.next();
        let kind = match span.of(self.text) {
            "$index" => AstKind::Index,
            "$total" => AstKind::Total,
            _ => AstKind::This,
        };
        self.push(kind, span.start, 0)
    }

    fn term(&mut self) -> Parsed {
        let span = self.here();
        let start = span.start;
        let literal = match self.peek().clone() {
            Token::Dollar => return self.dollar(),
            Token::External(name) => {
                self.at += 1;
                return self.push(AstKind::External(name), start, 0);
            }
            Token::Symbol("(") => {
                self.at += 1;
                let inner = self.expression(0)?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Symbol("{") => {
                self.at += 1;
                self.expect("}")?;
                Literal::Empty
            }
            Token::Name { text, quoted } => {
                if !quoted && (text == "true" || text == "false") {
                    self.at += 1;
                    Literal::Boolean(text == "true")
                } else if !quoted && RESERVED.contains(&text.as_str()) {
                    return Err(self.unexpected("a term"));
                } else {
                    self.at += 1;
                    return self.invocation(None, text, start);
                }
            }
            Token::String(text) => {
                self.at += 1;
                Literal::String(text)
            }
            Token::Integer | Token::Decimal => self.number()?,
            Token::Long => {
                self.at += 1;
                let digits = span.of(self.text).trim_end_matches('L');
                Literal::Long(digits.parse().map_err(|_| SyntaxError::new("this number is too large", span))?)
            }
            Token::Date => self.temporal(TemporalKind::Date)?,
            Token::DateTime => self.temporal(TemporalKind::DateTime)?,
            Token::Time => self.temporal(TemporalKind::Time)?,
            Token::Symbol(_) | Token::End => return Err(self.unexpected("a term")),
        };
        self.push(AstKind::Literal(literal), start, 0)
    }

    fn temporal(&mut self, kind: TemporalKind) -> Result<Literal, SyntaxError> {
        let span = self.next().span;
        let text = span.of(self.text).trim_start_matches('@');
        let text = if kind == TemporalKind::Time { text.trim_start_matches('T') } else { text };
        Temporal::parse(kind, text)
            .map(Literal::Temporal)
            .ok_or_else(|| SyntaxError::new("there is no such date or time", span))
    }

    fn number(&mut self) -> Result<Literal, SyntaxError> {
        let Lexeme { token, span } = self.next();
        let text = span.of(self.text);
        let large = || SyntaxError::new("this number has too many digits", span);
        let unit = match self.peek() {
            Token::String(unit) => Some((unit.clone(), true)),
            Token::Name { text, quoted: false } if CALENDAR.contains(&text.as_str()) => Some((text.clone(), false)),
            _ => None,
        };
        if let Some((unit, quoted)) = unit {
            self.at += 1;
            let value = Decimal::from_str_exact(text).map_err(|_| large())?;
            return Ok(Literal::Quantity { value, unit, quoted });
        }
        if token == Token::Decimal {
            return Ok(Literal::Decimal(Decimal::from_str_exact(text).map_err(|_| large())?));
        }
        Ok(Literal::Integer(text.parse().map_err(|_| large())?))
    }

    fn type_name(&mut self) -> Result<String, SyntaxError> {
        let mut name = String::new();
        loop {
            match self.peek().clone() {
                Token::Name { text, .. } => {
                    self.at += 1;
                    name.push_str(&text);
                }
                _ => return Err(self.unexpected("a type")),
            }
            if self.is(".") && matches!(self.lexeme(1).token, Token::Name { .. }) {
                self.at += 1;
                name.push('.');
            } else {
                return Ok(name);
            }
        }
    }
}
