//! What a body brings: a resource as it stands, or one inside a Parameters with what is asked of it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::media::Form;
use crate::outcome::Refusal;
use crate::parameters_xml;

/// What is to be checked. Bytes are those of the body with all around the resource blanked, so that lines and columns are the
/// body's.
#[derive(Debug, Default)]
pub struct Sent<'b> {
    /// The message.
    pub message: Cow<'b, [u8]>,
    /// The type of its root, where it is easily told.
    pub kind: Option<String>,
    /// Profiles that a Parameters names.
    pub profiles: Vec<String>,
    /// The mode that it names.
    pub mode: Option<String>,
    /// Where bytes were put in: the line from 1, the column of the first of them, and how many.
    pub put_in: Option<(u64, u32, u32)>,
}

/// Takes a body apart.
///
/// # Errors
/// A Parameters that is none of `$validate`. What is not well formed is no error: the check says where.
pub fn taken(body: &[u8], form: Form) -> Result<Sent<'_>, Refusal> {
    match form {
        Form::Json => of_json(body),
        Form::Xml => parameters_xml::taken(body),
    }
}

/// A parameter of either form, its value as text.
#[derive(Debug, Default)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its value, whatever its type.
    pub value: Option<String>,
    /// Where its resource stands.
    pub resource: Option<std::ops::Range<usize>>,
}

/// What the parameters ask.
///
/// # Errors
/// Where there is not exactly one resource, or a value is missing.
pub fn asked(parts: Vec<Part>) -> Result<(std::ops::Range<usize>, Vec<String>, Option<String>), Refusal> {
    let (mut resource, mut profiles, mut mode) = (None, Vec::new(), None);
    for part in parts {
        match (part.name.as_str(), part.value, part.resource) {
            ("resource", _, Some(range)) if resource.is_none() => resource = Some(range),
            ("resource", _, Some(_)) => return Err(Refusal::bad("the Parameters has two parameters named resource")),
            ("resource", ..) => return Err(Refusal::bad("the parameter resource has no resource")),
            ("profile", Some(value), _) => profiles.push(value),
            ("mode", Some(value), _) => mode = Some(value),
            ("profile" | "mode", ..) => {
                return Err(Refusal::bad("a parameter profile or mode has no text as its value"));
            }
            // As $validate of other servers takes more, and to refuse those would serve nobody.
            _ => {}
        }
    }
    let Some(resource) = resource else {
        return Err(Refusal::bad(
            "the Parameters has no parameter named resource; to check a Parameters itself, send it as that parameter of another",
        ));
    };
    Ok((resource, profiles, mode))
}

#[derive(Deserialize)]
struct Head<'b> {
    #[serde(rename = "resourceType", borrow)]
    kind: Option<Cow<'b, str>>,
}

#[derive(Deserialize)]
struct Parameters<'b> {
    #[serde(borrow, default)]
    parameter: Vec<Parameter<'b>>,
}

#[derive(Deserialize)]
struct Parameter<'b> {
    #[serde(borrow)]
    name: Option<Cow<'b, str>>,
    #[serde(borrow)]
    resource: Option<&'b RawValue>,
    #[serde(rename = "valueUri")]
    uri: Option<Value>,
    #[serde(rename = "valueCanonical")]
    canonical: Option<Value>,
    #[serde(rename = "valueUrl")]
    url: Option<Value>,
    #[serde(rename = "valueCode")]
    code: Option<Value>,
    #[serde(rename = "valueString")]
    string: Option<Value>,
}

fn of_json(body: &[u8]) -> Result<Sent<'_>, Refusal> {
    let mark = if body.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let bare = |kind| Sent { message: Cow::Borrowed(body), kind, ..Sent::default() };
    let Ok(Head { kind }) = serde_json::from_slice::<Head>(&body[mark..]) else { return Ok(bare(None)) };
    let kind = kind.map(Cow::into_owned);
    if kind.as_deref() != Some("Parameters") {
        return Ok(bare(kind));
    }
    // Its own words could repeat a value: the place is enough.
    let parameters: Parameters = serde_json::from_slice(&body[mark..]).map_err(|e| {
        Refusal::bad(format!("the Parameters cannot be read at line {}, column {}", e.line(), e.column()))
    })?;
    let start = body.as_ptr() as usize;
    let parts = parameters.parameter.into_iter().map(|p| {
        let value = [p.uri, p.canonical, p.url, p.code, p.string].into_iter().flatten().next();
        let resource = p.resource.map(|raw| {
            let at = raw.get().as_ptr() as usize - start;
            at..at + raw.get().len()
        });
        let value = value.and_then(|value| value.as_str().map(str::to_owned));
        Part { name: p.name.unwrap_or_default().into_owned(), value, resource }
    });
    let (range, profiles, mode) = asked(parts.collect())?;
    let kind = serde_json::from_slice::<Head>(&body[range.clone()]).ok().and_then(|head| head.kind);
    let kind = kind.map(Cow::into_owned);
    let message = blanked(body, range);
    Ok(Sent { message: message.into(), kind, profiles, mode, put_in: None })
}

/// All before `range` made blank, one space for each character, since columns count those; what comes after is left out.
pub fn blanked(body: &[u8], range: std::ops::Range<usize>) -> Vec<u8> {
    let mut out = Vec::with_capacity(range.end);
    out.extend(body[..range.start].iter().filter(|b| (**b & 0xc0) != 0x80).map(|b| match b {
        b'\n' | b'\r' => *b,
        _ => b' ',
    }));
    out.extend_from_slice(&body[range]);
    out
}
