//! Strict checks of an expression against element definitions: names that cannot exist, order where there is none.

use super::ast::{Ast, AstId, AstKind};
use super::error::CompileError;
use super::functions::{Arguments, Fun, function};
use super::parser::parse;
use super::program::Mode;
use super::types::{self, Class, Model};
use crate::pack::model::Release;
use crate::text::Span;
use crate::tree::names;

/// What is known of the items of a part: possible types (`None`: anything) and whether their order means something.
#[derive(Clone)]
struct Shape {
    types: Option<Vec<String>>,
    ordered: bool,
}

const ANYTHING: Shape = Shape { types: None, ordered: true };

struct Checker<'a> {
    ast: &'a Ast,
    model: &'a dyn Model,
}

type Checked = Result<Shape, CompileError>;

/// Checks an expression whose context is of type `context` (`Patient`).
///
/// # Errors
/// The first syntax error, name that no possible type has, string function on a structure, or use of an order that
/// `children()` and `descendants()` do not have; with its span.
pub fn check(expression: &str, context: &str, model: &dyn Model, mode: Mode) -> Result<(), CompileError> {
    let ast = parse(expression, mode == Mode::Strict)?;
    let checker = Checker { ast: &ast, model };
    let start = Shape { types: (!context.is_empty()).then(|| vec![context.to_owned()]), ordered: true };
    checker.shape(ast.root, &start).map(|_| ())
}

/// Types that stand for others: what they lack, those may have.
fn is_open(ty: &str) -> bool {
    matches!(ty, "Resource" | "DomainResource" | "Element" | "BackboneElement" | "")
}

impl Checker<'_> {
    fn shape(&self, id: AstId, context: &Shape) -> Checked {
        let node = self.ast.node(id);
        match &node.kind {
            AstKind::This => Ok(context.clone()),
            AstKind::Literal(_) | AstKind::Index | AstKind::Total | AstKind::External(_) => Ok(ANYTHING),
            AstKind::Member { source: None, name } => self.start(name, context, node.span),
            AstKind::Member { source: Some(source), name } => {
                let source = self.shape(*source, context)?;
                self.child(&source, name, node.span)
            }
            AstKind::Call { source, name, args } => self.call(*source, name, args, context, node.span),
            AstKind::Indexer { source, index } => {
                let source = self.shape(*source, context)?;
                self.shape(*index, context)?;
                ordered(source, node.span)
            }
            AstKind::Sign { operand, .. } => self.shape(*operand, context).map(|_| ANYTHING),
            AstKind::Binary { operands, .. } => {
                for &operand in operands {
                    self.shape(operand, context)?;
                }
                Ok(ANYTHING)
            }
            AstKind::Type { cast, operand, name } => {
                let operand = self.shape(*operand, context)?;
                Ok(if *cast { typed(name, operand.ordered) } else { ANYTHING })
            }
        }
    }

    /// A name at the start of a path: the type of the context, or one of its children.
    fn start(&self, name: &str, context: &Shape, span: Span) -> Checked {
        let Some(possible) = &context.types else { return Ok(ANYTHING) };
        if name.starts_with(|c: char| c.is_ascii_uppercase()) && types::class(names::intern(name)) != Class::Unknown {
            let wanted = names::intern(name);
            if possible.iter().any(|ty| is_open(ty) || types::derives(Release::R4, names::intern(ty), wanted)) {
                return Ok(context.clone());
            }
            return Err(CompileError::new(format!("the context is no {name}"), span));
        }
        self.child(context, name, span)
    }

    fn child(&self, source: &Shape, name: &str, span: Span) -> Checked {
        let Some(possible) = &source.types else { return Ok(Shape { types: None, ordered: source.ordered }) };
        let mut found = Vec::new();
        let mut open = false;
        for ty in possible {
            match self.model.child(ty, name) {
                None => open = true,
                Some(children) => {
                    open |= children.is_empty() && is_open(ty);
                    found.extend(children.into_iter().map(|c| c.name));
                }
            }
        }
        if !open && found.is_empty() {
            let says = format!("{} has no element {name}", possible.join(" or "));
            return Err(CompileError::new(says, Span::new(span.end.saturating_sub(name.len() as u32), span.end)));
        }
        found.sort_unstable();
        found.dedup();
        Ok(Shape { types: (!open).then_some(found), ordered: source.ordered })
    }

    fn call(&self, source: Option<AstId>, name: &str, args: &[AstId], context: &Shape, span: Span) -> Checked {
        let input = match source {
            Some(id) => self.shape(id, context)?,
            None => context.clone(),
        };
        let Some(signature) = function(name) else { return Ok(ANYTHING) };
        let mut shapes = Vec::with_capacity(args.len());
        for (i, &arg) in args.iter().enumerate() {
            let inner = match signature.arguments {
                Arguments::Type => continue,
                // What a projection sees on its second round is not what it saw on its first.
                Arguments::Each if matches!(signature.fun, Fun::Repeat | Fun::RepeatAll) => &ANYTHING,
                Arguments::Each if signature.fun == Fun::Iif && source.is_none() => context,
                Arguments::Each => &input,
                Arguments::Second if i == 1 => &input,
                Arguments::Second | Arguments::Once => context,
            };
            shapes.push(self.shape(arg, inner)?);
        }
        match signature.fun {
            Fun::First | Fun::Last | Fun::Tail | Fun::Skip | Fun::Take => ordered(input, span),
            Fun::Where | Fun::Single | Fun::Distinct | Fun::Trace | Fun::Intersect | Fun::Exclude | Fun::Sort => {
                Ok(Shape { ordered: input.ordered || signature.fun == Fun::Sort, ..input })
            }
            Fun::DefineVariable => Ok(input),
            Fun::Select => Ok(shapes.pop().unwrap_or(ANYTHING)),
            Fun::Children | Fun::Descendants => Ok(Shape { types: None, ordered: false }),
            Fun::OfType | Fun::As => match args.first().map(|&a| &self.ast.node(a).kind) {
                Some(AstKind::Member { name, .. }) => Ok(typed(name, input.ordered)),
                _ => Ok(ANYTHING),
            },
            Fun::Extension => self.child(&input, "extension", span),
            Fun::StartsWith | Fun::EndsWith | Fun::Contains | Fun::Matches | Fun::Length | Fun::Upper | Fun::Lower => {
                match &input.types {
                    Some(possible) if !possible.is_empty() && possible.iter().all(|ty| is_structure(ty)) => {
                        Err(CompileError::new(format!("{name} needs a string, not {}", possible.join(" or ")), span))
                    }
                    _ => Ok(ANYTHING),
                }
            }
            _ => Ok(ANYTHING),
        }
    }
}

fn is_structure(ty: &str) -> bool {
    ty.contains('.') || matches!(types::class(names::intern(ty)), Class::Complex | Class::Resource | Class::Quantity)
}

fn typed(name: &str, ordered: bool) -> Shape {
    let bare = name.rsplit('.').next().unwrap_or(name);
    let known = types::class(names::intern(bare)) != Class::Unknown;
    Shape { types: known.then(|| vec![bare.to_owned()]), ordered }
}

fn ordered(shape: Shape, span: Span) -> Checked {
    if shape.ordered {
        return Ok(shape);
    }
    Err(CompileError::new("children() and descendants() have no order to take an item by", span))
}
