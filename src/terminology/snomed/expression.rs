//! SNOMED CT compositional grammar: post-coordinated expressions, parsed with the place of every concept.

use super::EclError;
use super::ecl::cursor::Cursor;
use crate::text::Span;

/// Definition status in front of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `===`: equivalent; also when nothing is written.
    EquivalentTo,
    /// `<<<`: a kind of.
    SubtypeOf,
}

/// A post-coordinated expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// Definition status.
    pub status: Status,
    /// What it says.
    pub content: Content,
}

/// Focus concepts with their refinement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// One or more concepts, joined by `+`.
    pub focus: Vec<Reference>,
    /// Attributes outside groups.
    pub ungrouped: Vec<Refining>,
    /// Groups of attributes.
    pub groups: Vec<Vec<Refining>>,
}

/// A concept as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The identifier; its check digit is not enforced by the grammar.
    pub id: u64,
    /// Text between pipes.
    pub term: Option<Box<str>>,
    /// The digits.
    pub span: Span,
}

/// An attribute and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refining {
    /// The attribute.
    pub attribute: Reference,
    /// Its value.
    pub value: Value,
}

/// Value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A concept.
    Concept(Reference),
    /// A nested expression in brackets.
    Nested(Box<Content>),
    /// `#10`: the number as written.
    Number(Box<str>),
    /// `"text"`
    Text(Box<str>),
    /// `true` or `false`
    Truth(bool),
}

impl Expression {
    /// Parses a whole text.
    pub fn parse(text: &str) -> Result<Self, EclError> {
        let mut c = Cursor::new(text);
        c.space();
        let status = if c.take("<<<") {
            Status::SubtypeOf
        } else {
            c.take("===");
            Status::EquivalentTo
        };
        let content = content(&mut c)?;
        c.space();
        if c.at_end() {
            Ok(Self { status, content })
        } else {
            c.fault("`+`, `:`, a comma or the end of the expression")
        }
    }

    /// Every concept in it, in the order in which they are written.
    pub fn concepts(&self) -> Vec<&Reference> {
        let mut found = Vec::new();
        self.content.collect(&mut found);
        found.sort_by_key(|reference| reference.span.start);
        found
    }
}

impl Content {
    /// Whether it is more than one concept, with or without its term.
    pub fn is_post_coordinated(&self) -> bool {
        self.focus.len() > 1 || !self.ungrouped.is_empty() || !self.groups.is_empty()
    }

    fn collect<'e>(&'e self, found: &mut Vec<&'e Reference>) {
        found.extend(&self.focus);
        for refining in self.ungrouped.iter().chain(self.groups.iter().flatten()) {
            found.push(&refining.attribute);
            match &refining.value {
                Value::Concept(reference) => found.push(reference),
                Value::Nested(content) => content.collect(found),
                _ => {}
            }
        }
    }
}

fn content(c: &mut Cursor<'_>) -> Result<Content, EclError> {
    let mut parsed = Content { focus: vec![reference(c)?], ungrouped: Vec::new(), groups: Vec::new() };
    loop {
        c.space();
        if !c.take("+") {
            break;
        }
        parsed.focus.push(reference(c)?);
    }
    if !c.take(":") {
        return Ok(parsed);
    }
    let mut first = true;
    loop {
        c.space();
        if c.take("{") {
            let mut group = vec![refining(c)?];
            c.space();
            while c.take(",") {
                group.push(refining(c)?);
                c.space();
            }
            c.need("}", "a comma or a closing brace")?;
            parsed.groups.push(group);
        } else if first || parsed.groups.is_empty() {
            parsed.ungrouped.push(refining(c)?);
        } else {
            return c.fault("an opening brace: attributes outside groups stand before the groups");
        }
        first = false;
        let before = c.pos;
        c.space();
        // The comma between groups may be left out.
        if !c.take(",") && c.peek() != b'{' {
            c.pos = before;
            return Ok(parsed);
        }
    }
}

fn refining(c: &mut Cursor<'_>) -> Result<Refining, EclError> {
    let attribute = reference(c)?;
    c.space();
    c.need("=", "`=` after the attribute")?;
    c.space();
    let value = match c.peek() {
        b'(' => {
            c.pos += 1;
            c.descend()?;
            let nested = content(c)?;
            c.space();
            c.need(")", "a closing bracket")?;
            c.depth -= 1;
            Value::Nested(Box::new(nested))
        }
        b'#' => {
            c.pos += 1;
            Value::Number(c.number()?)
        }
        b'"' => Value::Text(c.string()?),
        _ if c.keyword("true") => Value::Truth(true),
        _ if c.keyword("false") => Value::Truth(false),
        _ => Value::Concept(reference(c)?),
    };
    Ok(Refining { attribute, value })
}

fn reference(c: &mut Cursor<'_>) -> Result<Reference, EclError> {
    c.space();
    let start = c.pos;
    if !c.peek().is_ascii_digit() {
        return c.fault("a concept");
    }
    let id = c.identifier()?;
    let span = c.span(start);
    let before = c.pos;
    c.space();
    let term = c.term()?;
    if term.is_none() {
        c.pos = before;
    }
    Ok(Reference { id, term, span })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses() {
        let text = "=== 404684003 |Finding| + 64572001 : 263502005 = 424124008, { 116676008 |m| = 40829002 , 363698007 = \
                    (39607008 : 272741003 = 7771000) } { 189999999103 = #-0.5, 209999999104 = \"X \\\"Y\\\"\", 1142140007 = true }";
        let expression = Expression::parse(text).unwrap();
        assert_eq!(expression.status, Status::EquivalentTo);
        assert!(expression.content.is_post_coordinated());
        assert_eq!(expression.content.focus.len(), 2);
        assert_eq!(expression.content.ungrouped.len(), 1);
        assert_eq!(expression.content.groups.iter().map(Vec::len).collect::<Vec<_>>(), [2, 3]);
        let concepts = expression.concepts();
        assert_eq!(concepts.len(), 13);
        for reference in concepts {
            assert_eq!(reference.span.of(text), reference.id.to_string());
        }
        assert_eq!(expression.content.groups[1][0].value, Value::Number("-0.5".into()));
        assert_eq!(expression.content.groups[1][1].value, Value::Text("X \"Y\"".into()));
        for single in ["73211009", " 73211009 |Diabetes mellitus| ", "<<<73211009"] {
            assert!(!Expression::parse(single).unwrap().content.is_post_coordinated());
        }
    }

    #[test]
    fn refuses_with_the_place() {
        for (text, start) in [
            ("", 0),
            ("Asthma", 0),
            ("73211009 +", 10),
            ("73211009 :", 10),
            ("73211009 : 363698007", 20),
            ("73211009 : 363698007 = ", 23),
            ("73211009 : { 363698007 = 39607008", 33),
            ("73211009 : 363698007 = (39607008", 32),
            ("73211009 : { 363698007 = 39607008 }, 116676008 = 40829002", 37),
            ("73211009 |Diabetes", 9),
            ("73211009)", 8),
            ("73211009 22298006", 9),
            ("12345", 0),
        ] {
            assert_eq!(Expression::parse(text).map_err(|fault| fault.span.start), Err(start), "{text}");
        }
        let deep = format!("73211009{}", " : 363698007 = (73211009".repeat(5000));
        assert!(Expression::parse(&deep).is_err());
    }
}
