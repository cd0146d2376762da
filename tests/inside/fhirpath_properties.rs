//! FHIRPath: printing is stable, and nothing panics or runs without end.
#![allow(clippy::expect_used, clippy::panic)]

use hallmark::fhirpath::{Env, NoHost, Outcome, Program, parse};
use hallmark::pack::model::Release;
use hallmark::read::{Limits, read};
use hallmark::tree::{Element, Tree, names};
use proptest::prelude::*;

const MESSAGE: &str = r##"{"resourceType":"Patient","id":"p","active":true,"name":[{"family":"A","given":["B","C"]},
    {"given":["D"]}],"birthDate":"1970-02","_birthDate":{"id":"b"},"multipleBirthInteger":2,"identifier":[{"system":"urn:x","value":"9990000018"}],
    "contained":[{"resourceType":"Organization","id":"o"}],"managingOrganization":{"reference":"#o"}}"##;

fn message() -> Tree<'static> {
    let (mut tree, faults) = read(MESSAGE, &Limits::default());
    assert!(faults.is_empty());
    for (name, ty) in [("birthDate", "date"), ("active", "boolean"), ("family", "string"), ("name", "HumanName")] {
        for node in &mut tree.nodes {
            if node.name == names::intern(name) {
                node.ty = names::intern(ty);
            }
        }
    }
    tree
}

#[test]
fn the_value_of_a_primitive_is_found_beside_its_children() {
    let tree = message();
    let root = tree.root().expect("a root");
    for text in ["birthDate.value = @1970-02", "birthDate.value.exists()", "birthDate.id = 'b'", "active.value"] {
        let program = Program::compile(text, Release::R4).expect(text);
        let outcome = program.test(root, &Env::default(), &NoHost).expect(text);
        assert_eq!(outcome, Outcome::True, "{text}");
    }
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("{}".to_owned()),
        Just("true".to_owned()),
        any::<u16>().prop_map(|n| n.to_string()),
        any::<u8>().prop_map(|n| format!("{n}L")),
        (any::<u16>(), 0u8..100).prop_map(|(a, b)| format!("{a}.{b:02}")),
        "[a-z'\\\\\n\u{e9}]{0,6}".prop_map(|s| format!("'{}'", s.replace('\\', "\\\\").replace('\'', "\\'"))),
        prop::sample::select(vec![
            "@2015",
            "@2015-02-03",
            "@2015T",
            "@2015-02-03T10:11:12.5+01:00",
            "@T10:11",
            "4 days",
            "1.5 'mg'",
            "2 'cm'",
        ])
        .prop_map(str::to_owned),
    ]
}

fn term() -> impl Strategy<Value = String> {
    let names = vec![
        "name",
        "given",
        "family",
        "birthDate",
        "active",
        "$this",
        "$index",
        "$total",
        "%resource",
        "%context",
        "%ucum",
        "`odd name`",
        "Patient",
        "contained",
        "identifier.value",
        "is",
        "contains",
        "value",
        "%`vs-x`",
    ];
    prop_oneof![literal(), prop::sample::select(names).prop_map(str::to_owned)]
}

const OPERATORS: [&str; 21] = [
    "+", "-", "*", "/", "div", "mod", "&", "|", "<", "<=", "=", "!=", "~", "!~", "in", "contains", "and", "or", "xor",
    "implies", ">",
];
const BARE: [&str; 46] = [
    "exists",
    "empty",
    "not",
    "count",
    "first",
    "last",
    "tail",
    "distinct",
    "isDistinct",
    "children",
    "descendants",
    "allTrue",
    "toString",
    "toInteger",
    "toDecimal",
    "toQuantity",
    "toDateTime",
    "toBoolean",
    "length",
    "upper",
    "toChars",
    "trim",
    "abs",
    "round",
    "sqrt",
    "ln",
    "exp",
    "floor",
    "type",
    "hasValue",
    "lowBoundary",
    "highBoundary",
    "precision",
    "single",
    "sort",
    "resolve",
    "now",
    "join",
    "convertsToDate",
    "truncate",
    "getValue",
    "lower",
    "ceiling",
    "anyTrue",
    "htmlChecks",
    "toTime",
];
const TAKING: [&str; 31] = [
    "where",
    "all",
    "select",
    "exists",
    "repeat",
    "skip",
    "take",
    "startsWith",
    "contains",
    "matches",
    "indexOf",
    "substring",
    "union",
    "combine",
    "intersect",
    "exclude",
    "subsetOf",
    "power",
    "log",
    "extension",
    "sort",
    "aggregate",
    "split",
    "round",
    "memberOf",
    "conformsTo",
    "encode",
    "escape",
    "comparable",
    "trace",
    "join",
];

fn expression() -> impl Strategy<Value = String> {
    term().prop_recursive(5, 40, 3, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(&OPERATORS[..]), inner.clone())
                .prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
            (inner.clone(), prop::sample::select(&OPERATORS[..]), inner.clone())
                .prop_map(|(a, op, b)| format!("{a} {op} {b}")),
            (inner.clone(), prop::sample::select(&BARE[..])).prop_map(|(a, f)| format!("({a}).{f}()")),
            (inner.clone(), prop::sample::select(&TAKING[..]), inner.clone())
                .prop_map(|(a, f, b)| format!("({a}).{f}({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})[{b}]")),
            inner.clone().prop_map(|a| format!("-({a})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("iif({a}, {b}, {c})")),
            (inner.clone(), prop::sample::select(vec!["is", "as"]))
                .prop_map(|(a, op)| format!("({a}) {op} FHIR.string")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a}).defineVariable('v', {b}).select(%v)")),
        ]
    })
}

/// Whatever the text: an error or a result, within the step budget.
fn survives(text: &str, tree: &Tree<'_>) {
    for release in [Release::Stu3, Release::R4] {
        let programs = [Program::compile(text, release), Program::compile_strict(text, release)];
        for program in programs.into_iter().flatten() {
            let env = Env { steps: Some(20_000), ..Env::default() };
            let focus = Element::new(tree, 0);
            let _ = program.evaluate(focus, &env, &NoHost);
            let outcome = program.test(focus, &env, &NoHost);
            let blamed = program.blame(focus, &env, &NoHost);
            if let (Ok(_), Some(span)) = (outcome, blamed) {
                assert!(span.end as usize <= text.len() && span.start < span.end);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn parse_print_parse_is_stable(text in expression()) {
        if let Ok(ast) = parse(&text, true) {
            let printed = ast.to_string();
            let again = parse(&printed, true).map_err(|e| TestCaseError::fail(format!("{printed}: {e}")))?;
            prop_assert!(ast.same(&again), "{text} -> {printed} -> {again}");
            prop_assert_eq!(printed, again.to_string());
        }
    }

    #[test]
    fn made_expressions_end(text in expression()) {
        survives(&text, &message());
    }

    #[test]
    fn any_text_ends(text in "\\PC{0,60}") {
        survives(&text, &message());
    }

    #[test]
    fn token_soup_ends(parts in prop::collection::vec(prop_oneof![
        term(),
        prop::sample::select(&OPERATORS[..]).prop_map(str::to_owned),
        prop::sample::select(&TAKING[..]).prop_map(|f| format!(".{f}(")),
        prop::sample::select(vec![")", "(", "[", "]", ".", ",", "//", "/*", "'", "`", "@", "%", "$"]).prop_map(str::to_owned),
    ], 0..12)) {
        survives(&parts.join(" "), &message());
    }
}

/// A structure beside a primitive once compared without end.
#[test]
fn structures_and_primitives_compare() {
    for text in ["birthDate !~ %context", "%context ~ birthDate", "name ~ birthDate", "birthDate = %context"] {
        survives(text, &message());
    }
}

#[test]
fn depth_is_bounded_without_exhausting_the_stack() {
    let tree = message();
    for deep in [100, 119, 121, 5_000] {
        survives(&format!("{}1{}", "(".repeat(deep), ")".repeat(deep)), &tree);
        survives(&"-".repeat(deep), &tree);
        survives(&format!("{}1", "- ".repeat(deep)), &tree);
        survives(&format!("name{}", ".where(true)".repeat(deep)), &tree);
        survives(&format!("name{}", ".select($this)".repeat(deep)), &tree);
        survives(&format!("{}true{}", "name.where(".repeat(deep), ")".repeat(deep)), &tree);
        survives(&format!("{}true{}", "name.all(".repeat(deep), ")".repeat(deep)), &tree);
        survives(&format!("{}true{}", "iif(true, ".repeat(deep), ")".repeat(deep)), &tree);
        survives(&format!("1{}", " + 1".repeat(deep)), &tree);
        survives(&format!("1{}", " | 1".repeat(deep)), &tree);
        survives(&format!("{}true", "true implies ".repeat(deep)), &tree);
        survives(&format!("name{}", ".given".repeat(deep)), &tree);
        survives(&format!("{}name{}", "(".repeat(deep), " | 1)".repeat(deep)), &tree);
        survives(&format!("name{}", "[0]".repeat(deep)), &tree);
    }
}

#[test]
fn growth_is_bounded() {
    let tree = message();
    let many = (0..200).map(|i| i.to_string()).collect::<Vec<_>>().join(" | ");
    survives(&format!("({many}).aggregate($total & $total & 'x', 'x')"), &tree);
    survives(&format!("({many}).select(({many}).select(({many}).select(({many}))))"), &tree);
    survives("'a'.repeatAll($this & 'a')", &tree);
    survives("'a'.repeat($this & 'a')", &tree);
    survives("descendants().repeatAll(%resource.descendants())", &tree);
    survives(&format!("'{}'.matches('(a*)*b')", "a".repeat(5000)), &tree);
    survives("'a'.matches('(a{1000}){1000}')", &tree);
    survives("10.power(1000000).exp().exp()", &tree);
    survives("(-9223372036854775807 - 1).abs() div -1", &tree);
    survives("@9999-12-31 + 9000000000 years", &tree);
    survives("@0001-01-01 - 100000000000000 days", &tree);
}
