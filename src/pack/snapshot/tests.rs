//! The hard cases of snapshot generation, each on the smallest base that shows it.

use super::*;
use crate::pack::datum::parse_json;
use crate::pack::import::read_definition;
use std::collections::HashMap;

struct Held(Release, HashMap<String, Arc<Structure>>);

impl Definitions for Held {
    fn release(&self) -> Release {
        self.0
    }
    fn find(&self, canonical: &str) -> Found {
        match self.1.get(canonical) {
            Some(structure) => Found::Here(Arc::clone(structure)),
            None if canonical == "u:circle" => Found::Circular,
            None => Found::Missing,
        }
    }
}

fn definition(url: &str, base: &str, derivation: &str, ty: &str, part: &str, elements: &str) -> Definition {
    let elements: Vec<String> = elements
        .split(';')
        .map(|element| {
            let mut words = element.trim().splitn(2, ' ');
            let path = words.next().unwrap_or_default();
            let (path, slice) = path.split_once(':').unwrap_or((path, ""));
            let slice = if slice.is_empty() { String::new() } else { format!(r#","sliceName":"{slice}""#) };
            let rest = words.next().map(|rest| format!(",{rest}")).unwrap_or_default();
            format!(r#"{{"path":"{path}"{slice}{rest}}}"#)
        })
        .collect();
    let json = format!(
        r#"{{"resourceType":"StructureDefinition","url":"{url}","type":"{ty}","kind":"resource","derivation":"{derivation}","baseDefinition":"{base}","{part}":{{"element":[{}]}}}}"#,
        elements.join(",")
    );
    read_definition(&parse_json(json.as_bytes()).unwrap())
}

fn core(release: Release) -> Held {
    let held = Held(release, HashMap::new());
    let mut held = held;
    let ty = |name: &str| format!("http://hl7.org/fhir/StructureDefinition/{name}");
    for (name, elements) in [
        (
            "T",
            r#"T "max":"*"; T.extension "min":0,"max":"*","type":[{"code":"Extension"}]; T.a "min":1,"max":"*","type":[{"code":"Coding"}];
            T.v[x] "min":0,"max":"1","type":[{"code":"Quantity"},{"code":"string"}],"binding":{"strength":"example","valueSet":"v"};
            T.p "min":0,"max":"*","type":[{"code":"BackboneElement"}]; T.p.q "max":"1","type":[{"code":"string"}];
            T.p.p "max":"*","contentReference":"\#T.p""#,
        ),
        (
            "Extension",
            r#"Extension "max":"*"; Extension.extension "max":"*","type":[{"code":"Extension"}]; Extension.url "min":1,"max":"1","type":[{"code":"uri"}]; Extension.v[x] "max":"1","type":[{"code":"string"},{"code":"code"}]"#,
        ),
        (
            "Coding",
            r#"Coding "max":"*"; Coding.system "max":"1","type":[{"code":"uri"}]; Coding.code "max":"1","type":[{"code":"code"}]"#,
        ),
        ("Quantity", r#"Quantity "max":"*"; Quantity.value "max":"1","type":[{"code":"decimal"}]"#),
    ] {
        let elements = elements.replace('\\', "");
        let definition = definition(&ty(name), "", "specialization", name, "snapshot", &elements);
        let structure = complete(&definition, &held);
        held.1.insert(ty(name), Arc::new(structure));
    }
    let extension = definition(
        "u:ext",
        &ty("Extension"),
        "constraint",
        "Extension",
        "differential",
        r#"Extension "max":"1"; Extension.url "fixedUri":"u:ext""#,
    );
    let structure = generate(&extension, &held);
    held.1.insert("u:ext".to_owned(), Arc::new(structure));
    held
}

fn profile(release: Release, elements: &str) -> (String, Structure) {
    let base = "http://hl7.org/fhir/StructureDefinition/T";
    let structure = generate(&definition("u:p", base, "constraint", "T", "differential", elements), &core(release));
    let ids: Vec<&str> = structure.elements.iter().map(|element| element.id.as_str()).skip(1).collect();
    (ids.join(" "), structure)
}

fn element<'a>(structure: &'a Structure, id: &str) -> &'a ElementDef {
    structure.elements.iter().find(|element| element.id == id).unwrap()
}

const SLICED: &str = r#""slicing":{"discriminator":[{"type":"value","path":"system"}],"rules":"open"}"#;

#[test]
fn an_extension_slice_needs_no_introduction() {
    let (ids, structure) = profile(Release::R4, r#"T.extension:e "type":[{"code":"Extension","profile":["u:ext"]}]"#);
    assert_eq!(ids, "T.extension T.extension:e T.a T.v[x] T.p T.p.q T.p.p");
    let slicing = element(&structure, "T.extension").slicing.clone().unwrap();
    assert_eq!(slicing.discriminators, [("value".to_owned(), "url".to_owned())]);
    assert_eq!(element(&structure, "T.extension:e").max, Some(1));
    assert!(structure.faults.is_empty(), "{:?}", structure.faults);
}

#[test]
fn slices_inherit_what_is_said_of_all() {
    let changes = format!(
        r#"T.a {SLICED}; T.a.system "min":1; T.a:x "min":1; T.a.code "fixedCode":"c"; T.a:y; T.a:y/z "max":"1""#
    );
    let (ids, structure) = profile(Release::R4, &changes);
    assert!(ids.starts_with(
        "T.extension T.a T.a.system T.a.code T.a:x T.a:x.system T.a:x.code T.a:y T.a:y.system T.a:y.code T.a:y/z T.a:y/z.system T.a:y/z.code T.v[x]"
    ), "{ids}");
    assert_eq!((element(&structure, "T.a:x").min, element(&structure, "T.a:y").min), (1, 0));
    assert_eq!(element(&structure, "T.a:y.system").min, 1);
    assert!(element(&structure, "T.a:x.code").fixed.is_some() && element(&structure, "T.a.code").fixed.is_none());
}

#[test]
fn a_derived_profile_changes_and_adds_slices() {
    let mut held = core(Release::R4);
    let base = "http://hl7.org/fhir/StructureDefinition/T";
    let first = definition(
        "u:1",
        base,
        "constraint",
        "T",
        "differential",
        &format!(r#"T.a {SLICED}; T.a:x; T.a.code "min":1"#),
    );
    let first = generate(&first, &held);
    held.1.insert("u:1".to_owned(), Arc::new(first));
    let second =
        definition("u:2", "u:1", "constraint", "T", "differential", r#"T.a:n; T.a:x "max":"1"; T.a.system "min":1"#);
    let second = generate(&second, &held);
    let ids: Vec<&str> = second.elements.iter().map(|element| element.id.as_str()).collect();
    assert_eq!(ids[2..7], ["T.a", "T.a:x", "T.a:x.system", "T.a:x.code", "T.a:n"]);
    assert_eq!(element(&second, "T.a:x").max, Some(1));
    assert_eq!((element(&second, "T.a:x.system").min, element(&second, "T.a:x.code").min), (1, 1));
}

#[test]
fn short_choices_become_slices_by_type() {
    for release in [Release::Stu3, Release::R4] {
        for changes in [r#"T.vQuantity.value "min":1"#, r#"T.vQuantity:vQuantity; T.vQuantity.value "min":1"#] {
            let (ids, structure) = profile(release, changes);
            assert!(ids.contains("T.v[x] T.v[x]:vQuantity T.v[x]:vQuantity.value T.p"), "{ids}");
            let choice = element(&structure, "T.v[x]");
            assert_eq!(choice.types.len(), 1);
            assert_eq!(choice.slicing.as_ref().unwrap().rules, "closed");
            assert!(structure.faults.is_empty(), "{:?}", structure.faults);
        }
    }
    let (_, structure) = profile(Release::R4, "T.vBoolean");
    assert_eq!(structure.faults.len(), 1);
}

#[test]
fn references_and_types_unfold() {
    let (ids, structure) = profile(Release::R4, r#"T.p.p.q "min":1; T.a.code "min":1"#);
    assert!(ids.contains("T.p.p T.p.p.q T.p.p.p") && ids.contains("T.a T.a.system T.a.code"), "{ids}");
    assert_eq!(element(&structure, "T.p.p").content_reference, "");
    assert_eq!(element(&structure, "T.p.p.p").content_reference, "#T.p");
    assert_eq!(element(&structure, "T.a.code").base_path, "Coding.code");
}

#[test]
fn constraints_accumulate_and_bindings_merge() {
    let (_, structure) = profile(
        Release::R4,
        r#"T "constraint":[{"key":"t-1","severity":"error","expression":"true"}]; T.v[x] "binding":{"strength":"required"}; T.a "constraint":[{"key":"t-2","severity":"warning"}]"#,
    );
    assert_eq!(element(&structure, "T").constraints[0].source, "u:p");
    let binding = element(&structure, "T.v[x]").binding.clone().unwrap();
    assert_eq!((binding.strength.as_str(), binding.value_set.as_str()), ("required", "v"));
}

#[test]
fn faults_do_not_stop_the_rest() {
    for (changes, fault) in [
        ("T.zz", "T.zz: no such element in the base"),
        (r#"T.a "min":0"#, "T.a: min 0 is looser than the base's 1"),
        (r#"T.v[x] "max":"*""#, "T.v[x]: its max is looser than the base's"),
        ("T.a:x", "T.a: has slices but no slicing"),
        ("U.a", "U.a: does not begin with T"),
        (r#"T "slicing":{"rules":"open"}"#, "T: the root cannot be sliced"),
        (r#"T.a "type":[{"code":"Period"}]"#, "T.a: type Period is not allowed by the base"),
        (r#"T.extension:e "type":[{"code":"Extension","profile":["u:none"]}]"#, "T.extension:e: u:none is not held"),
    ] {
        let (_, structure) = profile(Release::R4, &format!(r#"T.p "max":"0"; {changes}"#));
        assert_eq!(structure.faults, [fault]);
        assert_eq!(element(&structure, "T.p").max, Some(0));
    }
    let circle = definition("u:p", "u:circle", "constraint", "T", "differential", "T; T.a");
    let structure = generate(&circle, &core(Release::R4));
    assert_eq!((structure.elements.len(), structure.faults.len()), (2, 1));
}

#[test]
fn a_new_type_takes_its_base_under_its_own_name() {
    let base = "http://hl7.org/fhir/StructureDefinition/T";
    let new = definition(
        "u:n",
        base,
        "specialization",
        "N",
        "differential",
        r#"N; N.b "max":"1","type":[{"code":"Coding"}]"#,
    );
    let structure = generate(&new, &core(Release::R4));
    let ids: Vec<&str> = structure.elements.iter().map(|element| element.id.as_str()).collect();
    assert_eq!(ids, ["N", "N.extension", "N.a", "N.v[x]", "N.p", "N.p.q", "N.p.p", "N.b"]);
    assert_eq!(element(&structure, "N.a").base_path, "T.a");
    assert_eq!(element(&structure, "N.b").base_path, "N.b");
}

#[test]
fn broken_bytes_never_panic() {
    let text = r#"{"resourceType":"StructureDefinition","url":"u:p","type":"T","derivation":"constraint","baseDefinition":"http://hl7.org/fhir/StructureDefinition/T","differential":{"element":[{"id":"T.a:x","path":"T.a","sliceName":"x","type":[{"code":"Coding","profile":["u:ext"]}]},{"id":"T.v[x]:vString","path":"T.vString","min":1}]}}"#;
    let held = core(Release::R4);
    for at in 0..text.len() {
        for byte in [b'"', b'.', b':', b'[', b'9', b'T'] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = byte;
            if let Ok(datum) = parse_json(&bytes) {
                complete(&read_definition(&datum), &held);
            }
        }
    }
}
