//! The shape of an ECL expression. Equality looks at meaning, never at spans, so that printing and parsing again
//! can be compared.

use crate::text::Span;

/// A parsed expression constraint.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it says.
    pub node: Node,
    /// Where it stands in the text.
    pub span: Span,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

/// Kinds of expression constraint.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// One concept by identifier.
    Concept {
        /// The identifier (check digit not enforced here: see [`super::Ecl::concepts`]).
        id: u64,
        /// Text between pipes.
        term: Option<Box<str>>,
    },
    /// `*`
    Any,
    /// `SCHEME#code`
    Alternate {
        /// Alias of the scheme.
        scheme: Box<str>,
        /// The code in that scheme.
        code: Box<str>,
        /// Text between pipes.
        term: Option<Box<str>>,
    },
    /// A hierarchy operator before an operand.
    Hierarchy(Hierarchy, Box<Expr>),
    /// `^ X`
    MemberOf(Box<Membership>),
    /// All of them.
    And(Vec<Expr>),
    /// Any of them.
    Or(Vec<Expr>),
    /// The first without the second.
    Minus(Box<Expr>, Box<Expr>),
    /// `X : refinement`
    Refined(Box<Expr>, Box<Refinement>),
    /// `X . attribute`
    Dotted(Box<Expr>, Box<Expr>),
    /// `X {{ filters }}`
    Filtered(Box<Expr>, FilterBlock),
    /// `X {{ +HISTORY }}`
    History(Box<Expr>, History),
}

/// Operand of `^`.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    /// Columns asked for in square brackets.
    pub fields: Option<Fields>,
    /// The refsets.
    pub of: Expr,
    /// `{{ M ... }}` blocks.
    pub filters: Vec<Vec<Filter>>,
}

/// Columns of refset members.
#[derive(Clone, Debug, PartialEq)]
pub enum Fields {
    /// `[*]`
    All,
    /// `[name, name]`
    Named(Vec<Box<str>>),
}

/// Hierarchy operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hierarchy {
    /// `<`
    Descendants,
    /// `<<`
    DescendantsOrSelf,
    /// `<!`
    Children,
    /// `<<!`
    ChildrenOrSelf,
    /// `>`
    Ancestors,
    /// `>>`
    AncestorsOrSelf,
    /// `>!`
    Parents,
    /// `>>!`
    ParentsOrSelf,
    /// `!!>`: members of the set without an ancestor in it.
    Top,
    /// `!!<`: members of the set without a descendant in it.
    Bottom,
}

/// What comes after the colon.
#[derive(Clone, Debug, PartialEq)]
pub enum Refinement {
    /// All of them.
    And(Vec<Refinement>),
    /// Any of them.
    Or(Vec<Refinement>),
    /// One attribute.
    Attribute(Box<Attribute>),
    /// `{ ... }`: attributes within one role group.
    Group {
        /// How many groups; at least one when not given.
        cardinality: Option<Cardinality>,
        /// What the group holds: never another group.
        within: Box<Refinement>,
    },
}

/// One attribute constraint.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// How many; at least one when not given.
    pub cardinality: Option<Cardinality>,
    /// `R`: the focus is the value, the operand the source.
    pub reverse: bool,
    /// Which attributes.
    pub name: Expr,
    /// What is asked of the value.
    pub comparison: Comparison,
    #[allow(dead_code, reason = "tests look at where a part stands")]
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Attribute {
    fn eq(&self, other: &Self) -> bool {
        self.cardinality == other.cardinality
            && self.reverse == other.reverse
            && self.name == other.name
            && self.comparison == other.comparison
    }
}

/// `[min..max]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cardinality {
    /// Least number.
    pub min: u32,
    /// Greatest number; `None` is many.
    pub max: Option<u32>,
}

impl Cardinality {
    /// `[1..*]`, what stands when nothing is written.
    pub const SOME: Self = Self { min: 1, max: None };

    /// Whether a count is within.
    pub fn admits(self, count: u32) -> bool {
        count >= self.min && self.max.is_none_or(|max| count <= max)
    }
}

/// What an attribute's value is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// `=` or `!=` an expression.
    Concepts {
        /// `!=`
        negated: bool,
        /// The operand.
        value: Box<Expr>,
    },
    /// A comparison with `#number`; the digits as written.
    Number(Compare, Box<str>),
    /// `=` or `!=` text.
    Text {
        /// `!=`
        negated: bool,
        /// Any of these.
        terms: Vec<SearchTerm>,
    },
    /// `=` or `!=` true or false.
    Bool {
        /// `!=`
        negated: bool,
        /// The operand.
        value: bool,
    },
}

/// Order comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Compare {
    /// Whether an ordering of left to right satisfies it.
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// A text to search for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchTerm {
    /// How; `None` when not written (word prefixes for terms, equality for concrete values).
    pub how: Option<Search>,
    /// The text, unescaped.
    pub text: Box<str>,
}

/// Ways to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// Each word is the start of some word of the term, in any order.
    Match,
    /// The whole term, `*` standing for any text.
    Wild,
    /// The whole term.
    Exact,
}

/// One `{{ ... }}` of descriptions or concepts.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterBlock {
    /// `{{ D ... }}`: one description satisfies all of them.
    Descriptions(Vec<Filter>),
    /// `{{ C ... }}`
    Concepts(Vec<Filter>),
    /// `{{ M ... }}` after something else than a `^`.
    Members(Vec<Filter>),
}

impl FilterBlock {
    /// Whether it asks whether concepts are active.
    pub fn asks_active(&self) -> bool {
        matches!(self, Self::Concepts(list) if list.iter().any(|filter| matches!(filter, Filter::Active { .. })))
    }
}

/// One filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// `term`
    Term {
        /// `!=`
        negated: bool,
        /// Any of these.
        terms: Vec<SearchTerm>,
    },
    /// `language`: lower-case codes.
    Language {
        /// `!=`
        negated: bool,
        /// Any of these.
        codes: Vec<Box<str>>,
    },
    /// `type`
    Type {
        /// `!=`
        negated: bool,
        /// Any of these.
        types: Vec<DescriptionType>,
    },
    /// `typeId`
    TypeId {
        /// `!=`
        negated: bool,
        /// The types.
        value: Box<Expr>,
    },
    /// `dialect` and `dialectId`
    Dialect {
        /// `!=`
        negated: bool,
        /// Any of these.
        dialects: Vec<Dialect>,
        /// Acceptability for all of them.
        acceptability: Vec<Acceptability>,
    },
    /// `moduleId`
    Module {
        /// `!=`
        negated: bool,
        /// The modules.
        value: Box<Expr>,
    },
    /// `effectiveTime`: dates as `YYYYMMDD`, 0 for the empty text.
    EffectiveTime {
        /// The comparison.
        compare: Compare,
        /// Any of these.
        dates: Vec<u32>,
    },
    /// `active`
    Active {
        /// `!=`
        negated: bool,
        /// The operand.
        value: bool,
    },
    /// `id`
    Id {
        /// `!=`
        negated: bool,
        /// Any of these.
        ids: Vec<u64>,
    },
    /// `definitionStatus`
    DefinitionStatus {
        /// `!=`
        negated: bool,
        /// Any of these.
        values: Vec<DefinitionStatus>,
    },
    /// `definitionStatusId`
    DefinitionStatusId {
        /// `!=`
        negated: bool,
        /// The statuses.
        value: Box<Expr>,
    },
    /// Any other column of a refset member.
    Field {
        /// Name of the column.
        name: Box<str>,
        /// What is asked of it; dates are text.
        comparison: Comparison,
    },
}

/// Description types with a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DescriptionType {
    /// `syn`
    Synonym,
    /// `fsn`
    FullySpecifiedName,
    /// `def`
    Definition,
}

/// Definition statuses with a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefinitionStatus {
    /// `primitive`
    Primitive,
    /// `defined`
    Defined,
}

/// Acceptability in a language refset.
#[derive(Clone, Debug, PartialEq)]
pub enum Acceptability {
    /// `accept`
    Acceptable,
    /// `prefer`
    Preferred,
    /// By concept.
    Id(u64),
}

/// One language refset.
#[derive(Clone, Debug, PartialEq)]
pub struct Dialect {
    /// Which.
    pub which: DialectName,
    /// Acceptability for it alone.
    pub acceptability: Vec<Acceptability>,
}

/// How a language refset is named.
#[derive(Clone, Debug, PartialEq)]
pub enum DialectName {
    /// By alias, in lower case.
    Alias(Box<str>),
    /// By expression.
    Id(Expr),
}

/// History supplement.
#[derive(Clone, Debug, PartialEq)]
pub enum History {
    /// `+HISTORY`: the same as the widest profile.
    Default,
    /// `+HISTORY-MIN`
    Min,
    /// `+HISTORY-MOD`
    Mod,
    /// `+HISTORY-MAX`
    Max,
    /// `+HISTORY (refsets)`
    Of(Box<Expr>),
}
