//! XML reading against quick-xml: what hallmark accepts quick-xml reads too, with the same elements and values.
#![no_main]

use hallmark::bench::read::{self, Format, Limits};
use libfuzzer_sys::fuzz_target;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Values of `value` attributes in document order, references resolved; `None` when quick-xml refuses the text.
fn values(text: &str) -> Result<Vec<String>, String> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{FEFF}'));
    let mut out = Vec::new();
    let mut narrative = 0;
    let mut add = |start: &BytesStart<'_>, narrative: usize| {
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|e| e.to_string())?;
            let value = attribute.unescape_value().map_err(|e| e.to_string())?;
            if narrative == 0 && attribute.key.as_ref() == b"value" {
                out.push(value.into_owned());
            }
        }
        Ok::<(), String>(())
    };
    let markup = |start: &BytesStart<'_>| {
        start.attributes().flatten().any(|a| a.key.as_ref().starts_with(b"xmlns") && a.value.as_ref() != b"http://hl7.org/fhir")
    };
    loop {
        match reader.read_event().map_err(|e| e.to_string())? {
            Event::Start(start) => {
                narrative += usize::from(narrative > 0 || markup(&start));
                add(&start, narrative)?;
            }
            Event::Empty(start) => add(&start, narrative + usize::from(markup(&start)))?,
            Event::End(_) => narrative = narrative.saturating_sub(1),
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if read::sniff(text) != Some(Format::Xml) {
        return;
    }
    let (tree, faults) = read::read(text, &Limits { elements: 100_000, ..Limits::default() });
    for fault in &faults {
        assert!(fault.span.end as usize <= text.len() && fault.span.start <= fault.span.end, "{fault:?}");
    }
    if faults.iter().any(|f| f.fatal) {
        return;
    }
    let theirs = match values(text) {
        Ok(values) => values,
        Err(error) => panic!("hallmark accepts what quick-xml refuses: {error}"),
    };
    // Values of elements alone: other attributes, foreign elements and blanks that references hold are left out.
    if faults.is_empty() && !text.contains(['\t', '\r', '\n']) && !text.contains("&#") && !text.contains("xmlns:") {
        let own = tree.nodes.iter().enumerate().filter(|(_, node)| format!("{:?}", node.kind) == "XmlElement");
        let ours: Vec<String> = own.filter_map(|(id, _)| tree.value(id as u32)).map(str::to_owned).collect();
        assert_eq!(ours, theirs);
    }
});
