//! Syntax tree of an expression, in an arena so that no depth can exhaust the stack when it is dropped.

use std::fmt::{self, Display as _, Write as _};

use super::temporal::Temporal;
use crate::text::Span;
use rust_decimal::Decimal;

/// Index of a node in its [`Ast`].
pub type AstId = u32;

/// A parsed expression.
#[derive(Clone, Debug)]
pub struct Ast {
    /// All nodes, in the order they were read.
    pub nodes: Vec<AstNode>,
    /// The whole.
    pub root: AstId,
}

/// One node with its place in the expression.
#[derive(Clone, Debug)]
pub struct AstNode {
    /// What it is.
    pub kind: AstKind,
    /// Where it stands.
    pub span: Span,
}

/// A literal value.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `{}`.
    Empty,
    /// `true`, `false`.
    Boolean(bool),
    /// `'text'`.
    String(String),
    /// `1`.
    Integer(i64),
    /// `1L`.
    Long(i64),
    /// `1.0`, with its scale.
    Decimal(Decimal),
    /// `@2015`, `@2015T10`, `@T10`.
    Temporal(Temporal),
    /// `1 'mg'` (quoted) or `4 days`.
    Quantity {
        /// The number with its scale.
        value: Decimal,
        /// Unit as written, without quotes.
        unit: String,
        /// Whether the unit was a quoted UCUM code.
        quoted: bool,
    },
}

/// Kinds of node.
#[derive(Clone, Debug, PartialEq)]
pub enum AstKind {
    /// A literal.
    Literal(Literal),
    /// `$this`.
    This,
    /// `$index`.
    Index,
    /// `$total`.
    Total,
    /// `%name`.
    External(String),
    /// `name` or `source.name`.
    Member {
        /// What it is taken of; the context when absent.
        source: Option<AstId>,
        /// The name.
        name: String,
    },
    /// `name(args)` or `source.name(args)`.
    Call {
        /// What it is called on; the context when absent.
        source: Option<AstId>,
        /// The function.
        name: String,
        /// Its arguments.
        args: Vec<AstId>,
    },
    /// `source[index]`.
    Indexer {
        /// What is indexed.
        source: AstId,
        /// Position.
        index: AstId,
    },
    /// `-operand` or `+operand`.
    Sign {
        /// Whether it is a minus.
        minus: bool,
        /// Operand.
        operand: AstId,
    },
    /// An operator; `and`, `or` and `|` hold as many operands as were chained, others two.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Operands in order.
        operands: Vec<AstId>,
    },
    /// `operand is Type`, `operand as Type`.
    Type {
        /// Whether it is `as`.
        cast: bool,
        /// Operand.
        operand: AstId,
        /// Name, qualified or not.
        name: String,
    },
}

/// Binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Multiply,
    Divide,
    Div,
    Mod,
    Add,
    Subtract,
    Concat,
    Union,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    In,
    Contains,
    And,
    Or,
    Xor,
    Implies,
}

impl BinaryOp {
    /// As written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Div => "div",
            Self::Mod => "mod",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Concat => "&",
            Self::Union => "|",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Equivalent => "~",
            Self::NotEquivalent => "!~",
            Self::In => "in",
            Self::Contains => "contains",
            Self::And => "and",
            Self::Or => "or",
            Self::Xor => "xor",
            Self::Implies => "implies",
        }
    }

    /// The operator written so.
    pub fn parse(text: &str) -> Option<Self> {
        const ALL: [BinaryOp; 22] = [
            BinaryOp::Multiply,
            BinaryOp::Divide,
            BinaryOp::Div,
            BinaryOp::Mod,
            BinaryOp::Add,
            BinaryOp::Subtract,
            BinaryOp::Concat,
            BinaryOp::Union,
            BinaryOp::Less,
            BinaryOp::LessOrEqual,
            BinaryOp::Greater,
            BinaryOp::GreaterOrEqual,
            BinaryOp::Equal,
            BinaryOp::NotEqual,
            BinaryOp::Equivalent,
            BinaryOp::NotEquivalent,
            BinaryOp::In,
            BinaryOp::Contains,
            BinaryOp::And,
            BinaryOp::Or,
            BinaryOp::Xor,
            BinaryOp::Implies,
        ];
        ALL.into_iter().find(|op| op.text() == text)
    }

    /// How tightly it binds; `is` and `as` stand at [`TYPE_BINDS`], signs and paths above all.
    pub const fn binds(self) -> u8 {
        match self {
            Self::Multiply | Self::Divide | Self::Div | Self::Mod => 10,
            Self::Add | Self::Subtract | Self::Concat => 9,
            Self::Union => 7,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 6,
            Self::Equal | Self::NotEqual | Self::Equivalent | Self::NotEquivalent => 5,
            Self::In | Self::Contains => 4,
            Self::And => 3,
            Self::Or | Self::Xor => 2,
            Self::Implies => 1,
        }
    }

    /// Whether a chain of it is one node.
    pub const fn chains(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Union)
    }
}

/// Binding strength of `is` and `as`.
pub const TYPE_BINDS: u8 = 8;
/// Binding strength of a sign.
pub const SIGN_BINDS: u8 = 11;
const TERM: u8 = 12;

/// Words that name calendar durations.
pub const CALENDAR: [&str; 16] = [
    "year",
    "years",
    "month",
    "months",
    "week",
    "weeks",
    "day",
    "days",
    "hour",
    "hours",
    "minute",
    "minutes",
    "second",
    "seconds",
    "millisecond",
    "milliseconds",
];

impl Ast {
    /// The node behind an id.
    pub fn node(&self, id: AstId) -> &AstNode {
        &self.nodes[id as usize]
    }

    #[cfg(test)]
    /// Whether two trees say the same, wherever their parts stand in the text.
    pub fn same(&self, other: &Ast) -> bool {
        self.nodes.len() == other.nodes.len()
            && self.root == other.root
            && self.nodes.iter().zip(&other.nodes).all(|(a, b)| a.kind == b.kind)
    }

    fn write(&self, id: AstId, least: u8, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = &self.node(id).kind;
        let binds = match kind {
            AstKind::Binary { op, .. } => op.binds(),
            AstKind::Type { .. } => TYPE_BINDS,
            AstKind::Sign { .. } => SIGN_BINDS,
            _ => TERM,
        };
        if binds < least {
            out.write_char('(')?;
            self.write(id, 0, out)?;
            return out.write_char(')');
        }
        match kind {
            AstKind::Literal(literal) => literal.fmt(out),
            AstKind::This => out.write_str("$this"),
            AstKind::Index => out.write_str("$index"),
            AstKind::Total => out.write_str("$total"),
            AstKind::External(name) if plain(name) => write!(out, "%{name}"),
            AstKind::External(name) => write!(out, "%{}", Quoted(name, '`')),
            AstKind::Member { source, name } => {
                self.source(*source, out)?;
                write_name(name, source.is_none(), out)
            }
            AstKind::Call { source, name, args } => {
                self.source(*source, out)?;
                write_name(name, source.is_none(), out)?;
                out.write_char('(')?;
                for (i, arg) in args.iter().enumerate() {
                    if i > 0 {
                        out.write_str(", ")?;
                    }
                    self.write(*arg, 0, out)?;
                }
                out.write_char(')')
            }
            AstKind::Indexer { source, index } => {
                self.write(*source, TERM, out)?;
                out.write_char('[')?;
                self.write(*index, 0, out)?;
                out.write_char(']')
            }
            AstKind::Sign { minus, operand } => {
                out.write_char(if *minus { '-' } else { '+' })?;
                self.write(*operand, SIGN_BINDS, out)
            }
            AstKind::Binary { op, operands } => {
                for (i, operand) in operands.iter().enumerate() {
                    if i > 0 {
                        write!(out, " {} ", op.text())?;
                    }
                    let least = if i > 0 || op.chains() { op.binds() + 1 } else { op.binds() };
                    self.write(*operand, least, out)?;
                }
                Ok(())
            }
            AstKind::Type { cast, operand, name } => {
                self.write(*operand, TYPE_BINDS, out)?;
                out.write_str(if *cast { " as " } else { " is " })?;
                for (i, part) in name.split('.').enumerate() {
                    if i > 0 {
                        out.write_char('.')?;
                    }
                    write_name(part, true, out)?;
                }
                Ok(())
            }
        }
    }

    fn source(&self, source: Option<AstId>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match source {
            None => Ok(()),
            Some(id) => {
                self.write(id, TERM, out)?;
                out.write_char('.')
            }
        }
    }
}

impl fmt::Display for Ast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(self.root, 0, f)
    }
}

/// Words with a meaning of their own where a term may start.
pub(super) const RESERVED: [&str; 8] = ["true", "false", "and", "or", "xor", "implies", "div", "mod"];

fn plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn write_name(name: &str, first: bool, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    if plain(name) && !(first && RESERVED.contains(&name)) { out.write_str(name) } else { Quoted(name, '`').fmt(out) }
}

struct Quoted<'s>(&'s str, char);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char(self.1)?;
        for c in self.0.chars() {
            match c {
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                '\u{c}' => f.write_str("\\f")?,
                '\\' => f.write_str("\\\\")?,
                c if c == self.1 => write!(f, "\\{c}")?,
                c => f.write_char(c)?,
            }
        }
        f.write_char(self.1)
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("{}"),
            Self::Boolean(b) => write!(f, "{b}"),
            Self::String(text) => Quoted(text, '\'').fmt(f),
            Self::Integer(n) => write!(f, "{n}"),
            Self::Long(n) => write!(f, "{n}L"),
            Self::Decimal(d) => write!(f, "{d}"),
            Self::Temporal(t) => write!(f, "@{}", t.literal()),
            Self::Quantity { value, unit, quoted: true } => write!(f, "{value} {}", Quoted(unit, '\'')),
            Self::Quantity { value, unit, .. } => write!(f, "{value} {unit}"),
        }
    }
}
