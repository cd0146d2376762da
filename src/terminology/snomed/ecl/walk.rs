//! Visits every expression inside an expression, outermost first.

use super::ast::*;

impl Expr {
    /// Calls `visit` for this expression and everything inside it.
    pub fn walk(&self, visit: &mut dyn FnMut(&Expr)) {
        visit(self);
        match &self.node {
            Node::Concept { .. } | Node::Any | Node::Alternate { .. } => {}
            Node::Hierarchy(_, operand) => operand.walk(visit),
            Node::MemberOf(membership) => {
                membership.of.walk(visit);
                membership.filters.iter().flatten().for_each(|filter| filter.walk(visit));
            }
            Node::And(items) | Node::Or(items) => items.iter().for_each(|item| item.walk(visit)),
            Node::Minus(left, right) | Node::Dotted(left, right) => {
                left.walk(visit);
                right.walk(visit);
            }
            Node::Refined(focus, refinement) => {
                focus.walk(visit);
                refinement.walk(visit);
            }
            Node::Filtered(focus, block) => {
                focus.walk(visit);
                let (FilterBlock::Descriptions(list) | FilterBlock::Concepts(list) | FilterBlock::Members(list)) =
                    block;
                list.iter().for_each(|filter| filter.walk(visit));
            }
            Node::History(focus, history) => {
                focus.walk(visit);
                if let History::Of(refsets) = history {
                    refsets.walk(visit);
                }
            }
        }
    }
}

impl Refinement {
    fn walk(&self, visit: &mut dyn FnMut(&Expr)) {
        match self {
            Self::And(items) | Self::Or(items) => items.iter().for_each(|item| item.walk(visit)),
            Self::Group { within, .. } => within.walk(visit),
            Self::Attribute(attribute) => {
                attribute.name.walk(visit);
                attribute.comparison.walk(visit);
            }
        }
    }
}

impl Comparison {
    fn walk(&self, visit: &mut dyn FnMut(&Expr)) {
        if let Self::Concepts { value, .. } = self {
            value.walk(visit);
        }
    }
}

impl Filter {
    fn walk(&self, visit: &mut dyn FnMut(&Expr)) {
        match self {
            Self::TypeId { value, .. } | Self::Module { value, .. } | Self::DefinitionStatusId { value, .. } => {
                value.walk(visit);
            }
            Self::Dialect { dialects, .. } => {
                for dialect in dialects {
                    if let DialectName::Id(expr) = &dialect.which {
                        expr.walk(visit);
                    }
                }
            }
            Self::Field { comparison, .. } => comparison.walk(visit),
            _ => {}
        }
    }
}
