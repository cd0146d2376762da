//! A session: open, break, fix, complete, hover, action, go, list; in JSON and in XML.

use serde_json::{Value, json};

use crate::client::{Editor, around, edited, place, position, uri};

const MESSAGE: &str = r##"{
  "resourceType": "Bundle",
  "type": "collection",
  "entry": [
    {
      "fullUrl": "urn:uuid:0f8b2b36-1d7c-4c8e-9f0e-5a0d3c1b7e11",
      "resource": {
        "resourceType": "Patient",
        "id": "p1",
        "name": [{"family": "𝄞 Zoë", "given": ["Ann"]}],
        "gender": "female"
      }
    },
    {
      "fullUrl": "urn:uuid:0f8b2b36-1d7c-4c8e-9f0e-5a0d3c1b7e12",
      "resource": {
        "resourceType": "Condition",
        "contained": [{"resourceType": "Practitioner", "id": "dr"}],
        "asserter": {"reference": "#dr"},
        "subject": {"reference": "urn:uuid:0f8b2b36-1d7c-4c8e-9f0e-5a0d3c1b7e11"}
      }
    }
  ]
}
"##;

fn find<'v>(diagnostics: &'v [Value], code: &str) -> &'v Value {
    diagnostics.iter().find(|d| d["code"] == code).unwrap_or_else(|| panic!("no {code} in {diagnostics:#?}"))
}

fn labels(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

fn item<'v>(list: &'v Value, label: &str) -> &'v Value {
    let items = list["items"].as_array().unwrap();
    items.iter().find(|item| item["label"] == label).unwrap_or_else(|| panic!("no {label} in {:?}", labels(list)))
}

#[test]
fn a_session_in_json() {
    let mut editor = Editor::start();
    let of = "file:///feed/message.json";
    editor.open(of, MESSAGE);
    let first = editor.diagnostics(of, 1);
    assert!(first.iter().all(|d| d["severity"] != 1), "{first:#?}");

    // Broken behind a character of two units: the span is exact.
    let whole = around(MESSAGE, "\"given\": [\"Ann\"]");
    editor.edit(of, 2, whole, "\"gven\": [\"Ann\"]");
    let text = MESSAGE.replace("\"given\"", "\"gven\"");
    let broken = editor.diagnostics(of, 2);
    let unknown = broken.iter().find(|d| d["severity"] == 1).unwrap();
    let start = place(&text, "gven");
    assert_eq!(unknown["range"]["start"]["line"], start["line"]);
    let off = unknown["range"]["start"]["character"].as_u64().unwrap().abs_diff(start["character"].as_u64().unwrap());
    assert!(off <= 1, "{unknown} {start}");
    editor.edit(of, 3, around(&text, "gven"), "given");
    assert!(editor.diagnostics(of, 3).iter().all(|d| d["severity"] != 1));

    // A code that is none: rule and exact span, and what the rule says.
    editor.edit(of, 4, around(MESSAGE, "female"), "woman");
    let text = MESSAGE.replace("female", "woman");
    let wrong = editor.diagnostics(of, 4);
    let wrong = find(&wrong, "HM0115");
    assert_eq!(wrong["range"], around(&text, "woman"));
    assert!(!wrong["message"].as_str().unwrap().contains("woman"));
    let hover = editor.at("textDocument/hover", of, place(&text, "woman"));
    let says = hover["contents"]["value"].as_str().unwrap();
    for part in [
        "**Patient.gender** 0..1 code, required http://hl7.org/fhir/ValueSet/administrative-gender",
        "HM0115",
        "stands    0..1",
    ] {
        assert!(says.contains(part), "{part}: {says}");
    }
    // Its codes, with displays.
    let list = editor.at("textDocument/completion", of, place(&text, "woman"));
    assert_eq!(labels(&list), ["male", "female", "other", "unknown"]);
    let female = item(&list, "female");
    assert_eq!(female["detail"], "Female");
    assert_eq!(edited(&text, std::slice::from_ref(&female["textEdit"])), MESSAGE);

    // The resources that references name.
    for (reference, target) in [
        ("#dr\"}", "{\"resourceType\": \"Practitioner\", \"id\": \"dr\"}"),
        ("urn:uuid:0f8b2b36-1d7c-4c8e-9f0e-5a0d3c1b7e11\"}", "{\n        \"resourceType\": \"Patient\""),
    ] {
        let location = editor.at("textDocument/definition", of, place(&text, reference));
        assert_eq!(location["uri"], of);
        assert_eq!(location["range"]["start"], place(&text, target), "{reference}");
    }

    let symbols = editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": of}}));
    let bundle = &symbols[0];
    assert_eq!((&bundle["detail"], &bundle["children"][0]["name"]), (&json!("Bundle"), &json!("entry[0]")));
    assert_eq!(bundle["children"][0]["children"][0]["detail"], "Patient/p1");

    editor.tell("textDocument/didClose", json!({"textDocument": {"uri": of}}));
    editor.end();
}

/// Text with `|` where the cursor is: a label that is offered, and one that is not (`-`).
#[test]
fn what_may_be_written_is_offered() {
    let mut editor = Editor::start();
    let cases: &[(&str, &str, &str)] = &[
        // Element names, half written, in an empty object, with and without quotes.
        (r#"{"resourceType": "Patient", "na|"#, "name", "gender2"),
        (r#"{"resourceType": "Patient", "gender": "male", |}"#, "birthDate", "gender"),
        (r#"{"resourceType": "Patient", "name": [{"|"}]}"#, "family", "birthDate"),
        (r#"{"resourceType": "Observation", "val|": 1}"#, "valueQuantity", "value[x]"),
        (r#"{"resourceType": "Observation", "valueQuantity": {"|"}}"#, "unit", "valueQuantity"),
        (r#"{"|"}"#, "resourceType", "name"),
        (r#"{"resourceType": "Bundle", "entry": [{"resource": {"|"}}]}"#, "resourceType", "entry"),
        (
            r#"{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "|"}}]}"#,
            "birthDate",
            "entry",
        ),
        (r#"{"resourceType": "Questionnaire", "item": [{"item": [{"|"}]}]}"#, "linkId", "url"),
        // Types, codes, systems, URLs.
        (r#"{"resourceType": "|"}"#, "Patient", "HumanName"),
        (r#"{"resourceType": "Observation", "status": "|"}"#, "final", "Final"),
        (
            r#"{"resourceType": "Patient", "identifier": [{"system": "|"}]}"#,
            "https://fhir.nhs.uk/Id/nhs-number",
            "http://loinc.org",
        ),
        (r#"{"resourceType": "Patient", "maritalStatus": {"coding": [{"code": "|"}]}}"#, "M", "male"),
        (
            r#"{"resourceType": "Patient", "maritalStatus": {"coding": [{"code": "M", "display": "|"}]}}"#,
            "Married",
            "M",
        ),
        (
            r#"{"resourceType": "Patient", "extension": [{"url": "|"}]}"#,
            "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory",
            "http://loinc.org",
        ),
        (
            r#"{"resourceType": "Patient", "meta": {"profile": ["|"]}}"#,
            "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient",
            "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation",
        ),
        (r#"{"resourceType": "Observation", "valueQuantity": {"system": "|"}}"#, "http://unitsofmeasure.org", "M"),
        // XML.
        ("<Patient xmlns=\"http://hl7.org/fhir\"><na|", "name", "valueQuantity"),
        ("<Patient xmlns=\"http://hl7.org/fhir\">|</Patient>", "birthDate", "family"),
        ("<Patient xmlns=\"http://hl7.org/fhir\"><name><|</name></Patient>", "family", "birthDate"),
        ("<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"|\"/></Patient>", "female", "F"),
        (
            "<Patient xmlns=\"http://hl7.org/fhir\"><extension url=\"|\"/></Patient>",
            "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory",
            "F",
        ),
        (
            "<Bundle xmlns=\"http://hl7.org/fhir\"><entry><resource><|</resource></entry></Bundle>",
            "Patient",
            "HumanName",
        ),
    ];
    for (number, (text, offered, not)) in cases.iter().enumerate() {
        let of = format!("file:///feed/{number}.json");
        let byte = text.find('|').unwrap();
        let plain = text.replacen('|', "", 1);
        editor.open(&of, &plain);
        let list = editor.at("textDocument/completion", &of, position(&plain, byte));
        assert!(!list.is_null(), "{text}");
        let all = labels(&list);
        assert!(all.iter().any(|label| label == offered), "{text}: {all:?}");
        assert!(!all.iter().any(|label| label == not), "{text}: {all:?}");
    }
    // What is put in leaves JSON that can be read.
    let text = "{\"resourceType\": \"Patient\", \"na\"}";
    editor.open("file:///feed/in.json", text);
    let list = editor.at("textDocument/completion", "file:///feed/in.json", position(text, text.len() - 2));
    let made = edited(text, std::slice::from_ref(&item(&list, "name")["textEdit"]));
    assert_eq!(made, "{\"resourceType\": \"Patient\", \"name\": [{$0\\}]}");
    editor.end();
}

#[test]
fn what_is_mechanical_is_mended() {
    let mut editor = Editor::start();
    let text = r#"{
  "resourceType": "Patient",
  "identifier": [{"system": "http://fhir.nhs.net/Id/nhs-number", "value": "9990000018"}],
  "name": [{"family": "Example", "given": ["Ann"]}],
  "gender": "Male"
}
"#;
    let of = "file:///feed/mend.json";
    editor.open(of, text);
    editor.diagnostics(of, 1);
    let whole = json!({"start": position(text, 0), "end": position(text, text.len())});
    let ask = |editor: &mut Editor, range: &Value, only: Option<&str>| {
        let mut context = json!({"diagnostics": []});
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        editor.ask("textDocument/codeAction", json!({"textDocument": {"uri": of}, "range": range, "context": context}))
    };
    let all = ask(&mut editor, &whole, None);
    let all = all.as_array().unwrap();
    let single = all.iter().filter(|action| action["kind"] == "quickfix").count();
    assert!(single >= 1, "{all:#?}");
    let every = all.iter().find(|action| action["kind"] == "source.fixAll.hallmark").unwrap();
    let mended = edited(text, every["edit"]["changes"][of].as_array().unwrap());
    assert!(mended.contains("https://fhir.nhs.uk/Id/nhs-number") || mended.contains("\"male\""), "{mended}");
    // Where the cursor is elsewhere there is none; and only what is asked for comes.
    let none =
        ask(&mut editor, &json!({"start": place(text, "\"name\""), "end": place(text, "\"name\"")}), Some("quickfix"));
    assert_eq!(none, json!([]));
    let only = ask(&mut editor, &whole, Some("source.fixAll"));
    assert_eq!(only.as_array().unwrap().len(), 1);
    // Mended, nothing mechanical is left.
    editor.edit(of, 2, whole, &mended);
    editor.diagnostics(of, 2);
    assert_eq!(
        ask(&mut editor, &json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}), None),
        json!([])
    );
    editor.end();
}

#[test]
fn a_session_in_xml() {
    let mut editor = Editor::start();
    let text = "<?xml version=\"1.0\"?>\n<Patient xmlns=\"http://hl7.org/fhir\">\n  <!-- é𝄞 --><name><family value=\"Zoë\"/></name><gender value=\"woman\"/>\n  <managingOrganization><reference value=\"#o\"/></managingOrganization>\n</Patient>\n";
    let of = "file:///feed/message.xml";
    editor.open(of, text);
    let found = editor.diagnostics(of, 1);
    assert_eq!(find(&found, "HM0115")["range"], around(text, "woman"));
    let hover = editor.at("textDocument/hover", of, place(text, "family"));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("**Patient.name.family** 0..1 string"), "{hover}");
    editor.edit(of, 2, around(text, "woman"), "female");
    let found = editor.diagnostics(of, 2);
    assert!(found.iter().all(|d| d["code"] != "HM0115"), "{found:#?}");
    let held = "<contained><Organization><id value=\"o\"/><name value=\"O\"/></Organization></contained>";
    let line = json!({"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 0}});
    editor.edit(of, 3, line, held);
    let location = editor.at("textDocument/definition", of, json!({"line": 3, "character": 48}));
    assert_eq!(location["range"]["start"], json!({"line": 2, "character": "<contained>".len()}));
    editor.end();
}

#[test]
fn other_documents_are_left_alone_and_settings_are_found_above() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("a/b");
    std::fs::create_dir_all(&inner).unwrap();
    std::fs::write(folder.path().join("hallmark.toml"), "rules = \"-HM0115\"\n").unwrap();
    let mut editor = Editor::start();
    let other = uri(&inner.join("package.json"));
    editor.open(&other, "{\"name\": \"x\", \"version\": \"1\"}");
    let of = uri(&inner.join("patient.json"));
    let text = "{\"resourceType\": \"Patient\", \"gender\": \"woman\"}";
    editor.open(&of, text);
    let found = editor.diagnostics(&of, 1);
    assert!(found.iter().all(|d| d["code"] != "HM0115"), "{found:#?}");
    assert!(!editor.said_of(&other));
    // Changed settings hold for what is open.
    std::fs::write(folder.path().join("hallmark.toml"), "rules = \"fhir\"\nfhir-version = \"4.0\"\n").unwrap();
    let changes = json!({"changes": [{"uri": uri(&folder.path().join("hallmark.toml")), "type": 2}]});
    editor.tell("workspace/didChangeWatchedFiles", changes);
    find(&editor.diagnostics(&of, 1), "HM0115");
    // Settings that cannot be taken are said, and nothing is passed in silence.
    std::fs::write(folder.path().join("hallmark.toml"), "rulez = 1\n").unwrap();
    editor.tell("workspace/didChangeWatchedFiles", json!({"changes": []}));
    let found = editor.diagnostics(&of, 1);
    assert!(found[0]["message"].as_str().unwrap().starts_with("not checked:"), "{found:#?}");
    editor.end();
}

/// Whatever is typed, and wherever one asks, there is an answer.
#[test]
fn half_written_documents_end_nothing() {
    let mut editor = Editor::start();
    let texts = [
        MESSAGE.to_owned(),
        "<Patient xmlns=\"http://hl7.org/fhir\"><name><family value=\"é𝄞\"/></name></Patient>".to_owned(),
    ];
    let mut number = 0;
    for text in texts {
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).step_by(7).collect();
        for end in ends {
            number += 1;
            let of = format!("file:///feed/half-{number}.json");
            let part = &text[..end];
            editor.open(&of, part);
            for byte in [end, part.char_indices().nth(end / 2).map_or(0, |(at, _)| at)] {
                for method in ["textDocument/hover", "textDocument/completion", "textDocument/definition"] {
                    editor.at(method, &of, position(part, byte));
                }
            }
            editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": of}}));
            editor.tell("textDocument/didClose", json!({"textDocument": {"uri": of}}));
        }
    }
    editor.end();
}
