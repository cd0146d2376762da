//! Post-coordinated expressions in a code: brackets, terms and identifiers.

use super::claim;
use crate::finding::{Example, Family, Meta};
use crate::rules::{Rule, Scene, Sink};
use crate::terminology::snomed::sctid::{Component, Sctid};
use crate::tree::{Element, names};
use crate::uk::systems::SNOMED;

/// Expressions.
pub static META: Meta = Meta {
    id: "HM0309",
    name: "snomed-expression",
    title: "the SNOMED CT expression is not well formed",
    family: Family::Snomed,
    issue: "code-invalid",
    basis: "SNOMED CT, Compositional Grammar 2.4",
    criterion: "COD-2",
    why: "Receivers that read expressions refuse it, and the others have no single concept to fall back on.",
    remedy: "Write the expression with a tool that knows the grammar, or send one pre-coordinated concept.",
    examples: &[
        Example::bad(
            "a term that is not closed",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«195967001 |Asthma:363698007=39607008»"}]}}"#,
        ),
        Example::bad(
            "an identifier with a wrong check digit",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«195967002:363698007=39607008»"}]}}"#,
        ),
        Example::good(
            "a refinement",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001 |Asthma|:{363698007=39607008}"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if at.text(names::SYSTEM) != Some(SNOMED) {
        return;
    }
    let Some(code) = at.child(names::CODE) else { return };
    if let Some(text) = code.value().filter(|t| claim::is_expression(t))
        && let Err(says) = Reader::new(text).expression()
    {
        out.say(&META, code, says);
    }
}

/// Reads the grammar by recursive descent. Brackets nest, so depth is bounded.
struct Reader<'e> {
    rest: &'e str,
    depth: u8,
}

type Step = Result<(), &'static str>;

const DEEPEST: u8 = 32;

impl<'e> Reader<'e> {
    fn new(text: &'e str) -> Self {
        Self { rest: text.trim_start(), depth: 0 }
    }

    /// `[definition status] subexpression`, and nothing after it.
    fn expression(&mut self) -> Step {
        let _ = self.eat("===") || self.eat("<<<");
        self.sub_expression()?;
        if self.rest.is_empty() { Ok(()) } else { Err("the expression goes on after its end") }
    }

    fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn sub_expression(&mut self) -> Step {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("the expression is nested too deeply");
        }
        self.concept()?;
        while self.eat("+") {
            self.concept()?;
        }
        if self.eat(":") {
            self.refinement()?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// Attributes, then groups; a comma may stand between any two of them.
    fn refinement(&mut self) -> Step {
        loop {
            if self.eat("{") {
                self.attribute()?;
                while self.eat(",") {
                    self.attribute()?;
                }
                if !self.eat("}") {
                    return Err("a curly bracket is not closed");
                }
            } else {
                self.attribute()?;
            }
            if !self.eat(",") && !self.rest.starts_with('{') {
                return Ok(());
            }
        }
    }

    fn attribute(&mut self) -> Step {
        self.concept()?;
        if !self.eat("=") {
            return Err("an attribute has no equals sign");
        }
        if self.eat("(") {
            self.sub_expression()?;
            return if self.eat(")") { Ok(()) } else { Err("a bracket is not closed") };
        }
        if self.eat("#") {
            let end = self.rest.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+')).unwrap_or(self.rest.len());
            let (number, rest) = self.rest.split_at(end);
            self.rest = rest.trim_start();
            return if number.bytes().any(|b| b.is_ascii_digit()) { Ok(()) } else { Err("a number has no digits") };
        }
        if let Some(rest) = self.rest.strip_prefix('"') {
            let mut escaped = false;
            for (i, c) in rest.char_indices() {
                match c {
                    '"' if !escaped => {
                        self.rest = rest[i + 1..].trim_start();
                        return Ok(());
                    }
                    '\\' => escaped = !escaped,
                    _ => escaped = false,
                }
            }
            return Err("a quoted value is not closed");
        }
        self.concept()
    }

    fn concept(&mut self) -> Step {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        if digits.is_empty() {
            return Err("a concept id is missing");
        }
        match Sctid::parse(digits) {
            Ok(id) if id.component() == Component::Concept => {}
            Ok(_) => return Err("an identifier in the expression is not that of a concept"),
            Err(_) => return Err("an identifier in the expression is not valid"),
        }
        self.rest = rest.trim_start();
        if let Some(term) = self.rest.strip_prefix('|') {
            let Some((_, rest)) = term.split_once('|') else { return Err("a term is not closed with |") };
            self.rest = rest.trim_start();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar() {
        for text in [
            "195967001 |Asthma|",
            "=== 195967001 + 22298006",
            "195967001:363698007=39607008",
            "195967001 : { 363698007 |Finding site| = 39607008 , 116676008 = 409774005 } { 246075003 = 410942007 }",
            "195967001:363698007=(39607008:272741003=7771000)",
            "322236009:1142135004=#500,732945000=\"m\\\"g\"",
        ] {
            assert_eq!(Reader::new(text).expression(), Ok(()), "{text}");
        }
        let deep = format!("195967001{}", ":363698007=(195967001".repeat(40));
        for text in [
            "195967001 |Asthma",
            "195967001:",
            "195967001:363698007",
            "195967001:{363698007=39607008",
            "195967001:363698007=(39607008",
            "195967002:363698007=39607008",
            "301485011+195967001",
            "195967001 |Asthma| 22298006",
            deep.as_str(),
        ] {
            assert!(Reader::new(text).expression().is_err(), "{text}");
        }
    }
}
