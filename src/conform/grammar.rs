//! Codes of systems that are a grammar: language tags (BCP 47) and MIME types (BCP 13).

use super::checker::{Checker, Pass, excerpt};
use crate::finding::{Example, Meta};
use crate::tree::{Element, names};

/// Codes in form.
pub static GRAMMAR: Meta = Meta {
    id: "HM0161",
    name: "code-not-in-grammar",
    title: "the code is not a language tag or a MIME type in its form",
    issue: "code-invalid",
    basis: "BCP 47 (RFC 5646, section 2.1) and BCP 13 (RFC 6838, section 4.2), which FHIR's value sets for languages and MIME types name",
    criterion: "INT-1",
    why: "Receivers cannot choose a voice, a translation or a viewer by it.",
    remedy: "Send a language tag such as en-GB, with hyphens; or a MIME type such as application/pdf.",
    examples: &[
        Example::bad("no language", r#"{"resourceType": "Patient", "language": "«xx»", "active": true}"#),
        Example::bad("an underscore", r#"{"resourceType": "Patient", "language": "«en_GB»", "active": true}"#),
        Example::bad(
            "words for a language",
            r#"{"resourceType": "Patient", "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "«english language»"}]}}]}"#,
        )
        .r4(),
        Example::bad(
            "words for a MIME type",
            r#"{"resourceType": "Patient", "photo": [{"contentType": "«a picture»", "data": "aGVsbG8="}]}"#,
        )
        .r4(),
        Example::good(
            "in form",
            r#"{"resourceType": "Patient", "language": "en-GB", "photo": [{"contentType": "text/plain; charset=UTF-8", "data": "aGVsbG8="}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Language tags.
pub(super) const LANGUAGES: &str = "urn:ietf:bcp:47";

const MIME_TYPES: &str = "urn:ietf:bcp:13";

impl<'t> Checker<'_, 't> {
    /// A code element bound to FHIR's value set of languages or of MIME types. Elsewhere than in a content type, servers take words
    /// such as json for the latter.
    pub(super) fn bound_to_grammar(&mut self, at: Element<'t>, pass: Pass<'_>, sets: [&str; 2]) {
        let bound = |name: &str| {
            let bare = |set: &str| set.split('|').next().and_then(|s| s.rsplit('/').next()).unwrap_or_default() == name;
            sets.into_iter().any(bare)
        };
        let system = if bound("languages") || bound("all-languages") {
            LANGUAGES
        } else if bound("mimetypes") && at.name_id() == names::CONTENT_TYPE {
            MIME_TYPES
        } else {
            return;
        };
        self.in_grammar(at, pass, system);
    }

    /// The code element of a system that is a grammar. Says whether it spoke.
    pub(super) fn in_grammar(&mut self, at: Element<'t>, pass: Pass<'_>, system: &str) -> bool {
        let Some(code) = at.value() else { return false };
        // A TestScript names FHIR's own formats by one word (FHIR, TestScript.setup.action.operation.contentType).
        if matches!(code, "xml" | "json" | "ttl" | "none") && names::text(at.resource().type_id()) == "TestScript" {
            return false;
        }
        let says = match system {
            LANGUAGES if !is_language(code) => "the code is not a language tag of BCP 47",
            LANGUAGES if !is_registered(code) => {
                "the code begins with two letters that stand for no language (ISO 639-1)"
            }
            MIME_TYPES if !is_mime_type(code) => "the code is not a MIME type of BCP 13",
            _ => return false,
        };
        let mut draft = self.draft(&GRAMMAR, pass, 0, at, says.to_owned());
        draft.path = at.path();
        draft.excerpt = excerpt(at);
        self.emit(draft);
        true
    }
}

/// A language of two or three letters, or `x` or `i`, and further parts of one to eight letters and digits.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let language = first.bytes().all(|b| b.is_ascii_alphabetic())
        && ((2..=3).contains(&first.len()) || first.eq_ignore_ascii_case("x") || first.eq_ignore_ascii_case("i"));
    language && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Languages of two letters: ISO 639-1, with those that the registry of BCP 47 keeps though they are no longer used.
const TWO_LETTERS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el \
    en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw ja ji jv jw ka kg \
    ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc \
    oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts \
    tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Whether a language of two letters is one.
fn is_registered(tag: &str) -> bool {
    let first = tag.split('-').next().unwrap_or_default();
    first.len() != 2 || TWO_LETTERS.split(' ').any(|known| known.eq_ignore_ascii_case(first))
}

/// Type, slash and subtype, with parameters after a semicolon.
fn is_mime_type(text: &str) -> bool {
    let name = |part: &str| {
        !part.is_empty()
            && part.len() <= 127
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+*".contains(&b))
    };
    let bare = text.split(';').next().unwrap_or_default().trim_end();
    bare.split_once('/').is_some_and(|(ty, sub)| name(ty) && name(sub))
        && text.split(';').skip(1).all(|p| p.contains('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (tag, good) in
            [("en", true), ("en-GB", true), ("zh-Hant-TW", true), ("en_GB", false), ("english", false), ("", false)]
        {
            assert_eq!(is_language(tag), good, "{tag}");
        }
        assert_eq!(TWO_LETTERS.split(' ').filter(|known| known.len() == 2).count(), 190);
        for (tag, good) in
            [("en", true), ("EN-gb", true), ("xx", false), ("uk-UA", true), ("gbr", true), ("x-own", true)]
        {
            assert_eq!(is_registered(tag), good, "{tag}");
        }
        for (text, good) in [
            ("text/plain", true),
            ("application/fhir+json; charset=utf-8", true),
            ("application/vnd.ms-excel", true),
            ("pdf", false),
            ("not a mime type", false),
            ("text/", false),
        ] {
            assert_eq!(is_mime_type(text), good, "{text}");
        }
    }
}
