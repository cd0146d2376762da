//! What a reader may say, with the metadata of each fault.

use super::Limits;
use crate::finding::{Dimension, Example, Explained, Meta, Severity};
use crate::text::Span;
use crate::tree::{NONE, NodeId};

/// One fault of the bytes.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Its rule.
    pub meta: &'static Meta,
    /// Where in the payload's text.
    pub span: Span,
    /// Element it belongs to, or `NONE`.
    pub node: NodeId,
    #[allow(dead_code, reason = "tests hold it against the place of a fault")]
    /// Line when the span cannot tell it, because there is no text.
    pub line: Option<u32>,
    /// What is wrong.
    pub says: String,
    /// Name of the element it is about, where that is not the node's; or empty.
    pub key: String,
    /// Whether nothing further of the payload can be trusted.
    pub fatal: bool,
}

impl Fault {
    /// A fault after which the payload is given up.
    pub fn fatal(meta: &'static Meta, start: u32, end: u32, says: impl Into<String>) -> Self {
        Self {
            meta,
            span: Span::new(start, end),
            node: NONE,
            line: None,
            says: says.into(),
            key: String::new(),
            fatal: true,
        }
    }

    /// The payload has so many faults that reading it further serves nobody.
    pub(super) fn too_many(limits: &Limits, at: usize) -> Self {
        let says = format!("the payload has more than {} faults of form (limit: findings)", limits.findings);
        Self::fatal(&LIMIT, at as u32, at as u32, says)
    }

    /// A fault at an element, after which reading goes on.
    pub fn at(meta: &'static Meta, node: NodeId, span: Span, says: impl Into<String>) -> Self {
        Self { meta, span, node, line: None, says: says.into(), key: String::new(), fatal: false }
    }
}

const BASE: Meta = Meta { issue: "structure", dimension: Dimension::Validity, criterion: "INT-1", ..Meta::NEW };
const JSON: &str = "FHIR, JSON representation of resources";
const XML: &str = "FHIR, XML representation of resources";

const fn bad(title: &'static str, input: &'static str) -> Example {
    Example::bad(title, input)
}

const fn good(title: &'static str, input: &'static str) -> Example {
    Example::good(title, input)
}

/// Syntax errors.
pub static SYNTAX: Meta = Meta {
    id: "HM0001",
    name: "payload-not-well-formed",
    title: "the payload is not well-formed JSON or XML",
    severity: Severity::Fatal,
    basis: "FHIR, JSON and XML representations of resources; RFC 8259; XML 1.0",
    why: "Nothing in the payload can be used: a receiver rejects it whole.",
    remedy: "Write messages with a JSON or XML library rather than by joining text, and look at the marked place first.",
    examples: &[
        bad("a comma too many", r#"{"resourceType": "Patient", "active": true,«}»"#),
        bad(
            "an element that is not closed",
            "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\">«<»/Patient>",
        ),
        good("a small patient", r#"{"resourceType": "Patient", "active": true}"#),
    ],
    ..BASE
};

/// Bytes that are no text.
pub static ENCODING: Meta = Meta {
    id: "HM0002",
    name: "payload-encoding",
    title: "the bytes are not in the encoding they should be in",
    severity: Severity::Fatal,
    basis: "FHIR, resource formats: UTF-8 encoding is required",
    why: "Characters outside ASCII, names among them, arrive damaged or not at all.",
    remedy: "Write UTF-8 (or UTF-16 with a byte order mark, for XML) and declare no other encoding.",
    examples: &[
        bad(
            "another encoding declared",
            "<?xml version=\"1.0\" encoding=\"«windows-1252»\"?><Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>",
        ),
        good(
            "UTF-8 declared",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>",
        ),
    ],
    ..BASE
};

/// A limit was hit.
pub static LIMIT: Meta = Meta {
    id: "HM0003",
    name: "payload-limit",
    title: "the payload goes beyond a reading limit",
    severity: Severity::Fatal,
    basis: "hallmark, limits (docs/limits.md)",
    why: "The payload was not checked further; a receiver may refuse it as well.",
    remedy: "Split the payload; or, if it is genuine, raise the named limit in hallmark.toml.",
    examples: &[good("a shallow message", r#"{"resourceType": "Patient", "active": true}"#)],
    ..BASE
};

/// A fault of hallmark itself.
pub static GIVEN_UP: Meta = Meta {
    id: "HM0014",
    name: "payload-check-broke-off",
    title: "hallmark failed while it checked the payload",
    severity: Severity::Fatal,
    basis: "hallmark: a fault in one payload hides no other",
    why: "The payload was not checked to its end, and nothing is known of it.",
    remedy: "Report it to the makers of hallmark with a message of made-up data that shows it; the fault is not the sender's.",
    examples: &[good("a message that is checked", r#"{"resourceType": "Patient", "active": true}"#)],
    ..BASE
};

/// Not FHIR at all.
pub static NOT_A_MESSAGE: Meta = Meta {
    id: "HM0004",
    name: "payload-not-fhir",
    title: "the payload is not a FHIR resource",
    severity: Severity::Fatal,
    basis: "FHIR, resource definitions",
    why: "A receiver cannot tell what this is.",
    remedy: "Send one resource: in JSON an object with resourceType, in XML an element of a FHIR resource in the namespace http://hl7.org/fhir.",
    examples: &[
        bad("no resourceType", r#"«{"active": true}»"#),
        bad("a type FHIR does not define", r#"«{"resourceType": "Pacient", "active": true}»"#),
        bad("an abstract type", r#"«{"resourceType": "DomainResource", "id": "a"}»"#),
        good("a patient", r#"{"resourceType": "Patient", "active": true}"#),
    ],
    ..BASE
};

/// Document type declarations.
pub static DOCTYPE: Meta = Meta {
    id: "HM0005",
    name: "xml-doctype",
    title: "an XML document type declaration is present",
    severity: Severity::Fatal,
    basis: "FHIR, XML representation: DTD references are not allowed; OWASP XXE",
    why: "Declarations can define entities that read files or exhaust memory; receivers refuse them.",
    remedy: "Remove the DOCTYPE declaration.",
    examples: &[
        bad(
            "a DOCTYPE",
            "«<!DOCTYPE» Patient><Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>",
        ),
        good("none", "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>"),
    ],
    ..BASE
};

/// Repeated JSON members.
pub static DUPLICATE_KEY: Meta = Meta {
    id: "HM0006",
    name: "json-duplicate-member",
    title: "a JSON object has the same member twice",
    basis: "RFC 8259 section 4; FHIR, JSON representation",
    why: "Receivers keep one of the two, and not all the same one: facts are lost silently.",
    remedy: "Send a repeating element as one array; send any other element once.",
    explains: &[Explained::here("HM0106").alike()],
    examples: &[
        bad("gender twice", r#"{"resourceType": "Patient", "gender": "male", "«gender»": "female"}"#),
        good("once", r#"{"resourceType": "Patient", "gender": "female"}"#),
    ],
    ..BASE
};

/// Arrays and objects with nothing in them.
pub static EMPTY_JSON: Meta = Meta {
    id: "HM0007",
    name: "json-empty-member",
    title: "an array or object is empty, or a member is null",
    basis: JSON,
    why: "FHIR has no empty elements; receivers reject them or store a blank.",
    remedy: "Leave the member out when there is nothing to say.",
    explains: &[Explained::here("HM0105")],
    examples: &[
        bad("an empty array", r#"{"resourceType": "Patient", "name": «[]»}"#),
        bad("a null", r#"{"resourceType": "Patient", "gender": «null»}"#),
        good("left out", r#"{"resourceType": "Patient", "active": true}"#),
    ],
    ..BASE
};

/// XML elements and attributes with nothing in them.
pub static EMPTY_XML: Meta = Meta {
    id: "HM0013",
    name: "xml-empty-element",
    title: "an XML element has neither a value nor content, or a value is empty",
    basis: XML,
    why: "FHIR has no empty elements; receivers reject them or store a blank.",
    remedy: "Leave the element out when there is nothing to say.",
    examples: &[
        bad(
            "an empty value",
            "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/><gender value=\"«»\"/></Patient>",
        ),
        bad("a resource of which nothing is said", "«<Patient xmlns=\"http://hl7.org/fhir\"/>»"),
        good("left out", "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>"),
    ],
    ..BASE
};

/// `_name` members that do not fit.
pub static SIBLING: Meta = Meta {
    id: "HM0008",
    name: "json-sibling-member",
    title: "a member beginning with an underscore does not fit its element",
    basis: JSON,
    why: "Extensions and ids of primitive values are lost or attached to the wrong value.",
    remedy: "Give `_name` an object (or, for a repeating element, an array as long as that of `name`, with nulls as fillers).",
    examples: &[
        bad(
            "text where an object belongs",
            r#"{"resourceType": "Patient", "birthDate": "1980-01-01", "_birthDate": «"x"»}"#,
        ),
        good("an extension", r#"{"resourceType": "Patient", "birthDate": "1980-01-01", "_birthDate": {"id": "a1"}}"#),
    ],
    ..BASE
};

/// Arrays of arrays.
pub static NESTED_ARRAY: Meta = Meta {
    id: "HM0009",
    name: "json-nested-array",
    title: "an array stands inside an array",
    basis: JSON,
    why: "FHIR has no such element; receivers reject the message.",
    remedy: "Flatten the array.",
    examples: &[
        bad("nested", r#"{"resourceType": "Patient", "name": [«[{"family": "Test"}]»]}"#),
        good("flat", r#"{"resourceType": "Patient", "name": [{"family": "Test"}]}"#),
    ],
    ..BASE
};

/// Text, CDATA, attributes and instructions that do not belong.
pub static XML_SHAPE: Meta = Meta {
    id: "HM0010",
    name: "xml-stray-content",
    title: "XML content that FHIR does not define",
    basis: XML,
    why: "Receivers drop it silently, or reject the message.",
    remedy: "Put values into the value attribute; remove text, CDATA sections, processing instructions and other attributes.",
    explains: &[Explained::here("HM0013")],
    examples: &[
        bad(
            "a value as text",
            "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/><gender value=\"male\">«male»</gender></Patient>",
        ),
        bad(
            "an attribute of no meaning",
            "<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"male\" «lang»=\"en\"/></Patient>",
        ),
        bad(
            "a value where the type has none",
            "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/><maritalStatus value=\"«M»\"/></Patient>",
        ),
        bad(
            "the id of an element as an element",
            "<Patient xmlns=\"http://hl7.org/fhir\"><name><«id» value=\"a\"/><family value=\"Test\"/></name></Patient>",
        ),
        good("a value attribute", "<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"male\"/></Patient>"),
    ],
    ..BASE
};

/// Elements of another namespace.
pub static NAMESPACE: Meta = Meta {
    id: "HM0011",
    name: "xml-namespace",
    title: "an element is not in the FHIR namespace",
    basis: XML,
    why: "Receivers look elements up by namespace and do not find these.",
    remedy: "Declare xmlns=\"http://hl7.org/fhir\" on the root, and xmlns=\"http://www.w3.org/1999/xhtml\" on narrative div elements only.",
    examples: &[
        bad("no namespace", "<«Patient»><active value=\"true\"/></Patient>"),
        good("FHIR's", "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>"),
    ],
    ..BASE
};

/// Broken characters inside strings.
pub static CHARACTERS: Meta = Meta {
    id: "HM0012",
    name: "characters-not-allowed",
    title: "a string holds characters that are not allowed",
    basis: "FHIR, string: no control characters other than tab, carriage return and line feed; Unicode surrogates come in pairs",
    why: "Databases and screens drop or garble the text around such characters.",
    remedy: "Remove control characters; write characters above U+FFFF as a surrogate pair or as UTF-8.",
    examples: &[
        bad("half a pair", r#"{"resourceType": "Patient", "name": [{"text": "«\ud83d»"}]}"#),
        bad(
            "a control character in the narrative",
            "<Patient xmlns=\"http://hl7.org/fhir\"><text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">«\u{1}»x</div></text><active value=\"true\"/></Patient>",
        ),
        good("a pair", r#"{"resourceType": "Patient", "name": [{"text": "\ud83d\ude00"}]}"#),
    ],
    ..BASE
};

/// Every fault of reading.
pub static ALL: &[&Meta] = &[
    &SYNTAX,
    &ENCODING,
    &LIMIT,
    &NOT_A_MESSAGE,
    &DOCTYPE,
    &DUPLICATE_KEY,
    &EMPTY_JSON,
    &EMPTY_XML,
    &SIBLING,
    &NESTED_ARRAY,
    &XML_SHAPE,
    &NAMESPACE,
    &CHARACTERS,
    &GIVEN_UP,
];
