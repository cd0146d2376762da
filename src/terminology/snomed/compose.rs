//! The part that a value set draws from SNOMED CT (or from dm+d, which a SNOMED CT UK release holds): filters joined by
//! AND, decided code by code, with the reason where a code cannot be decided.

use super::ecl::{Ecl, parse_tolerant};
use super::editions::Standing;
use super::expression::Expression;
use super::index::{ConceptSet, Index};
use super::products::Kind;
use super::sctid::{Component, Sctid, SctidFault};
use crate::pack::model::Include;

/// Why a code cannot be decided: a word for the kind of reason, and the reason.
pub type Reason = (&'static str, String);

/// Whether a code is in a part of a value set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// It is.
    In,
    /// It is not.
    Out,
    /// That cannot be told.
    Open(Reason),
}

/// Which codes a part is drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Universe {
    /// Concepts of the release.
    Snomed,
    /// Its medicinal products and ingredients.
    Medicines,
}

/// Filters of one include, compiled.
#[derive(Debug)]
pub struct Composed {
    tests: Vec<Test>,
    universe: Universe,
    /// How faulty filters were read.
    readings: Vec<String>,
    /// Whether there is a filter that cannot be decided for every code.
    partial: bool,
}

#[derive(Debug)]
enum Test {
    /// Concepts of an expression, listed.
    Set(ConceptSet, Ecl),
    /// Concepts of an expression that cannot be listed as a whole.
    Each(Ecl, Reason),
    /// Of several filters that can only be meant as alternatives.
    Any(Vec<Test>),
    Not(Box<Test>),
    Active(bool),
    Defined(bool),
    Module(u64),
    /// The word in brackets that ends the fully specified name.
    Tag(Box<str>),
    /// Post-coordinated expressions are asked for, or kept out.
    Expressions(bool),
    Kind(Kind),
    /// Not to be decided for any code.
    Open(Reason),
}

/// What a code is.
enum Code {
    Concept(u64),
    Expression(Expression),
}

const FILTER: &str = "value-set-filter";

/// The refset of all refsets is the concept that every refset stands below.
const REFSET: u64 = 900_000_000_000_455_006;

impl Composed {
    /// Compiles the filters of an include.
    pub fn new(index: &Index, include: &Include, universe: Universe) -> Self {
        let mut made = Self { tests: Vec::new(), universe, readings: Vec::new(), partial: false };
        if !include.version.is_empty() && index.standing(&include.version) != Standing::Same {
            let reason = format!("version {} is not the one of the index", include.version);
            made.tests.push(Test::Open(("snomed-version", reason)));
        }
        if universe == Universe::Medicines && !index.holds_medicines() {
            made.tests.push(Test::Open(no_products()));
        }
        let mut done: Vec<(&str, &str)> = Vec::new();
        for (property, op, value) in &include.filters {
            // A code has one value of most properties: several of them joined by AND would leave nothing, and published
            // UK value sets that ask so mean any of them. Hierarchy is another matter: a concept has many ancestors.
            let repeats = matches!(op.as_str(), "=" | "in");
            let alike = || include.filters.iter().filter(move |(p, o, _)| p == property && o == op);
            if !repeats || alike().count() == 1 {
                let test = made.test(index, property, op, value);
                made.tests.push(test);
            } else if !done.contains(&(property, op)) {
                done.push((property, op));
                let tests = alike().map(|(_, _, value)| made.test(index, property, op, value)).collect();
                made.tests.push(Test::Any(tests));
                made.readings.push(format!("several filters “{property} {op}” of one include are read as any of them"));
            }
        }
        made.partial = made.tests.iter().any(Test::partial);
        made
    }

    /// How faulty filters were read, for people.
    pub fn readings(&self) -> &[String] {
        &self.readings
    }

    /// Whether some code cannot be decided.
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    fn test(&mut self, index: &Index, property: &str, op: &str, value: &str) -> Test {
        match self.read(index, property, op, value) {
            Ok(test) => test,
            Err(reason) => Test::Open((FILTER, format!("{property} {op} {value}: {reason}"))),
        }
    }

    /// One filter (FHIR, Using SNOMED CT with FHIR: filter properties; ValueSet, filter operators).
    fn read(&mut self, index: &Index, property: &str, op: &str, value: &str) -> Result<Test, String> {
        let value = value.trim();
        let truth = || match value {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err("true or false is expected".to_owned()),
        };
        if self.universe == Universe::Medicines
            && matches!((property, op), ("parent" | "concept", "=" | "is-a"))
            && let Some(kind) = Kind::named(value)
        {
            return Ok(Test::Kind(kind));
        }
        let by = |operator: &str| -> Result<Test, String> { Ok(listed(index, &format!("{operator}{}", id(value)?))) };
        Ok(match (property, op) {
            ("concept" | "code", "is-a" | "descendent-of" | "descendant-of" | "=") if id(value).is_err() => {
                // An expression, whole or escaped, where one concept is asked for.
                let before = match op {
                    "is-a" => "<< ",
                    "=" => "",
                    _ => "< ",
                };
                return self.expression(index, property, op, value, before);
            }
            ("concept" | "code", "is-a") => by("<< ")?,
            ("concept" | "code", "descendent-of" | "descendant-of") => by("< ")?,
            ("concept" | "code", "is-not-a") => Test::Not(Box::new(by("<< ")?)),
            ("concept" | "code", "generalizes") => by(">> ")?,
            ("concept" | "code", "child-of") | ("parent", "=") => by("<! ")?,
            ("child", "=") => by(">! ")?,
            ("concept" | "code", "descendent-leaf" | "descendant-leaf") => {
                listed(index, &format!("!!< (< {})", id(value)?))
            }
            ("concept" | "code", "=") => by("")?,
            ("concept" | "code", "in") => self.members(index, value)?,
            ("concept" | "code", "not-in") => Test::Not(Box::new(self.members(index, value)?)),
            ("constraint" | "expression", "=") => return self.expression(index, property, op, value, ""),
            ("expressions", "=") => Test::Expressions(truth()?),
            ("inactive", "=") => Test::Active(!truth()?),
            ("active", "=") => Test::Active(truth()?),
            ("sufficientlyDefined", "=") => Test::Defined(truth()?),
            ("moduleId", "=") => Test::Module(id(value)?.parse().map_err(|_| "no module id".to_owned())?),
            ("semanticTag", "=") => Test::Tag(value.trim_matches(['(', ')']).into()),
            (attribute, "=") if id(attribute).is_ok() => listed(index, &format!("* : {attribute} = {}", id(value)?)),
            (attribute, "is-a") if id(attribute).is_ok() => {
                listed(index, &format!("* : {attribute} = << {}", id(value)?))
            }
            (attribute, "in") if id(attribute).is_ok() => {
                listed(index, &format!("* : {attribute} = (^ {})", id(value)?))
            }
            _ => return Err("this property or operator is not supported".to_owned()),
        })
    }

    /// Members of one refset or of any of several; a value may have `^` in front.
    fn members(&mut self, index: &Index, value: &str) -> Result<Test, String> {
        let mut tests = Vec::new();
        for one in value.split(',').map(|one| one.trim().trim_start_matches('^').trim()) {
            let Ok(refset) = id(one) else {
                tests.push(self.expression(index, "concept", "in", one, "<< ")?);
                continue;
            };
            let number: u64 = refset.parse().map_err(|_| "no id".to_owned())?;
            let is_refset = index.member_of(number, number).is_some() || index.subsumes(REFSET, number) == Some(true);
            if index.lookup(number).is_some() && !is_refset && index.lookup(REFSET).is_some() {
                self.readings.push(format!("“concept in {refset}” names no refset and is read as << {refset}"));
                tests.push(listed(index, &format!("<< {refset}")));
            } else {
                tests.push(listed(index, &format!("^ {refset}")));
            }
        }
        Ok(if tests.len() == 1 { tests.remove(0) } else { Test::Any(tests) })
    }

    /// An expression constraint, read with mercy: what that took is kept for people.
    fn expression(
        &mut self,
        index: &Index,
        property: &str,
        op: &str,
        text: &str,
        before: &str,
    ) -> Result<Test, String> {
        let (mut ecl, repairs) = parse_tolerant(text).map_err(|fault| fault.to_string())?;
        let single = matches!(ecl.expr.node, super::ecl::Node::Concept { .. });
        if single && !before.is_empty() {
            ecl = Ecl::parse(&format!("{before}{ecl}")).map_err(|fault| fault.to_string())?;
        }
        let misplaced = !matches!(property, "constraint" | "expression") && !single;
        if misplaced || !repairs.is_empty() {
            let mut why: Vec<String> = repairs.iter().map(|repair| repair.kind.to_string()).collect();
            why.dedup();
            if misplaced {
                why.push("an expression stands where one concept is asked for".to_owned());
            }
            self.readings.push(format!("the filter “{property} {op}” is read as {ecl}: {}", why.join("; ")));
        }
        Ok(of(index, ecl))
    }

    /// Whether the part holds a code.
    pub fn holds(&self, index: &Index, code: &str) -> Held {
        if let Ok(id) = Sctid::parse(code) {
            if id.component() != Component::Concept {
                return Held::Out;
            }
            return self.concept(index, id.value());
        }
        if !code.contains([':', '+', '|', '=']) || self.universe == Universe::Medicines {
            return Held::Out;
        }
        let Ok(expression) = Expression::parse(code) else { return Held::Out };
        if expression.concepts().iter().any(|c| !is_concept(c.id)) {
            return Held::Out;
        }
        if expression.concepts().iter().any(|c| index.lookup(c.id).is_none()) {
            let reason = "a concept of a post-coordinated expression is not in the release".to_owned();
            return Held::Open(("snomed-expression", reason));
        }
        self.all(index, &Code::Expression(expression))
    }

    fn concept(&self, index: &Index, id: u64) -> Held {
        let Some(concept) = index.lookup(id) else {
            return match self.universe {
                Universe::Medicines if !index.holds_medicines() => Held::Open(no_products()),
                // dm+d comes out every week, and may hold what the release has not yet.
                Universe::Medicines if index.medicine(id).is_some() => self.all(index, &Code::Concept(id)),
                _ => Held::Open(("snomed-concept", "a concept is not in the release of the index".to_owned())),
            };
        };
        let answer = self.all(index, &Code::Concept(id));
        // Hierarchy and refsets hold active concepts alone: an inactive one is judged by what stands in its place, and a
        // filter by status by itself.
        let by_status = self.tests.iter().any(|test| matches!(test, Test::Active(_)));
        if answer != Held::Out || concept.active() || by_status {
            return answer;
        }
        let successors = concept.replacements();
        if successors.iter().any(|r| index.lookup(r.target).is_some() && self.concept_now(index, r.target) == Held::In)
        {
            return Held::In;
        }
        Held::Open(("snomed-inactive", "a concept is inactive, and so in no hierarchy".to_owned()))
    }

    fn concept_now(&self, index: &Index, id: u64) -> Held {
        self.all(index, &Code::Concept(id))
    }

    fn all(&self, index: &Index, code: &Code) -> Held {
        if let (Universe::Medicines, Code::Concept(id)) = (self.universe, code)
            && index.is_product(*id) == Some(false)
            && !index.is_substance(*id)
            && (index.medicine(*id).is_some() || index.lookup(*id).is_some_and(|c| c.active()))
        {
            return Held::Out;
        }
        let mut answer = Held::In;
        for test in &self.tests {
            match test.holds(index, code) {
                Held::In => {}
                Held::Out => return Held::Out,
                open if answer == Held::In => answer = open,
                Held::Open(_) => {}
            }
        }
        answer
    }
}

impl Test {
    fn partial(&self) -> bool {
        match self {
            Self::Each(..) | Self::Open(_) => true,
            Self::Any(tests) => tests.iter().any(Self::partial),
            Self::Not(test) => test.partial(),
            _ => false,
        }
    }

    fn holds(&self, index: &Index, code: &Code) -> Held {
        let known = |yes: bool| if yes { Held::In } else { Held::Out };
        match (self, code) {
            (Self::Set(set, _), Code::Concept(id)) => known(index.holds(set, *id)),
            (Self::Each(ecl, reason), Code::Concept(id)) => {
                index.contains(ecl, *id).map_or_else(|_| Held::Open(reason.clone()), known)
            }
            (Self::Set(_, ecl) | Self::Each(ecl, _), Code::Expression(expression)) => {
                index.admits(ecl, expression).map_or_else(open_expression, known)
            }
            (Self::Any(tests), _) => {
                let mut answer = Held::Out;
                for test in tests {
                    match test.holds(index, code) {
                        Held::In => return Held::In,
                        Held::Out => {}
                        open => answer = open,
                    }
                }
                answer
            }
            (Self::Not(test), _) => match test.holds(index, code) {
                Held::In => Held::Out,
                Held::Out => Held::In,
                open => open,
            },
            (Self::Expressions(wanted), Code::Expression(_)) => known(*wanted),
            (Self::Expressions(_), Code::Concept(_)) => Held::In,
            (Self::Active(wanted), Code::Concept(id)) => {
                known(index.lookup(*id).is_some_and(|c| c.active() == *wanted))
            }
            (Self::Active(wanted), Code::Expression(_)) => known(*wanted),
            (Self::Defined(wanted), Code::Concept(id)) => {
                known(index.lookup(*id).and_then(|c| c.defined()) == Some(*wanted))
            }
            (Self::Module(module), Code::Concept(id)) => {
                known(index.lookup(*id).is_some_and(|c| c.module() == *module))
            }
            (Self::Tag(tag), Code::Concept(id)) => known(index.lookup(*id).is_some_and(|c| {
                c.fsn()
                    .and_then(|name| name.strip_suffix(')'))
                    .and_then(|name| name.rsplit_once('('))
                    .map(|(_, tag)| tag)
                    == Some(tag)
            })),
            (Self::Kind(kind), Code::Concept(id)) => index.is_kind(*id, *kind).map_or_else(
                || Held::Open(("snomed-refset", format!("the release does not say what is {kind:?} in dm+d"))),
                known,
            ),
            (Self::Open(reason), _) => Held::Open(reason.clone()),
            (Self::Defined(_) | Self::Module(_) | Self::Tag(_) | Self::Kind(_), Code::Expression(_)) => {
                open_expression()
            }
        }
    }
}

fn no_products() -> Reason {
    ("snomed-concept", "the index holds no UK products".to_owned())
}

fn open_expression() -> Held {
    let reason = "only a classifier could place a post-coordinated expression".to_owned();
    Held::Open(("snomed-expression", reason))
}

/// An expression of our own making.
fn listed(index: &Index, text: &str) -> Test {
    match Ecl::parse(text) {
        Ok(ecl) => of(index, ecl),
        Err(fault) => Test::Open((FILTER, format!("{text}: {fault}"))),
    }
}

fn of(index: &Index, ecl: Ecl) -> Test {
    match index.evaluate(&ecl) {
        Ok(set) => Test::Set(set, ecl),
        Err(why) => Test::Each(ecl, (why.kind(), why.to_string())),
    }
}

/// The id of a concept as a filter gives it, with or without its term.
fn id(value: &str) -> Result<&str, String> {
    let digits = value.split_once('|').map_or(value, |(digits, _)| digits).trim();
    match Sctid::parse(digits) {
        Ok(id) if id.component() == Component::Concept => Ok(digits),
        Ok(_) => Err(format!("{digits} is not an id of a concept")),
        Err(SctidFault::CheckDigit) => Err(format!("the check digit of {digits} does not fit")),
        Err(fault) => Err(fault.to_string()),
    }
}

fn is_concept(id: u64) -> bool {
    Sctid::parse(&id.to_string()).is_ok_and(|id| id.component() == Component::Concept)
}
