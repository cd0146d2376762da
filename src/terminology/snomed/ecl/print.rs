//! Writes an expression in the brief syntax; what is written parses to the same expression.

use super::ast::*;
use std::fmt::{Display, Formatter, Result, Write};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.node {
            Node::Concept { id, term } => {
                write!(f, "{id}")?;
                piped(f, term)
            }
            Node::Any => f.write_char('*'),
            Node::Alternate { scheme, code, term } => {
                let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
                // A word that means something else where an operand begins is no alias.
                let alias = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                    && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                    && !scheme.eq_ignore_ascii_case("any");
                if alias && !code.is_empty() && code.chars().all(plain) {
                    write!(f, "{scheme}#{code}")?;
                } else {
                    quoted(f, &format!("{scheme}#{code}"))?;
                }
                piped(f, term)
            }
            Node::Hierarchy(operator, operand) => {
                let operator = match operator {
                    Hierarchy::Descendants => "<",
                    Hierarchy::DescendantsOrSelf => "<<",
                    Hierarchy::Children => "<!",
                    Hierarchy::ChildrenOrSelf => "<<!",
                    Hierarchy::Ancestors => ">",
                    Hierarchy::AncestorsOrSelf => ">>",
                    Hierarchy::Parents => ">!",
                    Hierarchy::ParentsOrSelf => ">>!",
                    Hierarchy::Top => "!!>",
                    Hierarchy::Bottom => "!!<",
                };
                write!(f, "{operator} ")?;
                let bare = matches!(operand.node, Node::MemberOf(_)) || is_focus(operand);
                bracketed(f, operand, !bare)
            }
            Node::MemberOf(membership) => {
                f.write_char('^')?;
                match &membership.fields {
                    Some(Fields::All) => f.write_str(" [*]")?,
                    Some(Fields::Named(names)) => {
                        f.write_str(" [")?;
                        separated(f, names, ", ")?;
                        f.write_char(']')?;
                    }
                    None => {}
                }
                f.write_char(' ')?;
                bracketed(f, &membership.of, !is_focus(&membership.of))?;
                for block in &membership.filters {
                    filters(f, " M", block)?;
                }
                Ok(())
            }
            Node::And(items) => joined(f, items, " AND "),
            Node::Or(items) => joined(f, items, " OR "),
            Node::Minus(left, right) => {
                bracketed(f, left, is_wide(left))?;
                f.write_str(" MINUS ")?;
                bracketed(f, right, is_wide(right))
            }
            Node::Refined(focus, refinement) => {
                bracketed(f, focus, is_wide(focus))?;
                write!(f, " : {refinement}")
            }
            Node::Dotted(focus, attribute) => {
                let chain = matches!(focus.node, Node::Dotted(..));
                bracketed(f, focus, is_wide(focus) && !chain)?;
                f.write_str(" . ")?;
                bracketed(f, attribute, is_wide(attribute))
            }
            Node::Filtered(focus, block) => {
                bracketed(f, focus, is_wide(focus) || matches!(focus.node, Node::History(..)))?;
                match block {
                    FilterBlock::Descriptions(list) => filters(f, " D", list),
                    FilterBlock::Concepts(list) => filters(f, " C", list),
                    FilterBlock::Members(list) => filters(f, " M", list),
                }
            }
            Node::History(focus, history) => {
                bracketed(f, focus, is_wide(focus) || matches!(focus.node, Node::History(..)))?;
                match history {
                    History::Default => f.write_str(" {{ +HISTORY }}"),
                    History::Min => f.write_str(" {{ +HISTORY-MIN }}"),
                    History::Mod => f.write_str(" {{ +HISTORY-MOD }}"),
                    History::Max => f.write_str(" {{ +HISTORY-MAX }}"),
                    History::Of(refsets) => write!(f, " {{{{ +HISTORY ({refsets}) }}}}"),
                }
            }
        }
    }
}

/// Needs no brackets after an operator.
fn is_focus(expr: &Expr) -> bool {
    matches!(expr.node, Node::Concept { .. } | Node::Any | Node::Alternate { .. })
}

/// Needs brackets wherever one operand is asked for.
fn is_wide(expr: &Expr) -> bool {
    matches!(expr.node, Node::And(_) | Node::Or(_) | Node::Minus(..) | Node::Refined(..) | Node::Dotted(..))
}

fn bracketed(f: &mut Formatter<'_>, expr: &Expr, brackets: bool) -> Result {
    if brackets { write!(f, "({expr})") } else { write!(f, "{expr}") }
}

fn joined(f: &mut Formatter<'_>, items: &[Expr], between: &str) -> Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        bracketed(f, item, is_wide(item))?;
    }
    Ok(())
}

fn separated<T: Display>(f: &mut Formatter<'_>, items: &[T], between: &str) -> Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

fn piped(f: &mut Formatter<'_>, term: &Option<Box<str>>) -> Result {
    term.as_ref().map_or(Ok(()), |term| write!(f, " |{term}|"))
}

impl Display for Refinement {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::And(items) => refinements(f, items, ", "),
            Self::Or(items) => refinements(f, items, " OR "),
            Self::Attribute(attribute) => attribute.fmt(f),
            Self::Group { cardinality, within } => {
                if let Some(cardinality) = cardinality {
                    write!(f, "{cardinality} ")?;
                }
                write!(f, "{{ {within} }}")
            }
        }
    }
}

fn refinements(f: &mut Formatter<'_>, items: &[Refinement], between: &str) -> Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        match item {
            Refinement::And(_) | Refinement::Or(_) => write!(f, "({item})")?,
            _ => item.fmt(f)?,
        }
    }
    Ok(())
}

impl Display for Cardinality {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.max {
            Some(max) => write!(f, "[{}..{max}]", self.min),
            None => write!(f, "[{}..*]", self.min),
        }
    }
}

impl Display for Attribute {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(cardinality) = self.cardinality {
            write!(f, "{cardinality} ")?;
        }
        if self.reverse {
            f.write_str("R ")?;
        }
        bracketed(f, &self.name, is_wide(&self.name))?;
        f.write_char(' ')?;
        self.comparison.fmt(f)
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Concepts { negated, value } => {
                write!(f, "{} ", equals(*negated))?;
                bracketed(f, value, is_wide(value))
            }
            Self::Number(compare, number) => write!(f, "{compare} #{number}"),
            Self::Text { negated, terms } => {
                write!(f, "{} ", equals(*negated))?;
                search(f, terms)
            }
            Self::Bool { negated, value } => write!(f, "{} {value}", equals(*negated)),
        }
    }
}

impl Display for Compare {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        })
    }
}

fn equals(negated: bool) -> &'static str {
    if negated { "!=" } else { "=" }
}

fn search(f: &mut Formatter<'_>, terms: &[SearchTerm]) -> Result {
    match terms {
        [one] => one.fmt(f),
        _ => {
            f.write_char('(')?;
            separated(f, terms, " ")?;
            f.write_char(')')
        }
    }
}

impl Display for SearchTerm {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self.how {
            None => "",
            Some(Search::Match) => "match:",
            Some(Search::Wild) => "wild:",
            Some(Search::Exact) => "exact:",
        })?;
        quoted(f, &self.text)
    }
}

/// Text in double quotes, with those inside it escaped.
fn quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    f.write_char('"')?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}

fn filters(f: &mut Formatter<'_>, letter: &str, list: &[Filter]) -> Result {
    write!(f, " {{{{{letter} ")?;
    separated(f, list, ", ")?;
    f.write_str(" }}")
}

fn one_or_set<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> Result {
    match items {
        [one] => one.fmt(f),
        _ => {
            f.write_char('(')?;
            separated(f, items, " ")?;
            f.write_char(')')
        }
    }
}

fn compared(f: &mut Formatter<'_>, key: &str, negated: bool, value: &Expr) -> Result {
    write!(f, "{key} {} ", equals(negated))?;
    bracketed(f, value, is_wide(value))
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Term { negated, terms } => {
                write!(f, "term {} ", equals(*negated))?;
                search(f, terms)
            }
            Self::Language { negated, codes } => {
                write!(f, "language {} ", equals(*negated))?;
                one_or_set(f, codes)
            }
            Self::Type { negated, types } => {
                write!(f, "type {} ", equals(*negated))?;
                one_or_set(f, types)
            }
            Self::TypeId { negated, value } => compared(f, "typeId", *negated, value),
            Self::Dialect { negated, dialects, acceptability } => dialect(f, *negated, dialects, acceptability),
            Self::Module { negated, value } => compared(f, "moduleId", *negated, value),
            Self::EffectiveTime { compare, dates } => {
                write!(f, "effectiveTime {compare} ")?;
                let quoted: Vec<String> =
                    dates.iter().map(|d| if *d == 0 { "\"\"".into() } else { format!("\"{d:08}\"") }).collect();
                one_or_set(f, &quoted)
            }
            Self::Active { negated, value } => write!(f, "active {} {}", equals(*negated), u8::from(*value)),
            Self::Id { negated, ids } => {
                write!(f, "id {} ", equals(*negated))?;
                one_or_set(f, ids)
            }
            Self::DefinitionStatus { negated, values } => {
                write!(f, "definitionStatus {} ", equals(*negated))?;
                one_or_set(f, values)
            }
            Self::DefinitionStatusId { negated, value } => compared(f, "definitionStatusId", *negated, value),
            Self::Field { name, comparison } => write!(f, "{name} {comparison}"),
        }
    }
}

fn dialect(f: &mut Formatter<'_>, negated: bool, dialects: &[Dialect], acceptability: &[Acceptability]) -> Result {
    let by_id = dialects.iter().any(|d| matches!(d.which, DialectName::Id(_)));
    write!(f, "{} {} ", if by_id { "dialectId" } else { "dialect" }, equals(negated))?;
    match dialects {
        [Dialect { which, acceptability: own }] if own.is_empty() => match which {
            DialectName::Alias(alias) => f.write_str(alias)?,
            DialectName::Id(expr) => bracketed(f, expr, is_wide(expr))?,
        },
        _ => {
            f.write_char('(')?;
            separated(f, dialects, " ")?;
            f.write_char(')')?;
        }
    }
    accepted(f, acceptability)
}

fn accepted(f: &mut Formatter<'_>, list: &[Acceptability]) -> Result {
    if list.is_empty() {
        return Ok(());
    }
    f.write_str(" (")?;
    separated(f, list, " ")?;
    f.write_char(')')
}

impl Display for Dialect {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.which {
            DialectName::Alias(alias) => f.write_str(alias)?,
            DialectName::Id(expr) => expr.fmt(f)?,
        }
        accepted(f, &self.acceptability)
    }
}

impl Display for Acceptability {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Acceptable => f.write_str("accept"),
            Self::Preferred => f.write_str("prefer"),
            Self::Id(id) => id.fmt(f),
        }
    }
}

impl Display for DescriptionType {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Synonym => "syn",
            Self::FullySpecifiedName => "fsn",
            Self::Definition => "def",
        })
    }
}

impl Display for DefinitionStatus {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Primitive => "primitive",
            Self::Defined => "defined",
        })
    }
}
