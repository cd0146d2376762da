//! Hostile and broken payloads: each gives a clear finding or exit 3, none a crash, and none hides another.
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

#[path = "hostile/run.rs"]
pub mod run;

use run::{Run, check};

const PATIENT: &str = r#"{"resourceType":"Patient","active":true,"#;
const XML: &str = "<Patient xmlns=\"http://hl7.org/fhir\">";

/// Extensions inside extensions, so that the deepest element stands `depth` objects and arrays deep.
fn nested_json(depth: usize) -> String {
    let pairs = (depth - 1) / 2;
    format!(
        "{PATIENT}{}\"id\":\"x\"{}",
        "\"extension\":[{\"url\":\"http://example.org/a\",".repeat(pairs),
        "}]".repeat(pairs) + "}"
    )
}

fn nested_xml(depth: usize) -> String {
    let open = "<extension url=\"http://example.org/a\">".repeat(depth - 1);
    format!("{XML}{open}{}</Patient>", "</extension>".repeat(depth - 1))
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

/// Members `name`0 to `name`n-1.
fn members(name: &str, count: usize, value: &str) -> String {
    (0..count).map(|n| format!("\"{name}{n}\":{value}")).collect::<Vec<_>>().join(",")
}

struct Case {
    file: &'static str,
    bytes: Vec<u8>,
    /// A rule that must speak; empty: the file must be read without a finding of form.
    rule: &'static str,
    /// `failed`, `skipped` or `read`.
    state: &'static str,
}

fn case(file: &'static str, bytes: impl Into<Vec<u8>>, rule: &'static str, state: &'static str) -> Case {
    Case { file, bytes: bytes.into(), rule, state }
}

fn cases() -> Vec<Case> {
    let good = format!("{PATIENT}\"gender\":\"male\"}}");
    let many = 6_000;
    vec![
        // Depth.
        case("json-depth-at-limit.json", nested_json(249), "", "read"),
        case("json-depth-beyond.json", nested_json(251), "HM0003", "skipped"),
        case("json-depth-bomb.json", format!("{PATIENT}\"contained\":{}", "[".repeat(200_000)), "HM0003", "skipped"),
        case("json-object-bomb.json", "{\"a\":".repeat(200_000), "HM0003", "skipped"),
        case("xml-depth-at-limit.xml", nested_xml(250), "", "read"),
        case("xml-depth-beyond.xml", nested_xml(251), "HM0003", "skipped"),
        case("xml-depth-bomb.xml", format!("{XML}{}", "<a>".repeat(200_000)), "HM0003", "skipped"),
        case(
            "xml-markup-bomb.xml",
            format!("{XML}<text><div xmlns=\"http://www.w3.org/1999/xhtml\">{}", "<b>".repeat(200_000)),
            "HM0003",
            "skipped",
        ),
        case("bundles-in-bundles.json", bundles_in_bundles(60), "", "read"),
        // Entities.
        case(
            "xml-entities.xml",
            format!(
                "<!DOCTYPE Patient [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>{XML}<id value=\"&b;\"/></Patient>"
            ),
            "HM0005",
            "failed",
        ),
        case(
            "xml-external-entity.xml",
            format!("<!DOCTYPE Patient SYSTEM \"file:///etc/hostname\">{XML}<id value=\"a\"/></Patient>"),
            "HM0005",
            "failed",
        ),
        case("xml-unknown-entity.xml", format!("{XML}<id value=\"&b;\"/></Patient>"), "HM0001", "failed"),
        case(
            "xml-entity-flood.xml",
            format!("{XML}<name><text value=\"{}\"/></name></Patient>", "&amp;".repeat(100_000)),
            "",
            "read",
        ),
        // Attributes and namespaces.
        case("xml-attributes.xml", xml_attributes(65, ""), "HM0003", "skipped"),
        case("xml-attribute-flood.xml", xml_attributes(100_000, ""), "HM0003", "skipped"),
        case("xml-namespace-flood.xml", xml_namespaces(10), "HM0003", "skipped"),
        case("xml-attribute-twice.xml", format!("{XML}<id value=\"a\" value=\"b\"/></Patient>"), "HM0001", "failed"),
        // Characters.
        case("nul-alone.json", [0u8], "HM0004", "failed"),
        case("nul-in-string.json", format!("{PATIENT}\"name\":[{{\"family\":\"a\u{0}b\"}}]}}"), "HM0012", "read"),
        case("nul-escaped.json", format!("{PATIENT}\"name\":[{{\"family\":\"a\\u0000b\"}}]}}"), "HM0112", "read"),
        case("nul-between.json", format!("{PATIENT}\u{0}\"gender\":\"male\"}}"), "HM0001", "failed"),
        case("nul-in-value.xml", format!("{XML}<id value=\"a\u{0}b\"/></Patient>"), "HM0012", "read"),
        case("nul-reference.xml", format!("{XML}<id value=\"a&#0;b\"/></Patient>"), "HM0001", "failed"),
        case("not-utf8.json", b"{\"resourceType\":\n\"Patient\",\"id\":\"\xFF\"}".to_vec(), "HM0002", "failed"),
        case("overlong-utf8.json", b"{\"resourceType\":\"Patient\",\"id\":\"\xC0\xAF\"}".to_vec(), "HM0002", "failed"),
        case(
            "surrogate-utf8.json",
            b"{\"resourceType\":\"Patient\",\"id\":\"\xED\xA0\x80\"}".to_vec(),
            "HM0002",
            "failed",
        ),
        case("cut-character.json", b"{\"resourceType\":\"Patient\",\"id\":\"\xE2\x82".to_vec(), "HM0002", "failed"),
        case("utf16-le.json", [b"\xFF\xFE".to_vec(), utf16(&good, u16::to_le_bytes)].concat(), "HM0002", "read"),
        case("utf16-be.json", [b"\xFE\xFF".to_vec(), utf16(&good, u16::to_be_bytes)].concat(), "HM0002", "read"),
        case("utf16-without-mark.json", utf16(&good, u16::to_le_bytes), "HM0002", "read"),
        case(
            "utf16-odd.json",
            [b"\xFF\xFE".to_vec(), utf16(&good, u16::to_le_bytes), vec![0]].concat(),
            "HM0002",
            "failed",
        ),
        case(
            "utf16.xml",
            [b"\xFF\xFE".to_vec(), utf16(&format!("{XML}<active value=\"true\"/></Patient>"), u16::to_le_bytes)]
                .concat(),
            "",
            "read",
        ),
        case(
            "utf32.json",
            good.chars().flat_map(|c| (c as u32).to_le_bytes()).collect::<Vec<u8>>(),
            "HM0001",
            "failed",
        ),
        case("lone-surrogate.json", format!("{PATIENT}\"name\":[{{\"family\":\"\\ud83d\"}}]}}"), "HM0012", "read"),
        case(
            "swapped-surrogates.json",
            format!("{PATIENT}\"name\":[{{\"family\":\"\\ude00\\ud83d\"}}]}}"),
            "HM0012",
            "read",
        ),
        case("lone-surrogate-in-name.json", format!("{PATIENT}\"na\\ud83dme\":1}}"), "HM0012", "read"),
        case("control-in-name.json", format!("{PATIENT}\"na\u{1}me\":1}}"), "HM0012", "read"),
        case(
            "blank-that-is-text.xml",
            format!("{XML}<active value=\"true\"/>\u{a0}\u{2003}</Patient>"),
            "HM0010",
            "read",
        ),
        case("escaped-type.json", r#"{"resourceType":"P\u0061tient","active":true}"#, "", "read"),
        case("control-in-type.json", "{\"resourceType\":\"Pat\tient\",\"active\":true}", "HM0012", "failed"),
        case(
            "instruction-without-name.xml",
            format!("<?>{XML}<active value=\"true\"/></Patient><?a?>"),
            "HM0001",
            "failed",
        ),
        case("form-feed.xml", format!("{XML}<active value=\u{c}\"true\"/></Patient>"), "HM0001", "failed"),
        case("form-feed-between.xml", format!("{XML}\u{c}<active value=\"true\"/></Patient>"), "HM0010", "read"),
        case("control-beside-reference.xml", format!("{XML}<id value=\"a\u{1}&amp;\"/></Patient>"), "HM0012", "read"),
        // Members twice.
        case("member-twice.json", format!("{PATIENT}\"gender\":\"male\",\"gender\":\"female\"}}"), "HM0006", "read"),
        case(
            "sibling-twice.json",
            format!("{PATIENT}\"_gender\":{{\"id\":\"a\"}},\"_gender\":{{\"id\":\"b\"}}}}"),
            "HM0006",
            "read",
        ),
        case(
            "escaped-twice.json",
            format!("{PATIENT}\"gender\":\"male\",\"g\\u0065nder\":\"female\"}}"),
            "HM0006",
            "read",
        ),
        case(
            "far-apart.json",
            format!("{PATIENT}\"gender\":\"male\",{},\"gender\":\"female\"}}", members("x", 2_000, "1")),
            "HM0006",
            "read",
        ),
        case("no-name-twice.json", format!("{PATIENT}\"no name\":1,\"no name\":2}}"), "HM0101", "read"),
        case("type-twice.json", format!("{PATIENT}\"resourceType\":\"Observation\"}}"), "HM0006", "read"),
        // Numbers.
        case("number-exponent.json", observation("1e999999999"), "", "read"),
        case("number-digits.json", observation(&"9".repeat(1_000_000)), "", "read"),
        case("number-fraction.json", observation(&format!("0.{}1", "0".repeat(1_000_000))), "", "read"),
        case(
            "integer-digits.json",
            format!("{PATIENT}\"multipleBirthInteger\":{}}}", "9".repeat(100_000)),
            "HM0111",
            "read",
        ),
        case("number-form.json", observation("01"), "HM0001", "failed"),
        case("number-word.json", observation("NaN"), "HM0001", "failed"),
        case("number-huge.xml", observation_xml(&"9".repeat(1_000_000)), "", "read"),
        // Size.
        case("empty.json", "", "HM0004", "failed"),
        case("blank.json", " \n\t ", "HM0004", "failed"),
        case("mark-only.json", "\u{FEFF}", "HM0004", "failed"),
        case("cut.json", &good[..good.len() - 1], "HM0001", "failed"),
        case("array.json", format!("[{good}]"), "HM0004", "failed"),
        case("text.json", "hello", "HM0004", "failed"),
        case("page.xml", "<!DOCTYPE html><html></html>", "HM0005", "failed"),
        case(
            "long-string.json",
            format!("{PATIENT}\"name\":[{{\"family\":\"{}\"}}]}}", "a".repeat(3 << 20)),
            "",
            "read",
        ),
        case("long-name.json", format!("{PATIENT}\"{}\":1}}", "a".repeat(1 << 20)), "HM0101", "read"),
        case("long-blank.json", format!("{PATIENT}{}\"gender\":\"male\"}}", " ".repeat(3 << 20)), "", "read"),
        case("many-members.json", format!("{PATIENT}{}}}", members("x", many, "1")), "HM0101", "read"),
        case("many-siblings.json", format!("{PATIENT}{}}}", members("_x", many, "{\"id\":\"a\"}")), "HM0101", "read"),
        case(
            "many-items.json",
            format!("{PATIENT}\"name\":[{{\"_given\":[{}{{\"id\":\"a\"}}]}}]}}", "{\"id\":\"a\"},".repeat(many)),
            "",
            "read",
        ),
        case("many-nulls.json", format!("{PATIENT}\"name\":[{}null]}}", "null,".repeat(many)), "HM0007", "read"),
        case("many-arrays.json", format!("{PATIENT}\"name\":[{}[]]}}", "[],".repeat(many)), "HM0009", "read"),
        case(
            "many-names.json",
            format!("{PATIENT}\"name\":[{}{{}}]}}", "{\"family\":\"a\"},".repeat(many)),
            "HM0007",
            "read",
        ),
        case("many-elements.xml", format!("{XML}{}</Patient>", "<b/>".repeat(many)), "HM0101", "read"),
        case(
            "many-texts.xml",
            format!("{XML}{}</Patient>", "<active value=\"true\"/>x".repeat(many)),
            "HM0010",
            "read",
        ),
        // Loops of references.
        case("reference-loop.json", reference_loop(), "", "read"),
        case("good.json", good.clone(), "", "read"),
    ]
}

fn bundles_in_bundles(depth: usize) -> String {
    let mut inner = format!("{PATIENT}\"gender\":\"male\"}}");
    for _ in 0..depth {
        inner = format!(
            "{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{{\"fullUrl\":\"urn:uuid:11111111-1111-4111-8111-111111111111\",\"resource\":{inner}}}]}}"
        );
    }
    inner
}

fn xml_attributes(count: usize, prefix: &str) -> String {
    let attributes: String = (0..count).map(|n| format!(" {prefix}a{n}=\"x\"")).collect();
    format!("{XML}<id value=\"a\"{attributes}/></Patient>")
}

/// Eleven declarations on each of `depth` nested elements.
fn xml_namespaces(depth: usize) -> String {
    let open: String = (0..depth)
        .map(|at| {
            let spaces: String = (0..11).map(|n| format!(" xmlns:p{at}x{n}=\"urn:x\"")).collect();
            format!("<extension url=\"http://example.org/a\"{spaces}>")
        })
        .collect();
    format!("{XML}{open}{}</Patient>", "</extension>".repeat(depth))
}

fn observation(number: &str) -> String {
    format!(
        "{{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{{\"text\":\"a\"}},\"valueQuantity\":{{\"value\":{number}}}}}"
    )
}

fn observation_xml(number: &str) -> String {
    format!(
        "<Observation xmlns=\"http://hl7.org/fhir\"><status value=\"final\"/><code><text value=\"a\"/></code><valueQuantity><value value=\"{number}\"/></valueQuantity></Observation>"
    )
}

fn reference_loop() -> String {
    let list = |id: &str, other: &str| {
        format!(
            "{{\"resourceType\":\"List\",\"id\":\"{id}\",\"meta\":{{\"profile\":[\"https://fhir.hl7.org.uk/StructureDefinition/UKCore-List\"]}},\"status\":\"current\",\"mode\":\"snapshot\",\"entry\":[{{\"item\":{{\"reference\":\"#{other}\"}}}},{{\"item\":{{\"reference\":\"#\"}}}}]}}"
        )
    };
    format!(
        "{{\"resourceType\":\"List\",\"status\":\"current\",\"mode\":\"snapshot\",\"contained\":[{},{}],\"entry\":[{{\"item\":{{\"reference\":\"#a\"}}}}]}}",
        list("a", "b"),
        list("b", "a")
    )
}

/// Rules about the bytes of a payload.
fn of_form(rule: &str) -> bool {
    rule < "HM0015"
}

#[test]
fn every_payload_is_answered() {
    let cases = cases();
    let folder = tempfile::tempdir().unwrap();
    for case in &cases {
        std::fs::write(folder.path().join(case.file), &case.bytes).unwrap();
    }
    let run = check(folder.path(), &["."]);
    let mut wrong = Vec::new();
    for case in &cases {
        let rules = run.rules(case.file);
        let said = if case.rule.is_empty() {
            !rules.iter().any(|rule| of_form(rule))
        } else {
            rules.iter().any(|rule| rule == case.rule)
        };
        if !said {
            let mut rules = rules.clone();
            rules.dedup();
            wrong.push(format!("{}: {:?} is wanted, {rules:?} were said", case.file, case.rule));
        }
        let one = format!("./{}", case.file);
        let state = run.state(&one, case.file);
        if state != case.state {
            wrong.push(format!("{}: it should be {}, and is {state}", case.file, case.state));
        }
    }
    let of = |state: &str| cases.iter().filter(|c| c.state == state).count() as u64;
    let given = cases.len() as u64;
    if run.payloads() != [given, of("read"), of("failed"), of("skipped")] {
        wrong.push(format!("payloads: {:?}", run.payloads()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(run.exit, 3, "limits were hit");
}

#[test]
fn an_utf16_message_is_checked_inside() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{PATIENT}\"gender\":\"mail\"}}");
    std::fs::write(folder.path().join("a.json"), utf16(&text, u16::to_be_bytes)).unwrap();
    let run = check(folder.path(), &["a.json"]);
    assert!(run.rules("a.json").len() > 1, "{:?}", run.rules("a.json"));
    assert_eq!(run.exit, 1);
}

#[test]
fn limits_are_settings() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    put("deep.json", &nested_json(41));
    put("deep.xml", &nested_xml(41));
    put("many.json", &format!("{PATIENT}\"name\":[{}{{\"family\":\"a\"}}]}}", "{\"family\":\"a\"},".repeat(400)));
    put("attributes.xml", &xml_attributes(20, ""));
    put("namespaces.xml", &xml_namespaces(2));
    put("faults.json", &format!("{PATIENT}\"name\":[{}[]]}}", "[],".repeat(200)));
    put("unknown.json", &format!("{PATIENT}{}}}", members("x", 100, "1")));
    put("unknown.xml", &format!("{XML}{}</Patient>", "<b value=\"1\"/><c value=\"1\"/>".repeat(50)));
    for (limits, refused) in [
        ("depth = 40", &["deep.json", "deep.xml"][..]),
        ("elements = 400", &["many.json"]),
        ("payload-bytes = 6000", &["many.json"]),
        ("attributes = 10", &["attributes.xml", "namespaces.xml"]),
        ("namespaces = 20", &["namespaces.xml"]),
        ("findings = 90", &["faults.json", "unknown.json", "unknown.xml"]),
        ("findings = 110", &["faults.json"]),
    ] {
        put("limits.toml", &format!("[limits]\n{limits}\n"));
        let run = check(folder.path(), &[".", "--config", "limits.toml"]);
        let mut over: Vec<String> = run.sources_of("HM0003");
        over.dedup();
        let wanted: Vec<String> = refused.iter().map(|name| format!("./{name}")).collect();
        assert_eq!(over, wanted, "{limits}");
        assert_eq!(run.exit, 3, "{limits}");
        let name = limits.split(' ').next().unwrap();
        assert!(run.says("HM0003").iter().all(|says| says.contains(name)), "{limits}: {:?}", run.says("HM0003"));
    }
    for (limits, fault) in
        [("depht = 40", "depth"), ("depth = 4", "depth"), ("payload-bytes = 5000000000", "payload-bytes")]
    {
        put("limits.toml", &format!("[limits]\n{limits}\n"));
        let run = Run::of(folder.path(), &["check", ".", "--config", "limits.toml"]);
        assert_eq!(run.exit, 2, "{limits}");
        assert!(run.stderr.contains(fault), "{}", run.stderr);
    }
    put("limits.toml", "[limits]\ndepth = 99\n");
    let shown = Run::of(folder.path(), &["check", ".", "--config", "limits.toml", "--show-config"]);
    for line in ["limits.depth = 99", "# limits.toml:2", "limits.payload-bytes = 1073741824"] {
        assert!(shown.stdout.contains(line), "{line} in {}", shown.stdout);
    }
}

#[test]
fn the_deepest_payload_that_may_be_allowed_needs_no_more_stack_than_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    put("limits.toml", "[limits]\ndepth = 1000\n");
    put("a.json", &nested_json(999));
    put("b.xml", &nested_xml(1000));
    put("c.json", &bundles_in_bundles(240));
    put(
        "d.xml",
        &format!(
            "{XML}<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">{}x{}</div></text></Patient>",
            "<b>".repeat(990),
            "</b>".repeat(990)
        ),
    );
    for jobs in ["1", "2"] {
        let run = check(folder.path(), &[".", "--config", "limits.toml", "--jobs", jobs]);
        assert_eq!(run.payloads(), [4, 4, 0, 0], "{}", run.stderr);
    }
    let run = Run::of(folder.path(), &["fhirpath", "descendants().count()", "a.json"]);
    assert!(run.exit < 4, "{}", run.stderr);
}

#[test]
fn names_that_a_feed_makes_up_do_not_crowd_out_real_ones() {
    let folder = tempfile::tempdir().unwrap();
    for file in 0..7 {
        let text = format!("{PATIENT}{}}}", members(&format!("f{file}x"), 10_000, "1"));
        std::fs::write(folder.path().join(format!("{file}.json")), text).unwrap();
    }
    // Elements and types that no definition read so far names.
    let late = r#"{"resourceType":"ImmunizationRecommendation","patient":{"reference":"Patient/a"},"date":"2026-01-01","recommendation":[{"vaccineCode":[{"text":"a"}],"forecastStatus":{"text":"due"},"doseNumberPositiveInt":1}]}"#;
    std::fs::write(folder.path().join("late.json"), late).unwrap();
    let run = check(folder.path(), &[".", "--jobs", "1", "--fhir-version", "4.0", "--rules", "fhir"]);
    // The narrative that best practice asks for, and nothing else.
    assert_eq!(run.rules("late.json"), ["HM0142"]);
    assert_eq!(run.payloads(), [8, 8, 0, 0]);
}

/// A message of 1 GB on one line: cargo test --release --test door hostile -- --ignored
#[test]
#[ignore = "writes and reads 1 GB"]
fn a_line_of_one_gigabyte_is_read_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    let name = "{\"family\":\"Test\",\"given\":[\"Alpha\",\"Beta\"]},";
    use std::io::Write;
    file.write_all(format!("{PATIENT}\"name\":[").as_bytes()).unwrap();
    for _ in 0..1_073_000_000 / name.len() {
        file.write_all(name.as_bytes()).unwrap();
    }
    file.write_all(b"{\"family\":\"Test\"}]}").unwrap();
    file.flush().unwrap();
    drop(file);
    let run = check(folder.path(), &["a.json"]);
    // Ten million names are more elements than the limit.
    assert_eq!(run.payloads(), [1, 0, 0, 1], "{}", run.stderr);
    assert_eq!(run.exit, 3);
}
