//! Any text as an expression, evaluated over one message; what compiles prints to what compiles to the same.
#![no_main]

use std::sync::LazyLock;

use hallmark::bench::fhirpath::{Env, NoHost, Program, parse};
use hallmark::bench::pack::Release;
use hallmark::bench::read::{Limits, read};
use hallmark::bench::tree::{Element, Tree};
use libfuzzer_sys::fuzz_target;

const MESSAGE: &str = r##"{"resourceType":"Patient","id":"p","active":true,"name":[{"family":"A","given":["B","C"]},
    {"given":["D"]}],"birthDate":"1970-02","multipleBirthInteger":2,"identifier":[{"system":"urn:x","value":"9990000018"}],
    "contained":[{"resourceType":"Organization","id":"o"}],"managingOrganization":{"reference":"#o"},
    "extension":[{"url":"urn:y","valueQuantity":{"value":1.50,"unit":"mg","code":"mg","system":"http://unitsofmeasure.org"}}]}"##;

static TREE: LazyLock<Tree<'static>> = LazyLock::new(|| read(MESSAGE, &Limits::default()).0);

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(tree) = parse(text, false) {
        let printed = tree.to_string();
        let again = parse(&printed, false).unwrap_or_else(|error| panic!("{printed}: {error}"));
        assert_eq!(again.to_string(), printed);
    }
    for release in [Release::Stu3, Release::R4] {
        if let Ok(program) = Program::compile(text, release) {
            let root = Element::new(&TREE, 0);
            let variables = [("resource", root)];
            let env = Env { variables: &variables, ..Env::default() };
            let _ = program.evaluate(root, &env, &NoHost);
            let _ = program.test(root, &env, &NoHost);
            let _ = program.blame(root, &env, &NoHost);
        }
    }
});
