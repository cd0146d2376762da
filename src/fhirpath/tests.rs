//! Expressions against a small message typed by hand, as tables.

use super::*;
use crate::pack::model::Release;
use crate::read::{Limits, read};
use crate::tree::{Element, Tree, flags, names};

const MESSAGE: &str = r##"{"resourceType":"Observation","id":"o","status":"final","issued":"2020-02-03T10:00:00Z",
"code":{"coding":[{"system":"http://loinc.org","code":"a"},{"system":"http://snomed.info/sct","code":"b"}]},
"valueQuantity":{"value":1.50,"unit":"g","system":"http://unitsofmeasure.org","code":"g"},
"subject":{"reference":"#p"},"effectivePeriod":{"start":"2020-02","end":"2020-02-03"},
"contained":[{"resourceType":"Patient","id":"p","active":false,"birthDate":"1980-01-02","multipleBirthInteger":2}],
"note":[{"text":"one"},{"text":"two"}]}"##;

const TYPES: [(&str, &str); 16] = [
    ("id", "id"),
    ("status", "code"),
    ("issued", "instant"),
    ("code", "CodeableConcept"),
    ("coding", "Coding"),
    ("system", "uri"),
    ("valueQuantity", "Quantity"),
    ("value", "decimal"),
    ("subject", "Reference"),
    ("reference", "string"),
    ("effectivePeriod", "Period"),
    ("start", "dateTime"),
    ("end", "dateTime"),
    ("active", "boolean"),
    ("birthDate", "date"),
    ("multipleBirthInteger", "integer"),
];

fn message() -> Tree<'static> {
    let (mut tree, _) = read(MESSAGE, &Limits::default());
    for node in &mut tree.nodes {
        let name = names::text(node.name);
        if matches!(name, "contained" | "note") {
            node.flags |= flags::REPEATS;
        }
        if node.is(flags::RESOURCE) {
            continue;
        }
        let ty = TYPES.iter().find(|(n, _)| *n == name).map_or("string", |(_, ty)| ty);
        // `code` is a concept above and a code inside a coding.
        node.ty = names::intern(if name == "code" && node.first == crate::tree::NONE { "code" } else { ty });
        for (choice, base) in
            [("valueQuantity", "value"), ("effectivePeriod", "effective"), ("multipleBirthInteger", "multipleBirth")]
        {
            if name == choice {
                node.base = names::intern(base);
                node.flags |= flags::CHOICE;
            }
        }
    }
    tree
}

struct Fixed;

impl Host for Fixed {
    fn resolve<'t>(&'t self, from: Element<'t>, reference: &str) -> Resolution<'t> {
        match reference.strip_prefix('#') {
            Some(id) => {
                let mut contained = from.root_resource().named(names::CONTAINED);
                contained.find(|e| e.text(names::ID) == Some(id)).map_or(Resolution::Absent, Resolution::Found)
            }
            None => Resolution::Unknown,
        }
    }

    fn member_of(&self, value: &Value<'_>, value_set: &str) -> Tri {
        match value_set {
            "urn:final" => (value.as_text() == Some("final")).into(),
            _ => Tri::Unknown,
        }
    }
}

fn shown(expression: &str, strict: bool) -> String {
    let tree = message();
    let made = if strict { Program::compile_strict } else { Program::compile };
    let program = match made(expression, Release::R4) {
        Ok(program) => program,
        Err(error) => return format!("compile {}..{}", error.span.start, error.span.end),
    };
    let env = Env::default();
    match program.evaluate(Element::new(&tree, 0), &env, &Fixed) {
        Ok(items) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        Err(error) => format!("{:?}", error.cause),
    }
}

#[test]
fn expressions_give_what_the_specification_says() {
    for (expression, wanted) in [
        ("Observation.status", "final"),
        ("Resource.id", "o"),
        ("Patient.id", ""),
        ("value", "1.50 'g'"),
        ("value.value + 1", "2.50"),
        ("value = 1500 'mg'", "true"),
        ("value > 1 'kg'", "false"),
        ("value > 1 'm'", ""),
        ("code.coding[1].code", "b"),
        ("code.coding.where(system = %loinc).code", "a"),
        ("code.coding.code.join('+')", "a+b"),
        ("note.text.select($this & $index.toString())", "one0 two1"),
        ("subject.resolve().birthDate", "1980-01-02"),
        ("subject.resolve() is Patient", "true"),
        ("contained.multipleBirth is integer", "true"),
        ("contained.active.not()", "true"),
        // Precision decides, not text.
        ("effective.start < effective.end", ""),
        ("effective.start < @2020-03-01", "true"),
        ("effective.end = @2020-02-03", "true"),
        ("issued > @2020-02-03", ""),
        ("issued > @2020-02-01", "true"),
        ("issued = @2020-02-03T11:00:00.0+01:00", "true"),
        ("issued > @2020-02-03T09:00:00", ""),
        ("issued > @2020-02-02T09:00:00", "true"),
        ("@2020-01-31 + 1 month", "2020-02-29"),
        ("@2020-02-29 + 1 year", "2021-02-28"),
        ("@2020 + 13 months", "2021"),
        ("@T23:30 + 45 minutes", "00:15"),
        ("@2020-01-01T00:00:00Z - 1 second", "2019-12-31T23:59:59Z"),
        // What is known decides before what is not.
        ("status.memberOf('urn:final')", "true"),
        ("status.memberOf('urn:other')", "Unknown"),
        ("status.memberOf('urn:other') or true", "true"),
        ("false and status.memberOf('urn:other')", "false"),
        ("status.memberOf('urn:other') implies true", "true"),
        ("status.memberOf('urn:other') and true", "Unknown"),
        ("note.text.where($this.memberOf('urn:other'))", "Unknown"),
        ("now()", "Unknown"),
        // Exactness.
        ("0.1 + 0.2 = 0.3", "true"),
        ("1.10 = 1.1", "true"),
        ("(1 / 3) * 3 = 1", "false"),
        ("7 div 2 & ''", "Type"),
        ("9007199254740993 > 9007199254740992", "true"),
        // Variables end with the part they were defined in.
        ("defineVariable('v', status).note.select(%v & text)", "finalone finaltwo"),
        ("defineVariable('v', 1).select(%v) | %v", "Argument"),
        ("note.text.first().defineVariable('t').select(%t & %t)", "oneone"),
        // Parts that depend on no item are evaluated once.
        ("note.where(%resource.code.coding.count() = 2).count()", "2"),
        ("note.select(%resource.note.where($this.text = 'two').text)", "two two"),
        ("(1 | 2).aggregate($total + (3 | 4).aggregate($this + $total, 0), 0)", "14"),
        ("'a\\u0062'", "ab"),
        ("'\\d'", "compile 1..3"),
        ("nosuch()", "compile 0..8"),
        ("status is Nosuch", "compile 0..16"),
        ("status.exists(1, 2)", "compile 0..19"),
        ("code.coding + 1", "Several"),
        ("@2020-02-30", "compile 0..11"),
        ("%nosuch", "Argument"),
        ("valueQuantity", ""),
    ] {
        assert_eq!(shown(expression, true), wanted, "{expression}");
    }
}

#[test]
fn published_expressions_are_taken_as_they_are_meant() {
    for (expression, wanted) in [
        ("valueQuantity.unit", "g"),
        ("note.text.as(string)", "one two"),
        ("contained.multipleBirth is Integer", "true"),
        ("code.coding.code in ('a' | 'b')", "true"),
        ("code.coding.code in ('a' | 'c')", "false"),
        ("'12'.matches('^\\d+$')", "true"),
        ("contained.active = 'false'", "true"),
        ("(code or value.empty()) and status", "true"),
        ("%vs-administrative-gender", "http://hl7.org/fhir/ValueSet/administrative-gender"),
    ] {
        assert_eq!(shown(expression, false), wanted, "{expression}");
    }
}

#[test]
fn the_smallest_false_part_is_to_blame() {
    let tree = message();
    for (expression, wanted) in [
        ("status.exists() and (id.exists() and subject.empty())", Some("subject.empty()")),
        ("status.exists() implies note.empty()", Some("note.empty()")),
        ("note.all(text.exists() and text = 'one')", Some("text = 'one'")),
        ("contained.exists(active.exists() and active)", Some("active")),
        ("note.exists(text = 'x')", Some("note.exists(text = 'x')")),
        ("note.empty() or subject.empty()", Some("note.empty() or subject.empty()")),
        ("status = 'final' and issued > @2020-02-03", Some("issued > @2020-02-03")),
        ("status = 'final'", None),
    ] {
        let program = Program::compile(expression, Release::R4).unwrap();
        let env = Env::default();
        let blamed = program.blame(Element::new(&tree, 0), &env, &NoHost);
        assert_eq!(blamed.map(|span| span.of(expression)), wanted, "{expression}");
    }
}

#[test]
fn outcomes_are_those_of_invariants() {
    let tree = message();
    let env = Env::default();
    for (expression, wanted) in [
        ("status", Outcome::True),
        ("note", Outcome::True),
        ("nothing", Outcome::Empty),
        ("contained.active", Outcome::False),
        ("nothing.not()", Outcome::Empty),
    ] {
        let program = Program::compile(expression, Release::R4).unwrap();
        assert_eq!(program.test(Element::new(&tree, 0), &env, &NoHost), Ok(wanted), "{expression}");
    }
}

#[test]
fn variables_of_the_surroundings_are_found() {
    let tree = message();
    let root = Element::new(&tree, 0);
    let variables = [("extension", root.get("subject").unwrap())];
    let env = Env { variables: &variables, ..Env::default() };
    let program = Program::compile("%extension.reference = '#p'", Release::R4).unwrap();
    assert_eq!(program.test(root, &env, &NoHost), Ok(Outcome::True));
}

#[test]
fn results_print_with_type_value_and_location() {
    let tree = message();
    let env = Env::default();
    let printed = |expression: &str| {
        let program = Program::compile_strict(expression, Release::R4).unwrap();
        let items = program.evaluate(Element::new(&tree, 0), &env, &NoHost).unwrap();
        let items = print::answers(&items);
        (print::as_text(&items), serde_json::from_str::<serde_json::Value>(&print::as_json(&items)).unwrap())
    };
    let (text, json) = printed("value | value.value | contained.active | 1 'mg' | @2020 | 2 | note.first()");
    let line = |n: usize| text.lines().nth(n).unwrap().to_owned();
    assert_eq!(line(0), "Observation.value.ofType(Quantity)\tQuantity\t1.50 'g'");
    assert_eq!(line(4), "-\tDate\t2020");
    let values: Vec<_> = json.as_array().unwrap().iter().map(|row| row["value"].to_string()).collect();
    let wanted = ["\"1.50 'g'\"", "1.5", "false", "\"1 'mg'\"", "\"2020\"", "2", r#""{\"text\":\"one\"}""#];
    assert_eq!(values, wanted);
    assert_eq!(json[3]["location"], serde_json::Value::Null);
    assert_eq!(json[2]["location"], "Observation.contained[0].active");
    assert!(print::as_json(&[]) == "[]");
}

/// Found by fuzzing: what does not compile inside a condition leaves the compiler as it was.
#[test]
fn a_fault_inside_a_condition_is_an_error() {
    for text in
        ["contained.where(('#'+id in %resource.descejdants().reference).not()).empty()", "a.where(%resource.b().c)"]
    {
        assert!(Program::compile(text, Release::R4).is_err(), "{text}");
    }
}
