//! What a payload is that is no FHIR resource: told by its first bytes, its first line or its outermost element, in one finding.

use super::{Format, sniff};
use crate::tree::{Element, Tree, names};

/// First bytes of kinds of files, and what they are.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "a document in rich text"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an Office document in the format before 2007"),
    (b"SQLite format 3\0", "an SQLite database"),
];

/// Folders in an Office document, and what it is.
const OFFICE: &[(&str, &str)] =
    &[("word/", "a Word document"), ("xl/", "an Excel workbook"), ("ppt/", "a PowerPoint presentation")];

/// How expressions of templates begin and end.
pub const TEMPLATES: &[(&str, &str)] = &[("{{", "}}"), ("${", "}"), ("<%", "%>"), ("{%", "%}")];

/// How far into an archive its first names are looked for.
const NAMES_WITHIN: usize = 4096;

/// Outermost elements of XML that are well known, and what they are.
const ELEMENTS: &[(&str, &str)] = &[
    ("ClinicalDocument", "an HL7 CDA document"),
    ("html", "an HTML page"),
    ("HTML", "an HTML page"),
    ("Envelope", "a SOAP message"),
    ("DistributionEnvelope", "an ITK 2 distribution envelope"),
    ("feed", "an Atom feed, as FHIR had before DSTU2"),
    ("schema", "an XML schema"),
    ("testsuites", "a JUnit report"),
];

/// Members of JSON objects that are well known, and what they are in.
const MEMBERS: &[(&str, &str)] = &[
    ("openapi", "an OpenAPI description"),
    ("swagger", "a Swagger description"),
    ("$schema", "a JSON schema or a file that names one"),
    ("errorCode", "an error of a server"),
    ("error", "an error of a server"),
];

/// Lines of a table that are looked at, the first among them.
const ROWS: usize = 21;

/// Types that only DSTU2 has, and those that only R4B or R5 have, sorted.
const DSTU2: &[&str] =
    &["Conformance", "DiagnosticOrder", "ImagingObjectSelection", "MedicationOrder", "Order", "OrderResponse"];
const LATER: &[&str] = &[
    "ActorDefinition",
    "AdministrableProductDefinition",
    "ArtifactAssessment",
    "BiologicallyDerivedProductDispense",
    "Citation",
    "ClinicalUseDefinition",
    "ConditionDefinition",
    "DeviceAssociation",
    "DeviceDispense",
    "DeviceUsage",
    "EncounterHistory",
    "EvidenceReport",
    "FormularyItem",
    "GenomicStudy",
    "ImagingSelection",
    "Ingredient",
    "InventoryItem",
    "InventoryReport",
    "ManufacturedItemDefinition",
    "NutritionIntake",
    "NutritionProduct",
    "PackagedProductDefinition",
    "Permission",
    "RegulatedAuthorization",
    "Requirements",
    "SubscriptionStatus",
    "SubscriptionTopic",
    "TestPlan",
    "Transport",
];

/// What bytes are that are neither JSON nor XML, where their first ones tell.
pub fn bytes(bytes: &[u8]) -> Option<String> {
    if let Some((_, what)) = SIGNATURES.iter().find(|(first, _)| bytes.starts_with(first)) {
        return Some(format!("this is {what}"));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let names = &bytes[..bytes.len().min(NAMES_WITHIN)];
        let within = |name: &str| memchr::memmem::find(names, name.as_bytes()).is_some();
        let what = OFFICE.iter().find(|(folder, _)| within(folder)).map_or("a ZIP archive", |(_, what)| what);
        return Some(format!("this is {what}"));
    }
    None
}

/// What a text is that is neither JSON nor XML.
pub fn text(text: &str) -> String {
    let visible = text.trim_start_matches(['\u{FEFF}', '\u{B}', ' ', '\t', '\r', '\n']);
    if visible.is_empty() {
        return "there is nothing in it".to_owned();
    }
    if let Some(what) = version_2(visible) {
        return what;
    }
    let lines: Vec<&str> = visible.lines().filter(|line| !line.trim().is_empty()).take(ROWS).collect();
    let (first, rows) = lines.split_first().map_or(("", &[][..]), |(first, rows)| (*first, rows));
    for (separator, name) in [(',', "commas"), (';', "semicolons"), ('\t', "tabs"), ('|', "bars")] {
        let columns = first.matches(separator).count();
        if columns > 0 && !rows.is_empty() && rows.iter().all(|row| row.matches(separator).count() >= columns) {
            return format!("this is a table of values separated by {name}");
        }
    }
    "this is neither JSON nor XML".to_owned()
}

/// Whether an expression of a template begins at a place of a text, or just before it.
pub fn is_template(text: &str, at: usize) -> bool {
    [at.checked_sub(1), Some(at)].into_iter().flatten().filter_map(|at| text.get(at..)).any(|rest| {
        TEMPLATES.iter().any(|(open, close)| rest.strip_prefix(open).is_some_and(|inner| inner.contains(close)))
    })
}

/// An HL7 version 2 message or batch, with its type and version where they have their form.
fn version_2(text: &str) -> Option<String> {
    let header = ["MSH", "FHS", "BHS"].into_iter().find(|segment| text.starts_with(segment))?;
    let separator = text[3..].chars().next().filter(|c| c.is_ascii_punctuation())?;
    if header != "MSH" {
        return Some("this is a batch of HL7 version 2 messages".to_owned());
    }
    let first = text.split(['\r', '\n']).next().unwrap_or_default();
    let fields: Vec<&str> = first.split(separator).collect();
    let plain = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
    };
    let kind: Vec<&str> = fields.get(8).map(|kind| kind.split('^').take(2).collect()).unwrap_or_default();
    let is_kind = kind.iter().all(|part| plain(part, 3) && part.len() == 3);
    let kind = if is_kind { kind.join("^") } else { String::new() };
    let version = fields.get(11).and_then(|v| v.split('^').next()).filter(|v| v.starts_with('2') && plain(v, 5));
    let mut says = "this is an HL7 version 2 message".to_owned();
    match (kind.as_str(), version) {
        ("", None) => {}
        ("", Some(version)) => says.push_str(&format!(" (version {version})")),
        (kind, None) => says.push_str(&format!(" ({kind})")),
        (kind, Some(version)) => says.push_str(&format!(" ({kind}, version {version})")),
    }
    Some(says)
}

/// What a tree is whose outermost element is no resource that FHIR STU3 or R4 has.
pub fn root(tree: &Tree<'_>) -> String {
    let Some(root) = tree.root() else { return "there is nothing in it".to_owned() };
    let name = names::text(root.type_id());
    let known = root.type_id() != names::OTHER && !name.is_empty();
    if sniff(tree.text) == Some(Format::Xml) {
        if let Some((_, what)) = ELEMENTS.iter().find(|(element, _)| *element == name) {
            let template = if name == "ClinicalDocument" { cda_template(tree.text) } else { None };
            let template = template.map(|id| format!(" (template {id})")).unwrap_or_default();
            return format!("this is {what}{template}");
        }
    } else if !root.children().any(|c| names::text(c.name_id()) == "resourceType") && !known {
        let member = |at: Element<'_>, name: &str| at.children().any(|c| names::text(c.name_id()) == name);
        let schema = root.get("info").and_then(|info| info.get("schema")).and_then(Element::value);
        if schema.is_some_and(|url| url.contains("schema.getpostman.com")) {
            return "this is a Postman collection".to_owned();
        }
        return match MEMBERS.iter().find(|(name, _)| member(root, name)) {
            Some((_, what)) => format!("this is {what}"),
            None => "there is no resource type".to_owned(),
        };
    }
    if DSTU2.binary_search(&name).is_ok() {
        format!("{name} is a resource of FHIR DSTU2; STU3 and R4 are checked here")
    } else if LATER.binary_search(&name).is_ok() {
        format!("{name} is a resource of a later FHIR (R4B or R5); STU3 and R4 are checked here")
    } else if known {
        format!("FHIR has no resource {name}")
    } else {
        "there is no resource type".to_owned()
    }
}

/// The template that a CDA document names first: its object identifier and the name in it, where they have their form.
fn cda_template(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("<templateId")?;
    let (tag, _) = rest.split_once('>')?;
    let attribute = |name: &str| {
        let (_, rest) = tag.split_once(name)?;
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split_once(quote).map(|(value, _)| value)
    };
    let root = attribute("root").filter(|root| {
        root.len() <= 64
            && root.contains('.')
            && root.split('.').all(|arc| arc.parse::<u64>().is_ok_and(|n| n < 1_000_000_000))
    })?;
    let named = |id: &&str| {
        id.len() <= 24 && id.contains('_') && id.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
    };
    Some(match attribute("extension").filter(named) {
        Some(name) => format!("{root} {name}"),
        None => root.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Limits, read};

    #[test]
    fn files_of_other_kinds_are_told() {
        for (given, says) in [
            (&b"%PDF-1.4\n%\xE2\xE3"[..], Some("this is a PDF document")),
            (b"PK\x03\x04....word/document.xml", Some("this is a Word document")),
            (b"PK\x03\x04....xl/workbook.xml", Some("this is an Excel workbook")),
            (b"PK\x03\x04....other", Some("this is a ZIP archive")),
            (b"{\"resourceType\":\"Patient\"}", None),
        ] {
            assert_eq!(bytes(given).as_deref(), says);
        }
        for (given, says) in [
            ("", "there is nothing in it"),
            (" \n\t", "there is nothing in it"),
            (
                "MSH|^~\\&|A|B|C|D|202601011200||ADT^A01|1|P|2.4\rPID|1",
                "this is an HL7 version 2 message (ADT^A01, version 2.4)",
            ),
            ("MSH|^~\\&|A|B|C|D|202601011200||9990000018^Smith|1|P|x", "this is an HL7 version 2 message"),
            ("FHS|^~\\&|A", "this is a batch of HL7 version 2 messages"),
            ("nhs,name\n1,2\n3,4\n", "this is a table of values separated by commas"),
            ("words, and words", "this is neither JSON nor XML"),
        ] {
            assert_eq!(text(given), says, "{given}");
        }
        assert!(DSTU2.is_sorted() && LATER.is_sorted());
    }

    #[test]
    fn trees_of_other_kinds_are_told() {
        for (given, says) in [
            ("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"/>", "this is an HL7 CDA document"),
            (
                "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><templateId root='2.16.840.1.113883.2.1.3.2.4.18.2' extension=\"POCD_MT150001UK06\"/></ClinicalDocument>",
                "this is an HL7 CDA document (template 2.16.840.1.113883.2.1.3.2.4.18.2 POCD_MT150001UK06)",
            ),
            (
                "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><templateId root=\"1.9990000018\" extension=\"Smith\"/></ClinicalDocument>",
                "this is an HL7 CDA document",
            ),
            ("<html><body>502</body></html>", "this is an HTML page"),
            (
                r#"{"info": {"_postman_id": "x", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": [1]}"#,
                "this is a Postman collection",
            ),
            (r#"{"openapi": "3.0.0"}"#, "this is an OpenAPI description"),
            (
                r#"{"resourceType": "Conformance"}"#,
                "Conformance is a resource of FHIR DSTU2; STU3 and R4 are checked here",
            ),
            (
                r#"{"resourceType": "Transport"}"#,
                "Transport is a resource of a later FHIR (R4B or R5); STU3 and R4 are checked here",
            ),
            (r#"{"resourceType": "Pacient"}"#, "FHIR has no resource Pacient"),
            (r#"{"active": true}"#, "there is no resource type"),
        ] {
            let (tree, _) = read(given, &Limits::default());
            assert_eq!(root(&tree), says, "{given}");
        }
    }
}
