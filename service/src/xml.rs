//! Our own resources, written as FHIR XML.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};
use serde_json::Value;

/// A resource whose members stand in the order of its definition. Only what OperationOutcome and CapabilityStatement have is
/// known: no narrative, no ids of elements, no resource within.
///
/// # Errors
/// Never in practice: what is written to is memory.
pub fn written(resource: &Value) -> std::io::Result<Vec<u8>> {
    let mut out = Writer::new(Vec::new());
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let name = resource["resourceType"].as_str().unwrap_or("OperationOutcome");
    let mut start = BytesStart::new(name);
    start.push_attribute(("xmlns", "http://hl7.org/fhir"));
    out.write_event(Event::Start(start))?;
    for (member, value) in resource.as_object().into_iter().flatten().filter(|(member, _)| *member != "resourceType") {
        element(&mut out, member, value)?;
    }
    out.write_event(Event::End(BytesEnd::new(name)))?;
    Ok(out.into_inner())
}

fn element(out: &mut Writer<Vec<u8>>, name: &str, value: &Value) -> std::io::Result<()> {
    let mut start = BytesStart::new(name);
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| element(out, name, item)),
        Value::Object(members) => {
            // The one member that is an attribute.
            let is_attribute = |member: &str| name == "extension" && member == "url";
            if let Some(url) = members.get("url").and_then(Value::as_str).filter(|_| is_attribute("url")) {
                start.push_attribute(("url", allowed(url).as_str()));
            }
            out.write_event(Event::Start(start))?;
            for (member, value) in members.iter().filter(|(member, _)| !is_attribute(member)) {
                element(out, member, value)?;
            }
            out.write_event(Event::End(BytesEnd::new(name)))
        }
        Value::String(text) => {
            start.push_attribute(("value", allowed(text).as_str()));
            out.write_event(Event::Empty(start))
        }
        other => {
            start.push_attribute(("value", other.to_string().as_str()));
            out.write_event(Event::Empty(start))
        }
    }
}

/// XML has no place for most control characters.
fn allowed(text: &str) -> String {
    let may = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if may(c) { c } else { '\u{fffd}' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_become_elements_in_their_order() {
        let outcome = json!({
            "resourceType": "OperationOutcome",
            "issue": [{
                "extension": [{"url": "urn:x", "valueInteger": 3}],
                "severity": "error",
                "details": {"text": "a < b & \"c\" \u{1}"},
                "expression": ["Patient", "Patient.name"],
            }],
        });
        let text = String::from_utf8(written(&outcome).unwrap()).unwrap();
        assert_eq!(
            text,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OperationOutcome xmlns=\"http://hl7.org/fhir\"><issue>\
             <extension url=\"urn:x\"><valueInteger value=\"3\"/></extension><severity value=\"error\"/>\
             <details><text value=\"a &lt; b &amp; &quot;c&quot; \u{fffd}\"/></details>\
             <expression value=\"Patient\"/><expression value=\"Patient.name\"/></issue></OperationOutcome>"
        );
    }
}
