//! Definitions written in XML, read into the same `Datum` as JSON.

use super::model::Datum;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Members of data types that repeat: in XML one of them alone must still become an array.
const REPEATING: [&str; 13] = [
    "coding",
    "given",
    "prefix",
    "suffix",
    "line",
    "extension",
    "modifierExtension",
    "telecom",
    "event",
    "dayOfWeek",
    "timeOfDay",
    "when",
    "additionalInstruction",
];

struct Open {
    name: String,
    value: Option<String>,
    members: Vec<(String, Datum)>,
}

/// Reads the first element of an XML document: a FHIR resource. Errors say what is wrong.
pub fn parse_xml(bytes: &[u8]) -> Result<Datum, String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = Reader::from_reader(bytes);
    let mut stack: Vec<Open> = Vec::new();
    // Depth inside a narrative `div`, which is passed over.
    let mut narrative = 0usize;
    loop {
        let event = reader.read_event().map_err(|error| format!("{error} at byte {}", reader.error_position()))?;
        match event {
            Event::DocType(_) => return Err("a document type declaration is not allowed".to_owned()),
            Event::Start(_) if narrative > 0 => narrative += 1,
            Event::Start(start) if start.local_name().as_ref() == b"div" => narrative = 1,
            Event::Start(start) => {
                if stack.len() > 200 {
                    return Err("nested too deeply".to_owned());
                }
                stack.push(open(&start)?);
            }
            Event::Empty(_) if narrative > 0 => {}
            Event::Empty(start) => {
                let element = open(&start)?;
                if let Some(root) = close(element, &mut stack) {
                    return Ok(root);
                }
            }
            Event::End(_) if narrative > 0 => narrative -= 1,
            Event::End(_) => {
                let element = stack.pop().ok_or("an end without a start")?;
                if let Some(root) = close(element, &mut stack) {
                    return Ok(root);
                }
            }
            Event::Eof => return Err("no complete element".to_owned()),
            _ => {}
        }
    }
}

fn open(start: &BytesStart<'_>) -> Result<Open, String> {
    let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
    let mut element = Open { name, value: None, members: Vec::new() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let text = attribute
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .map_err(|error| error.to_string())?
            .into_owned();
        match attribute.key.as_ref() {
            b"value" => element.value = Some(text),
            b"id" => element.members.push(("id".to_owned(), Datum::Primitive(text))),
            b"url" => element.members.push(("url".to_owned(), Datum::Primitive(text))),
            _ => {}
        }
    }
    Ok(element)
}

fn is_resource(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Hangs a finished element on its parent; gives it back when it has none.
fn close(element: Open, stack: &mut [Open]) -> Option<Datum> {
    let Open { name, value, mut members } = element;
    if is_resource(&name) {
        members.insert(0, ("resourceType".to_owned(), Datum::Primitive(name.clone())));
    }
    let Some(parent) = stack.last_mut() else {
        return Some(Datum::Object(members));
    };
    match value {
        Some(text) => {
            add(&mut parent.members, &name, Datum::Primitive(text));
            if !members.is_empty() {
                add(&mut parent.members, &format!("_{name}"), Datum::Object(members));
            }
        }
        // A resource inside an element (`contained`, `entry.resource`) takes the place of that element.
        None if is_resource(&name) => parent.members = members,
        None if members.is_empty() => {}
        // A primitive with extensions only.
        None if members.iter().all(|(key, _)| key == "id" || key == "extension")
            && parent.name == "type"
            && name == "code" =>
        {
            add(&mut parent.members, "_code", Datum::Object(members));
        }
        None => add(&mut parent.members, &name, Datum::Object(members)),
    }
    None
}

fn add(members: &mut Vec<(String, Datum)>, name: &str, value: Datum) {
    match members.iter_mut().find(|(key, _)| key == name) {
        Some((_, Datum::Array(items))) => items.push(value),
        Some((_, held)) => {
            let first = std::mem::replace(held, Datum::Array(Vec::new()));
            *held = Datum::Array(vec![first, value]);
        }
        None if REPEATING.contains(&name) => members.push((name.to_owned(), Datum::Array(vec![value]))),
        None => members.push((name.to_owned(), value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::datum::parse_json;

    #[test]
    fn equals_the_json_form() {
        let xml = r#"<?xml version="1.0"?><StructureDefinition xmlns="http://hl7.org/fhir"><id value="x"/><text><status value="empty"/><div xmlns="http://www.w3.org/1999/xhtml"><p>a</p><br/></div></text>
          <differential><element id="A.b"><path value="A.b"/><type><code value="Coding"><extension url="u"><valueString value="v"/></extension></code></type>
          <patternCodeableConcept><coding><code value="a&amp;b"/></coding></patternCodeableConcept></element></differential></StructureDefinition>"#;
        let json = br#"{"resourceType":"StructureDefinition","id":"x","text":{"status":"empty"},"differential":{"element":{"id":"A.b","path":"A.b",
          "type":{"code":"Coding","_code":{"extension":[{"url":"u","valueString":"v"}]}},"patternCodeableConcept":{"coding":[{"code":"a&b"}]}}}}"#;
        assert_eq!(parse_xml(xml.as_bytes()).unwrap(), parse_json(json).unwrap());
    }

    #[test]
    fn broken_text_is_an_error() {
        for bad in ["", "<a", "<a>", "</a>", "<!DOCTYPE a><a/>", "<A><b value='&x;'/></A>", "<A><b></A>"] {
            assert!(parse_xml(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
