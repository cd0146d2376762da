//! The two forms that FHIR has on the wire, and which of them a request has and wants.

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// JSON.
    Json,
    /// XML.
    Xml,
}

impl Form {
    /// The media type that answers have.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/fhir+json; charset=utf-8",
            Self::Xml => "application/fhir+xml; charset=utf-8",
        }
    }

    /// The form of a media type, its parameters aside: today's names and those of DSTU2.
    pub fn of(media_type: &str) -> Option<Self> {
        match media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "application/fhir+json" | "application/json" | "text/json" | "application/json+fhir" | "json" => {
                Some(Self::Json)
            }
            "application/fhir+xml" | "application/xml" | "text/xml" | "application/xml+fhir" | "xml" => Some(Self::Xml),
            _ => None,
        }
    }

    /// The form of bytes, as far as their first one tells.
    pub fn seen(body: &[u8]) -> Option<Self> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        match body.iter().find(|b| !b.is_ascii_whitespace()) {
            Some(b'<') => Some(Self::Xml),
            Some(b'{') => Some(Self::Json),
            _ => None,
        }
    }
}

/// The form to answer in: that of `_format`, else the one that `Accept` weighs most, else the one that was sent. Nothing where
/// neither form would do.
pub fn wanted(format: Option<&str>, accept: &[&str], sent: Form) -> Option<Form> {
    if let Some(format) = format {
        // A `+` that nobody escaped is a space by now.
        return Form::of(&format.replace(' ', "+"));
    }
    if accept.is_empty() {
        return Some(sent);
    }
    let mut best: Option<(f32, Form)> = None;
    for range in accept.iter().flat_map(|line| line.split(',')) {
        let mut parts = range.split(';');
        let name = parts.next().unwrap_or_default().trim();
        let weight = parts.filter_map(|p| p.trim().strip_prefix("q=")).find_map(|q| q.trim().parse::<f32>().ok());
        let weight = weight.unwrap_or(1.0);
        let any = matches!(name, "*/*" | "application/*") || (name == "text/*");
        let Some(form) = (if any { Some(sent) } else { Form::of(name) }) else { continue };
        if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, form));
        }
    }
    best.map(|(_, form)| form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_chosen_as_asked() {
        let cases: [(Option<&str>, &[&str], Option<Form>); 12] = [
            (None, &[], Some(Form::Json)),
            (None, &["*/*"], Some(Form::Json)),
            (None, &["application/fhir+xml"], Some(Form::Xml)),
            (None, &["application/fhir+xml;q=0.5, application/fhir+json"], Some(Form::Json)),
            (None, &["text/html", "application/xml"], Some(Form::Xml)),
            (None, &["text/html,*/*;q=0.1"], Some(Form::Json)),
            (None, &["application/fhir+xml; fhirVersion=4.0"], Some(Form::Xml)),
            (None, &["application/fhir+xml;q=0"], None),
            (None, &["text/html"], None),
            (Some("xml"), &["application/json"], Some(Form::Xml)),
            (Some("application/fhir xml"), &[], Some(Form::Xml)),
            (Some("turtle"), &[], None),
        ];
        for (format, accept, form) in cases {
            assert_eq!(wanted(format, accept, Form::Json), form, "{format:?} {accept:?}");
        }
    }
}
