//! Syntax tree to program.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::ast::{Ast, AstId, AstKind, BinaryOp, Literal};
use super::error::CompileError;
use super::functions::{Arguments, Fun, Signature, function};
use super::parser::parse;
use super::program::{Constant, List, Mode, Op, OpId, Program, TypeTest};
use super::quantity::{Quantity, UCUM, Unit, duration};
use super::types;
use super::value::Value;
use crate::pack::model::Release;
use crate::text::Span;
use crate::tree::{NameId, names};

struct Compiler<'a> {
    ast: &'a Ast,
    closed: Vec<bool>,
    program: Program,
    lambdas: u32,
}

type Compiled = Result<OpId, CompileError>;

/// Names of system types.
const SYSTEM: [&str; 10] =
    ["Boolean", "Integer", "Long", "Decimal", "String", "Date", "DateTime", "Time", "Quantity", "Any"];

pub(super) fn compile(text: &str, release: Release, mode: Mode) -> Result<Program, CompileError> {
    let ast = parse(text, mode == Mode::Strict)?;
    let program = Program {
        text: text.to_owned(),
        ops: Vec::new(),
        spans: Vec::new(),
        lists: Vec::new(),
        names: Vec::new(),
        constants: Vec::new(),
        tests: Vec::new(),
        variables: Vec::new(),
        patterns: Vec::new(),
        slots: 0,
        defines: false,
        root: 0,
        mode,
        release,
    };
    let closed = (0..ast.nodes.len()).map(|_| false).collect();
    let mut compiler = Compiler { ast: &ast, closed, program, lambdas: 0 };
    compiler.close(ast.root);
    let root = compiler.node(ast.root)?;
    compiler.program.root = root;
    Ok(compiler.program)
}

/// What `%name` stands for without asking anyone.
fn constant(name: &str) -> Option<Cow<'static, str>> {
    match name {
        "ucum" => Some(UCUM.into()),
        "sct" => Some(crate::terminology::SNOMED.into()),
        "loinc" => Some("http://loinc.org".into()),
        _ => {
            let set = name.strip_prefix("vs-").map(|id| format!("http://hl7.org/fhir/ValueSet/{id}"));
            let extension =
                || name.strip_prefix("ext-").map(|id| format!("http://hl7.org/fhir/StructureDefinition/{id}"));
            set.or_else(extension).map(Cow::Owned)
        }
    }
}

impl Compiler<'_> {
    /// Marks what depends on no item: such operands of a criterion are evaluated once. Returns whether the node is
    /// closed and whether it refers to `$total` or a variable.
    fn close(&mut self, id: AstId) -> (bool, bool) {
        let ast = self.ast;
        let (closed, outer) = match &ast.node(id).kind {
            AstKind::Literal(_) => (true, false),
            AstKind::This | AstKind::Index => (false, false),
            AstKind::Total => (false, true),
            AstKind::External(name) => {
                let fixed = matches!(name.as_str(), "resource" | "rootResource" | "context");
                (fixed || constant(name).is_some(), !fixed && constant(name).is_none())
            }
            AstKind::Member { source, .. } => source.map_or((false, false), |s| self.close(s)),
            AstKind::Call { source, name, args } => {
                let (mut closed, mut outer) = source.map_or((false, false), |s| self.close(s));
                let each = function(name).is_some_and(|f| f.arguments == Arguments::Each && f.fun != Fun::Iif);
                for &arg in args {
                    let (inside, refers) = self.close(arg);
                    closed &= inside || each && !refers;
                    outer |= refers;
                }
                (closed && name != "defineVariable" && name != "trace", outer)
            }
            AstKind::Indexer { source, index } => self.all_closed(&[*source, *index]),
            AstKind::Sign { operand, .. } | AstKind::Type { operand, .. } => self.close(*operand),
            AstKind::Binary { operands, .. } => self.all_closed(operands),
        };
        self.closed[id as usize] = closed;
        (closed, outer)
    }

    fn all_closed(&mut self, ids: &[AstId]) -> (bool, bool) {
        ids.iter().fold((true, false), |(closed, outer), &id| {
            let (c, o) = self.close(id);
            (closed && c, outer || o)
        })
    }

    /// Whether a closed part costs enough to be kept.
    fn worth_keeping(&self, id: AstId) -> bool {
        match &self.ast.node(id).kind {
            AstKind::Literal(_) | AstKind::External(_) => false,
            AstKind::Binary { op: BinaryOp::Union, operands } => operands.iter().any(|&o| self.worth_keeping(o)),
            _ => true,
        }
    }

    fn push(&mut self, op: Op, span: Span) -> OpId {
        self.program.ops.push(op);
        self.program.spans.push(span);
        self.program.ops.len() as OpId - 1
    }

    fn list(&mut self, ids: &[OpId]) -> List {
        let start = self.program.lists.len() as u32;
        self.program.lists.extend_from_slice(ids);
        List { start, len: ids.len() as u32 }
    }

    fn node(&mut self, id: AstId) -> Compiled {
        if self.lambdas > 0 && self.closed[id as usize] && self.worth_keeping(id) {
            let outer = std::mem::take(&mut self.lambdas);
            let inner = self.plain(id);
            self.lambdas = outer;
            let inner = inner?;
            let slot = self.program.slots;
            self.program.slots += 1;
            let span = self.ast.node(id).span;
            return Ok(self.push(Op::Memo { slot, inner }, span));
        }
        self.plain(id)
    }

    fn lambda(&mut self, id: AstId) -> Compiled {
        self.lambdas += 1;
        let op = self.node(id);
        self.lambdas -= 1;
        op
    }

    fn plain(&mut self, id: AstId) -> Compiled {
        let ast = self.ast;
        let span = ast.node(id).span;
        let op = match &ast.node(id).kind {
            AstKind::Literal(literal) => self.literal(literal, span)?,
            AstKind::This => Op::This,
            AstKind::Index => Op::Index,
            AstKind::Total => Op::Total,
            AstKind::External(name) => self.external(name),
            AstKind::Member { source, name } => return self.member(*source, name, span),
            AstKind::Call { source, name, args } => return self.call(*source, name, args, span),
            AstKind::Indexer { source, index } => {
                let (source, index) = (self.node(*source)?, self.node(*index)?);
                Op::Indexer { source, index }
            }
            AstKind::Sign { minus, operand } => Op::Sign { minus: *minus, operand: self.node(*operand)? },
            AstKind::Type { cast, operand, name } => {
                let input = self.node(*operand)?;
                let test = self.test(name, span)?;
                match cast {
                    true => Op::As { input, test, single: self.program.mode == Mode::Strict },
                    false => Op::Is { input, test },
                }
            }
            AstKind::Binary { op, operands } => self.binary(*op, operands)?,
        };
        Ok(self.push(op, span))
    }

    fn literal(&mut self, literal: &Literal, span: Span) -> Result<Op, CompileError> {
        let value = match literal {
            Literal::Empty => return Ok(Op::Nothing),
            Literal::Boolean(value) => Value::Boolean(*value),
            Literal::String(text) => Value::String(text.clone().into()),
            Literal::Integer(n) => Value::Integer(*n),
            Literal::Long(n) => Value::Long(*n),
            Literal::Decimal(d) => Value::Decimal(*d),
            Literal::Temporal(t) => Value::Temporal(*t),
            Literal::Quantity { value, unit, quoted } => {
                if !quoted && duration(unit).is_none() {
                    return Err(CompileError::new("this unit must be quoted", span));
                }
                let unit: Cow<'static, str> = unit.clone().into();
                let unit = if *quoted { Unit::Ucum(unit) } else { Unit::Calendar(unit) };
                Value::Quantity(Box::new(Quantity { value: *value, unit }))
            }
        };
        self.program.constants.push(Constant(value));
        Ok(Op::Constant(self.program.constants.len() as u32 - 1))
    }

    fn external(&mut self, name: &str) -> Op {
        match name {
            "resource" => Op::Resource,
            "rootResource" => Op::RootResource,
            "context" => Op::Context,
            _ => match constant(name) {
                Some(text) => {
                    self.program.constants.push(Constant(Value::String(text)));
                    Op::Constant(self.program.constants.len() as u32 - 1)
                }
                None => {
                    self.program.variables.push(name.to_owned());
                    Op::Variable(self.program.variables.len() as u32 - 1)
                }
            },
        }
    }

    fn member(&mut self, source: Option<AstId>, name: &str, span: Span) -> Compiled {
        let id = names::intern(name);
        let Some(source) = source else {
            if name.starts_with(|c: char| c.is_ascii_uppercase()) {
                return Ok(self.push(Op::Root(id), span));
            }
            return Ok(self.path(None, &[id], span));
        };
        let source = self.node(source)?;
        // Steps of one path stand side by side and become one operation.
        if let Op::Path { source: inner, names } = self.program.op(source) {
            let mut all: Vec<NameId> = self.program.names(names).to_vec();
            all.push(id);
            return Ok(self.path(inner, &all, span));
        }
        let source = if matches!(self.program.op(source), Op::This) { None } else { Some(source) };
        Ok(self.path(source, &[id], span))
    }

    fn path(&mut self, source: Option<OpId>, steps: &[NameId], span: Span) -> OpId {
        let start = self.program.names.len() as u32;
        self.program.names.extend_from_slice(steps);
        self.push(Op::Path { source, names: List { start, len: steps.len() as u32 } }, span)
    }

    fn operands(&mut self, ids: &[AstId]) -> Result<List, CompileError> {
        let mut ops = Vec::with_capacity(ids.len());
        for &id in ids {
            ops.push(self.node(id)?);
        }
        Ok(self.list(&ops))
    }

    fn binary(&mut self, op: BinaryOp, operands: &[AstId]) -> Result<Op, CompileError> {
        match op {
            BinaryOp::And => return Ok(Op::And(self.operands(operands)?)),
            BinaryOp::Or => return Ok(Op::Or(self.operands(operands)?)),
            BinaryOp::Union => return Ok(Op::Union(self.operands(operands)?)),
            _ => {}
        }
        let left = self.node(operands[0])?;
        let right = self.node(operands[1])?;
        Ok(match op {
            BinaryOp::Xor => Op::Xor(left, right),
            BinaryOp::Implies => Op::Implies(left, right),
            BinaryOp::Equal => Op::Equal { negate: false, left, right },
            BinaryOp::NotEqual => Op::Equal { negate: true, left, right },
            BinaryOp::Equivalent => Op::Equivalent { negate: false, left, right },
            BinaryOp::NotEquivalent => Op::Equivalent { negate: true, left, right },
            BinaryOp::In => Op::In { item: left, list: right },
            BinaryOp::Contains => Op::In { item: right, list: left },
            BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual => {
                Op::Order { op, left, right }
            }
            _ => Op::Arithmetic { op, left, right },
        })
    }

    fn test(&mut self, name: &str, span: Span) -> Result<u32, CompileError> {
        let loose = self.program.mode == Mode::Published;
        let (space, bare) = match name.split_once('.') {
            Some((space, bare)) => (Some(space), bare),
            None => (None, name),
        };
        let system = SYSTEM.into_iter().find(|s| *s == bare).filter(|_| space != Some("FHIR"));
        // `System.Patient` names no type; as a test it is merely never true.
        let fhir = match space {
            Some("System") => None,
            // A capitalised primitive in a published expression means FHIR's: `answer is Boolean`.
            _ => types::lookup(bare, loose),
        };
        if space.is_some_and(|s| s != "System" && s != "FHIR") || system.is_none() && fhir.is_none() && space.is_none()
        {
            return Err(CompileError::new(format!("there is no type {name}"), span));
        }
        self.program.tests.push(TypeTest { system, fhir });
        Ok(self.program.tests.len() as u32 - 1)
    }

    fn type_argument(&mut self, id: AstId) -> Result<u32, CompileError> {
        let node = self.ast.node(id);
        let name = match &node.kind {
            AstKind::Member { source: None, name } => name.clone(),
            AstKind::Member { source: Some(source), name } => match &self.ast.node(*source).kind {
                AstKind::Member { source: None, name: space } => format!("{space}.{name}"),
                _ => return Err(CompileError::new("a type name is expected", node.span)),
            },
            // Some published expressions quote the name.
            AstKind::Literal(Literal::String(name)) if self.program.mode == Mode::Published => name.clone(),
            _ => return Err(CompileError::new("a type name is expected", node.span)),
        };
        self.test(&name, node.span)
    }

    fn call(&mut self, source: Option<AstId>, name: &str, args: &[AstId], span: Span) -> Compiled {
        let Some(signature) = function(name) else {
            return Err(CompileError::new(format!("there is no function {name}"), span));
        };
        if args.len() < signature.least || args.len() > signature.most {
            let says = format!("{name} takes {} arguments", wanted(signature));
            return Err(CompileError::new(says, span));
        }
        let input = match source {
            Some(id) => self.node(id)?,
            None => self.push(Op::This, Span::new(span.start, span.start)),
        };
        let op = match (signature.fun, args) {
            (Fun::Empty, _) => Op::Exists { input, negate: true },
            (Fun::Exists, []) => Op::Exists { input, negate: false },
            (Fun::Exists, [criteria]) => {
                let criteria = self.lambda(*criteria)?;
                let input = self.push(Op::Where { input, criteria }, span);
                Op::Exists { input, negate: false }
            }
            (Fun::Not, _) => Op::Not(input),
            (Fun::HasValue, _) => Op::HasValue(input),
            (Fun::Count, _) => Op::Count(input),
            (Fun::Where, [criteria]) => Op::Where { input, criteria: self.lambda(*criteria)? },
            (Fun::All, [criteria]) => Op::All { input, criteria: self.lambda(*criteria)? },
            (Fun::Select, [projection]) => Op::Select { input, projection: self.lambda(*projection)? },
            (Fun::Is, [ty]) => Op::Is { input, test: self.type_argument(*ty)? },
            (Fun::OfType, [ty]) => Op::As { input, test: self.type_argument(*ty)?, single: false },
            (Fun::As, [ty]) => {
                Op::As { input, test: self.type_argument(*ty)?, single: self.program.mode == Mode::Strict }
            }
            (Fun::GetReferenceKey, [ty]) => {
                let name = self.type_argument(*ty)?;
                let fhir = self.program.tests[name as usize].fhir.map_or("", names::text);
                self.program.constants.push(Constant(Value::String(fhir.into())));
                let constant = self.program.constants.len() as u32 - 1;
                let arg = self.push(Op::Constant(constant), span);
                Op::Call { fun: Fun::GetReferenceKey, input, args: self.list(&[arg]) }
            }
            (fun, _) => {
                self.program.defines |= fun == Fun::DefineVariable;
                let mut ops = Vec::with_capacity(args.len());
                for (i, &arg) in args.iter().enumerate() {
                    let each = match signature.arguments {
                        Arguments::Each => true,
                        Arguments::Second => i == 1,
                        Arguments::Once | Arguments::Type => false,
                    };
                    ops.push(if each { self.lambda(arg)? } else { self.node(arg)? });
                }
                let pattern = matches!(fun, Fun::Matches | Fun::MatchesFull | Fun::ReplaceMatches);
                if pattern && ops.len() < 3 && matches!(self.program.op(ops[0]), Op::Constant(_)) {
                    self.program.patterns.push((ops[0], OnceLock::new()));
                }
                Op::Call { fun, input, args: self.list(&ops) }
            }
        };
        Ok(self.push(op, span))
    }
}

fn wanted(signature: &Signature) -> String {
    match (signature.least, signature.most) {
        (0, 0) => "no".to_owned(),
        (a, b) if a == b => a.to_string(),
        (a, b) => format!("{a} to {b}"),
    }
}
